package org.umwelt.envs.atari;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class SeedSequenceTest {
  /** Expected values are NumPy 2's {@code SeedSequence(seed).generate_state(2).astype(int32)}. */
  @Test
  void equalsNumPy() {
    assertThat(SeedSequence.generateState(0, 2)).containsExactly(-1326155586, -617818137);
    assertThat(SeedSequence.generateState(1, 2)).containsExactly(1835504127, 1731038949);
    assertThat(SeedSequence.generateState(7, 2)).containsExactly(2083679832, -355404031);
    assertThat(SeedSequence.generateState(123456789, 2)).containsExactly(1315320158, 1391606125);
    assertThat(SeedSequence.generateState(Integer.MAX_VALUE, 2))
        .containsExactly(1926950122, 74134439);
    assertThat(SeedSequence.generateState((1L << 40) + 5, 2))
        .containsExactly(-527821045, -622586027);
  }
}
