package org.umwelt.kernels.lattice;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.umwelt.kernels.parallel.WorkerTeam;
import org.umwelt.kernels.random.RandomStream;

/** Several steps at once end in the bits of one by one. */
class QuarticLeapfrogTest {
  private static final double[] COUPLINGS = {0.7, -0.4, 0.9};
  private static final int LARGE = 1 << 20; // a cache that holds all

  /** Returns fields and momenta behind some steps. */
  private static double[] after(
      int[] shape, int chains, int steps, int threads, int cache, boolean together) {
    int sites = Arrays.stream(shape).reduce(1, (a, b) -> a * b);
    RandomStream random = new RandomStream(3);
    double[] field = new double[chains * sites];
    double[] momentum = new double[chains * sites];
    double[] other = new double[chains * sites];
    for (int i = 0; i < field.length; i++) {
      field[i] = random.nextGaussian();
      momentum[i] = random.nextGaussian();
    }
    List<Object[]> calls = new ArrayList<>();
    for (int i = 0; i < steps; i++) {
      calls.add(
          new Object[] {
            momentum,
            i % 2 == 0 ? other : field,
            i % 2 == 0 ? field : other,
            shape,
            COUPLINGS,
            new double[] {0.01 + 0.002 * i, 0.02 - 0.003 * i},
            sites,
            shape.length
          });
    }
    try (WorkerTeam team = new WorkerTeam(threads)) {
      if (together) {
        QuarticLeapfrog.several(team, calls, cache);
      } else {
        calls.forEach(call -> QuarticLeapfrog.one(team, call));
      }
    }
    double[] all = Arrays.copyOf(steps % 2 == 0 ? field : other, 2 * field.length);
    System.arraycopy(momentum, 0, all, field.length, field.length);
    return all;
  }

  /** Walks of 2 and 4 slabs deep, with steps left over, rows beyond blocks, and odd lengths. */
  @ParameterizedTest
  @CsvSource({
    "40x36, 1, 2, 360",
    "40x36, 3, 4, 360",
    "67x6, 2, 4, 120",
    "67x6, 1, 6, 120",
    "130x5, 1, 5, 100",
    "35x1030, 1, 2, 10300",
    "33x3x2, 2, 4, 60",
    "64x2x2x4, 1, 4, 320",
    "200, 2, 4, 100",
    "4x4, 5, 4, 1048576",
    "8x8, 1, 4, 1048576"
  })
  void stepsTogetherGiveTheBitsOfStepsOneByOne(String lattice, int chains, int steps, int cache) {
    int[] shape = Arrays.stream(lattice.split("x", -1)).mapToInt(Integer::parseInt).toArray();
    double[] expected = after(shape, chains, steps, 1, LARGE, false);
    for (int threads = 1; threads <= 3; threads++) {
      assertThat(after(shape, chains, steps, threads, cache, true)).containsExactly(expected);
    }
    assertThat(after(shape, chains, steps, 2, LARGE, false)).containsExactly(expected);
  }
}
