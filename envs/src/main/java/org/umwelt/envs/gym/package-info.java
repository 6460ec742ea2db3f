/**
 * Environments of Gymnasium (Python), as {@code gym:<id>}.
 *
 * <p>{@code gym:CartPole-v1} is what {@code gymnasium.make("CartPole-v1")} makes, in a Python
 * process; several environments are shared among several processes. Settings of ours are listed by
 * {@code umwelt list environments gym:CartPole-v1}; every other keyword argument goes to {@code
 * gymnasium.make}: {@code gym:FrozenLake-v1?map_name=8x8&is_slippery=false}.
 *
 * <p>Three ways lead to a process. Observations, actions, rewards and flags stand in memory that
 * both sides map ({@link org.umwelt.envs.gym.BridgeMemory}) and are never sent. A step or a reset
 * is one byte to the process and one back, through a pair of pipes. Everything rare (opening,
 * options, infos, attributes, pictures) is a call through Py4J ({@link
 * org.umwelt.envs.gym.Control}) whose arguments and results are strings.
 *
 * <p>What Python raises, a process that dies, hangs or does not speak our protocol is a {@link
 * org.umwelt.envs.gym.GymException}. Nothing can be read or commanded by another user of the
 * machine: the memory belongs to its owner alone, the Py4J port listens on the loopback address and
 * asks for a token that passes through a pipe.
 *
 * <p>The other way round, {@link org.umwelt.envs.gym.EnvironmentServer} serves our environments to
 * the Python package {@code umwelt} in {@code scripts/python}: the same memory, bytes through named
 * pipes, and Py4J with the JVM as the server.
 *
 * <p>One set of observations is shared, not two in turn: what a vector environment holds is valid
 * until its next step, so there is nothing to write ahead.
 *
 * <p>Differs from Gymnasium: integers of Discrete and MultiDiscrete are int64 in memory, whatever
 * their dtype; an action outside its space is refused here; bounds of uint64 beyond 2^63 lose
 * digits.
 */
@NullMarked
package org.umwelt.envs.gym;

import org.jspecify.annotations.NullMarked;
