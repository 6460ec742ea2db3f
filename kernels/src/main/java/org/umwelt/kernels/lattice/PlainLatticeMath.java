package org.umwelt.kernels.lattice;

import org.umwelt.kernels.array.device.PhiloxKernel;

/**
 * Plain loops: for a JVM without {@code jdk.incubator.vector}, and for what is left over behind the
 * last whole vector. Functions are polynomials, since those of {@link Math} are not those that
 * vectors have.
 */
final class PlainLatticeMath implements LatticeMath {
  static final int SUMS = 64; // that do not wait for each other

  // exp(x) = 2^n exp(f): n is x / log 2 rounded, |f| <= log(2) / 2, exp(f) its series.
  static final double LEAST = -700; // exp of less is taken for that of this
  static final double PER_LOG_2 = 1.4426950408889634;
  static final double LOG_2_HIGH = 0x1.62e42feep-1; // 33 bits, so that n times it is exact
  static final double LOG_2_LOW = 0x1.a39ef35793c76p-33;
  static final double ROUNDER = 0x1.8p52; // adding it rounds to whole numbers
  static final int MANTISSA_BITS = 52;
  static final double[] EXP = {
    1.0 / 6227020800L,
    1.0 / 479001600,
    1.0 / 39916800,
    1.0 / 3628800,
    1.0 / 362880,
    1.0 / 40320,
    1.0 / 5040,
    1.0 / 720,
    1.0 / 120,
    1.0 / 24,
    1.0 / 6,
    0.5,
    1,
    1
  };

  // log(x) = k log 2 + log(m), sqrt(1/2) <= m < sqrt(2), log(m) = 2 artanh((m - 1) / (m + 1)).
  static final long ROOT_HALF = 0x3FE6A09E667F3BCDL;
  static final double[] LOG = {
    2 / 21.0, 2 / 19.0, 2 / 17.0, 2 / 15.0, 2 / 13.0, 2 / 11.0, 2 / 9.0, 2 / 7.0, 2 / 5.0, 2 / 3.0,
    2
  };

  // Angles are cut to |x| <= pi / 4; coefficients of x^17, x^15, ... and of x^16, x^14, ...
  static final double HALF_PI = 1.5707963267948966;
  static final double[] SIN = {
    1.0 / 355687428096000L,
    -1.0 / 1307674368000L,
    1.0 / 6227020800L,
    -1.0 / 39916800,
    1.0 / 362880,
    -1.0 / 5040,
    1.0 / 120,
    -1.0 / 6,
    1
  };
  static final double[] COS = {
    1.0 / 20922789888000L,
    -1.0 / 87178291200L,
    1.0 / 479001600,
    -1.0 / 3628800,
    1.0 / 40320,
    -1.0 / 720,
    1.0 / 24,
    -0.5,
    1
  };

  @Override
  public void pair(double[] x, int a, int b, double[] sum, int at, int n) {
    for (int i = 0; i < n; i++) {
      sum[at + i] = x[a + i] + x[b + i];
    }
  }

  @Override
  public void addPair(double[] x, int a, int b, double[] sum, int at, int n) {
    for (int i = 0; i < n; i++) {
      sum[at + i] += x[a + i] + x[b + i];
    }
  }

  @Override
  public void kick(
      double[] momentum,
      double[] field,
      int at,
      int n,
      double[] around,
      double[] couplings,
      double step) {
    kick(momentum, field, at, 0, n, around, couplings, step);
  }

  /** Kicks sites from..to of a piece. */
  static void kick(
      double[] momentum,
      double[] field,
      int at,
      int from,
      int to,
      double[] around,
      double[] couplings,
      double step) {
    for (int i = from; i < to; i++) {
      momentum[at + i] -= step * force(field[at + i], around[i], couplings);
    }
  }

  private static double force(double phi, double around, double[] couplings) {
    return phi * (2 * couplings[1] + 4 * couplings[2] * phi * phi) - 2 * couplings[0] * around;
  }

  @Override
  public void drift(double[] field, double[] momentum, int at, int n, double step) {
    for (int i = at; i < at + n; i++) {
      field[i] += step * momentum[i];
    }
  }

  @Override
  public void leapfrog(
      double[] momentum,
      int momentumAt,
      double[] drifted,
      int driftedAt,
      double[] field,
      int at,
      int n,
      double[] around,
      int from,
      int next,
      int previous,
      double[] couplings,
      double kick,
      double drift) {
    for (int i = 0; i < n; i++) {
      double phi = field[at + i];
      double sum = around[from + i];
      if (next != NONE) {
        sum += field[next + i] + field[previous + i];
      }
      double kicked = momentum[momentumAt + i] - kick * force(phi, sum, couplings);
      momentum[momentumAt + i] = kicked;
      drifted[driftedAt + i] = phi + drift * kicked;
    }
  }

  @Override
  public double energy(
      double[] momentum, double[] field, int at, int n, double[] around, double[] couplings) {
    energies(momentum, field, at, 0, n, around, couplings);
    return sum(around, n);
  }

  /** Puts the energy of sites from..to of a piece in the place of the sum of their neighbours. */
  static void energies(
      double[] momentum,
      double[] field,
      int at,
      int from,
      int to,
      double[] around,
      double[] couplings) {
    for (int i = from; i < to; i++) {
      double phi = field[at + i];
      double square = phi * phi;
      double p = momentum[at + i];
      around[i] =
          p * p * 0.5
              + (square * (couplings[1] + couplings[2] * square) - couplings[0] * phi * around[i]);
    }
  }

