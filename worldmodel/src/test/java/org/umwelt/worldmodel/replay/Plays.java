package org.umwelt.worldmodel.replay;

import static org.assertj.core.api.Assertions.assertThat;

import java.lang.foreign.ValueLayout;

/** Made-up experience whose every byte is a function of the frame number. */
final class Plays {
  private Plays() {}

  /** Appends an episode of the given length, its last step an end. */
  static void episode(ReplayBuffer buffer, int length) {
    steps(buffer, length - 1);
    step(buffer, true);
  }

  /** Appends steps without an end. */
  static void steps(ReplayBuffer buffer, int count) {
    for (int i = 0; i < count; i++) {
      step(buffer, false);
    }
  }

  static void step(ReplayBuffer buffer, boolean end) {
    long number = buffer.endFrame();
    assertThat(buffer.append(frame(buffer.shape(), number), action(number), reward(number), end))
        .isEqualTo(number);
  }

  static byte[] frame(FrameShape shape, long number) {
    byte[] frame = new byte[shape.bytes()];
    for (int i = 0; i < frame.length; i++) {
      frame[i] = (byte) (number * 31 + (number >> 8) + i * 7L);
    }
    return frame;
  }

  static int action(long number) {
    return (int) (number % 18);
  }

  static float reward(long number) {
    return number % 7 * 0.5f - 1;
  }

  /** Asserts that two buffers hold the same and would go on alike. */
  static void assertSame(ReplayBuffer found, ReplayBuffer expected) {
    assertThat(found.firstFrame()).isEqualTo(expected.firstFrame());
    assertThat(found.endFrame()).isEqualTo(expected.endFrame());
    assertThat(found.episodes()).hasSameSizeAs(expected.episodes());
    for (int i = 0; i < found.episodes().size(); i++) {
      ReplayEpisode one = found.episodes().get(i);
      ReplayEpisode other = expected.episodes().get(i);
      assertThat(one.firstFrame()).isEqualTo(other.firstFrame());
      assertThat(one.length()).isEqualTo(other.length());
      assertThat(one.ended()).isEqualTo(other.ended());
      for (int t = 0; t < one.length(); t++) {
        assertThat(one.action(t)).isEqualTo(other.action(t));
        assertThat(one.reward(t)).isEqualTo(other.reward(t));
        assertThat(found.frame(one.frame(t)).toArray(ValueLayout.JAVA_BYTE))
            .isEqualTo(expected.frame(other.frame(t)).toArray(ValueLayout.JAVA_BYTE));
      }
    }
    assertThat(found.unfinished() == null).isEqualTo(expected.unfinished() == null);
    if (found.unfinished() != null) {
      assertThat(found.unfinished()).isSameAs(found.episodes().getLast());
    }
  }
}
