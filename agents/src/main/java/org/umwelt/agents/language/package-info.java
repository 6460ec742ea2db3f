/**
 * The training of language models with dense and sparse causal attention, so that their losses can
 * be laid side by side against the time they took: section 4 of Pagliardini, Paliotta, Jaggi and
 * Fleuret, "Faster Causal Attention Over Large Sequences Through Sparse Flash Attention", NeurIPS
 * 2023, arXiv 2306.01160, at the size of a few processor cores.
 *
 * <p>The models and what they learn from are in {@code org.umwelt.worldmodel.language}, attention
 * is in {@code org.umwelt.kernels.attention}.
 *
 * <h2>Usage</h2>
 *
 * <pre>{@code
 * umwelt train sparse-lm --out RUN length=256
 * umwelt train sparse-lm --out RUN data=FILE length=1024 layers=4 width=256
 * umwelt train sparse-lm --out RUN length=16384 batch=2 rows_per_pass=1 checkpoint=true heads=1
 * }</pre>
 *
 * <p>each with {@code attention=hash} (the default, with {@code buckets}), {@code drop} (with
 * {@code drop}), {@code dense}, or {@code libtorch}, LibTorch's dense attention in a model with the
 * same parameters. Without the vector module ours computes in plain loops, several times slower;
 * the run says which it was. A run is a function of its settings: killed at any moment and resumed
 * it ends in the same bits, on the processor, with the same number of threads.
 *
 * <table>
 *   <caption>What is logged, once per epoch</caption>
 *   <tr><th>tag</th><th>meaning</th></tr>
 *   <tr><td>training/loss, gradient_norm</td><td>means over the updates; nats per byte or
 *       answer</td></tr>
 *   <tr><td>training/seconds</td><td>wall time of all updates so far, without tests</td></tr>
 *   <tr><td>training/cpu_seconds</td><td>of all threads together, which tells more where cores are
 *       shared</td></tr>
 *   <tr><td>training/tokens_per_second</td><td>of this epoch's updates</td></tr>
 *   <tr><td>held_out/loss, bits_per_byte, bits_per_answer, perplexity</td><td>the same mean in
 *       nats, in bits, and its exponential</td></tr>
 *   <tr><td>held_out/accuracy</td><td>share of bytes or answers given the highest
 *       probability; by chance 1/8 of the answers</td></tr>
 * </table>
 *
 * <h2>Differences from the paper</h2>
 *
 * <ul>
 *   <li>As there: AdamW, betas 0.9 and 0.95, decay 0.1 of linear weights alone, no clipping; one
 *       cycle of the learning rate from a hundredth of its peak, there after 2 % of the updates, to
 *       a fifth.
 *   <li>The peak is 3e-3 instead of 1e-3, and fresh weights are spread wider the narrower the
 *       model, since narrow models learn so.
 *   <li>Tests score the same sequences with the same draws each time.
 *   <li>Data, sizes and precision: see {@code org.umwelt.worldmodel.language}.
 * </ul>
 *
 * <h2>What has been shown</h2>
 *
 * <ul>
 *   <li>Recall over 1024 tokens is learned with every attention: {@code umwelt train sparse-lm
 *       --out RUN length=1024 batch=8 rows_per_pass=8 epochs=12 threads=1 attention=A}, the four
 *       side by side on two shared cores, one run each, so that seconds are good for comparison
 *       with each other at most. The order of some sums has changed since, and with it last digits.
 *       <table>
 *         <caption>Share of held-out answers that are right; 0.125 by chance</caption>
 *         <tr><th>attention</th><th>epoch 4</th><th>6</th><th>8</th><th>10</th><th>12</th>
 *             <th>seconds in all</th></tr>
 *         <tr><td>libtorch</td><td>0.12</td><td>0.17</td><td>0.26</td><td>0.56</td><td>0.96</td>
 *             <td>645</td></tr>
 *         <tr><td>dense</td><td>0.12</td><td>0.17</td><td>0.26</td><td>0.56</td><td>0.96</td>
 *             <td>630</td></tr>
 *         <tr><td>hash, 16 buckets</td><td>0.12</td><td>0.30</td><td>0.43</td><td>0.68</td>
 *             <td>0.87</td><td>576</td></tr>
 *         <tr><td>drop 0.5</td><td>0.12</td><td>0.16</td><td>0.38</td><td>0.85</td><td>0.94</td>
 *             <td>455</td></tr>
 *       </table>
 *   <li>Long sequences are learned from faster: {@code umwelt train sparse-lm --out RUN length=T
 *       batch=2 rows_per_pass=1 width=128 heads=2 checkpoint=true updates=1 epochs=3 held_out=1
 *       attention=A}, 1.4 and 2.5 million parameters, most of them positions; all of an update
 *       counted, three interleaved rounds, epochs 2 and 3, on two cores that other work shared.
 *       <table>
 *         <caption>Tokens per CPU second over libtorch's, and per second of the wall in brackets;
 *             each the range of the rounds</caption>
 *         <tr><th>attention</th><th>T = 8192</th><th>T = 16384</th></tr>
 *         <tr><td>dense</td><td>0.89 to 0.92 (0.69 to 0.95)</td><td></td></tr>
 *         <tr><td>hash, 16 buckets</td><td>2.37 to 2.39 (2.12 to 2.49)</td>
 *             <td>3.04 to 3.20 (2.64 to 2.89)</td></tr>
 *         <tr><td>drop 0.5</td><td>2.29 to 2.41 (2.18 to 4.72)</td><td></td></tr>
 *       </table>
 *       The paper has 2.0 and 3.3 on GPUs, for a larger model.
 *   <li>On 2.3 MB of Java source, {@code length=2048 batch=4 rows_per_pass=2 heads=2 width=128
 *       epochs=5 threads=1 data=FILE}, side by side, one run each: after 250 updates libtorch
 *       stands at 2.595 nats a byte held out in 196 seconds, hash at 2.641 in 146; in the time hash
 *       took libtorch was at 2.63. At this length, so early in training, the losses at equal time
 *       are equal.
 *   <li>Not shown: perplexities of the paper, which take GPU days.
 * </ul>
 */
@NullMarked
package org.umwelt.agents.language;

import org.jspecify.annotations.NullMarked;
