/**
 * Samplings: runs that draw samples and say how far they can be trusted.
 *
 * <p>A {@link org.umwelt.agents.sampling.Sampling} runs as a training does, a block of samples at a
 * time, with the same folder, checkpoints and resumption; {@link
 * org.umwelt.agents.sampling.EstimateTable} is how its means are written into {@code result.json}.
 */
@NullMarked
package org.umwelt.agents.sampling;

import org.jspecify.annotations.NullMarked;
