/**
 * The agent of IRIS: Micheli, Alonso, Fleuret, "Transformers are Sample-Efficient World Models",
 * ICLR 2023, arXiv 2209.00588v2.
 *
 * <p>Its world model is in {@code org.umwelt.worldmodel.iris}.
 *
 * <h2>Usage</h2>
 *
 * <pre>{@code
 * umwelt train iris-debug --out RUN
 * umwelt evaluate --env umwelt/Catch-v0 --agent RUN --episodes 100
 * umwelt evaluate --env umwelt/Catch-v0 --agent "iris:RUN?temperature=1" --episodes 100
 * umwelt evaluate --env Atari100k/Pong-test-v0 --agent Pong.pt --episodes 100
 * }</pre>
 *
 * <h2>Training</h2>
 *
 * <p>Four experiments of one trainer: {@code iris} has the paper's values, {@code iris-small} is
 * reduced for a few processor cores, {@code iris-catch} for one embedded game, {@code iris-debug}
 * runs every part in about a minute. Runs are a function of their settings: killed at any moment
 * and resumed they end in the same bits, on the processor, with the same number of threads.
 *
 * <table>
 *   <caption>What is logged, once per epoch, means over its updates</caption>
 *   <tr><th>tag</th><th>meaning</th></tr>
 *   <tr><td>collect/return</td><td>mean undiscounted return of the episodes that ended</td></tr>
 *   <tr><td>tokenizer/l1, l2, worst_pixel</td><td>terms of the reconstruction loss, weighted</td></tr>
 *   <tr><td>tokenizer/codebook, commitment</td><td>second and third term of eq. (1), weighted</td></tr>
 *   <tr><td>world_model/observations, rewards, ends</td><td>cross-entropies in nats per label</td></tr>
 *   <tr><td>actor_critic/actor, value, entropy</td><td>terms of the policy's loss, weighted</td></tr>
 *   <tr><td>actor_critic/imagined_return</td><td>rewards of an imagined rollout, undiscounted</td></tr>
 *   <tr><td>.../gradient_norm</td><td>before clipping</td></tr>
 *   <tr><td>evaluation/return</td><td>mean over the episodes of the test environment</td></tr>
 *   <tr><td>evaluation/tokenizer/codes_used</td><td>different codes in 256 held-out frames; a dozen
 *       means that the codebook has collapsed</td></tr>
 *   <tr><td>evaluation/world_model_shuffled_actions/...</td><td>the held-out losses with the actions
 *       of all steps permuted: above the others where the model uses actions</td></tr>
 * </table>
 *
 * <h2>What has been shown</h2>
 *
 * <ul>
 *   <li>Losses, gradients, tokens and a greedy imagination equal the reference's at the paper's
 *       sizes: {@code umwelt verify iris}.
 *   <li>{@code umwelt train iris-catch seed=0}: the tokenizer draws ball and basket (squared error
 *       per pixel 0.0045 after 540 updates, 0.034 after the first 60), the transformer's loss falls
 *       from 3.4 to 0.8 nats per token in 15 epochs, that of rewards from 0.36 to 0.018.
 *   <li>Not shown yet: that the policy learned in imagination beats a random one, and scores of the
 *       paper, which take GPU days per game.
 * </ul>
 */
@NullMarked
package org.umwelt.agents.iris;

import org.jspecify.annotations.NullMarked;
