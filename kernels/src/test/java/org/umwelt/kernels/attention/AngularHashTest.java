package org.umwelt.kernels.attention;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.umwelt.kernels.random.RandomStream;

class AngularHashTest {
  private static final int SIZE = 8;

  private static float[] normal(long seed, int count) {
    RandomStream random = new RandomStream(seed);
    float[] values = new float[count];
    for (int i = 0; i < count; i++) {
      values[i] = (float) random.nextGaussian();
    }
    return values;
  }

  private static float[] scaled(float[] values, float factor) {
    float[] scaled = values.clone();
    for (int i = 0; i < scaled.length; i++) {
      scaled[i] *= factor;
    }
    return scaled;
  }

  @ParameterizedTest
  @CsvSource({"2", "6", "16", "64"})
  void lengthDoesNotMatterAndTheOppositeIsHalfATurnAway(int buckets) {
    AngularHash hash = new AngularHash(SIZE, buckets, new RandomStream(1));
    float[] vectors = normal(2, 500 * SIZE);
    int[] hashes = hash.hash(vectors);
    assertThat(hash.hash(scaled(vectors, 2))).containsExactly(hashes);
    int[] opposite = hash.hash(scaled(vectors, -1));
    for (int i = 0; i < hashes.length; i++) {
      assertThat(hashes[i]).isBetween(0, buckets - 1);
      assertThat(opposite[i]).isEqualTo((hashes[i] + buckets / 2) % buckets);
    }
  }

  /** Averaged over directions every hash is equally likely: within 4 standard errors. */
  @Test
  void hashesOfRandomVectorsAreUniform() {
    int buckets = 8;
    int draws = 8000;
    int[] counts = new int[buckets];
    for (int draw = 0; draw < draws; draw++) {
      AngularHash hash = new AngularHash(SIZE, buckets, new RandomStream(3, draw));
      counts[hash.hash(normal(draw + 100, SIZE))[0]]++;
    }
    double p = 1.0 / buckets;
    for (int count : counts) {
      assertThat(Math.abs(count - draws * p)).isLessThan(4 * Math.sqrt(draws * p * (1 - p)));
    }
  }

  @Test
  void theSmallerTheAngleTheMoreOftenHashesAgree() {
    int draws = 3000;
    int before = draws;
    for (double cosine : new double[] {0.95, 0.7, 0.3, -0.3, -0.9}) {
      int agreed = 0;
      for (int draw = 0; draw < draws; draw++) {
        AngularHash hash = new AngularHash(2, 8, new RandomStream(4, draw));
        float sine = (float) Math.sqrt(1 - cosine * cosine);
        int[] hashes = hash.hash(new float[] {1, 0, (float) cosine, sine});
        agreed += hashes[0] == hashes[1] ? 1 : 0;
      }
      assertThat(agreed).isLessThanOrEqualTo(before);
      before = agreed;
    }
    assertThat(before).isZero(); // nearly opposite
  }

  @Test
  void zeroTakesTheFirstHashAndNonsenseIsRefused() {
    AngularHash hash = new AngularHash(3, 4, new RandomStream(1));
    assertThat(hash.hash(new float[3])).containsExactly(0);
    assertThat(hash.hash(new float[0])).isEmpty();
    assertThatThrownBy(() -> hash.hash(new float[4]))
        .hasMessage("expected vectors of 3 numbers, got 4 numbers");
    assertThatThrownBy(() -> new AngularHash(3, 5, new RandomStream(1)))
        .hasMessageContaining("an even number of buckets, got 3 and 5");
  }
}
