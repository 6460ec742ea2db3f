package org.umwelt.envs.atari;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import org.bytedeco.ale.ALEInterface;
import org.bytedeco.ale.Random;

/**
 * Which action an emulator with sticky actions would repeat.
 *
 * <p>ALE keeps that action outside of its states and does not tell it, so that a restored state
 * alone does not continue as it would have. Per frame ALE draws twice, once for each player, and
 * takes the given action where the first draw is not below the stickiness; a copy of its generator
 * makes the same draws here.
 */
final class StickyMemory implements AutoCloseable {
  /** A seed, then C++'s {@code std::mt19937}: 624 words and a position; 8 bytes each. */
  private static final long GENERATOR_BYTES = (1 + 624 + 1) * 8;

  private final double stickiness;
  private final boolean needed;
  private final Random mirror = new Random();

  /** A seed whose first draw is not below the stickiness. */
  private final int takingSeed;

  private int previous = Emulator.NOOP;

  /** Stickiness as ALE holds it, in single precision. */
  StickyMemory(float stickiness) {
    this.stickiness = stickiness;
    // At 0 nothing is repeated, at 1 always what a game starts with.
    this.needed = stickiness > 0 && stickiness < 1;
    int seed = 1;
    if (needed) {
      requireLayout();
      for (mirror.seed(seed); mirror.nextDouble() < stickiness; mirror.seed(seed)) {
        seed++;
      }
    }
    this.takingSeed = seed;
  }

  /** Checks, rather than trusts, where a generator's state lies. */
  private void requireLayout() {
    try (Random other = new Random()) {
      other.seed(1);
      mirror.seed(2);
      other.nextDouble(); // so that positions differ too
      copyGenerator(other, mirror);
      if (other.nextDouble() != mirror.nextDouble()) {
        throw new IllegalStateException("ALE's random generator has another layout than expected");
      }
    }
  }

  @SuppressWarnings("restricted")
  private static MemorySegment generator(Random random) {
    long address =
        MemorySegment.ofAddress(random.address())
            .reinterpret(Long.BYTES)
            .get(ValueLayout.JAVA_LONG, 0);
    return MemorySegment.ofAddress(address).reinterpret(GENERATOR_BYTES);
  }

  private static void copyGenerator(Random from, Random to) {
    generator(to).copyFrom(generator(from));
  }

  /** Returns the action that would be repeated. */
  int previous() {
    return previous;
  }

  /** Follows a game that was just reset. */
  void restart(Random generator) {
    resume(Emulator.NOOP, generator);
  }

  /** Follows from a state in which {@code previous} would be repeated. */
  void resume(int previous, Random generator) {
    this.previous = previous;
    if (needed) {
      copyGenerator(generator, mirror);
    }
  }

  /** Follows one frame. */
  void played(int action) {
    if (needed) {
      if (mirror.nextDouble() >= stickiness) {
        previous = action;
      }
      mirror.nextDouble();
    }
  }

  /** Makes the emulator one that would repeat this action; a state must be restored right after. */
  void force(ALEInterface ale, int action) {
    if (needed) {
      ale.environment().getEnvironmentRNG().seed(takingSeed);
      ale.act(action);
    }
  }

  @Override
  public void close() {
    mirror.close();
  }
}
