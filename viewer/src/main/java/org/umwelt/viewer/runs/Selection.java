package org.umwelt.viewer.runs;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;
import org.umwelt.agents.runs.ConfigDifference;
import org.umwelt.agents.runs.KeyResult;
import org.umwelt.agents.runs.MetricSeries;
import org.umwelt.agents.runs.RunFolder;
import org.umwelt.agents.runs.RunMetrics;
import org.umwelt.agents.runs.RunResults;
import org.umwelt.agents.runs.RunSummary;
import org.umwelt.kernels.settings.BadRequestException;
import org.umwelt.viewer.loop.OneLine;

/** The selected runs, read in full. Of the loop's thread, but for {@link #shown}. */
final class Selection {
  /** More points of one curve than this would not be told apart. */
  private static final int POINTS = 2000;

  /** Lines of metrics that are read in one look at the most, in slices. */
  private static final int SLICES = 4;

  /**
   * What is asked for.
   *
   * @param runs by the number of their colour; null where a colour is free
   * @param metric empty for the most telling one
   * @param smoothing weight of the moving average, in [0, 1)
   */
  record Request(List<@Nullable Path> runs, String metric, double smoothing) {
    static final Request NONE = new Request(List.of(), "", 0);
  }

  /**
   * One selected run.
   *
   * @param number of its colour
   * @param series null where the run lacks the metric
   * @param last value of the metric, before it was smoothed; NaN where there is none
   */
  record Detail(
      int number,
      Path path,
      List<KeyResult> results,
      @Nullable MetricSeries series,
      double last,
      String problem) {}

  /**
   * Settings beside each other.
   *
   * @param second the same as the first where only one run is selected
   */
  record Comparison(Path first, Path second, ConfigDifference difference) {
    boolean isOfTwo() {
      return !first.equals(second);
    }
  }

  /**
   * What the selected runs are.
   *
   * @param metric that is drawn; empty where no run has any
   * @param metrics of all of them
   * @param settings of the first two; null where none can be read
   */
  record Shown(
      List<Detail> runs, String metric, List<String> metrics, @Nullable Comparison settings) {
    static final Shown NOTHING = new Shown(List.of(), "", List.of(), null);
  }

  private final AtomicReference<@Nullable Shown> shown;
  private final Map<Path, Read> reads = new HashMap<>();
  private Request request = Request.NONE;
  private boolean stale;

  /** What was read of a run. */
  private static final class Read {
    final Path path;
    final RunMetrics metrics;
    List<KeyResult> results = List.of();
    @Nullable ObjectNode config;
    String configProblem = "";
    String metricsProblem = "";
    boolean stale = true;

    Read(Path path) {
      this.path = path;
      metrics = new RunMetrics(path);
    }

    /** Returns whether something changed. */
    boolean update() {
      boolean changed = stale;
      if (stale) {
        stale = false;
        readFiles();
      }
      String before = metricsProblem;
      try {
        for (int slice = 0; slice < SLICES && metrics.update(); slice++) {
          changed = true;
        }
        metricsProblem =
            metrics.damagedLines() == 0
                ? ""
                : "%d damaged lines of metrics are left out".formatted(metrics.damagedLines());
      } catch (IOException e) {
        metricsProblem = OneLine.of(e);
      }
      return changed || !before.equals(metricsProblem);
    }

    private void readFiles() {
      configProblem = "";
      config = null;
      results = List.of();
      try {
        config = RunFolder.config(path);
        results = RunResults.ranked(RunResults.ofRun(path));
      } catch (BadRequestException | IOException e) {
        configProblem = OneLine.of(e);
      }
    }
  }

  Selection(AtomicReference<@Nullable Shown> shown) {
    this.shown = shown;
  }

  /** Takes another request and answers it. */
  void ask(Request next) {
    request = next;
    List<Path> wanted = next.runs().stream().filter(Objects::nonNull).toList();
    reads.keySet().retainAll(wanted);
    wanted.forEach(run -> reads.computeIfAbsent(run, Read::new));
    stale = true;
    update();
  }

  boolean has(Path run) {
    return reads.containsKey(run);
  }

  /** Is told that a run is not what it was. */
  void changed(RunSummary run) {
    Read read = reads.get(run.path());
    if (read != null) {
      read.stale = true;
    }
  }

  /** Reads what is new, and hands it over where there is something. */
  void update() {
    for (Read read : reads.values()) {
      stale |= read.update();
    }
    if (stale) {
      stale = false;
      shown.set(look());
    }
  }

  private Shown look() {
    TreeMap<String, Integer> metrics = new TreeMap<>(); // how many runs have them
    reads
        .values()
        .forEach(
            read -> read.metrics.names().forEach(name -> metrics.merge(name, 1, Integer::sum)));
    String metric =
        metrics.containsKey(request.metric()) ? request.metric() : RunResults.bestMetric(metrics);
    List<Detail> details = new ArrayList<>();
    List<Read> configured = new ArrayList<>();
    for (int i = 0; i < request.runs().size(); i++) {
      Path run = request.runs().get(i);
      Read read = run == null ? null : reads.get(run);
      if (read != null) {
        details.add(detail(i, read, metric));
        if (read.config != null) {
          configured.add(read);
        }
      }
    }
    return new Shown(details, metric, List.copyOf(metrics.keySet()), comparison(configured));
  }

  private static @Nullable Comparison comparison(List<Read> configured) {
    if (configured.isEmpty()) {
      return null;
    }
    Read first = configured.getFirst();
    Read second = configured.get(configured.size() > 1 ? 1 : 0);
    return new Comparison(
        first.path,
        second.path,
        ConfigDifference.of(
            Objects.requireNonNull(first.config), Objects.requireNonNull(second.config)));
  }

  private Detail detail(int number, Read read, String metric) {
    MetricSeries series = read.metrics.series(metric).orElse(null);
    boolean has = series != null && series.size() > 0;
    return new Detail(
        number,
        read.path,
        read.results,
        series == null ? null : series.smoothed(request.smoothing()).thinned(POINTS),
        series != null && has ? series.values()[series.size() - 1] : Double.NaN,
        String.join(
            "; ",
            List.of(read.configProblem, read.metricsProblem).stream()
                .filter(line -> !line.isEmpty())
                .toList()));
  }
}
