package org.umwelt.kernels.nn;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import org.bytedeco.javacpp.PointerScope;
import org.bytedeco.pytorch.Tensor;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.umwelt.kernels.random.RandomStream;
import org.umwelt.kernels.tensor.Compute;
import org.umwelt.kernels.tensor.Tensors;

class SamplerTest {
  private static final float NEVER = Float.NEGATIVE_INFINITY;

  private static RandomStream[] streams(int rows, long first) {
    RandomStream[] random = new RandomStream[rows];
    Arrays.setAll(random, row -> new RandomStream(21, first + row));
    return random;
  }

  private static long[] choose(Sampler sampler, int rows, long first, float... logits) {
    try (PointerScope _ = new PointerScope()) {
      Tensor all = Tensors.of(Compute.CPU, logits, 1, logits.length).expand(rows, logits.length);
      return Tensors.longs(sampler.choose(all, streams(rows, first)));
    }
  }

  private static long[] counts(long[] chosen, int classes) {
    long[] counts = new long[classes];
    for (long one : chosen) {
      counts[(int) one]++;
    }
    return counts;
  }

  /** Chi-square with 4 degrees of freedom has mean 4 and standard deviation 2.83. */
  private static void assertFrequencies(long[] chosen, double... logits) {
    double sum = Arrays.stream(logits).map(Math::exp).sum();
    long[] counts = counts(chosen, logits.length);
    double chiSquare = 0;
    for (int k = 0; k < logits.length; k++) {
      double expected = chosen.length * Math.exp(logits[k]) / sum;
      chiSquare += (counts[k] - expected) * (counts[k] - expected) / expected;
    }
    assertThat(chiSquare).isLessThan(4 + 4 * Math.sqrt(8));
  }

  @Test
  void frequenciesAreThoseOfTheSoftmaxWithinFourStandardErrors() {
    int n = 100_000;
    assertFrequencies(choose(Sampler.categorical(), n, 0, 1, -1, 0.5f, 2, -2), 1, -1, 0.5, 2, -2);
    assertFrequencies(
        choose(Sampler.temperature(2), n, n, 1, -1, 0.5f, 2, -2), 0.5, -0.5, 0.25, 1, -1);
  }

  @Test
  void greedyTakesTheLargestAndOfEqualOnesTheFirst() {
    assertThat(choose(Sampler.greedy(), 2, 0, -3, 4, 1)).containsExactly(1, 1);
    assertThat(choose(Sampler.greedy(), 1, 0, 2, 5, 5, 1, 5)).containsExactly(1);
    RandomStream[] random = streams(1, 0);
    try (PointerScope _ = new PointerScope()) {
      Sampler.greedy().choose(Tensors.zeros(Compute.CPU, 1, 3), random);
    }
    assertThat(random[0].nextInt()).isEqualTo(streams(1, 0)[0].nextInt()); // draws nothing
  }

  @Test
  void temperatureOneIsCategoricalSmallIsGreedyAndLargeIsUniform() {
    float[] logits = {1, 0, 2, 1.5f, -1};
    assertThat(choose(Sampler.temperature(1), 1000, 0, logits))
        .containsExactly(choose(Sampler.categorical(), 1000, 0, logits));
    assertThat(choose(Sampler.temperature(1e-3), 1000, 0, logits)).containsOnly(2);
    assertFrequencies(choose(Sampler.temperature(1e6), 100_000, 0, logits), 0, 0, 0, 0, 0);
  }

  @Test
  void classesWithoutProbabilityAreNeverDrawn() {
    long[] counts =
        counts(choose(Sampler.categorical(), 50_000, 0, NEVER, 0, NEVER, NEVER, 1, NEVER, -200), 7);
    assertThat(new long[] {counts[0], counts[2], counts[3], counts[5], counts[6]}).containsOnly(0);
    assertThat(counts[1] + counts[4]).isEqualTo(50_000);
  }

  /** Returns a stream of many whose first number is the largest, or the smallest. */
  private static long extreme(boolean largest) {
    RandomStream random = new RandomStream(21, 0);
    long best = 0;
    float value = largest ? 0 : 1;
    for (long stream = 0; stream < 2_000_000; stream++) {
      random.restart(21, stream);
      float u = random.nextFloat();
      if (largest ? u > value : u < value) {
        value = u;
        best = stream;
      }
    }
    assertThat(largest ? 1 - value : value).isLessThan(4e-6f);
    return best;
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 2, 7, 512, 5000})
  void numbersNextToTheEndsNameAClassThatIsThere(int classes) {
    long nearOne = extreme(true);
    long nearZero = extreme(false);
    float[] uniform = new float[classes];
    assertThat(choose(Sampler.categorical(), 1, nearOne, uniform)).containsExactly(classes - 1);
    assertThat(choose(Sampler.categorical(), 1, nearZero, uniform)).containsExactly(0);
    float[] last = Arrays.copyOf(uniform, classes + 3);
    Arrays.fill(last, classes, classes + 3, NEVER);
    assertThat(choose(Sampler.categorical(), 1, nearOne, last)).containsExactly(classes - 1);
  }

  @Test
  void rowsDrawOnceEachFromTheirOwnStreamAndDoNotDependOnTheOthers() {
    try (PointerScope _ = new PointerScope()) {
      Tensor logits = FiniteDifferences.normal(3, 40, 9);
      RandomStream[] random = streams(40, 0);
      long[] together = Tensors.longs(Sampler.categorical().choose(logits, random));
      for (int row = 0; row < 40; row++) {
        RandomStream[] own = streams(1, row);
        Tensor one = logits.narrow(0, row, 1);
        assertThat(Tensors.longs(Sampler.categorical().choose(one, own)))
            .containsExactly(together[row]);
        RandomStream once = streams(1, row)[0];
        once.nextFloat();
        int next = once.nextInt();
        assertThat(own[0].nextInt()).isEqualTo(next);
        assertThat(random[row].nextInt()).isEqualTo(next);
      }
    }
  }
}
