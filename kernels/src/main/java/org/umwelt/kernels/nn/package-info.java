/**
 * Layers, optimisers and batches split over workers.
 *
 * <p>A layer is a plain class whose constructor takes its tensors from {@link
 * org.umwelt.kernels.nn.Parameters}, which own them under the names of the reference
 * implementation, and whose {@code forward} computes. Nothing is registered anywhere else.
 */
@NullMarked
package org.umwelt.kernels.nn;

import org.jspecify.annotations.NullMarked;
