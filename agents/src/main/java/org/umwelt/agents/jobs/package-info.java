/**
 * Jobs of evaluations, and what runs them: worker processes of this machine, or a cluster.
 *
 * <p>A {@link org.umwelt.agents.jobs.Job} is some episodes of one agent in one environment under
 * one master seed. Its {@link org.umwelt.agents.jobs.JobKey} is a hash of everything its result is
 * a function of, so a result stands for itself: it may come twice, from any machine and in any
 * order, and a job whose key is in the log is never run again.
 *
 * <p>Every job is played in a {@linkplain org.umwelt.agents.jobs.JobWorker worker process}, whoever
 * hands it out, so that native code that crashes costs one job. A job that ends its process again
 * and again is reported as failed, and the others go on.
 *
 * <p>{@code jobs.jsonl} has one line per result:
 *
 * <pre>{@code
 * {"key":"9f...","agent":"random","env":"umwelt/Catch-v0","seed":1,"first":0,"count":2,
 *  "episodes":[{"seed":..,"return":..,"length":..,"terminated":..,"truncated":..,"frames":..},..],
 *  "seconds":0.012,"crc32c":"0a1b2c3d"}
 * }</pre>
 *
 * <p>or, for a job that failed, {@code "error":"..."} in place of the episodes. {@code crc32c} is
 * the checksum of the line without that field. A line that is torn or damaged does not count; of
 * two lines of one key the first with episodes counts. So {@code cat} merges logs.
 */
@NullMarked
package org.umwelt.agents.jobs;

import org.jspecify.annotations.NullMarked;
