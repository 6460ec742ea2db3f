package org.umwelt.agents.training;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.umwelt.kernels.settings.BadRequestException;

class SettingsFileTest {
  @TempDir private Path folder;

  private Map<String, String> read(String yaml) throws IOException {
    return SettingsFile.read(Files.writeString(folder.resolve("run.yaml"), yaml));
  }

  @Test
  void nestedMapsAndDotsAreTheSameNamesAndValuesStayAsWritten() throws IOException {
    assertThat(
            read(
                """
                # a comment
                env: ALE/Pong-v5?frameskip=1
                tokenizer:
                  channels: 64
                  adam:
                    rate: 1e-4
                    beta: 0.10
                world.layers: 010
                centred: yes
                quoted: "a: b"
                empty: ""
                """))
        .containsExactly(
            Map.entry("env", "ALE/Pong-v5?frameskip=1"),
            Map.entry("tokenizer.channels", "64"),
            Map.entry("tokenizer.adam.rate", "1e-4"),
            Map.entry("tokenizer.adam.beta", "0.10"),
            Map.entry("world.layers", "010"),
            Map.entry("centred", "yes"),
            Map.entry("quoted", "a: b"),
            Map.entry("empty", ""));
  }

  @Test
  void emptyFileSetsNothing() throws IOException {
    assertThat(read("")).isEmpty();
    assertThat(read("# nothing\n")).isEmpty();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "just a text | run.yaml:1: expected one map of settings",
        "- a | run.yaml:1: expected one map of settings",
        "a: 1~---~b: 2 | run.yaml:3: expected one map of settings",
        "a: 1~b: [1, 2] | run.yaml:2: expected a value of b",
        "a: 1~b: | expected a value of b",
        "a:~  b: null | run.yaml:2: expected a value of a.b",
        "a: &x 1~b: *x | run.yaml:2: expected a value of b",
        "a:~  b: 1~a.b: 2 | run.yaml:3: a.b is given twice",
        "a: 1~a: 2 | a is given twice",
        "a: {b: 1 | is not YAML",
        "a: 1~ b: 2 | is not YAML",
      })
  void anythingElseIsRefused(String yaml, String expected) {
    assertThatThrownBy(() -> read(yaml.replace('~', '\n') + "\n"))
        .isInstanceOf(BadRequestException.class)
        .hasMessageContaining(expected);
  }

  @Test
  void fileThatIsNotThereIsNamed() {
    assertThatThrownBy(() -> SettingsFile.read(folder.resolve("absent.yaml")))
        .isInstanceOf(BadRequestException.class)
        .hasMessageContaining("absent.yaml");
  }
}