  /** Adds number i to sum i modulo SUMS. */
  private static double sum(double[] x, int n) {
    double[] sums = new double[SUMS];
    int whole = n - n % SUMS;
    for (int i = 0; i < whole; i += SUMS) {
      for (int k = 0; k < SUMS; k++) {
        sums[k] += x[i + k];
      }
    }
    return total(sums, x, whole, n);
  }

  /**
   * Returns the sum of sums and of x[from..to): always in the same order, unlike {@code
   * reduceLanes} of vectors.
   */
  static double total(double[] sums, double[] x, int from, int to) {
    double total = 0;
    for (double sum : sums) {
      total += sum;
    }
    for (int i = from; i < to; i++) {
      total += x[i];
    }
    return total;
  }

  @Override
  public void normals(
      Block block,
      int pair,
      int chain,
      int[] place,
      double[] out,
      int cosines,
      int n,
      int sines,
      int m) {
    int[] words = new int[4];
    for (int i = 0; i < n; i++) {
      PhiloxKernel.block(pair + i, chain, place[2], place[3], place[0], place[1], words, 0);
      double radius = Math.sqrt(-2 * log(1 - PhiloxKernel.uniform(words[0], words[1])));
      double quarters = 4 * PhiloxKernel.uniform(words[2], words[3]);
      double rounded = quarters + ROUNDER;
      double x = (quarters - (rounded - ROUNDER)) * HALF_PI;
      double square = x * x;
      double sine = x * polynomial(SIN, square);
      double cosine = polynomial(COS, square);
      long quadrant = Double.doubleToRawLongBits(rounded);
      boolean swapped = (quadrant & 1) != 0;
      double c = swapped ? sine : cosine;
      double s = swapped ? cosine : sine;
      out[cosines + i] = radius * (((quadrant + 1) & 2) != 0 ? -c : c);
      if (i < m) {
        out[sines + i] = radius * ((quadrant & 2) != 0 ? -s : s);
      }
    }
  }

  private static double polynomial(double[] coefficients, double x) {
    double value = coefficients[0];
    for (int i = 1; i < coefficients.length; i++) {
      value = Math.fma(value, x, coefficients[i]);
    }
    return value;
  }

  /** Returns e to the power of x, x at most 0, to a few units in the last place. */
  static double exp(double x) {
    double least = Math.max(x, LEAST);
    double rounded = least * PER_LOG_2 + ROUNDER;
    double n = rounded - ROUNDER;
    double f = Math.fma(n, -LOG_2_LOW, Math.fma(n, -LOG_2_HIGH, least));
    return Double.longBitsToDouble(
        Double.doubleToRawLongBits(polynomial(EXP, f))
            + (Double.doubleToRawLongBits(rounded) << MANTISSA_BITS));
  }

  /** Returns the natural logarithm of a positive normal number, to a few units. */
  static double log(double x) {
    long bits = Double.doubleToRawLongBits(x);
    long k = (bits - ROOT_HALF) >> MANTISSA_BITS;
    double m = Double.longBitsToDouble(bits - (k << MANTISSA_BITS));
    double s = (m - 1) / (m + 1);
    double power =
        Double.longBitsToDouble(k + Double.doubleToRawLongBits(ROUNDER)) - ROUNDER; // k itself
    return Math.fma(power, LOG_2_HIGH, Math.fma(power, LOG_2_LOW, s * polynomial(LOG, s * s)));
  }

  @Override
  public void metropolis(Block block, int n, int chain, int[] place, double[] couplings) {
    int[] words = new int[4];
    for (int i = 0; i < n; i++) {
      PhiloxKernel.block(block.site[i], chain, place[2], place[3], place[0], place[1], words, 0);
      double proposal = PhiloxKernel.uniform(words[0], words[1]);
      double old = block.phi[i];
      double next = old + couplings[3] * (2 * proposal - 1);
      double oldSquare = old * old;
      double square = next * next;
      double change =
          (square - oldSquare) * (couplings[1] + couplings[2] * (square + oldSquare))
              - 2 * couplings[0] * block.near[i] * (next - old);
      boolean accept = PhiloxKernel.uniform(words[2], words[3]) < exp(Math.min(-change, 0));
      block.phi[i] = accept ? next : old;
      block.count[i] = accept ? 1 : 0;
    }
  }

  @Override
  public void reflect(Block block, int n, int chain, int[] place, double[] couplings) {
    int[] words = new int[4];
    for (int i = 0; i < n; i++) {
      PhiloxKernel.block(block.site[i], chain, place[2], place[3], place[0], place[1], words, 0);
      double old = block.phi[i];
      double next = 2 * couplings[0] / couplings[1] * block.near[i] - old;
      double oldSquare = old * old;
      double square = next * next;
      double change = couplings[2] * (square * square - oldSquare * oldSquare);
      boolean accept = PhiloxKernel.uniform(words[2], words[3]) < exp(Math.min(-change, 0));
      block.phi[i] = accept ? next : old;
      block.count[i] = accept ? 1 : 0;
    }
  }
}
