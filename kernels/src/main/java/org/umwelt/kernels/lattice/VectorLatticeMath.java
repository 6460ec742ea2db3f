package org.umwelt.kernels.lattice;

import jdk.incubator.vector.DoubleVector;
import jdk.incubator.vector.IntVector;
import jdk.incubator.vector.LongVector;
import jdk.incubator.vector.VectorMask;
import jdk.incubator.vector.VectorOperators;
import jdk.incubator.vector.VectorShape;
import jdk.incubator.vector.VectorSpecies;

/**
 * The vector registers of the processor, through {@code jdk.incubator.vector}: operation by
 * operation what {@link PlainLatticeMath} does, which takes what is left over.
 */
final class VectorLatticeMath implements LatticeMath {
  private static final VectorSpecies<Double> DOUBLES = DoubleVector.SPECIES_PREFERRED;
  private static final VectorSpecies<Long> LONGS =
      VectorSpecies.of(long.class, DOUBLES.vectorShape());
  private static final VectorSpecies<Integer> INTS =
      VectorSpecies.of(
          int.class, VectorShape.forBitSize(DOUBLES.vectorBitSize() / 2)); // as many lanes
  private static final int LANES = DOUBLES.length();
  private static final LatticeMath PLAIN = new PlainLatticeMath();

  private static final long WORD = 0xFFFFFFFFL;
  private static final int WORD_BITS = 32;
  private static final int SIGN_BIT = 63;
  private static final long MULTIPLIER_0 = 0xD2511F53L;
  private static final long MULTIPLIER_1 = 0xCD9E8D57L;
  private static final int WEYL_0 = 0x9E3779B9;
  private static final int WEYL_1 = 0xBB67AE85;
  private static final int ROUNDS = 10;
  private static final long LOW_BITS = 0x1FFFFF;
  private static final long EXPONENT_52 = 0x4330000000000000L; // bits of 2^52
  private static final double TWO_52 = 0x1p52;
  private static final double PER_WORD = 0x1p-32;
  private static final double PER_BIT = 0x1p-53;

  private static final double[] NO_COUPLINGS = {};

  private static final Step[] NORMALS = {
    VectorLatticeMath::draw,
    VectorLatticeMath::radii,
    VectorLatticeMath::angles,
    VectorLatticeMath::turn
  };
  private static final Step[] METROPOLIS = {
    VectorLatticeMath::draw, VectorLatticeMath::propose, VectorLatticeMath::decide
  };
  private static final Step[] REFLECTION = {
    VectorLatticeMath::draw, VectorLatticeMath::mirror, VectorLatticeMath::decide
  };

  private static DoubleVector load(double[] x, int at) {
    return DoubleVector.fromArray(DOUBLES, x, at);
  }

  private static DoubleVector all(double x) {
    return DoubleVector.broadcast(DOUBLES, x);
  }

  @Override
  public void pair(double[] x, int a, int b, double[] sum, int at, int n) {
    int i = 0;
    for (; i + LANES <= n; i += LANES) {
      load(x, a + i).add(load(x, b + i)).intoArray(sum, at + i);
    }
    for (; i < n; i++) {
      sum[at + i] = x[a + i] + x[b + i];
    }
  }

  @Override
  public void addPair(double[] x, int a, int b, double[] sum, int at, int n) {
    int i = 0;
    for (; i + LANES <= n; i += LANES) {
      load(sum, at + i).add(load(x, a + i).add(load(x, b + i))).intoArray(sum, at + i);
    }
    for (; i < n; i++) {
      sum[at + i] += x[a + i] + x[b + i];
    }
  }

  /** Returns dS/dphi, from twice the hopping, twice the quadratic and four times the quartic. */
  private static DoubleVector force(
      DoubleVector phi, DoubleVector around, double hopping, double quadratic, double quartic) {
    return phi.mul(phi.mul(quartic).mul(phi).add(quadratic)).sub(around.mul(hopping));
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
    double hopping = 2 * couplings[0];
    double quadratic = 2 * couplings[1];
    double quartic = 4 * couplings[2];
    int i = 0;
    for (; i + LANES <= n; i += LANES) {
      DoubleVector force = force(load(field, at + i), load(around, i), hopping, quadratic, quartic);
      load(momentum, at + i).sub(force.mul(step)).intoArray(momentum, at + i);
    }
    PlainLatticeMath.kick(momentum, field, at, i, n, around, couplings, step);
  }

