/**
 * Policies in ONNX files: agents that run in ONNX Runtime, without LibTorch, and the export of
 * trained networks.
 *
 * <pre>{@code
 * umwelt export RUN --format onnx --out policy.onnx
 * umwelt evaluate --env ID --agent policy.onnx --episodes 20 --seed 1
 * umwelt evaluate --env ID --agent "onnx:policy.onnx?temperature=0" --episodes 20 --seed 1
 * }</pre>
 *
 * <h2>What a policy looks like</h2>
 *
 * <p>Any ONNX model that PyTorch or anything else wrote is an agent if its inputs and outputs are
 * these. The first dimension of each is the batch, n environments; it should have a name instead of
 * a number ({@code dynamic_axes} or {@code dynamic_shapes} in PyTorch), or it is 1.
 *
 * <table>
 *   <caption>Inputs and outputs</caption>
 *   <tr><th>name</th><th>type and shape</th><th>what</th></tr>
 *   <tr><td>{@code observation}</td><td>[n, ...], the environment's type and shape, or
 *     float32</td><td>as the environment writes it; where the environment's type is another and the
 *     input is float32 or float64, the same numbers in that type. Everything else, such as a
 *     division by 255 or another order of axes, belongs into the graph. Spaces of one tensor alone:
 *     Box, Discrete, MultiDiscrete, MultiBinary</td></tr>
 *   <tr><td>{@code logits}</td><td>float32 [n, A]</td><td>of a Discrete action space with A
 *     actions; the action is drawn from softmax(logits / temperature) by the episode's
 *     seed</td></tr>
 *   <tr><td>{@code action}</td><td>int64 or int32 [n] or [n, 1] for Discrete, int64 or int32 [n,
 *     ...] for MultiDiscrete, float32 or float64 [n, ...] for Box</td><td>the action itself, instead
 *     of logits; limited to the bounds of a Box</td></tr>
 *   <tr><td>{@code value}</td><td>float32 [n] or [n, 1]</td><td>optional; the return that is
 *     expected, for the viewer</td></tr>
 *   <tr><td>any other input X, with an output {@code next_X}</td><td>the same type and shape; the
 *     batch is the only dimension with a name</td><td>what the policy remembers; zeros at the
 *     start of an episode</td></tr>
 * </table>
 *
 * <p>A model with a single input needs no name for it, nor one with a single output.
 *
 * <h2>Metadata</h2>
 *
 * <p>All optional, as text in the model's {@code metadata_props}:
 *
 * <table>
 *   <caption>Metadata</caption>
 *   <tr><th>key</th><th>what</th></tr>
 *   <tr><td>{@code umwelt.observation}, {@code umwelt.logits}, {@code umwelt.action}, {@code
 *     umwelt.value}</td><td>the name of that input or output, where it is another</td></tr>
 *   <tr><td>{@code umwelt.state}</td><td>what is remembered, as a JSON object of input to output,
 *     such as <code>{"h_in": "h_out"}</code></td></tr>
 *   <tr><td>{@code umwelt.temperature}</td><td>of the draw, where the agent is not asked for with
 *     another; 1 without</td></tr>
 *   <tr><td>{@code umwelt.environment}</td><td>id it was trained in, for messages</td></tr>
 *   <tr><td>{@code umwelt.observation_space}, {@code umwelt.action_space}</td><td>spaces of that
 *     environment in Minari's JSON notation; an environment with others is refused</td></tr>
 *   <tr><td>{@code umwelt.preprocessing}, {@code umwelt.run}, {@code license}</td><td>remarks: what
 *     the graph does with an observation, which training the weights come from, what may be done
 *     with them</td></tr>
 *   <tr><td>{@code umwelt.digest}</td><td>SHA-256 of everything else, in files written here; a file
 *     that has one and does not agree with it is refused</td></tr>
 * </table>
 *
 * <p>A policy of PyTorch with an LSTM, say, is deployed by {@code torch.onnx.export(policy,
 * (observation, h, c), "policy.onnx", input_names=["observation", "h", "c"],
 * output_names=["logits", "next_h", "next_c"], dynamic_axes=...)}.
 */
@NullMarked
package org.umwelt.agents.onnx;

import org.jspecify.annotations.NullMarked;
