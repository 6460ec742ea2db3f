/** Sources of attention kernels; {@link org.umwelt.kernels.api} has the rules for them. */
@NullMarked
package org.umwelt.kernels.attention.device;

import org.jspecify.annotations.NullMarked;
