/**
 * Jobs on Spark 4.2: {@code --engine spark:local[2]} or {@code --engine spark:spark://HOST:PORT}.
 *
 * <p>Spark hands out batches of jobs; every executor plays its batches in worker processes of its
 * own, as {@code --engine local} does, so that native code that crashes takes no executor with it.
 * The driver keeps the results of a batch as soon as the batch is finished.
 *
 * <p>A stand-alone cluster needs Spark's jars and a JDK as new as the driver's, and nothing of
 * Umwelt: the driver sends the jars. Files of agents and ROMs must be where they are for the
 * driver. Spark's own settings come as system properties: {@code
 * UMWELT_JAVA_OPTS=-Dspark.executor.cores=4}; {@code spark.umwelt.executorSeconds} (90) is how long
 * there may be no executor before the jobs are given up.
 */
@NullMarked
package org.umwelt.agents.cluster;

import org.jspecify.annotations.NullMarked;
