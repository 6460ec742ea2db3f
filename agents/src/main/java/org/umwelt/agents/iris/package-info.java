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
 */
@NullMarked
package org.umwelt.agents.iris;

import org.jspecify.annotations.NullMarked;
