package org.umwelt.agents.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.SequencedMap;
import java.util.zip.CRC32;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.umwelt.agents.iris.TinyAgent;
import org.umwelt.kernels.weights.Safetensors;
import org.umwelt.kernels.weights.StoredTensor;
import org.umwelt.kernels.weights.WeightFile;

/** Trained agents and their imagined worlds, as the command line uses them. */
class IrisCommandTest {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final List<String> TIMES =
      List.of("frames_per_second", "steps_per_second", "seconds");

  @TempDir private Path folder;

  private CommandLineRun evaluate(String environment, Object agent, String... more) {
    List<String> words = new ArrayList<>(List.of("evaluate", "--env", environment));
    words.addAll(List.of("--agent", agent.toString(), "--seed", "2"));
    words.addAll(List.of(more));
    return CommandLineRun.of(words.toArray(String[]::new));
  }

  private String out(String name) {
    return folder.resolve(name).toString();
  }

  private ObjectNode resultWithoutTimes(String name) throws IOException {
    ObjectNode result = (ObjectNode) JSON.readTree(folder.resolve(name + "/result.json").toFile());
    return result.remove(TIMES);
  }

  private Path agent() {
    return TinyAgent.write(folder.resolve("agent.safetensors"));
  }

  @ParameterizedTest
  @ValueSource(strings = {"umwelt/Catch-v0?balls=1", "imagine:%s?horizon=8"})
  void resultDoesNotDependOnTheNumberOfWorkersAndSimulatesAgain(String environment)
      throws IOException {
    Path agent = agent();
    List<String> results = new ArrayList<>();
    for (String workers : List.of("1", "2")) {
      CommandLineRun run =
          evaluate(
              environment.formatted(agent),
              agent,
              "--episodes",
              "6",
              "--workers",
              workers,
              "--out",
              out(workers));
      assertThat(run.exitCode()).as(run.err()).isZero();
      results.add(resultWithoutTimes(workers).toString());
    }
    assertThat(results.get(1)).isEqualTo(results.get(0));
    CommandLineRun verified = CommandLineRun.of("replay", "verify", out("2"));
    assertThat(verified.exitCode()).as(verified.out()).isZero();
    assertThat(verified.out()).contains("every observation, info, reward and flag agrees");
    JsonNode config = JSON.readTree(folder.resolve("2/config.json").toFile());
    assertThat(config.get("agent_digest").asText()).startsWith("sha256:");
  }

  @Test
  void recordingOfADreamSaysSo() {
    CommandLineRun run =
        evaluate(
            "imagine:" + agent() + "?horizon=5", "random", "--episodes", "1", "--out", out("a"));
    assertThat(run.exitCode()).as(run.err()).isZero();
    CommandLineRun step =
        CommandLineRun.of("replay", "show", out("a"), "--episode", "0", "--step", "1");
    assertThat(step.exitCode()).as(step.err()).isZero();
    assertThat(step.out()).contains("imagined", "forgotten");
  }

  @Test
  void listKnowsTheSettings() {
    Path agent = agent();
    CommandLineRun settings = CommandLineRun.of("list", "environments", "imagine:" + agent);
    assertThat(settings.exitCode()).as(settings.err()).isZero();
    assertThat(settings.out())
        .contains("env=umwelt/Catch-v0?balls=2", "temperature=1.0", "sampler=", "horizon=1000");
    assertThat(CommandLineRun.of("list", "agents").out()).contains("iris:PATH[?temperature=T]");
  }

