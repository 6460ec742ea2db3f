package org.umwelt.agents.cluster;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Objects;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.apache.spark.SparkConf;
import org.apache.spark.api.java.JavaRDD;
import org.apache.spark.api.java.JavaSparkContext;
import org.umwelt.agents.jobs.EngineOptions;
import org.umwelt.agents.jobs.JobResult;
import org.umwelt.agents.jobs.JobRunner;
import org.umwelt.agents.jobs.JobSink;
import org.umwelt.agents.jobs.KeyedJob;
import org.umwelt.agents.jobs.WorkerCommand;
import scala.jdk.javaapi.CollectionConverters;
import scala.reflect.ClassTag;
import scala.runtime.AbstractFunction2;
import scala.runtime.BoxedUnit;

/** Runs jobs in batches as the tasks of one Spark application. */
final class SparkJobRunner implements JobRunner {
  /** A batch dies with its executor, so it is no larger. */
  private static final int LARGEST_BATCH = 64;

  /** Batches per core at least, so that cores are idle at the end for a short time alone. */
  private static final int BATCHES_PER_CORE = 8;

  private static final String LOOPBACK = "127.0.0.1";

  /** Setting: seconds without any executor after which jobs are given up. */
  static final String PATIENCE = "spark.umwelt.executorSeconds";

  private static final int DEFAULT_PATIENCE = 90;

  private final JavaSparkContext spark;
  private final Batch batch;
  private final Path files;
  private volatile boolean stopped;

  private SparkJobRunner(JavaSparkContext spark, Batch batch, Path files) {
    this.spark = spark;
    this.batch = batch;
    this.files = files;
  }

  /**
   * Starts the application.
   *
   * @throws IOException where there is no master, or Spark does not start
   */
  static SparkJobRunner open(MasterAddress master, EngineOptions options) throws IOException {
    master.requireReachable();
    List<Path> classPath = WorkerFiles.classPath();
    Path files = Files.createTempDirectory("umwelt-spark");
    try {
      List<Path> jars =
          master.isLocal() ? classPath : WorkerFiles.asJars(classPath, files, "umwelt-classes");
      WorkerCommand here = WorkerCommand.here(options.crashes());
      Batch batch =
          new Batch(
              here.flags(),
              jars.stream()
                  .map(jar -> master.isLocal() ? jar.toString() : jar.getFileName().toString())
                  .toList(),
              !master.isLocal(),
              here.folder().toString());
      JavaSparkContext spark = new JavaSparkContext(settings(master, jars, files));
      if (!master.isLocal()) {
        jars.forEach(jar -> spark.addFile(jar.toUri().toString()));
      }
      return new SparkJobRunner(spark, batch, files);
    } catch (IOException | RuntimeException e) {
      delete(files);
      throw e instanceof IOException io
          ? io
          : new IOException(
              "Spark does not start at %s%s: %s"
                  .formatted(
                      master.url(),
                      master.isLocal() ? "" : " (is a master of the same version there?)",
                      firstLine(e)),
              e);
    }
  }

  private static SparkConf settings(MasterAddress master, List<Path> jars, Path files)
      throws IOException {
    SparkConf settings =
        new SparkConf()
            .setMaster(master.url())
            .setIfMissing("spark.app.name", "umwelt evaluate")
            .setIfMissing("spark.ui.enabled", "false")
            // The jobs are played in worker processes; executors only hand them on.
            .setIfMissing("spark.executor.memory", "512m")
            // A batch is lost with its executor, which says nothing about the batch.
            .setIfMissing("spark.task.maxFailures", "16");
    if (master.isLoopback()) {
      settings
          .setIfMissing("spark.driver.host", LOOPBACK)
          .setIfMissing("spark.driver.bindAddress", LOOPBACK);
    }
    if (!master.isLocal()) {
      // What executors themselves run: the house's own code and this module's.
      Path module = WorkerFiles.source(SparkJobRunner.class);
      List<Path> own =
          new ArrayList<>(WorkerFiles.asJars(List.of(module), files, "umwelt-cluster"));
      jars.stream().filter(WorkerFiles::isOwn).forEach(own::add);
      settings.setJars(own.stream().map(jar -> jar.toUri().toString()).toArray(String[]::new));
    }
    return settings;
  }

