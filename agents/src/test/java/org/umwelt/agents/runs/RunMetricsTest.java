package org.umwelt.agents.runs;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileTime;
import java.util.Arrays;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class RunMetricsTest {
  @TempDir private Path run;
  private long clock = 1_000_000;

  private void append(String text) throws IOException {
    write(text, StandardOpenOption.CREATE, StandardOpenOption.APPEND);
  }

  /** Writes, and sets a time of its own, so that no two writes share one. */
  private void write(String text, StandardOpenOption... how) throws IOException {
    Path file = Files.writeString(run.resolve("metrics.jsonl"), text.replace('\'', '"'), how);
    Files.setLastModifiedTime(file, FileTime.fromMillis(clock += 1000));
  }

  private static double[] values(RunMetrics metrics, String name) {
    return metrics.series(name).orElseThrow().values();
  }

  @Test
  void onlyWhatWasAppendedIsReadAndHalfALineWaits() throws IOException {
    RunMetrics metrics = new RunMetrics(run);
    assertThat(metrics.update()).isFalse(); // no file yet
    append("{'epoch':1,'wall':10.0,'a':1.5,'text':'x','flag':true}\n{'epoch':2,'wa");
    assertThat(metrics.update()).isTrue();
    assertThat(metrics.names()).containsExactly("a");
    assertThat(values(metrics, "a")).containsExactly(1.5);
    assertThat(metrics.update()).isFalse();
    append("ll':12.5,'a':2.5,'b':null,'seconds':2.0}");
    assertThat(metrics.update()).isFalse();
    append("\n{'epoch':4,'wall':13.0,'b':7}\n");
    assertThat(metrics.update()).isTrue();
    assertThat(metrics.names()).containsExactly("a", "b", "seconds");
    MetricSeries a = metrics.series("a").orElseThrow();
    assertThat(a.stepName()).isEqualTo("epoch");
    assertThat(a.steps()).containsExactly(1, 2);
    assertThat(a.seconds()).containsExactly(0, 2.5);
    assertThat(a.values()).containsExactly(1.5, 2.5);
    assertThat(metrics.series("b").orElseThrow().steps()).containsExactly(4);
    assertThat(metrics.series("c")).isEmpty();
    assertThat(metrics.lines()).isEqualTo(3);
  }

  @Test
  void aLogCutBackIsReadAgain() throws IOException {
    RunMetrics metrics = new RunMetrics(run);
    append("{'epoch':1,'a':1}\n{'epoch':2,'a':2}\n{'epoch':3,'a':3}\n");
    metrics.update();
    write("{'epoch':1,'a':1}\n", StandardOpenOption.TRUNCATE_EXISTING);
    assertThat(metrics.update()).isTrue();
    assertThat(values(metrics, "a")).containsExactly(1);
    // Cut back and grown beyond where it was, between two looks.
    write(
        "{'epoch':1,'a':9}\n{'epoch':2,'a':8}\n{'epoch':3,'a':7}\n",
        StandardOpenOption.TRUNCATE_EXISTING);
    assertThat(metrics.update()).isTrue();
    assertThat(values(metrics, "a")).containsExactly(9, 8, 7);
    Files.delete(run.resolve("metrics.jsonl"));
    assertThat(metrics.update()).isTrue();
    assertThat(metrics.names()).isEmpty();
  }

  @Test
  void damagedLinesAreCountedAndLeftOut() throws IOException {
    RunMetrics metrics = new RunMetrics(run);
    append("{'episode':1,'return':4}\nnonsense\n[1]\n{'episode':0,'return':3}\n");
    assertThat(metrics.update()).isTrue();
    assertThat(metrics.damagedLines()).isEqualTo(2);
    MetricSeries series = metrics.series("return").orElseThrow();
    assertThat(series.stepName()).isEqualTo("episode");
    assertThat(series.steps()).containsExactly(0, 1); // episodes end in any order
    assertThat(series.values()).containsExactly(3, 4);
  }

  @Test
  void manyPointsAreThinnedEvenly() throws IOException {
    int lines = 4 * RunMetrics.MOST_POINTS;
    StringBuilder text = new StringBuilder();
    for (int i = 1; i <= lines; i++) {
      text.append("{'epoch':").append(i).append(",'a':").append(i).append("}\n");
    }
    append(text.toString());
    RunMetrics metrics = new RunMetrics(run);
    while (metrics.update()) {
      // In slices.
    }
    double[] steps = metrics.series("a").orElseThrow().steps();
    assertThat(metrics.lines()).isEqualTo(lines);
    assertThat(steps.length).isBetween(RunMetrics.MOST_POINTS / 2, RunMetrics.MOST_POINTS);
    double spacing = steps[1] - steps[0];
    for (int i = 1; i < steps.length; i++) {
      assertThat(steps[i] - steps[i - 1]).isEqualTo(spacing);
    }
    assertThat(steps[steps.length - 1]).isGreaterThan(lines - spacing);
  }

  private static MetricSeries series(double... values) {
    double[] places = new double[values.length];
    Arrays.setAll(places, i -> i);
    return new MetricSeries("a", "epoch", places, places, values);
  }

  @Test
  void smoothingOfAConstantIsTheConstantAndOfAStepTheClosedForm() {
    assertThat(series(3, 3, 3).smoothed(0.9).values())
        .containsExactly(new double[] {3, 3, 3}, within(1e-12));
    // 1, 0, 0: m_t / (1 - w^t) = (1 - w) w^(t-1) / (1 - w^t)
    assertThat(series(1, 0, 0).smoothed(0.5).values())
        .containsExactly(new double[] {1, 1.0 / 3, 1.0 / 7}, within(1e-12));
    assertThat(series(1, 5, 2).smoothed(0).values()).containsExactly(1, 5, 2);
  }

  @Test
  void thinningKeepsTheLowestAndTheHighest() {
    double[] values = new double[1000];
    values[371] = 9;
    values[372] = -9;
    values[800] = 4;
    MetricSeries thin = series(values).thinned(100);
    assertThat(thin.size()).isLessThanOrEqualTo(100);
    assertThat(thin.values()).contains(9, -9, 4);
    assertThat(thin.steps()).isSorted().contains(371, 372, 800);
    assertThat(series(1, 2).thinned(2).values()).containsExactly(1, 2);
  }
}
