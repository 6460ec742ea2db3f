/**
 * The room in which a sampler is watched.
 *
 * <p>What is sampled is a {@link org.umwelt.viewer.samples.SampleModel}: work for a loop, and the
 * {@link org.umwelt.viewer.samples.SamplePanel}s that show it. A panel more is a small class and a
 * word in the list of its model; of what {@link org.umwelt.physics.lattice.RunningEstimates} knows,
 * a subclass of {@link org.umwelt.viewer.samples.EstimatesPanel}.
 */
@NullMarked
package org.umwelt.viewer.samples;

import org.jspecify.annotations.NullMarked;
