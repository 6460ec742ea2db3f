/**
 * Kernels over plain arrays that others build on: matrix product, stencil, sum, random words. Each
 * class holds a kernel's description, its typed call, and what computes it fast on processors.
 */
@NullMarked
package org.umwelt.kernels.array;

import org.jspecify.annotations.NullMarked;
