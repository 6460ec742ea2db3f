package org.umwelt.agents.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.umwelt.agents.iris.TinyAgent;

class DivergenceCommandTest {
  private static final ObjectMapper JSON = new ObjectMapper();

  @TempDir private Path folder;

  private CommandLineRun evaluate(String out, String... words) {
    Path agent = TinyAgent.write(folder.resolve("agent.safetensors"));
    return CommandLineRun.of(
        Stream.concat(
                Stream.of(
                    "evaluate",
                    "--env",
                    "umwelt/Catch-v0?balls=2",
                    "--agent",
                    agent.toString(),
                    "--seed",
                    "4",
                    "--out",
                    folder.resolve(out).toString()),
                Stream.of(words))
            .toArray(String[]::new));
  }

  private JsonNode result(String out) throws IOException {
    return ((ObjectNode) JSON.readTree(folder.resolve(out).resolve("result.json").toFile()))
        .without(List.of("seconds"));
  }

  @Test
  void saysHowLongDreamsStayWithReality() throws IOException {
    CommandLineRun run =
        evaluate("a", "--episodes", "3", "--divergence", "horizon=5", "futures=2", "spread=4");
    assertThat(run.exitCode()).as(run.err()).isZero();
    assertThat(run.out()).contains("half the futures stay with reality for", "of 5 steps");
    JsonNode result = result("a");
    assertThat(result.path("survival")).hasSize(6);
    assertThat(result.path("survival").get(0).asDouble()).isEqualTo(1);
    assertThat(result.path("distance_unrelated").asDouble()).isPositive();
    for (String plot : List.of("survival", "distance")) {
      assertThat(folder.resolve("a/plots").resolve(plot + ".png")).isNotEmptyFile();
    }
    // The same again, and as JSON.
    CommandLineRun again =
        evaluate(
            "b", "--episodes", "3", "--json", "--divergence", "horizon=5", "futures=2", "spread=4");
    assertThat(again.exitCode()).as(again.err()).isZero();
    assertThat(again.out().lines()).hasSize(1);
    assertThat(result("b")).isEqualTo(result);
  }

  @Test
  void otherAgentsHaveNoDreams() {
    CommandLineRun run =
        CommandLineRun.of(
            "evaluate",
            "--env",
            "umwelt/Catch-v0",
            "--agent",
            "random",
            "--episodes",
            "1",
            "--divergence",
            "--out",
            folder.resolve("a").toString());
    assertThat(run.exitCode()).isEqualTo(2);
    assertThat(run.err().lines())
        .hasSize(1)
        .first()
        .asString()
        .contains("expected a run of umwelt train iris");
    assertThat(folder.resolve("a")).doesNotExist();
  }
}
