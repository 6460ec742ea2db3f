package org.umwelt.agents.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.File;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.umwelt.agents.CommandLineProcess;
import org.umwelt.agents.iris.TinyAgent;

/** Export, and evaluation of what was exported, as the command line does them. */
class ExportCommandTest {
  private static final String ENVIRONMENT = "umwelt/Catch-v0?balls=2";

  @TempDir private Path folder;
  private Path run;

  @BeforeEach
  void write() throws IOException {
    run = Files.createDirectories(folder.resolve("run"));
    Path checkpoint = Files.createDirectories(run.resolve("checkpoints/epoch-000003"));
    TinyAgent.write(checkpoint.resolve("agent.safetensors"));
    Files.writeString(run.resolve("config.json"), "{\"experiment\":\"iris-tiny\",\"seed\":7}");
    Files.writeString(
        run.resolve("provenance.json"), "{\"sessions\":[{\"git\":{\"revision\":\"abc\"}}]}");
  }

  private CommandLineRun export(Path out, String... more) {
    List<String> words = new ArrayList<>(List.of("export", run.toString(), "--format", "onnx"));
    words.addAll(List.of("--out", out.toString()));
    words.addAll(List.of(more));
    return CommandLineRun.of(words.toArray(String[]::new));
  }

  private CommandLineRun evaluate(Object agent, String out, String... more) {
    List<String> words = new ArrayList<>(List.of("evaluate", "--env", ENVIRONMENT, "--agent"));
    words.addAll(List.of(agent.toString(), "--episodes", "6", "--seed", "2"));
    words.addAll(List.of("--out", folder.resolve(out).toString()));
    words.addAll(List.of(more));
    return CommandLineRun.of(words.toArray(String[]::new));
  }

  private JsonNode episodes(String name) throws IOException {
    return new ObjectMapper()
        .readTree(folder.resolve(name + "/result.json").toFile())
        .get("episodes");
  }

  @Test
  void exportedAgentHasTheReturnsOfItsRunWithAnyNumberOfWorkers() throws IOException {
    Path file = folder.resolve("policy.onnx");
    CommandLineRun exported = export(file);
    assertThat(exported.exitCode()).as(exported.err()).isZero();
    assertThat(exported.out())
        .contains("operator set 21", "takes observation U8 [batch, 64, 64, 3]")
        .contains("gives logits F32 [batch, 3]");
    assertThat(evaluate(run, "ours").exitCode()).isZero();
    for (String workers : List.of("1", "3")) {
      CommandLineRun evaluated = evaluate(file, "onnx" + workers, "--workers", workers);
      assertThat(evaluated.exitCode()).as(evaluated.err()).isZero();
      assertThat(episodes("onnx" + workers)).isNotNull().isEqualTo(episodes("ours"));
    }
    assertThat(CommandLineRun.of("replay", "verify", folder.resolve("onnx3").toString()).exitCode())
        .isZero();
    assertThat(Files.readString(folder.resolve("onnx1/config.json"))).contains("sha256:");
  }

  @Test
  void jsonSaysWhatWasWrittenAndFromWhichTraining() throws IOException {
    Path file = folder.resolve("encoder.onnx");
    CommandLineRun exported = export(file, "--part", "encoder", "--license", "MIT", "--json");
    assertThat(exported.exitCode()).as(exported.err()).isZero();
    JsonNode object = new ObjectMapper().readTree(exported.out());
    assertThat(object.get("part").asText()).isEqualTo("encoder");
    assertThat(object.get("bytes").asLong()).isEqualTo(Files.size(file));
    assertThat(object.at("/outputs/0").toString())
        .isEqualTo("{\"name\":\"tokens\",\"type\":\"I64\",\"shape\":[\"batch\",\"4\"]}");
    JsonNode metadata = object.get("metadata");
    assertThat(metadata.get("license").asText()).isEqualTo("MIT");
    assertThat(new ObjectMapper().readTree(metadata.get("umwelt.run").asText()).toString())
        .isEqualTo(
            "{\"experiment\":\"iris-tiny\",\"seed\":7,\"revision\":\"abc\","
                + "\"checkpoint\":\"epoch-000003\",\"file\":\"agent.safetensors\",\"part\":\"encoder\"}");
  }

