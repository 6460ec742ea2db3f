/**
 * Arithmetic on tiles of float32 that fit the cache, in the vector registers of the processor where
 * the JVM was started with {@code --add-modules jdk.incubator.vector}, and in plain loops
 * elsewhere.
 */
@NullMarked
package org.umwelt.kernels.tile;

import org.jspecify.annotations.NullMarked;
