/**
 * Reports of evaluations: what agents score over several environments, and how sure that is.
 *
 * <p>The figures are those of Agarwal et al., "Deep reinforcement learning at the edge of the
 * statistical precipice", NeurIPS 2021 (arXiv 2108.13264), as their library rliable computes them.
 * An agent's scores are a list of runs for each environment (their "task"); {@code mean} and {@code
 * median} are those of the environments' means, {@code IQM} and {@code optimality gap} those of all
 * runs together. Intervals are percentiles of a stratified bootstrap: runs are drawn anew within
 * each environment, environments are not.
 *
 * <p>A run is one evaluation: one agent under one master seed, scored by its mean return. Where an
 * agent has a single run in every environment, its episodes take the place of runs, and the report
 * says so: the interval is then that of one trained agent, not of the method that trained it.
 *
 * <p>Scores are compared across environments on one scale: 0 is a random player and 1 a human for
 * the 26 games of Atari 100k, else what {@code --scale} names. Environments without a scale are
 * listed, and left out of the figures.
 */
@NullMarked
package org.umwelt.agents.report;

import org.jspecify.annotations.NullMarked;
