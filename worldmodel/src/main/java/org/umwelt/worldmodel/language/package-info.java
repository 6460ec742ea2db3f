/**
 * Language models with dense and sparse causal attention, and sequences for them: the models of
 * Pagliardini, Paliotta, Jaggi and Fleuret, "Faster Causal Attention Over Large Sequences Through
 * Sparse Flash Attention", NeurIPS 2023, arXiv 2306.01160, at any size.
 *
 * <p>A {@link org.umwelt.worldmodel.language.LanguageModel} predicts the next token; a {@link
 * org.umwelt.worldmodel.language.Corpus} is what it learns from: the bytes of a {@link
 * org.umwelt.worldmodel.language.ByteFile}, or a {@link org.umwelt.worldmodel.language.RecallTask}
 * that can be solved only by looking far back. The training is in {@code
 * org.umwelt.agents.language}.
 *
 * <table>
 *   <caption>Symbols of the paper and its code</caption>
 *   <tr><th>paper</th><th>here</th></tr>
 *   <tr><td>F-LM, H-LM, D-LM</td><td>{@link org.umwelt.worldmodel.language.AttentionMethod}
 *       LIBTORCH, HASH, DROP; DENSE is what F-LM computes, by our kernel</td></tr>
 *   <tr><td>T (sequence length)</td><td>{@code length}</td></tr>
 *   <tr><td>nb (hash buckets)</td><td>{@code buckets}</td></tr>
 *   <tr><td>sparsity (dropped share)</td><td>{@code drop}</td></tr>
 *   <tr><td>wte, wpe, h, ln_f, c_attn, c_proj, c_fc</td><td>names of the parameters</td></tr>
 * </table>
 *
 * <p>As in the paper's code: queries and keys are shared in every model, the baseline included;
 * directions and masks are drawn anew in every pass, not in training alone; hashed attention leaves
 * out the token itself, the others do not; no dropout.
 *
 * <h2>Differences</h2>
 *
 * <ul>
 *   <li>Tokens are bytes, not words of GPT-2's vocabulary.
 *   <li>Linear layers have biases, as in GPT-2; the paper's code has none. They start at 0.
 *   <li>float32 throughout, instead of bfloat16.
 *   <li>What a pass draws at random is a function of a key, so that a block computed again in the
 *       backward pass, or in a training that was gone on with, draws the same.
 * </ul>
 */
@NullMarked
package org.umwelt.worldmodel.language;

import org.jspecify.annotations.NullMarked;