  @Override
  public void run(List<KeyedJob> jobs, JobSink sink) throws IOException {
    if (jobs.isEmpty()) {
      return;
    }
    int patience = spark.getConf().getInt(PATIENCE, DEFAULT_PATIENCE);
    try (ExecutorWatch watch = new ExecutorWatch(spark.sc(), Duration.ofSeconds(patience))) {
      watch.awaitFirst(() -> stopped);
      if (stopped) {
        return;
      }
      try {
        play(jobs, sink);
      } catch (Exception e) { // Scala throws checked exceptions without saying so
        if (!stopped) {
          watch.rethrow();
          throw failure(e);
        }
      }
    }
  }

  private void play(List<KeyedJob> jobs, JobSink sink) {
    int batches = batches(jobs.size(), spark.defaultParallelism());
    JavaRDD<String> lines =
        spark.parallelize(jobs.stream().map(KeyedJob::toLine).toList(), batches);
    List<Object> all = IntStream.range(0, batches).<Object>mapToObj(Integer::valueOf).toList();
    spark
        .sc()
        .runJob(
            lines.rdd(),
            batch,
            CollectionConverters.asScala(all).toSeq(),
            new Handler(sink),
            ClassTag.<String[]>apply(String[].class));
  }

  /** Returns how many batches some jobs make. */
  static int batches(int jobs, int cores) {
    int size = Math.clamp(jobs / ((long) cores * BATCHES_PER_CORE), 1, LARGEST_BATCH);
    return Math.ceilDiv(jobs, size);
  }

  private static IOException failure(Throwable thrown) {
    for (Throwable cause = thrown; cause != null; cause = cause.getCause()) {
      if (cause instanceof UncheckedIOException io && io.getCause() != null) {
        return io.getCause();
      }
    }
    return new IOException("Spark gave up: " + firstLine(thrown), thrown);
  }

  /** Returns what was thrown in a line; Spark adds lists of calls. */
  private static String firstLine(Throwable thrown) {
    String message = Objects.requireNonNullElse(thrown.getMessage(), thrown.toString());
    return message.lines().findFirst().orElse(message);
  }

  /** Takes the results of one batch, in Spark's event loop, one batch at a time. */
  private static final class Handler extends AbstractFunction2<Object, String[], BoxedUnit> {
    private final JobSink sink;
    private boolean failed; // batches that are finished already still come

    Handler(JobSink sink) {
      this.sink = sink;
    }

    @Override
    public BoxedUnit apply(Object partition, String[] results) {
      if (failed) {
        return BoxedUnit.UNIT;
      }
      try {
        for (String line : results) {
          sink.finished(
              JobResult.fromLine(line)
                  .orElseThrow(() -> new IOException("expected a result, got " + line)));
        }
      } catch (IOException e) {
        failed = true;
        throw new UncheckedIOException(e);
      }
      return BoxedUnit.UNIT;
    }
  }

  @Override
  public void stop() {
    stopped = true;
    if (!spark.sc().isStopped()) {
      spark.sc().cancelAllJobs();
    }
    ExecutorWorkers.close();
  }

  @Override
  public void close() {
    ExecutorWorkers.close();
    spark.stop();
    delete(files);
  }

  private static void delete(Path folder) {
    try (Stream<Path> walk = Files.walk(folder)) {
      for (Path file : walk.sorted(Comparator.reverseOrder()).toList()) {
        Files.delete(file);
      }
    } catch (IOException _) {
      // A folder for temporary files keeps some.
    }
  }
}
