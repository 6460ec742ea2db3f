/**
 * The scalar field with a quartic interaction on a periodic lattice of 1 to 4 dimensions: actions,
 * samplers, and exact results to compare them with.
 *
 * <p>Three conventions are in use, and all are one action with other numbers, see {@link
 * org.umwelt.physics.lattice.Phi4}. On a lattice of length 2 the neighbours on both sides are the
 * same site, and the link counts twice.
 *
 * <p>{@link org.umwelt.physics.lattice.Chains} are moved by a {@link
 * org.umwelt.physics.lattice.Sampler} of {@link org.umwelt.physics.lattice.Update}s in turn: {@link
 * org.umwelt.physics.lattice.Metropolis}, {@link org.umwelt.physics.lattice.HeatBath}, {@link
 * org.umwelt.physics.lattice.OverRelaxation} and {@link
 * org.umwelt.physics.lattice.HybridMonteCarlo} by kernels on any back end, the clusters of {@link
 * org.umwelt.physics.lattice.Wolff} and {@link org.umwelt.physics.lattice.SwendsenWang} in plain
 * Java. Same numbers for any number of threads; a sampler goes on bit by bit from the state it
 * wrote. Exact: {@link org.umwelt.physics.lattice.FreeField}, {@link
 * org.umwelt.physics.lattice.OneSite}, {@link org.umwelt.physics.lattice.Circle}, {@link
 * org.umwelt.physics.lattice.TransferMatrix}, {@link org.umwelt.physics.lattice.Hypercube}.
 *
 * <p>{@link org.umwelt.physics.lattice.Observables} are measured with errors that know the
 * autocorrelation; {@link org.umwelt.physics.lattice.FreeEnergy} integrates in the hopping.
 *
 * <pre>{@code
 * umwelt verify phi4 dim=2 size=3 m2=-4 lambda=6.975
 * umwelt bench phi4
 * }</pre>
 */
@NullMarked
package org.umwelt.physics.lattice;

import org.jspecify.annotations.NullMarked;
