/** Sources of lattice kernels; {@link org.umwelt.kernels.api} has the rules for them. */
@NullMarked
package org.umwelt.kernels.lattice.device;

import org.jspecify.annotations.NullMarked;
