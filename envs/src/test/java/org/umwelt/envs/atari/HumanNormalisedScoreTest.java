package org.umwelt.envs.atari;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.Set;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

class HumanNormalisedScoreTest {
  /** The published scores of IRIS and the normalised ones beside them. */
  @Test
  void equalsPublishedNormalisedScores() {
    assertThat(HumanNormalisedScore.of("Breakout", 83.7).orElseThrow())
        .isCloseTo(2.846, within(0.002));
    assertThat(HumanNormalisedScore.of("Pong", 14.6).orElseThrow()).isEqualTo(1.0);
    assertThat(HumanNormalisedScore.of("KungFuMaster", 21759.8).orElseThrow())
        .isCloseTo(0.957, within(0.0005));
    assertThat(HumanNormalisedScore.of("UpNDown", 3546.2).orElseThrow())
        .isCloseTo(0.270, within(0.0005));
  }

  @Test
  void aRandomPlayerHasZero() {
    assertThat(HumanNormalisedScore.of("PrivateEye", 24.9).orElseThrow()).isZero();
  }

  @Test
  void otherGamesHaveNone() {
    assertThat(HumanNormalisedScore.of("Skiing", 1)).isEmpty();
  }

  @Test
  void allTwentySixGamesExist() {
    Set<String> names = AtariGame.all().stream().map(AtariGame::name).collect(Collectors.toSet());
    assertThat(HumanNormalisedScore.games()).hasSize(26).isSubsetOf(names);
  }
}
