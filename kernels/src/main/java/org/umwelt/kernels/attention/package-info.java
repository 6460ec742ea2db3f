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
 * processor where the JVM is started with {@code --add-modules jdk.incubator.vector}, and says once
 * that it does not where it is not. {@link org.umwelt.kernels.attention.PlainAttention} is what it
 * is compared with. There is no GPU kernel and no bridge to LibTorch's gradients yet.
 *
 * <pre>{@code
 * UMWELT_JAVA_OPTS="--add-modules jdk.incubator.vector" umwelt bench attention
 * }</pre>
 */
@NullMarked
package org.umwelt.kernels.attention;

import org.jspecify.annotations.NullMarked;
