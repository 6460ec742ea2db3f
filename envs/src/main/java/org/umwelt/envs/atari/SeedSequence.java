package org.umwelt.envs.atari;

/**
 * NumPy's {@code SeedSequence}: turns the seed of a reset into the words that Gymnasium seeds ALE
 * with.
 *
 * <p>The algorithm is M. E. O'Neill's {@code seed_seq_fe} with a pool of 128 bits.
 */
final class SeedSequence {
  private static final int POOL = 4;
  private static final int INIT_A = 0x43b0d7e5;
  private static final int MULT_A = 0x931e8875;
  private static final int INIT_B = 0x8b51f9dd;
  private static final int MULT_B = 0x58f38ded;
  private static final int MIX_LEFT = 0xca01f9dd;
  private static final int MIX_RIGHT = 0x4973f715;

  private SeedSequence() {}

  /** Returns {@code SeedSequence(seed).generate_state(words)} for a seed of at least 0. */
  static int[] generateState(long seed, int words) {
    int[] pool = new int[POOL];
    int[] hash = {INIT_A};
    pool[0] = hash((int) seed, hash, MULT_A);
    pool[1] = hash((int) (seed >>> 32), hash, MULT_A);
    pool[2] = hash(0, hash, MULT_A);
    pool[3] = hash(0, hash, MULT_A);
    for (int from = 0; from < POOL; from++) {
      for (int to = 0; to < POOL; to++) {
        if (from != to) {
          pool[to] = mix(pool[to], hash(pool[from], hash, MULT_A));
        }
      }
    }
    int[] state = new int[words];
    hash[0] = INIT_B;
    for (int i = 0; i < words; i++) {
      state[i] = hash(pool[i % POOL], hash, MULT_B);
    }
    return state;
  }

  private static int hash(int value, int[] constant, int multiplier) {
    int mixed = value ^ constant[0];
    constant[0] *= multiplier;
    mixed *= constant[0];
    return mixed ^ (mixed >>> 16);
  }

  private static int mix(int left, int right) {
    int mixed = MIX_LEFT * left - MIX_RIGHT * right;
    return mixed ^ (mixed >>> 16);
  }
}