  @Override
  public void drift(double[] field, double[] momentum, int at, int n, double step) {
    int i = at;
    for (; i + LANES <= at + n; i += LANES) {
      load(field, i).add(load(momentum, i).mul(step)).intoArray(field, i);
    }
    for (; i < at + n; i++) {
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
    double hopping = 2 * couplings[0];
    double quadratic = 2 * couplings[1];
    double quartic = 4 * couplings[2];
    int i = 0;
    for (; i + LANES <= n; i += LANES) {
      DoubleVector phi = load(field, at + i);
      DoubleVector sum = load(around, from + i);
      if (next != NONE) {
        sum = sum.add(load(field, next + i).add(load(field, previous + i)));
      }
      DoubleVector kicked =
          load(momentum, momentumAt + i)
              .sub(force(phi, sum, hopping, quadratic, quartic).mul(kick));
      kicked.intoArray(momentum, momentumAt + i);
      phi.add(kicked.mul(drift)).intoArray(drifted, driftedAt + i);
    }
    PLAIN.leapfrog(
        momentum,
        momentumAt + i,
        drifted,
        driftedAt + i,
        field,
        at + i,
        n - i,
        around,
        from + i,
        next == NONE ? NONE : next + i,
        next == NONE ? NONE : previous + i,
        couplings,
        kick,
        drift);
  }

  @Override
  public double energy(
      double[] momentum, double[] field, int at, int n, double[] around, double[] couplings) {
    int i = 0;
    for (; i + LANES <= n; i += LANES) {
      DoubleVector phi = load(field, at + i);
      DoubleVector square = phi.mul(phi);
      DoubleVector p = load(momentum, at + i);
      DoubleVector local = square.mul(square.mul(couplings[2]).add(couplings[1]));
      DoubleVector links = phi.mul(couplings[0]).mul(load(around, i));
      p.mul(p).mul(0.5).add(local.sub(links)).intoArray(around, i);
    }
    PlainLatticeMath.energies(momentum, field, at, i, n, around, couplings);
    double[] sums = new double[PlainLatticeMath.SUMS];
    int whole = n - n % PlainLatticeMath.SUMS;
    for (int k = 0; k < PlainLatticeMath.SUMS; k += LANES) {
      DoubleVector sum = all(0);
      for (i = k; i < whole; i += PlainLatticeMath.SUMS) {
        sum = sum.add(load(around, i));
      }
      sum.intoArray(sums, k);
    }
    return PlainLatticeMath.total(sums, around, whole, n);
  }

  /**
   * A step of a computation on a block, from memory in the first cache to memory in the first
   * cache: the compiler gives up on loops of more than some dozens of vector operations. It takes
   * whole vectors, and what lies behind the last site with them.
   */
  @FunctionalInterface
  private interface Step {
    void take(Block block, int n, int chain, int[] place, double[] couplings);
  }

  /**
   * Takes steps. Three and more kinds of them keep the compiler from making one loop of all after
   * all.
   */
  private static void take(
      Step[] steps, Block block, int n, int chain, int[] place, double[] couplings) {
    for (Step step : steps) {
      step.take(block, n, chain, place, couplings);
    }
  }

  /**
   * Writes the words of the block of every site, two by two; see {@link
   * org.umwelt.kernels.array.device.PhiloxKernel}. Products whose factors the compiler sees masked
   * are single instructions.
   */
  static void draw(Block block, int n, int chain, int[] place, double[] couplings) {
    LongVector multiplier0 = LongVector.broadcast(LONGS, MULTIPLIER_0).and(WORD);
    LongVector multiplier1 = LongVector.broadcast(LONGS, MULTIPLIER_1).and(WORD);
    for (int i = 0; i < n; i += LANES) {
      LongVector x0 =
          (LongVector)
              IntVector.fromArray(INTS, block.site, i).convertShape(VectorOperators.I2L, LONGS, 0);
      LongVector x1 = LongVector.broadcast(LONGS, chain);
      LongVector x2 = LongVector.broadcast(LONGS, place[2]);
      LongVector x3 = LongVector.broadcast(LONGS, place[3]);
      long k0 = place[0];
      long k1 = place[1];
      for (int round = 0; round < ROUNDS; round++) { // upper halves hold what does not matter
        LongVector p0 = x0.and(WORD).mul(multiplier0);
        LongVector p1 = x2.and(WORD).mul(multiplier1);
        x0 = xor(xor(p1.lanewise(VectorOperators.LSHR, WORD_BITS), x1), k0);
        x2 = xor(xor(p0.lanewise(VectorOperators.LSHR, WORD_BITS), x3), k1);
        x1 = p1;
        x3 = p0;
        k0 += WEYL_0;
        k1 += WEYL_1;
      }
      packed(x0, x1).intoArray(block.first, i);
      packed(x2, x3).intoArray(block.second, i);
    }
  }

  private static LongVector packed(LongVector high, LongVector low) {
    return high.lanewise(VectorOperators.LSHL, WORD_BITS).or(low.and(WORD));
  }

  private static LongVector xor(LongVector x, LongVector y) {
    return x.lanewise(VectorOperators.XOR, y);
  }

  private static LongVector xor(LongVector x, long y) {
    return x.lanewise(VectorOperators.XOR, y);
  }

  /** Returns numbers below 2^52 as what they are. */
  private static DoubleVector exact(LongVector x) {
    return x.or(EXPONENT_52).reinterpretAsDoubles().sub(TWO_52);
  }

  private static DoubleVector uniform(long[] words, int i) {
    LongVector both = LongVector.fromArray(LONGS, words, i);
    return exact(both.lanewise(VectorOperators.LSHR, WORD_BITS))
        .mul(PER_WORD)
        .add(exact(both.and(LOW_BITS)).mul(PER_BIT));
  }

  private static DoubleVector polynomial(double[] coefficients, DoubleVector x) {
    DoubleVector value = all(coefficients[0]);
    for (int i = 1; i < coefficients.length; i++) {
      value = value.fma(x, all(coefficients[i]));
    }
    return value;
  }

  private static DoubleVector exp(DoubleVector x) {
    DoubleVector least = x.max(PlainLatticeMath.LEAST);
    DoubleVector rounded = least.mul(PlainLatticeMath.PER_LOG_2).add(PlainLatticeMath.ROUNDER);
    DoubleVector n = rounded.sub(PlainLatticeMath.ROUNDER);
    DoubleVector f =
        n.fma(all(-PlainLatticeMath.LOG_2_LOW), n.fma(all(-PlainLatticeMath.LOG_2_HIGH), least));
    return polynomial(PlainLatticeMath.EXP, f)
        .reinterpretAsLongs()
        .add(
            rounded
                .reinterpretAsLongs()
                .lanewise(VectorOperators.LSHL, PlainLatticeMath.MANTISSA_BITS))
        .reinterpretAsDoubles();
  }

  private static DoubleVector log(DoubleVector x) {
    LongVector bits = x.reinterpretAsLongs();
    LongVector k =
        bits.sub(PlainLatticeMath.ROOT_HALF)
            .lanewise(VectorOperators.ASHR, PlainLatticeMath.MANTISSA_BITS);
    DoubleVector m =
        bits.sub(k.lanewise(VectorOperators.LSHL, PlainLatticeMath.MANTISSA_BITS))
            .reinterpretAsDoubles();
    DoubleVector s = m.sub(1).div(m.add(1));
    DoubleVector power =
        k.add(Double.doubleToRawLongBits(PlainLatticeMath.ROUNDER))
            .reinterpretAsDoubles()
            .sub(PlainLatticeMath.ROUNDER);
    return power.fma(
        all(PlainLatticeMath.LOG_2_HIGH),
        power.fma(
            all(PlainLatticeMath.LOG_2_LOW), s.mul(polynomial(PlainLatticeMath.LOG, s.mul(s)))));
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
    int[] counter = block.site;
    for (int i = 0; i < n; i++) {
      counter[i] = pair + i;
    }
    take(NORMALS, block, n, chain, place, NO_COUPLINGS);
    System.arraycopy(block.next, 0, out, cosines, n);
    System.arraycopy(block.change, 0, out, sines, m);
  }

  /** Writes square roots of -2 log(1 - u). */
  static void radii(Block block, int n, int chain, int[] place, double[] couplings) {
    for (int i = 0; i < n; i += LANES) {
      log(all(1).sub(uniform(block.first, i)))
          .mul(-2)
          .lanewise(VectorOperators.SQRT)
          .intoArray(block.next, i);
    }
  }

  /** Writes quadrants in the place of words, and angles from the middle of theirs. */
  static void angles(Block block, int n, int chain, int[] place, double[] couplings) {
    for (int i = 0; i < n; i += LANES) {
      DoubleVector quarters = uniform(block.second, i).mul(4);
      DoubleVector rounded = quarters.add(PlainLatticeMath.ROUNDER);
      rounded.reinterpretAsLongs().intoArray(block.second, i);
      quarters
          .sub(rounded.sub(PlainLatticeMath.ROUNDER))
          .mul(PlainLatticeMath.HALF_PI)
          .intoArray(block.change, i);
    }
  }

  /** Writes radius times cosine in the place of radii, radius times sine in that of angles. */
  static void turn(Block block, int n, int chain, int[] place, double[] couplings) {
    for (int i = 0; i < n; i += LANES) {
      DoubleVector radius = load(block.next, i);
      DoubleVector x = load(block.change, i);
      DoubleVector square = x.mul(x);
      LongVector sine = x.mul(polynomial(PlainLatticeMath.SIN, square)).reinterpretAsLongs();
      LongVector cosine = polynomial(PlainLatticeMath.COS, square).reinterpretAsLongs();
      LongVector quadrant = LongVector.fromArray(LONGS, block.second, i);
      VectorMask<Long> swapped = quadrant.and(1).compare(VectorOperators.NE, 0);
      radius.mul(signed(cosine.blend(sine, swapped), quadrant.add(1))).intoArray(block.next, i);
      radius.mul(signed(sine.blend(cosine, swapped), quadrant)).intoArray(block.change, i);
    }
  }

  /** Returns numbers with their sign changed where the second bit of others is set. */
  private static DoubleVector signed(LongVector bits, LongVector quadrant) {
    return xor(bits, quadrant.and(2).lanewise(VectorOperators.LSHL, SIGN_BIT - 1))
        .reinterpretAsDoubles();
  }

  /** Replaces values by the next where exp(-change) is above a random number. */
  static void decide(Block block, int n, int chain, int[] place, double[] couplings) {
    for (int i = 0; i < n; i += LANES) {
      VectorMask<Double> accept =
          uniform(block.second, i).lt(exp(load(block.change, i).neg().min(0)));
      load(block.phi, i).blend(load(block.next, i), accept).intoArray(block.phi, i);
      all(0).blend(1, accept).intoArray(block.count, i);
    }
  }

  @Override
  public void metropolis(Block block, int n, int chain, int[] place, double[] couplings) {
    take(METROPOLIS, block, n, chain, place, couplings);
  }

  static void propose(Block block, int n, int chain, int[] place, double[] couplings) {
    double hopping = 2 * couplings[0];
    for (int i = 0; i < n; i += LANES) {
      DoubleVector old = load(block.phi, i);
      DoubleVector next = old.add(uniform(block.first, i).mul(2).sub(1).mul(couplings[3]));
      DoubleVector oldSquare = old.mul(old);
      DoubleVector square = next.mul(next);
      next.intoArray(block.next, i);
      square
          .sub(oldSquare)
          .mul(square.add(oldSquare).mul(couplings[2]).add(couplings[1]))
          .sub(load(block.near, i).mul(hopping).mul(next.sub(old)))
          .intoArray(block.change, i);
    }
  }

  @Override
  public void reflect(Block block, int n, int chain, int[] place, double[] couplings) {
    take(REFLECTION, block, n, chain, place, couplings);
  }

  static void mirror(Block block, int n, int chain, int[] place, double[] couplings) {
    double factor = 2 * couplings[0] / couplings[1];
    for (int i = 0; i < n; i += LANES) {
      DoubleVector old = load(block.phi, i);
      DoubleVector next = load(block.near, i).mul(factor).sub(old);
      DoubleVector oldSquare = old.mul(old);
      DoubleVector square = next.mul(next);
      next.intoArray(block.next, i);
      square.mul(square).sub(oldSquare.mul(oldSquare)).mul(couplings[2]).intoArray(block.change, i);
    }
  }
}
