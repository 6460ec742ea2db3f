/**
 * All that the sources of kernels may import, beside each other: what marks a parallel loop, what a
 * work item of a group knows of itself, and float maths.
 *
 * <p>Other back ends put their own in the place of these, so names and meanings are those of
 * TornadoVM's API, and a kernel's text compiles against either. Kernels are static methods of
 * primitive arrays and scalars, in packages called {@code device}.
 *
 * <p>A kernel either loops over a range given by its first two parameters, {@code lo} and {@code
 * hi}, in one {@link Parallel} loop that starts at 0; or is one work item of a group, with a {@link
 * KernelContext} first. Several constructs are compiled wrongly for devices without a word; a test
 * over these sources refuses them:
 *
 * <ul>
 *   <li>{@code >>} and {@code >>>}, except {@code (int) (x >>> 32)} of a long;
 *   <li>{@code break}, labels, several {@code return}, exceptions, tables;
 *   <li>{@code Math.} beyond what devices have in double precision; {@link FloatMath} has that of
 *       float32; {@code %};
 *   <li>parallel loops that do not start at 0 or step by more than 1;
 *   <li>rotations, unsigned comparisons, bit counts of leading zeros.
 * </ul>
 *
 * <p>And to be kept in mind: private arrays are not zero at first; every element of a {@link
 * Written} array must be written; scalars are constants of the compiled kernel, so what changes
 * from call to call goes into a small array; no infinities.
 */
@NullMarked
package org.umwelt.kernels.api;

import org.jspecify.annotations.NullMarked;
