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
 * <p>Five experiments of one trainer: {@code iris} has the paper's values, {@code iris-small} is
 * reduced for a few processor cores, {@code iris-catch} for one embedded game, {@code iris-atari}
 * for the world model of one Atari game, {@code iris-debug} runs every part in about a minute. Runs
 * are a function of their settings: killed at any moment and resumed they end in the same bits, on
 * the processor, with the same number of threads.
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
 *   <li>A policy that learned in imagination alone plays a small game well, and one whose model was
 *       taught that every reward is 0 does not: {@code umwelt train iris-catch --out RUN seed=S},
 *       with {@code world_model.zero_rewards=true} for the control, then {@code umwelt evaluate
 *       --env "umwelt/GridCatch-v0?cells=4" --agent RUN --episodes 100 --seed 1}. 2,800 steps of
 *       the game, 14 epochs, 10 to 12 minutes on two shared cores.
 *       <table>
 *         <caption>Return over 100 episodes, mean and its standard error; -10 to 10</caption>
 *         <tr><th>player</th><th>seed 0</th><th>seed 1</th><th>seed 2</th></tr>
 *         <tr><td>iris-catch</td><td>5.3, 0.4</td><td>3.2, 0.4</td><td>7.1, 0.2</td></tr>
 *         <tr><td>the same, zero rewards</td><td>-5.2, 0.3</td><td>-5.1, 0.3</td><td>-5.2, 0.3</td></tr>
 *         <tr><td>random actions</td><td>-5.2, 0.3</td><td></td><td></td></tr>
 *         <tr><td>script</td><td>10, 0</td><td></td><td></td></tr>
 *       </table>
 *   <li>In these runs the transformer's held-out loss falls from 0.11 to 0.05 or 0.06 nats a token
 *       between epochs 6 and 14, and shuffling the actions of all steps raises it to 0.46, 0.65 and
 *       0.57.
 *   <li>The size of the game matters: on 8 by 8 cells, and on {@code umwelt/Catch-v0}, a
 *       transformer of this size did not learn what actions do in such a time, because each token
 *       of the small tokenizer depends on the whole picture. What it imagined looked right and did
 *       not obey.
 *   <li>A model of an Atari game learns what follows and what actions do: {@code umwelt train
 *       iris-atari --out RUN env=ALE/Pong-v5 threads=1}, and Breakout likewise; 8,000 steps of
 *       nearly random play, 3,600 updates, about 35 minutes on one shared core. Held-out episodes
 *       are others at every evaluation, four each time, which is why Breakout's losses go up and
 *       down: an episode that gets far shows walls that training never saw.
 *       <table>
 *         <caption>Held-out loss in nats a token, and with the actions of all steps shuffled</caption>
 *         <tr><th>epoch</th><th>Pong</th><th>shuffled</th><th>Breakout</th><th>shuffled</th></tr>
 *         <tr><td>4, before learning</td><td>5.551</td><td>5.551</td><td>5.547</td><td>5.547</td></tr>
 *         <tr><td>8</td><td>0.662</td><td>0.662</td><td>1.211</td><td>1.221</td></tr>
 *         <tr><td>12</td><td>0.470</td><td>0.471</td><td>0.700</td><td>0.720</td></tr>
 *         <tr><td>16</td><td>0.465</td><td>0.469</td><td>1.513</td><td>1.550</td></tr>
 *         <tr><td>20</td><td>0.443</td><td>0.457</td><td>1.150</td><td>1.193</td></tr>
 *         <tr><td>24</td><td>0.383</td><td>0.422</td><td>0.400</td><td>0.439</td></tr>
 *       </table>
 *   <li>What made the difference there is {@code tokenizer.revive}: without it the tokenizer of
 *       {@code iris-catch} draws the mean picture of these games, one code per position, 16 codes
 *       in all; with it held-out frames use about 120 codes on Pong and 190 on Breakout.
 *   <li>Not shown: a policy that learns an Atari game in such a model.
 *   <li>Not shown: scores of the paper, which take GPU days per game.
 * </ul>
 */
@NullMarked
package org.umwelt.agents.iris;

import org.jspecify.annotations.NullMarked;
