package org.umwelt.kernels.attention;

import java.util.Arrays;
import org.umwelt.kernels.random.RandomStream;

/**
 * Locality-sensitive hashing by angle: vectors that point the same way tend to have the same hash.
 *
 * <p>Section 3.2 of arXiv 2306.01160, after Andoni et al., "Practical and optimal LSH for angular
 * distance", NeurIPS 2015: the hash is the argmax over (xR, -xR), the first where several are
 * largest. It does not depend on the length of x, and h(-x) is h(x) + buckets / 2 modulo buckets.
 * Directions are drawn anew for every forward pass, and kept for its backward pass.
 */
public final class AngularHash {
  private final int size;
  private final int half;
  private final float[] directions; // [size, half]: processors add all products side by side

  /**
   * Draws directions: normal numbers, scaled to length 1.
   *
   * @param size numbers in a vector, at least 1
   * @param buckets even, at least 2; without hashing there is one bucket, and no hash is needed
   */
  public AngularHash(int size, int buckets, RandomStream random) {
    if (size < 1 || buckets < 2 || buckets % 2 != 0) {
      throw new IllegalArgumentException(
          "expected vectors of at least 1 number and an even number of buckets, got %d and %d"
              .formatted(size, buckets));
    }
    this.size = size;
    this.half = buckets / 2;
    directions = new float[half * size];
    double[] direction = new double[size];
    for (int i = 0; i < half; i++) {
      double squares = 0;
      for (int c = 0; c < size; c++) {
        direction[c] = random.nextGaussian();
        squares += direction[c] * direction[c];
      }
      for (int c = 0; c < size; c++) {
        directions[c * half + i] = (float) (direction[c] / Math.sqrt(squares));
      }
    }
  }

  /** Returns how many hashes there are. */
  public int buckets() {
    return 2 * half;
  }

  /**
   * Returns the hashes of vectors.
   *
   * @param vectors [n, size], row-major
   * @return n hashes, each from 0 to buckets - 1
   */
  public int[] hash(float[] vectors) {
    if (vectors.length % size != 0) {
      throw new IllegalArgumentException(
          "expected vectors of %d numbers, got %d numbers".formatted(size, vectors.length));
    }
    int[] hashes = new int[vectors.length / size];
    float[] products = new float[half];
    for (int row = 0; row < hashes.length; row++) {
      Arrays.fill(products, 0);
      for (int c = 0; c < size; c++) {
        float number = vectors[row * size + c];
        for (int i = 0; i < half; i++) {
          products[i] += number * directions[c * half + i];
        }
      }
      float largest = Float.NEGATIVE_INFINITY;
      for (int i = 0; i < 2 * half; i++) {
        float product = i < half ? products[i] : -products[i - half];
        if (product > largest) {
          largest = product;
          hashes[row] = i;
        }
      }
    }
    return hashes;
  }
}
