package org.umwelt.kernels.tile;

import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.IntVector;
import jdk.incubator.vector.VectorMask;
import jdk.incubator.vector.VectorOperators;
import jdk.incubator.vector.VectorSpecies;

/** The vector registers of the processor, through {@code jdk.incubator.vector}. */
public final class VectorTileMath implements TileMath {
  private static final VectorSpecies<Float> SPECIES = FloatVector.SPECIES_PREFERRED;
  private static final int LANES = SPECIES.length();
  private static final int VECTORS = 4; // of a row of a product computed together

  // exp(x) = 2^n exp(f): n is x / log 2 rounded, |f| <= log(2) / 2, and exp(f) is a polynomial
  // whose relative error is below 2e-7 there.
  private static final float LEAST = -87; // exp of less is 0 or not normal
  private static final float PER_LOG_2 = (float) 1.44269504;
  private static final float LOG_2_HIGH = 355f / 512; // few bits, so that n times it is exact
  private static final float LOG_2_LOW = (float) -2.12194440e-4;
  private static final float ROUNDER = 12_582_912; // 1.5 * 2^23: adding it rounds to whole numbers
  private static final float[] POLYNOMIAL = {
    (float) 1.9875691500e-4,
    (float) 1.3981999507e-3,
    (float) 8.3334519073e-3,
    (float) 4.1665795894e-2,
    (float) 1.6666665459e-1,
    0.5f
  };
  private static final int MANTISSA_BITS = 23;

  @Override
  public int lanes() {
    return LANES;
  }

  @Override
  public String description() {
    return "vectors of %d floats".formatted(LANES);
  }

  @Override
  public void multiply(
      int m,
      int n,
      int k,
      float[] a,
      int aAt,
      int aRow,
      int aColumn,
      float[] b,
      int bAt,
      int bRow,
      float[] c,
      int cAt,
      int cRow,
      boolean add) {
    int wide = VECTORS * LANES;
    for (int i = 0; i < m; i += ROWS) {
      int row = aAt + i * aRow;
      int to = cAt + i * cRow;
      int j = 0;
      for (; j + wide <= n; j += wide) {
        wide(k, a, row, aRow, aColumn, b, bAt + j, bRow, c, to + j, cRow, add);
      }
      for (; j < n; j += LANES) {
        narrow(k, a, row, aRow, aColumn, b, bAt + j, bRow, c, to + j, cRow, add);
      }
    }
  }

  private static FloatVector start(float[] c, int at, boolean add) {
    return add ? FloatVector.fromArray(SPECIES, c, at) : FloatVector.zero(SPECIES);
  }

