/**
 * The world model of IRIS: Micheli, Alonso, Fleuret, "Transformers are Sample-Efficient World
 * Models", ICLR 2023, arXiv 2209.00588v2.
 *
 * <p>A {@link org.umwelt.worldmodel.iris.Tokenizer} turns a frame into K tokens and back; a {@link
 * org.umwelt.worldmodel.iris.WorldModel} predicts, token by token, the next frame, the reward and
 * the end that follow an action; {@link org.umwelt.worldmodel.iris.Imagination} plays in what it
 * predicts. The policy is in {@code org.umwelt.agents.iris}.
 *
 * <table>
 *   <caption>Symbols of the paper</caption>
 *   <tr><th>paper</th><th>here</th></tr>
 *   <tr><td>E, D (encoder, decoder)</td><td>{@link org.umwelt.worldmodel.iris.Autoencoder}</td></tr>
 *   <tr><td>codebook, N, d</td><td>{@code vocabulary} (V), {@code codeSize} (E)</td></tr>
 *   <tr><td>K</td><td>{@code tokens()}, 16 at the paper's size</td></tr>
 *   <tr><td>G (transformer)</td><td>{@link org.umwelt.worldmodel.iris.WorldModel}</td></tr>
 *   <tr><td>L (time steps), M layers, D</td><td>{@code maxBlocks}, {@code layers}, {@code width}</td></tr>
 *   <tr><td>z, a, r, d</td><td>tokens, actions, rewards (classes -1, 0, 1), ends</td></tr>
 * </table>
 *
 * <h2>Usage</h2>
 *
 * <p>A saved model is an environment, {@link org.umwelt.worldmodel.iris.ImaginedEnvironment}; in
 * Java n of them are stepped at once by {@link
 * org.umwelt.worldmodel.iris.ImaginedVectorEnvironment}.
 *
 * <pre>{@code
 * umwelt list environments imagine:RUN
 * umwelt evaluate --env imagine:RUN --agent random --episodes 10 --out DREAMS
 * umwelt evaluate --env "imagine:Pong.pt?env=Atari100k/Pong-train-v0" --agent Pong.pt --episodes 1
 * umwelt replay verify DREAMS
 * umwelt verify env imagine:RUN
 * }</pre>
 *
 * <h2>Differences from the paper</h2>
 *
 * <ul>
 *   <li>The perceptual loss needs VGG weights. Where none are given, the reconstruction loss is
 *       that of the successor Delta-IRIS (arXiv 2406.19320); every report says which was used.
 *   <li>Batches are computed in shards, one worker each; losses and gradients are those of the
 *       whole batch up to rounding.
 *   <li>In imagination the pass of a frame's last token is joined with that of the next action,
 *       which changes nothing but the number of passes.
 *   <li>Rows of an imagination may start anew one by one; their sequences then differ in length.
 * </ul>
 */
@NullMarked
package org.umwelt.worldmodel.iris;

import org.jspecify.annotations.NullMarked;
