/** Comparing an implementation with its exact oracles. */
@NullMarked
package org.umwelt.kernels.verification;

import org.jspecify.annotations.NullMarked;
