/**
 * Sweeps over fields on periodic lattices, many chains at once: kernels that know sites, neighbours
 * and couplings, and nothing of physics.
 *
 * <p>A field is float64 [chains, sites]. Neighbours come as a table [sites, 2 d]. Random numbers
 * are a function of (seed, chain, site, step), the same on every back end and for any number of
 * threads.
 */
@NullMarked
package org.umwelt.kernels.lattice;

import org.jspecify.annotations.NullMarked;
