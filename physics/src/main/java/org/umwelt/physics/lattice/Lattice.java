package org.umwelt.physics.lattice;

import java.util.Arrays;

/** A periodic lattice; sites are numbered row-major, the last dimension fastest. */
public final class Lattice {
  private static final int MOST_SITES = 1 << 28;

  private final int[] shape;
  private final int[] strides;
  private final int sites;

  /**
   * Creates a lattice.
   *
   * @param shape length of each of 1 to 4 dimensions, at least 2
   */
  public Lattice(int... shape) {
    if (shape.length < 1 || shape.length > 4 || Arrays.stream(shape).anyMatch(l -> l < 2)) {
      throw new IllegalArgumentException(
          "expected 1 to 4 lengths of at least 2, got " + Arrays.toString(shape));
    }
    this.shape = shape.clone();
    strides = new int[shape.length];
    long count = 1;
    for (int mu = shape.length - 1; mu >= 0; mu--) {
      strides[mu] = (int) count;
      count *= shape[mu];
      if (count > MOST_SITES) {
        throw new IllegalArgumentException(
            "expected at most %,d sites, got shape %s"
                .formatted(MOST_SITES, Arrays.toString(shape)));
      }
    }
    sites = (int) count;
  }

  /** Returns a lattice of one length in every dimension. */
  public static Lattice cube(int dimensions, int length) {
    int[] shape = new int[dimensions];
    Arrays.fill(shape, length);
    return new Lattice(shape);
  }

  /** Returns how many dimensions there are. */
  public int dimensions() {
    return shape.length;
  }

  /** Returns the length of a dimension. */
  public int length(int mu) {
    return shape[mu];
  }

  /** Returns how many sites lie between neighbours in a dimension. */
  int stride(int mu) {
    return strides[mu];
  }

  /** Returns the length of each dimension. */
  public int[] shape() {
    return shape.clone();
  }

  /** Returns how many sites there are. */
  public int sites() {
    return sites;
  }

  /** Returns the coordinate of a site in a dimension. */
  public int coordinate(int site, int mu) {
    return site / strides[mu] % shape[mu];
  }

  /** Returns the site behind this one in a dimension. */
  public int next(int site, int mu) {
    return coordinate(site, mu) == shape[mu] - 1
        ? site - (shape[mu] - 1) * strides[mu]
        : site + strides[mu];
  }

  /** Returns the site before this one in a dimension. */
  public int previous(int site, int mu) {
    return coordinate(site, mu) == 0 ? site + (shape[mu] - 1) * strides[mu] : site - strides[mu];
  }

  /** Returns the site at coordinates. */
  public int site(int... coordinates) {
    int site = 0;
    for (int mu = 0; mu < shape.length; mu++) {
      site += Math.floorMod(coordinates[mu], shape[mu]) * strides[mu];
    }
    return site;
  }

  /** Returns whether neighbours always have other colours of a checkerboard. */
  public boolean isEven() {
    return Arrays.stream(shape).allMatch(length -> length % 2 == 0);
  }

  @Override
  public String toString() {
    return String.join("x", Arrays.stream(shape).mapToObj(Integer::toString).toList());
  }
}
