/**
 * LibTorch as model code wants to see it.
 *
 * <p>Tensors are {@link org.bytedeco.pytorch.Tensor}s themselves; this package holds what JavaCPP
 * makes wordy: where and how precisely to compute ({@link org.umwelt.kernels.tensor.Compute}), data
 * in and out, and ownership. The rules of ownership:
 *
 * <ul>
 *   <li>Work happens in a {@link org.bytedeco.javacpp.PointerScope}; what is made in it dies with
 *       it.
 *   <li>A result leaves its scope through {@link org.umwelt.kernels.tensor.Tensors#tidy}.
 *   <li>What outlives every scope is {@link org.umwelt.kernels.tensor.Tensors#keep kept}, and
 *       {@link org.umwelt.kernels.tensor.Tensors#release released} by its owner's {@code close}.
 * </ul>
 *
 * <p>Parallelism is by {@link org.umwelt.kernels.parallel.WorkerTeam}, one native thread per
 * worker: the shards of a batch are independent, so two workers take half the time of one, which
 * the threads inside single operations do not reach.
 */
@NullMarked
package org.umwelt.kernels.tensor;

import org.jspecify.annotations.NullMarked;
