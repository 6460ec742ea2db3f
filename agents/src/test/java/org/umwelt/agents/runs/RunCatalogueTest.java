package org.umwelt.agents.runs;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.umwelt.agents.runs.RunSummary.Progress;
import org.umwelt.kernels.settings.BadRequestException;

final class RunCatalogueTest {
  private static final String REVISION = "0123456789abcdef0123456789abcdef01234567";

  @TempDir private Path root;

  private static ObjectNode json(String text) throws IOException {
    return Json.object(text.replace('\'', '"'));
  }

  private static ObjectNode provenance(String started) throws IOException {
    return json(
        "{'started':'%s','git':{'revision':'%s','dirty':true}}".formatted(started, REVISION));
  }

  private RunFolder create(String name, String config) throws IOException {
    return RunFolder.create(root.resolve(name), json(config), provenance("2026-11-28T10:00:00.5Z"));
  }

  private RunSummary read(String name) {
    return new RunCatalogue(root).read(root.resolve(name));
  }

  @Test
  void finishedEvaluationIsSummarised() throws IOException {
    try (RunFolder run =
        create("a", "{'kind':'evaluation','env':'X-v0','agent':'random','episodes':3,'seed':7}")) {
      run.writeResult(
          json(
              "{'env':'X-v0','seed':7,'episodes':[{'return':5.0,'length':1}],'mean':1.5,'std':0.5,"
                  + "'iqm':1.25,'iqm_ci95':[1,2],'steps':30,'frames_per_second':9.0,'seconds':2.5}"));
    }
    assertThat(read("a"))
        .isEqualTo(
            new RunSummary(
                root.resolve("a"),
                "evaluation",
                "",
                "X-v0",
                "random",
                OptionalLong.of(7),
                RunState.FINISHED,
                "its result is there",
                new Progress(3, 3, false),
                List.of(new KeyResult("mean", 1.5, ""), new KeyResult("iqm", 1.25, "")),
                Optional.of(Instant.parse("2026-11-28T10:00:00.5Z")),
                2.5,
                "0123456789+",
                ""));
    assertThat(read("a").title()).isEqualTo("random in X-v0");
  }

  @Test
  void trainingTellsItsNewestEpochWhileItIsWritten() throws IOException {
    RunCatalogue catalogue = new RunCatalogue(root);
    Path path = root.resolve("t");
    try (RunFolder run = create("t", "{'kind':'training','experiment':'iris','epochs':4}")) {
      assertThat(catalogue.read(path).progress()).isEqualTo(new Progress(0, 4, false));
      run.metrics().append(json("{'epoch':1,'wall':1.0,'collect/return':-2.0,'a/loss':9.0}"));
      run.metrics().append(json("{'epoch':2,'wall':2.0,'seconds':3.0,'a/loss':8.0}"));
      RunSummary summary = catalogue.read(path);
      assertThat(summary.progress()).isEqualTo(new Progress(2, 4, false));
      assertThat(summary.progress().share()).isEqualTo(0.5);
      assertThat(summary.state()).isEqualTo(RunState.IN_PROGRESS);
      assertThat(summary.results())
          .containsExactly(new KeyResult("collect/return", -2, ""), new KeyResult("a/loss", 8, ""));
      // Whoever looks at it does not take away its lock.
      assertThatThrownBy(() -> RunFolder.reopen(path, RunFolder.config(path), provenance("")))
          .isInstanceOf(BadRequestException.class)
          .hasMessageContaining("another process is writing");
    }
    assertThat(catalogue.read(path).state()).isEqualTo(RunState.STOPPED);
  }

  @Test
  void epochsOfTheLastSessionAreTheTotal() throws IOException {
    RunFolder.create(
            root.resolve("s"),
            json("{'kind':'sampling','experiment':'phi4'}"),
            provenance("2026-11-28T10:00:00Z").put("epochs", 21))
        .close();
    assertThat(read("s").progress()).isEqualTo(new Progress(0, 21, false));
    try (RunFolder run = create("old", "{'kind':'sampling','experiment':'phi4'}")) {
      assertThat(read("old").progress()).isEqualTo(new Progress(0, -1, false));
      run.writeResult(
          json(
              "{'epochs':22,'lattice':'8x8','health':[{'passed':true}],'observables':{'M^2':"
                  + "{'value':0.5,'error':0.1,'text':'0.5(1)'},'chi':{'value':2.0,'text':'2.0(3)'}}}"));
    }
    assertThat(read("old").progress()).isEqualTo(new Progress(22, 22, false));
    assertThat(read("old").results())
        .containsExactly(new KeyResult("M^2", 0.5, "0.5(1)"), new KeyResult("chi", 2, "2.0(3)"));
  }

  @Test
  void episodesInProgressAreCounted() throws IOException {
    try (RunFolder run = create("e", "{'kind':'evaluation','env':'X','agent':'a','episodes':9}")) {
      for (int i = 0; i < 25; i++) {
        run.metrics().append(json("{'episode':%d,'return':%d}".formatted(i, i)));
      }
      Files.writeString(
          root.resolve("e/metrics.jsonl"), "{\"episode\":25,\"ret", StandardOpenOption.APPEND);
      RunSummary summary = read("e");
      assertThat(summary.progress()).isEqualTo(new Progress(9, 9, false));
      assertThat(summary.results())
          .containsExactly(new KeyResult("return, last 20", 14.5, "")); // of 5 to 24
    }
  }

