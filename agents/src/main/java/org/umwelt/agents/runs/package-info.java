/**
 * Run folders: one directory per run, complete enough to be understood, resumed and compared later.
 *
 * <pre>
 * config.json           what was asked for, resolved; written before the first step
 * provenance.json       revision, JDK, system, libraries, command, seeds; one entry per session
 * metrics.jsonl         one JSON object per line: an episode of an evaluation, an epoch of a training
 * events.out.tfevents.* the same scalars for TensorBoard
 * images/               pictures of a training for TensorBoard, an event file
 * episodes/             data sets of recorded episodes
 * checkpoints/          state of a training behind its newest epochs, epoch-000123/ each
 * result.json           written when the run is complete
 * </pre>
 *
 * <p>{@link org.umwelt.agents.runs.RunFolder} writes one; {@link
 * org.umwelt.agents.runs.RunCatalogue} finds and summarises many, {@link
 * org.umwelt.agents.runs.RunMetrics} and {@link org.umwelt.agents.runs.RunResults} read one, and
 * {@link org.umwelt.agents.runs.ConfigDifference} compares two.
 */
@NullMarked
package org.umwelt.agents.runs;

import org.jspecify.annotations.NullMarked;