  /** Computes 4 rows of 4 vectors, all in registers. */
  private static void wide(
      int k,
      float[] a,
      int aAt,
      int aRow,
      int aColumn,
      float[] b,
      int bAt,
      int bRow,
      float[] c,
      int cAt,
      int cRow,
      boolean add) {
    int c1 = cAt + cRow;
    int c2 = c1 + cRow;
    int c3 = c2 + cRow;
    FloatVector x00 = start(c, cAt, add);
    FloatVector x01 = start(c, cAt + LANES, add);
    FloatVector x02 = start(c, cAt + 2 * LANES, add);
    FloatVector x03 = start(c, cAt + 3 * LANES, add);
    FloatVector x10 = start(c, c1, add);
    FloatVector x11 = start(c, c1 + LANES, add);
    FloatVector x12 = start(c, c1 + 2 * LANES, add);
    FloatVector x13 = start(c, c1 + 3 * LANES, add);
    FloatVector x20 = start(c, c2, add);
    FloatVector x21 = start(c, c2 + LANES, add);
    FloatVector x22 = start(c, c2 + 2 * LANES, add);
    FloatVector x23 = start(c, c2 + 3 * LANES, add);
    FloatVector x30 = start(c, c3, add);
    FloatVector x31 = start(c, c3 + LANES, add);
    FloatVector x32 = start(c, c3 + 2 * LANES, add);
    FloatVector x33 = start(c, c3 + 3 * LANES, add);
    int at = aAt;
    int from = bAt;
    for (int p = 0; p < k; p++, at += aColumn, from += bRow) {
      FloatVector b0 = FloatVector.fromArray(SPECIES, b, from);
      FloatVector b1 = FloatVector.fromArray(SPECIES, b, from + LANES);
      FloatVector b2 = FloatVector.fromArray(SPECIES, b, from + 2 * LANES);
      FloatVector b3 = FloatVector.fromArray(SPECIES, b, from + 3 * LANES);
      FloatVector y = FloatVector.broadcast(SPECIES, a[at]);
      x00 = y.fma(b0, x00);
      x01 = y.fma(b1, x01);
      x02 = y.fma(b2, x02);
      x03 = y.fma(b3, x03);
      y = FloatVector.broadcast(SPECIES, a[at + aRow]);
      x10 = y.fma(b0, x10);
      x11 = y.fma(b1, x11);
      x12 = y.fma(b2, x12);
      x13 = y.fma(b3, x13);
      y = FloatVector.broadcast(SPECIES, a[at + 2 * aRow]);
      x20 = y.fma(b0, x20);
      x21 = y.fma(b1, x21);
      x22 = y.fma(b2, x22);
      x23 = y.fma(b3, x23);
      y = FloatVector.broadcast(SPECIES, a[at + 3 * aRow]);
      x30 = y.fma(b0, x30);
      x31 = y.fma(b1, x31);
      x32 = y.fma(b2, x32);
      x33 = y.fma(b3, x33);
    }
    x00.intoArray(c, cAt);
    x01.intoArray(c, cAt + LANES);
    x02.intoArray(c, cAt + 2 * LANES);
    x03.intoArray(c, cAt + 3 * LANES);
    x10.intoArray(c, c1);
    x11.intoArray(c, c1 + LANES);
    x12.intoArray(c, c1 + 2 * LANES);
    x13.intoArray(c, c1 + 3 * LANES);
    x20.intoArray(c, c2);
    x21.intoArray(c, c2 + LANES);
    x22.intoArray(c, c2 + 2 * LANES);
    x23.intoArray(c, c2 + 3 * LANES);
    x30.intoArray(c, c3);
    x31.intoArray(c, c3 + LANES);
    x32.intoArray(c, c3 + 2 * LANES);
    x33.intoArray(c, c3 + 3 * LANES);
  }

  /** Computes 4 rows of 1 vector. */
  private static void narrow(
      int k,
      float[] a,
      int aAt,
      int aRow,
      int aColumn,
      float[] b,
      int bAt,
      int bRow,
      float[] c,
      int cAt,
      int cRow,
      boolean add) {
    FloatVector x0 = start(c, cAt, add);
    FloatVector x1 = start(c, cAt + cRow, add);
    FloatVector x2 = start(c, cAt + 2 * cRow, add);
    FloatVector x3 = start(c, cAt + 3 * cRow, add);
    int at = aAt;
    int from = bAt;
    for (int p = 0; p < k; p++, at += aColumn, from += bRow) {
      FloatVector y = FloatVector.fromArray(SPECIES, b, from);
      x0 = y.fma(FloatVector.broadcast(SPECIES, a[at]), x0);
      x1 = y.fma(FloatVector.broadcast(SPECIES, a[at + aRow]), x1);
      x2 = y.fma(FloatVector.broadcast(SPECIES, a[at + 2 * aRow]), x2);
      x3 = y.fma(FloatVector.broadcast(SPECIES, a[at + 3 * aRow]), x3);
    }
    x0.intoArray(c, cAt);
    x1.intoArray(c, cAt + cRow);
    x2.intoArray(c, cAt + 2 * cRow);
    x3.intoArray(c, cAt + 3 * cRow);
  }