  private static void assertRefused(CommandLineRun run, String... words) {
    assertThat(run.exitCode()).as(run.err()).isEqualTo(2);
    assertThat(run.err().lines()).hasSize(1).first().asString().contains(words);
  }

  @Test
  void exportOfNothingToSomewhereBadIsRefusedInOneLine() throws IOException {
    Path file = folder.resolve("a.onnx");
    assertRefused(export(file, "--part", "polici"), "did you mean policy");
    assertRefused(
        CommandLineRun.of("export", folder.resolve("nothing").toString(), "--out", file.toString()),
        "expected a training run");
    assertRefused(export(folder.resolve("no/such/a.onnx")), "there is no folder");
    assertThat(file).doesNotExist();
    Files.writeString(file, "precious");
    assertRefused(export(file), "is there already");
    assertThat(Files.readString(file)).isEqualTo("precious");
    assertThat(export(file, "--force").exitCode()).isZero();
  }

  @Test
  void filesThatAreNoPoliciesAreRefusedInOneLineAndNothingIsWritten() throws IOException {
    Path file = folder.resolve("policy.onnx");
    assertThat(export(file).exitCode()).isZero();
    byte[] whole = Files.readAllBytes(file);
    Path damaged = folder.resolve("damaged.onnx");
    for (int length : new int[] {0, 5, 1000, whole.length - 1}) {
      Files.write(damaged, Arrays.copyOf(whole, length));
      assertRefused(evaluate(damaged, "refused"), damaged.toString(), "expected");
    }
    byte[] flipped = whole.clone();
    flipped[whole.length / 2] ^= 4;
    Files.write(damaged, flipped);
    assertRefused(evaluate(damaged, "refused"), "the file is damaged");
    Files.writeString(damaged, "# not ONNX at all\n".repeat(100));
    assertRefused(evaluate(damaged, "refused"), "expected an ONNX model");
    assertThat(export(damaged, "--part", "world-model", "--force").exitCode()).isZero();
    assertRefused(evaluate(damaged, "refused"), "keys.0", "expected the batch to be the only");
    assertThat(export(damaged, "--part", "decoder", "--force").exitCode()).isZero();
    assertRefused(evaluate(damaged, "refused"), "needs observations I64 [batch, 4]");
    assertRefused(evaluate("onnx:" + folder.resolve("none.onnx"), "refused"), "found none");
    assertRefused(evaluate("onnx:" + file + "?temperature=-1", "refused"), "temperature");
    assertRefused(evaluate("onnx:" + file + "?temperature=1e-9", "refused"), "0 or 0.001");
    assertRefused(evaluate("onnx:" + file + "?heat=1", "refused"), "heat");
    assertRefused(evaluate("onnx:" + file + "?compute=cuda", "refused"), "expected a GPU");
    assertRefused(
        CommandLineRun.of(
            "evaluate", "--env", "umwelt/Dodge-v0", "--agent", file.toString(), "--episodes", "1"),
        "has actions Discrete(3), umwelt/Dodge-v0 has Discrete(5)",
        "evaluate it in " + ENVIRONMENT);
    assertThat(folder.resolve("refused")).doesNotExist();
  }

  @Test
  void evaluationNeedsNoLibTorch() throws IOException, InterruptedException {
    Path file = folder.resolve("policy.onnx");
    assertThat(export(file).exitCode()).isZero();
    assertThat(evaluate(file, "here").exitCode()).isZero();
    ProcessBuilder builder =
        CommandLineProcess.of(
            List.of("evaluate", "--env", ENVIRONMENT, "--agent", file.toString()),
            "--episodes",
            "6",
            "--seed",
            "2",
            "--out",
            folder.resolve("there").toString());
    String path = System.getProperty("java.class.path");
    String without =
        Stream.of(path.split(File.pathSeparator))
            .filter(entry -> !new File(entry).getName().matches("(pytorch|openblas)-.*"))
            .collect(Collectors.joining(File.pathSeparator));
    assertThat(without.length()).isLessThan(path.length());
    builder.command().replaceAll(word -> word.equals(path) ? without : word);
    Process process = builder.start();
    String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertThat(process.waitFor()).as(output).isZero();
    assertThat(episodes("there")).isNotNull().isEqualTo(episodes("here"));
  }
}
