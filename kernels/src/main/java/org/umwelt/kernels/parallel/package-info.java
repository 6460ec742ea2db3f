/** Threads that share a loop without allocating. */
@NullMarked
package org.umwelt.kernels.parallel;

import org.jspecify.annotations.NullMarked;
