/**
 * Run folders: one directory per run, complete enough to be understood, resumed and compared later.
 *
 * <pre>
 * config.json           what was asked for, resolved; written before the first step
 * provenance.json       revision, JDK, system, libraries, command, seeds; one entry per session
 * metrics.jsonl         one JSON object per line, append only
 * events.out.tfevents.* the same scalars for TensorBoard
 * episodes/             data sets of recorded episodes
 * result.json           written when the run is complete
 * </pre>
 */
@NullMarked
package org.umwelt.agents.runs;

import org.jspecify.annotations.NullMarked;
