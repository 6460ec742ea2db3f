/**
 * Suites: every agent in every environment under every seed, as jobs that any engine runs.
 *
 * <p>A suite file is YAML:
 *
 * <pre>{@code
 * name: atari-100k                        # optional; the file's name otherwise
 * agents: [random, "runs/{game}-{seed}"]  # {game} and {seed} are replaced
 * environments: ["Atari100k/{game}-test-v0"]
 * games: [Alien, Amidar]                  # what {game} stands for, one environment each
 * seeds: [1, 2, "10..14"]                 # master seeds; a range includes both ends
 * episodes: 100                           # per agent, environment and seed
 * episodes_per_job: 10                    # optional; all of them otherwise
 * }</pre>
 *
 * <p>The run folder of a suite has, besides configuration and provenance, {@code jobs.jsonl} (see
 * {@link org.umwelt.agents.jobs}), which grows while jobs finish, and, once none is missing, {@code
 * result.json}:
 *
 * <pre>{@code
 * {"suite":"atari-100k","episodes":100,"seeds":[1,2],
 *  "evaluations":[                     // sorted by agent, then environment
 *   {"agent":"random","env":"Atari100k/Alien-test-v0",
 *    "seeds":[{"seed":1,"mean":..,"returns":[..]},..],  // sorted by seed, returns by episode
 *    "episodes":200,"mean":..,"std":..,"iqm":..,"iqm_ci95":[..,..],"median":..,"min":..,"max":..,
 *    "steps":..,"frames":..,"human_normalised":..},..], // the last where it is known
 *  "agents":[{"agent":"random","human_normalised":{"games":26,"mean":..,"median":..,"iqm":..}}],
 *  "jobs":52,"code":"<version of the code>","seconds":..}
 * }</pre>
 *
 * <p>All but {@code seconds} is a function of the configuration and the versions. Statistics of an
 * evaluation are over all its episodes; those of an agent are over the games with a human score,
 * the mean and the median of the games' scores, the inter-quartile mean of all games under all
 * seeds (Agarwal et al. 2021). {@code config.json} has {@code "kind":"suite"}. {@code
 * metrics.jsonl} stays empty.
 */
@NullMarked
package org.umwelt.agents.suites;

import org.jspecify.annotations.NullMarked;