  @Test
  void trainingEvaluatesInADream() {
    CommandLineRun run =
        CommandLineRun.of(
            "train",
            "iris-debug",
            "--out",
            out("run"),
            "eval_env=imagine:" + agent() + "?horizon=6",
            "epochs=1",
            "collect.first=12",
            "tokenizer.updates=1",
            "tokenizer.batch=2",
            "evaluate.every=1",
            "evaluate.episodes=2");
    assertThat(run.exitCode()).as(run.err()).isZero();
    CommandLineRun again =
        evaluate(
            "imagine:" + out("run") + "?horizon=3",
            out("run"),
            "--episodes",
            "1",
            "--out",
            out("played"));
    assertThat(again.exitCode()).as(again.err()).isZero();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "tokenizer.encoder.conv_in.weight",
        "tokenizer.decoder.up.2.block.1.conv1.bias",
        "world_model.head_ends.head_module.2.bias",
        "actor_critic.lstm.weight_hh",
        "actor_critic.conv3.weight",
      })
  void missingAndMisshapenEntriesAreNamedInOneLine(String name) throws IOException {
    SequencedMap<String, StoredTensor> weights = TinyAgent.weights();
    StoredTensor entry = Objects.requireNonNull(weights.remove(name));
    assertRefused(TinyAgent.write(folder.resolve("agent.safetensors"), weights), name);
    weights.put(name, StoredTensor.of(entry.toFloats(), 1, entry.elements()));
    assertRefused(
        TinyAgent.write(folder.resolve("agent.safetensors"), weights),
        name,
        "shape",
        "[1, " + entry.elements() + "]");
  }

  @Test
  void sizesThatAreNotThoseOfTheEntriesAreRefusedBeforeAnythingIsBuilt() throws IOException {
    WeightFile file = Safetensors.read(agent());
    for (Map.Entry<String, String> change :
        Map.of(
                "\"latent\":8", "\"latent\":1000000",
                "\"width\":16", "\"width\":1048576",
                "\"steps\":3", "\"steps\":1000000",
                "\"hidden\":8", "\"hidden\":1000000",
                "\"resolution\":64", "\"resolution\":-64",
                "\"channels\":4", "\"channels\":0",
                "\"multipliers\":[1,", "\"multipliers\":[1048576,",
                "\"heads\":2", "\"heads\":2.5",
                "\"actions\":3", "\"actions\":2147483648",
                "\"layers\":1", "\"layers\":5")
            .entrySet()) {
      Map<String, String> metadata = new LinkedHashMap<>(file.metadata());
      String config = Objects.requireNonNull(metadata.get("config"));
      assertThat(config).contains(change.getKey());
      metadata.put("config", config.replace(change.getKey(), change.getValue()));
      Path damaged = folder.resolve("damaged.safetensors");
      Safetensors.write(damaged, new WeightFile(file.tensors(), metadata));
      assertRefused(damaged, damaged.toString());
    }
  }

  @Test
  void truncatedFilesAreRefusedInOneLine() throws IOException {
    byte[] bytes = Files.readAllBytes(agent());
    for (int length : new int[] {0, 4, 100, bytes.length / 2, bytes.length - 1}) {
      Path cut = folder.resolve("cut.safetensors");
      Files.write(cut, Arrays.copyOf(bytes, length));
      assertRefused(cut, cut.toString());
      Path torch = folder.resolve("cut.pt");
      Files.write(torch, Arrays.copyOf(bytes, length));
      assertRefused(torch, torch.toString());
    }
  }

  @Test
  void publishedFileWithoutEntriesNamesTheFirst() throws IOException {
    Path file = folder.resolve("empty.pt");
    Files.write(file, torchFileWithAnEmptyDict());
    assertRefused(file, "tokenizer.encoder.down.0.block.0.conv1.weight");
  }

  /** What {@code torch.save({}, file)} writes: a zip of stored entries. */
  private static byte[] torchFileWithAnEmptyDict() throws IOException {
    byte[] pickle = {(byte) 0x80, 2, '}', 'q', 0, '.'};
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (ZipOutputStream zip = new ZipOutputStream(bytes)) {
      store(zip, "archive/data.pkl", pickle);
      store(zip, "archive/byteorder", "little".getBytes(StandardCharsets.US_ASCII));
      store(zip, "archive/version", "3\n".getBytes(StandardCharsets.US_ASCII));
    }
    return bytes.toByteArray();
  }

  private static void store(ZipOutputStream zip, String name, byte[] content) throws IOException {
    ZipEntry entry = new ZipEntry(name);
    CRC32 crc = new CRC32();
    crc.update(content);
    entry.setMethod(ZipEntry.STORED);
    entry.setSize(content.length);
    entry.setCrc(crc.getValue());
    zip.putNextEntry(entry);
    zip.write(content);
    zip.closeEntry();
  }

  private void assertRefused(Path agent, String... words) {
    CommandLineRun run =
        evaluate("umwelt/Catch-v0", agent, "--episodes", "1", "--out", out("refused"));
    assertThat(run.exitCode()).as(run.err()).isEqualTo(2);
    assertThat(run.err().lines()).hasSize(1).first().asString().contains(words);
    assertThat(folder.resolve("refused")).doesNotExist();
  }
}
