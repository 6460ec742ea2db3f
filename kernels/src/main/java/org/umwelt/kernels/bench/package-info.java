/** Measuring speed as a ratio against a named peer. */
@NullMarked
package org.umwelt.kernels.bench;

import org.jspecify.annotations.NullMarked;
