/**
 * Counter-based random streams: the same numbers for the same (seed, stream, position) everywhere.
 */
@NullMarked
package org.umwelt.kernels.random;

import org.jspecify.annotations.NullMarked;
