package org.umwelt.agents.training;

import java.nio.file.Path;

/**
 * Where a training happens.
 *
 * @param run the run folder, which exists from the first epoch on; the trainer may keep large files
 *     there that only grow, and must then put into its checkpoints how much of them counts: what
 *     stands behind that, or there is without a checkpoint, was left by a session that was killed
 */
public record TrainingContext(Path run) {}
