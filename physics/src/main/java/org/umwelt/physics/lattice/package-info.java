/**
 * The scalar field with a quartic interaction on a periodic lattice of 1 to 4 dimensions: actions,
 * and exact results to compare samplers with.
 *
 * <p>Three conventions are in use, and all are one action with other numbers, see {@link
 * org.umwelt.physics.lattice.Phi4}. On a lattice of length 2 the neighbours on both sides are the
 * same site, and the link counts twice.
 */
@NullMarked
package org.umwelt.physics.lattice;

import org.jspecify.annotations.NullMarked;
