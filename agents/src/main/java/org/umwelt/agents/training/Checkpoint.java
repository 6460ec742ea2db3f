package org.umwelt.agents.training;

import java.nio.file.Path;

/**
 * The state of a training behind an epoch, complete.
 *
 * @param epoch the last epoch that is in it; at least 1
 * @param folder what the trainer wrote
 */
public record Checkpoint(int epoch, Path folder) {}
