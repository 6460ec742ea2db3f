package org.umwelt.envs.atari;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.InputStream;
import java.lang.foreign.ValueLayout;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Objects;
import java.util.zip.CRC32;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.umwelt.envs.Environment;
import org.umwelt.envs.Reset;
import org.umwelt.envs.Step;
import org.umwelt.envs.registry.Environments;
import org.umwelt.envs.spaces.Discrete;
import org.umwelt.envs.spaces.Value;

/**
 * Compares whole episodes with Gymnasium 1.3.0 and ale-py 0.12.1.
 *
 * <p>Each line of the tables: id, seeds of the resets, steps after each, then what Gymnasium gave:
 * CRC-32 of all observations, rewards, infos and flags; sum of rewards; number of ends. Action t is
 * (7 t + t div 5) mod n.
 */
class GymnasiumParityTest {
  static String[] lines(String table) throws IOException {
    try (InputStream in =
        Objects.requireNonNull(GymnasiumParityTest.class.getResourceAsStream(table))) {
      return new String(in.readAllBytes(), StandardCharsets.US_ASCII)
          .lines()
          .toArray(String[]::new);
    }
  }

  static String[] someGames() throws IOException {
    return lines("gymnasium.txt");
  }

  static String[] allGames() throws IOException {
    return lines("gymnasium-all.txt");
  }

  @ParameterizedTest
  @MethodSource("someGames")
  void sameSeedGivesTheEpisodeOfGymnasium(String line) {
    compare(line);
  }

  @Tag("slow")
  @ParameterizedTest
  @MethodSource("allGames")
  void everyGameEqualsGymnasium(String line) {
    compare(line);
  }

  @Test
  void theTableOfAllGamesIsComplete() throws IOException {
    assertThat(allGames()).hasSize(AtariGame.all().size()).hasSize(104);
  }

  private static void compare(String line) {
    String[] words = line.split(" ", -1);
    Roms.requireOf(words[0]);
    long[] seeds = Arrays.stream(words[1].split(",")).mapToLong(Long::parseLong).toArray();
    int steps = Integer.parseInt(words[2]);
    CRC32 crc = new CRC32();
    double sum = 0;
    int ends = 0;
    try (Environment environment = Environments.make(words[0])) {
      Step step = Step.allocate(environment);
      Value action = Value.allocate(environment.actionSpace());
      long n = ((Discrete) environment.actionSpace()).n();
      for (long seed : seeds) {
        environment.reset(Reset.seeded(seed), step);
        put(crc, step);
        for (int t = 0; t < steps; t++) {
          action.setLong((7L * t + t / 5) % n);
          environment.step(action, step);
          put(crc, step);
          sum += step.reward();
          if (step.ended()) {
            ends++;
            environment.reset(Reset.unseeded(), step);
            put(crc, step);
          }
        }
      }
    }
    assertThat("%08x %.0f %d".formatted(crc.getValue(), sum, ends))
        .isEqualTo("%s %s %s".formatted(words[3], words[4], words[5]));
  }

  private static void put(CRC32 crc, Step step) {
    crc.update(step.observation().tensor().toArray(ValueLayout.JAVA_BYTE));
    crc.update(
        ByteBuffer.allocate(24)
            .order(ByteOrder.LITTLE_ENDIAN)
            .putInt((int) step.reward())
            .putInt((int) step.info().scalar(0))
            .putInt((int) step.info().scalar(1))
            .putInt((int) step.info().scalar(2))
            .putInt(step.terminated() ? 1 : 0)
            .putInt(step.truncated() ? 1 : 0)
            .flip());
  }
}