  @Override
  public float maximum(float[] x, int from, int to) {
    int i = from;
    float largest = x[from];
    if (to - from >= LANES) {
      FloatVector most = FloatVector.fromArray(SPECIES, x, i);
      for (i += LANES; i + LANES <= to; i += LANES) {
        most = most.max(FloatVector.fromArray(SPECIES, x, i));
      }
      largest = most.reduceLanes(VectorOperators.MAX);
    }
    for (; i < to; i++) {
      largest = Math.max(largest, x[i]);
    }
    return largest;
  }

  @Override
  public float exponentials(float[] x, int from, int to, float shift) {
    int i = from;
    for (; i + LANES <= to; i += LANES) {
      exp(FloatVector.fromArray(SPECIES, x, i).sub(shift)).intoArray(x, i);
    }
    if (i < to) {
      VectorMask<Float> rest = SPECIES.indexInRange(i, to);
      exp(FloatVector.fromArray(SPECIES, x, i, rest).sub(shift)).intoArray(x, i, rest);
    }
    return sum(x, from, to);
  }

  /**
   * Adds always in the same order. What {@code reduceLanes} returns may change once the compiler
   * has been at it, and a training that was gone on with would end in other bits.
   */
  private static float sum(float[] x, int from, int to) {
    float s0 = 0;
    float s1 = 0;
    float s2 = 0;
    float s3 = 0;
    float s4 = 0;
    float s5 = 0;
    float s6 = 0;
    float s7 = 0;
    int i = from;
    for (; i + 8 <= to; i += 8) { // independent sums do not wait for each other
      s0 += x[i];
      s1 += x[i + 1];
      s2 += x[i + 2];
      s3 += x[i + 3];
      s4 += x[i + 4];
      s5 += x[i + 5];
      s6 += x[i + 6];
      s7 += x[i + 7];
    }
    for (; i < to; i++) {
      s0 += x[i];
    }
    return ((s0 + s1) + (s2 + s3)) + ((s4 + s5) + (s6 + s7));
  }

  private static FloatVector exp(FloatVector x) {
    VectorMask<Float> tiny = x.lt(LEAST);
    FloatVector rounded = x.mul(PER_LOG_2).add(ROUNDER);
    FloatVector n = rounded.sub(ROUNDER);
    FloatVector f = n.fma(FloatVector.broadcast(SPECIES, -LOG_2_HIGH), x);
    f = n.fma(FloatVector.broadcast(SPECIES, -LOG_2_LOW), f);
    FloatVector p = FloatVector.broadcast(SPECIES, POLYNOMIAL[0]);
    p = p.fma(f, FloatVector.broadcast(SPECIES, POLYNOMIAL[1]));
    p = p.fma(f, FloatVector.broadcast(SPECIES, POLYNOMIAL[2]));
    p = p.fma(f, FloatVector.broadcast(SPECIES, POLYNOMIAL[3]));
    p = p.fma(f, FloatVector.broadcast(SPECIES, POLYNOMIAL[4]));
    p = p.fma(f, FloatVector.broadcast(SPECIES, POLYNOMIAL[5]));
    p = p.fma(f.mul(f), f.add(1));
    IntVector power = rounded.reinterpretAsInts().lanewise(VectorOperators.LSHL, MANTISSA_BITS);
    return p.reinterpretAsInts()
        .add(power)
        .reinterpretAsFloats()
        .blend(FloatVector.zero(SPECIES), tiny);
  }

  @Override
  public void scale(float[] x, int from, int to, float factor) {
    int i = from;
    for (; i + LANES <= to; i += LANES) {
      FloatVector.fromArray(SPECIES, x, i).mul(factor).intoArray(x, i);
    }
    for (; i < to; i++) {
      x[i] *= factor;
    }
  }

  @Override
  public void weigh(float[] x, int from, int to, float shift, float[] p, int pFrom) {
    int i = from;
    int q = pFrom;
    for (; i + LANES <= to; i += LANES, q += LANES) {
      FloatVector.fromArray(SPECIES, x, i)
          .sub(shift)
          .mul(FloatVector.fromArray(SPECIES, p, q))
          .intoArray(x, i);
    }
    for (; i < to; i++, q++) {
      x[i] = p[q] * (x[i] - shift);
    }
  }
}
