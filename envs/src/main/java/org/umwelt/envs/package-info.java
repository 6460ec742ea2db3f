/**
 * The environment contract, with Gymnasium 1.x semantics, and the registry of ids.
 *
 * <p>An {@link org.umwelt.envs.Environment} is what one writes; a {@link
 * org.umwelt.envs.VectorEnvironment} is what batch users step. Both write into memory the caller
 * can hand to native code without a copy. The loop:
 *
 * <pre>{@code
 * try (Environment env = Environments.make("umwelt/Catch-v0")) {
 *   Step step = Step.allocate(env);
 *   Value action = Value.allocate(env.actionSpace());
 *   env.reset(Reset.seeded(7), step);
 *   while (!step.ended()) {
 *     env.actionSpace().sample(random, action);
 *     env.step(action, step);
 *   }
 * }
 * }</pre>
 *
 * <p>A new family of environments is one package with an {@link
 * org.umwelt.envs.registry.EnvironmentProvider}, named in {@code META-INF/services}; nothing here
 * changes.
 */
@NullMarked
package org.umwelt.envs;

import org.jspecify.annotations.NullMarked;
