/**
 * Which keys a query sees, and the work that follows from it: dense and sparse causal attention
 * after Pagliardini, Paliotta, Jaggi and Fleuret, "Faster Causal Attention Over Large Sequences
 * Through Sparse Flash Attention", NeurIPS 2023, arXiv 2306.01160.
 *
 * <p>One observation carries the package: with queries and keys sorted by bucket and, within a
 * bucket, by position, the keys that a query sees are neighbours. So dense, causal, dropping and
 * hashed attention are one kind of {@link org.umwelt.kernels.attention.AttentionPattern}, and a
 * kernel knows nothing but ranges.
 *
 * <p>{@link org.umwelt.kernels.attention.FlashAttention} computes in the vector registers of the
 * processor where the JVM is started with {@code --add-modules jdk.incubator.vector}, which {@code
 * scripts/umwelt} does for {@code train} and {@code bench}, and says once that it does not where it
 * is not. {@link org.umwelt.kernels.attention.DeviceAttention} computes on any {@link
 * org.umwelt.kernels.backend.Backend}. {@link org.umwelt.kernels.attention.PlainAttention} is what
 * both are compared with. {@link org.umwelt.kernels.attention.TensorAttention} takes them into
 * models of LibTorch, and {@link org.umwelt.kernels.attention.SelfAttention} is the layer for
 * transformers.
 *
 * <pre>{@code
 * umwelt bench attention
 * }</pre>
 */
@NullMarked
package org.umwelt.kernels.attention;

import org.jspecify.annotations.NullMarked;
