package org.umwelt.worldmodel.replay;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ReplayEpisodeTest {
  private static final long FIRST = 100;

  private static ReplayEpisode ofLength(int length) {
    ReplayEpisode episode = new ReplayEpisode(FIRST);
    for (int t = 0; t < length; t++) {
      episode.append(t + 1, 10 * t + 0.5f, t == length - 1);
    }
    return episode;
  }

  @Test
  void segmentBeyondTheEndIsPaddedOnTheRight() {
    Segments segment = ofLength(5).segment(3, 8);
    assertThat(segment.count()).isEqualTo(1);
    assertThat(segment.length()).isEqualTo(5);
    assertThat(segment.frames()).containsExactly(103, 104, -1, -1, -1);
    assertThat(segment.actions()).containsExactly(4, 5, 0, 0, 0);
    assertThat(segment.rewards()).containsExactly(30.5f, 40.5f, 0, 0, 0);
    assertThat(segment.ends()).containsExactly(false, true, false, false, false);
    assertThat(segment.mask()).containsExactly(true, true, false, false, false);
  }

  @Test
  void segmentFromBeforeTheStartIsPaddedOnTheLeft() {
    Segments segment = ofLength(5).segment(-4, 2);
    assertThat(segment.length()).isEqualTo(6);
    assertThat(segment.frames()).containsExactly(-1, -1, -1, -1, 100, 101);
    assertThat(segment.actions()).containsExactly(0, 0, 0, 0, 1, 2);
    assertThat(segment.rewards()).containsExactly(0, 0, 0, 0, 0.5f, 10.5f);
    assertThat(segment.ends()).containsOnly(false);
    assertThat(segment.mask()).containsExactly(false, false, false, false, true, true);
  }

  @Test
  void segmentAroundTheEpisodeIsPaddedOnBothSides() {
    Segments segment = ofLength(2).segment(-1, 4);
    assertThat(segment.frames()).containsExactly(-1, 100, 101, -1, -1);
    assertThat(segment.ends()).containsExactly(false, false, true, false, false);
  }

  @Test
  void segmentWithinIsNotPadded() {
    Segments segment = ofLength(5).segment(1, 4);
    assertThat(segment.frames()).containsExactly(101, 102, 103);
    assertThat(segment.ends()).containsOnly(false);
    assertThat(segment.mask()).containsOnly(true);
  }

  @ParameterizedTest
  @CsvSource({"5,6", "-3,0", "2,2", "3,1"})
  void segmentOfPaddingOnlyIsRefused(int start, int stop) {
    assertThatThrownBy(() -> ofLength(5).segment(start, stop))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("steps 0, ..., 4");
  }

  @Test
  void nothingFollowsAnEnd() {
    assertThatThrownBy(() -> ofLength(5).append(0, 0, false))
        .isInstanceOf(IllegalStateException.class);
  }

  @Test
  void stepsSurviveGrowth() {
    ReplayEpisode episode = ofLength(1000);
    assertThat(episode.length()).isEqualTo(1000);
    for (int t = 0; t < 1000; t++) {
      assertThat(episode.frame(t)).isEqualTo(FIRST + t);
      assertThat(episode.action(t)).isEqualTo(t + 1);
      assertThat(episode.reward(t)).isEqualTo(10 * t + 0.5f);
      assertThat(episode.end(t)).isEqualTo(t == 999);
    }
    assertThatThrownBy(() -> episode.action(1000)).isInstanceOf(IndexOutOfBoundsException.class);
  }
}