  @Test
  void longLogsAreEstimatedFromTheirEnd() throws IOException {
    try (RunFolder run = create("e", "{'kind':'evaluation','episodes':1000000}")) {
      run.metrics().append(json("{'episode':0,'return':1.0}"));
    }
    String line = "{\"episode\":0,\"return\":1.0}\n";
    Files.writeString(root.resolve("e/metrics.jsonl"), line.repeat(100_000));
    assertThat(read("e").progress()).isEqualTo(new Progress(100_000, 1_000_000, true));
  }

  @Test
  void everyDamageIsALine() throws IOException {
    create("torn", "{'kind':'training','experiment':'x','epochs':2}").close();
    Files.writeString(root.resolve("torn/config.json"), "{\n\"kind\" : \"trai");
    create("list", "{'kind':'training','experiment':'x','epochs':2}").close();
    Files.writeString(root.resolve("list/config.json"), "[1]");
    create("newer", "{'kind':'tournament'}").close();
    create("bare", "{'seed':'x'}").close();
    create("result", "{'kind':'evaluation'}").close();
    Files.writeString(root.resolve("result/result.json"), "{\"mean\":1.0,\"iq");
    Files.createDirectories(root.resolve("foreign"));
    Files.writeString(root.resolve("foreign/metrics.jsonl"), "not json\n\n[1]\n");
    create("half", "{'kind':'training','experiment':'x'}").close();
    Files.delete(root.resolve("half/metrics.jsonl"));
    Files.write(root.resolve("half/provenance.json"), new byte[] {0, -1, 7});

    assertThat(read("torn").problem()).startsWith("config.json is not a JSON object, line ");
    assertThat(read("list").problem()).startsWith("config.json is not a JSON object");
    assertThat(read("newer").problem())
        .isEqualTo("config.json: runs of kind tournament are not known to this version");
    assertThat(read("bare").problem())
        .isEqualTo("config.json does not say what kind of run this is");
    assertThat(read("bare").seed()).isEmpty();
    assertThat(read("result").problem()).startsWith("result.json is not a JSON object");
    assertThat(read("foreign").problem())
        .isEqualTo("there is no config.json; there is no provenance.json");
    assertThat(read("foreign").state()).isEqualTo(RunState.STOPPED);
    assertThat(read("half").state()).isEqualTo(RunState.UNKNOWN);
    assertThat(read("half").problem()).contains("provenance.json");
    assertThat(new RunCatalogue(root).runs().map(RunSummary::problem))
        .hasSize(7)
        .allMatch(problem -> !problem.isEmpty() && !problem.contains("\n"));
  }

  @Test
  void runsAreFoundBelowTheRootAndNotInRuns() throws IOException {
    create("2026-11-28/b", "{'kind':'training'}").close();
    create("a", "{'kind':'training'}").close();
    create("a/episodes/inner", "{'kind':'training'}").close();
    create(".hidden/run", "{'kind':'training'}").close();
    create("1/2/3/4/5/6/7", "{'kind':'training'}").close();
    create("1/2/3/4/5/6b", "{'kind':'training'}").close();
    Files.createDirectories(root.resolve("model"));
    Files.writeString(root.resolve("model/config.json"), "{}"); // such as published weights have
    RunCatalogue catalogue = new RunCatalogue(root);
    assertThat(catalogue.find())
        .containsExactly(
            root.resolve("1/2/3/4/5/6b"), root.resolve("2026-11-28/b"), root.resolve("a"));
    assertThat(catalogue.isComplete()).isTrue();
    assertThat(new RunCatalogue(root.resolve("a")).find()).containsExactly(root.resolve("a"));
    assertThat(RunCatalogue.isRun(root.resolve("a"))).isTrue();
    assertThat(RunCatalogue.isRun(root.resolve("model"))).isFalse();
    assertThat(RunCatalogue.holdsRuns(root.resolve("2026-11-28"), 1)).isTrue();
    assertThat(RunCatalogue.holdsRuns(root.resolve("1"), 3)).isFalse();
  }

  @Test
  void whatIsNoFolderIsRefused() throws IOException {
    Path file = Files.createFile(root.resolve("file"));
    assertThatThrownBy(() -> new RunCatalogue(file))
        .isInstanceOf(BadRequestException.class)
        .hasMessage("expected a folder with runs, %s is a file", file);
    assertThatThrownBy(() -> new RunCatalogue(root.resolve("nowhere")))
        .isInstanceOf(BadRequestException.class)
        .hasMessageContaining("there is no");
  }

  @Test
  void unchangedRunsAreNotReadAgain() throws IOException {
    RunFolder run = create("a", "{'kind':'training','experiment':'x','epochs':2}");
    run.writeResult(JsonNodeFactory.instance.objectNode().put("mean", 1.0));
    run.close();
    RunCatalogue catalogue = new RunCatalogue(root);
    RunSummary before = catalogue.read(root.resolve("a"));
    assertThat(catalogue.read(root.resolve("a"))).isSameAs(before);
    Files.writeString(root.resolve("a/result.json"), "{\"mean\":1.25}");
    assertThat(catalogue.read(root.resolve("a")).results())
        .containsExactly(new KeyResult("mean", 1.25, ""));
  }

  @Test
  void aRecordingIsFinishedOnceNobodyWritesIt() throws IOException {
    RunFolder live =
        create("l", "{'kind':'live','environment':'X-v0','agent':'keyboard','seed':1}");
    assertThat(read("l").state()).isEqualTo(RunState.IN_PROGRESS);
    live.close();
    assertThat(read("l").state()).isEqualTo(RunState.FINISHED);
    assertThat(read("l").title()).isEqualTo("keyboard in X-v0");
    assertThat(read("l").hasProblem()).isFalse();
  }
}
