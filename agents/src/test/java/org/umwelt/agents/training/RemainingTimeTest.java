package org.umwelt.agents.training;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class RemainingTimeTest {
  @Test
  void nothingIsClaimedBeforeTheFirstTypicalEpochIsDone() {
    RemainingTime remaining = new RemainingTime(0, 100, epoch -> epoch > 3);
    for (int epoch = 1; epoch <= 3; epoch++) {
      assertThat(remaining.seconds(0)).isEmpty();
      assertThat(remaining.text(0)).isEqualTo("time left unknown until epoch 4 is done");
      remaining.finished(1);
    }
    assertThat(remaining.seconds(0)).isEmpty();
    remaining.finished(10);
    assertThat(remaining.seconds(0)).hasValue(96 * 10);
    assertThat(remaining.text(0)).isEqualTo("about 16 min left");
  }

  @Test
  void estimateIsTheMedianOfTheLastFiveTimesWhatIsLeft() {
    RemainingTime remaining = new RemainingTime(0, 20, _ -> true);
    for (double seconds : new double[] {1000, 1000, 3, 4, 100, 5}) {
      remaining.finished(seconds);
    }
    // The last five are 1000, 3, 4, 100, 5.
    assertThat(remaining.seconds(0)).hasValue(14 * 5.0);
    remaining.finished(2);
    // 3, 4, 100, 5, 2.
    assertThat(remaining.seconds(0)).hasValue(13 * 4.0);
  }

  @Test
  void medianOfTwoIsTheirMean() {
    RemainingTime remaining = new RemainingTime(0, 4, _ -> true);
    remaining.finished(10);
    remaining.finished(20);
    assertThat(remaining.seconds(0)).hasValue(2 * 15.0);
  }

  @Test
  void timeIntoTheEpochCountsUpToTheEpochsShare() {
    RemainingTime remaining = new RemainingTime(0, 3, _ -> true);
    remaining.finished(10);
    assertThat(remaining.seconds(4)).hasValue(16);
    assertThat(remaining.seconds(1000)).hasValue(10);
  }

  @Test
  void epochsOfEarlierSessionsAreNotLeft() {
    RemainingTime remaining = new RemainingTime(7, 10, epoch -> epoch >= 8);
    assertThat(remaining.text(0)).isEqualTo("time left unknown until epoch 8 is done");
    remaining.finished(60);
    assertThat(remaining.seconds(0)).hasValue(120);
  }

  @Test
  void nothingIsLeftBehindTheLastEpochTypicalOrNot() {
    RemainingTime remaining = new RemainingTime(0, 1, _ -> false);
    assertThat(remaining.text(0)).isEqualTo("time left unknown");
    remaining.finished(5);
    assertThat(remaining.seconds(3)).hasValue(0);
  }

  @ParameterizedTest
  @CsvSource({
    "0, 0 s",
    "119, 119 s",
    "120, 2 min",
    "7199, 119 min",
    "7200, 2 h 0 min",
    "172799, 47 h 59 min",
    "172800, 2 d 0 h",
    "270000, 3 d 3 h",
  })
  void durationsAreSaidInTheUnitsThatMatter(long seconds, String expected) {
    assertThat(RemainingTime.inWords(seconds)).isEqualTo(expected);
  }
}
