/**
 * Lattice field theory as an environment: an agent chooses how Markov chains are moved, and is paid
 * in effective samples per unit of work.
 */
@NullMarked
package org.umwelt.envs.lattice;

import org.jspecify.annotations.NullMarked;
