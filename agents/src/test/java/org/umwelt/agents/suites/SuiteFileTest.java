package org.umwelt.agents.suites;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.umwelt.envs.atari.HumanNormalisedScore;
import org.umwelt.kernels.settings.BadRequestException;

class SuiteFileTest {
  @TempDir private Path folder;

  private Suite read(String text) throws IOException {
    Path file = folder.resolve("my-suite.yaml");
    Files.writeString(file, text);
    return SuiteFile.read(file);
  }

  @Test
  void everythingIsRead() throws IOException {
    Suite suite =
        read(
            """
            name: two games   # a comment
            agents: [random, "runs/{game}-{seed}"]
            environments:
              - Atari100k/{game}-test-v0
            games: [Pong, Alien]
            seeds: [7, "1..3"]
            episodes: 100
            episodes_per_job: 10
            """);
    assertThat(suite)
        .isEqualTo(
            new Suite(
                "two games",
                List.of("random", "runs/{game}-{seed}"),
                List.of("Atari100k/{game}-test-v0"),
                List.of("Pong", "Alien"),
                List.of(7L, 1L, 2L, 3L),
                100,
                10));
    assertThat(suite.cells()).hasSize(2 * 2 * 4);
    assertThat(suite.cells().getFirst())
        .isEqualTo(new Suite.Cell("random", "random", "Atari100k/Pong-test-v0", 7));
    assertThat(suite.cells().getLast())
        .isEqualTo(
            new Suite.Cell("runs/{game}-{seed}", "runs/Alien-3", "Atari100k/Alien-test-v0", 3));
  }

  @Test
  void theSuiteOfAtari100kHasItsGames() {
    Suite suite = SuiteFile.read(Path.of("src/site/atari-100k.yaml"));
    assertThat(suite.games()).hasSize(26).containsAll(HumanNormalisedScore.games());
    assertThat(suite.name()).isEqualTo("atari-100k");
    assertThat(suite.cells()).hasSize(26 * 5);
  }

  @Test
  void oneWordIsAListOfOneAndTheFileNamesTheSuite() throws IOException {
    assertThat(read("{agents: random, environments: umwelt/Catch-v0, seeds: 1, episodes: 2}"))
        .isEqualTo(
            new Suite(
                "my-suite",
                List.of("random"),
                List.of("umwelt/Catch-v0"),
                List.of(),
                List.of(1L),
                2,
                2));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "agent: random | unknown key agent; did you mean agents?",
        "agents: [random, random] | agents: random is listed twice",
        "agents: [] | expected at least one agent, environment and seed, got 0, 1, 1",
        "agents: [{name: x}] | expected a word in agents, got {\"name\":\"x\"}",
        "seeds: [one] | whole numbers or ranges such as 1..5, got \"one\"",
        "seeds: ['5..1'] | expected a range of 1 to 1000000 seeds, got 5..1",
        "seeds: [-1] | expected seeds of at least 0, got -1",
        "seeds: [1, '0..2'] | seeds: 1 is listed twice",
        "episodes: 0 | expected episodes and episodes_per_job of at least 1, got 0 and 1",
        "episodes: many | expected episodes to be a whole number, got \"many\"",
        "games: [Pong] | there are games, but no environment with {game}",
        "environments: ['a/{game}-v0'] | {game} stands in environments, but there are no games",
        "episodes: [ | is not a suite in YAML",
      })
  void whatIsWrongIsSaidInOneLine(String line, String message) {
    String key = line.substring(0, line.indexOf(':'));
    StringBuilder text = new StringBuilder();
    for (String given :
        List.of("agents: random", "environments: umwelt/Catch-v0", "seeds: 1", "episodes: 1")) {
      if (!given.startsWith(key + ":")) {
        text.append(given).append('\n');
      }
    }
    assertThatThrownBy(() -> read(text + line + "\n"))
        .isInstanceOf(BadRequestException.class)
        .hasMessageContaining(message)
        .hasMessageContaining("my-suite");
  }

  @Test
  void aKeyGivenTwiceOrNotAtAllIsRefused() {
    assertThatThrownBy(() -> read("seeds: 1\nseeds: 2\n"))
        .isInstanceOf(BadRequestException.class)
        .hasMessageContaining("Duplicate field 'seeds'");
    assertThatThrownBy(() -> read("agents: random\n"))
        .isInstanceOf(BadRequestException.class)
        .hasMessageContaining("expected the key episodes, found none");
    assertThatThrownBy(() -> read("- random\n"))
        .isInstanceOf(BadRequestException.class)
        .hasMessageContaining("expected a suite with agents");
  }
}
