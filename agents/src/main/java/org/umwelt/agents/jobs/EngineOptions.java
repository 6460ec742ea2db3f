package org.umwelt.agents.jobs;

import java.nio.file.Path;

/**
 * What every engine is told.
 *
 * @param workers how many jobs at once, where the engine does not know better; at least 1
 * @param crashes folder in which a JVM that crashes leaves its report, where it can
 */
public record EngineOptions(int workers, Path crashes) {}
