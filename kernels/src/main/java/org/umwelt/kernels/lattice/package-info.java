/**
 * Sweeps over fields on periodic lattices, many chains at once: kernels that know sites, neighbours
 * and couplings, and nothing of physics.
 *
 * <p>A field is float64 [chains, sites], sites row-major in a shape of 1 to 4 lengths, which is all
 * that kernels need to find neighbours and colours. Random numbers are a function of (seed, chain,
 * site, step), the same on every back end and for any number of threads.
 *
 * <p>Processors sweep in blocks that stay in the first cache, by {@code LatticeMath}: the vector
 * registers where the JVM was started with {@code --add-modules jdk.incubator.vector}, plain loops
 * elsewhere, with the same bits. The heat bath alone runs as it is written, on all threads.
 */
@NullMarked
package org.umwelt.kernels.lattice;

import org.jspecify.annotations.NullMarked;
