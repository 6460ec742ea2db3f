/** Sources of kernels over arrays; {@link org.umwelt.kernels.api} has the rules for them. */
@NullMarked
package org.umwelt.kernels.array.device;

import org.jspecify.annotations.NullMarked;
