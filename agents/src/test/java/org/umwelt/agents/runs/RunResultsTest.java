package org.umwelt.agents.runs;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class RunResultsTest {
  @TempDir private Path run;

  private List<KeyResult> read(String text) throws IOException {
    return RunResults.read(Files.writeString(run.resolve("result.json"), text.replace('\'', '"')));
  }

  @Test
  void numbersOutsideOfListsAreResults() throws IOException {
    assertThat(
            read(
                "{'env':'X','episodes':[{'return':1,'deep':{'a':2}}],'mean':1.5,'converged':true,"
                    + "'none':null,'horizon':{'50 %':3},'scalars':{'a/loss':0.5},"
                    + "'observables':{'M':{'value':2.0,'error':0.1,'text':'2.0(1)'},"
                    + "'bare':{'value':7}}}"))
        .containsExactly(
            new KeyResult("mean", 1.5, ""),
            new KeyResult("converged", Double.NaN, "true"),
            new KeyResult("horizon.50 %", 3, ""),
            new KeyResult("a/loss", 0.5, ""),
            new KeyResult("M", 2, "2.0(1)"),
            new KeyResult("bare.value", 7, ""));
  }

  @Test
  void whatIsNoObjectIsRefused() {
    for (String text : List.of("", "[1]", "{'mean':1.5", "{'mean':}")) {
      assertThatThrownBy(() -> read(text)).isInstanceOf(IOException.class);
    }
  }

  @Test
  void theMostTellingComeFirst() throws IOException {
    List<KeyResult> all = read("{'seconds':9,'z/loss':1,'other':2,'evaluation/return':3,'mean':4}");
    assertThat(RunResults.ranked(all))
        .extracting(KeyResult::name)
        .containsExactly("mean", "evaluation/return", "z/loss", "other", "seconds");
    assertThat(RunResults.best(all, 9)).hasSize(4);
    assertThat(RunResults.best(all, 2))
        .extracting(KeyResult::name)
        .containsExactly("mean", "evaluation/return");
  }

  @Test
  void theBestMetricIsSharedByMost() {
    assertThat(RunResults.bestMetric(Map.of("return", 1, "a/loss", 2, "b/loss", 2, "seconds", 3)))
        .isEqualTo("a/loss");
    assertThat(RunResults.bestMetric(Map.of("seconds", 1))).isEqualTo("seconds");
    assertThat(RunResults.bestMetric(Map.of())).isEmpty();
  }

  @Test
  void aRunWithoutResultTellsTheNewestOfItsMetrics() throws IOException {
    assertThat(RunResults.ofRun(run)).isEmpty();
    Files.writeString(
        run.resolve("metrics.jsonl"),
        "{\"epoch\":1,\"a\":1.0,\"b\":5.0}\n{\"epoch\":2,\"a\":2.0}\n{\"epoch\":3,\"a\":");
    assertThat(RunResults.ofRun(run))
        .containsExactly(new KeyResult("a", 2, ""), new KeyResult("b", 5, ""));
    read("{'mean':1}");
    assertThat(RunResults.ofRun(run)).containsExactly(new KeyResult("mean", 1, ""));
  }
}
