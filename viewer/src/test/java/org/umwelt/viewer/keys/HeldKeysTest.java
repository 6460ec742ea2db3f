package org.umwelt.viewer.keys;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

final class HeldKeysTest {
  private static final List<String> ATARI =
      List.of("NOOP", "FIRE", "UP", "RIGHT", "LEFT", "UPRIGHT", "UPLEFT", "UPRIGHTFIRE");

  @Test
  void keysHeldTogetherAreTheActionOfAllOfThem() {
    HeldKeys keys = new HeldKeys();
    assertThat(keys.action(ATARI, 8)).isZero();
    keys.press(HeldKeys.Key.RIGHT);
    assertThat(keys.action(ATARI, 8)).isEqualTo(3);
    keys.press(HeldKeys.Key.UP);
    assertThat(keys.action(ATARI, 8)).isEqualTo(5);
    keys.press(HeldKeys.Key.FIRE);
    assertThat(keys.action(ATARI, 8)).isEqualTo(7);
    keys.release(HeldKeys.Key.UP);
    assertThat(keys.action(ATARI, 8)).isEqualTo(1); // there is no RIGHTFIRE here
  }

  @Test
  void gamesWithoutMeaningsGoLeftAndRight() {
    HeldKeys keys = new HeldKeys();
    assertThat(keys.action(List.of(), 2)).isZero();
    keys.press(HeldKeys.Key.RIGHT);
    assertThat(keys.action(List.of(), 2)).isEqualTo(1);
  }

  @Test
  void aDigitIsAnAction() {
    HeldKeys keys = new HeldKeys();
    keys.number(1);
    assertThat(keys.action(List.of(), 4)).isEqualTo(1);
    keys.releaseAll();
    assertThat(keys.action(List.of(), 4)).isZero();
  }
}
