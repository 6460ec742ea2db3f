package org.umwelt.kernels.lattice;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.Arrays;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.umwelt.kernels.backend.Backend;
import org.umwelt.kernels.backend.Call;
import org.umwelt.kernels.backend.Work;
import org.umwelt.kernels.random.Philox;
import org.umwelt.kernels.random.RandomStream;

/** What every back end makes of the lattice kernels, against plain loops written here. */
public abstract class LatticeKernelsContract {
  private static final int CHAINS = 3;
  private static final int SITES = 600; // a ring, in which even and odd sites are not neighbours
  private static final double[] COUPLINGS = {0.7, -0.4, 0.9, 1.3};

  private final int[] neighbours = new int[2 * SITES];
  private final double[] field = new double[CHAINS * SITES];
  private final double[] momentum = new double[CHAINS * SITES];
  private Backend backend;

  /** Opens the back end under test. */
  protected abstract Backend open();

  @BeforeEach
  void start() {
    backend = open();
    RandomStream random = new RandomStream(5);
    for (int site = 0; site < SITES; site++) {
      neighbours[2 * site] = (site + 1) % SITES;
      neighbours[2 * site + 1] = (site + SITES - 1) % SITES;
    }
    for (int i = 0; i < field.length; i++) {
      field[i] = random.nextGaussian();
      momentum[i] = random.nextGaussian();
    }
  }

  @AfterEach
  void stop() {
    backend.close();
  }

  private double around(double[] field, int i) {
    int chain = i / SITES * SITES;
    int site = i % SITES;
    return field[chain + neighbours[2 * site]] + field[chain + neighbours[2 * site + 1]];
  }

  private static double action(double phi, double around) {
    return -2 * COUPLINGS[0] * phi * around
        + COUPLINGS[1] * phi * phi
        + COUPLINGS[2] * phi * phi * phi * phi;
  }

  private static double uniform(int high, int low) {
    return ((high & 0xFFFFFFFFL) * 0x1p-32) + (low & 0x1FFFFF) * 0x1p-53;
  }

  @Test
  void metropolisDecidesByTheWordsOfItsSiteChainAndStep() {
    int[] odd = new int[SITES / 2];
    Arrays.setAll(odd, i -> 2 * i + 1);
    int[] accepted = new int[CHAINS * odd.length];
    int[] place = {77, 1, 5, 0};
    double[] before = field.clone();

    backend.run(
        Call.of(
            LatticeKernels.METROPOLIS,
            Work.range(accepted.length),
            field,
            accepted,
            odd,
            neighbours,
            COUPLINGS,
            place,
            odd.length,
            SITES,
            2));

    int[] words = new int[4];
    int count = 0;
    for (int i = 0; i < field.length; i++) {
      if (i % 2 == 0) {
        assertThat(field[i]).isEqualTo(before[i]);
        continue;
      }
      Philox.block(i % SITES, i / SITES, 5, 0, 77, 1, words);
      double next = before[i] + COUPLINGS[3] * (2 * uniform(words[0], words[1]) - 1);
      double change = action(next, around(before, i)) - action(before[i], around(before, i));
      boolean accept = uniform(words[2], words[3]) < Math.exp(-change);
      assertThat(accepted[i / SITES * odd.length + i % SITES / 2]).isEqualTo(accept ? 1 : 0);
      assertThat(field[i]).isCloseTo(accept ? next : before[i], within(1e-14));
      count += accept ? 1 : 0;
    }
    assertThat(count).isBetween(accepted.length / 5, accepted.length * 4 / 5);
  }

  @Test
  void reflectionsKeepTheQuadraticPart() {
    int[] even = new int[SITES / 2];
    Arrays.setAll(even, i -> 2 * i);
    int[] accepted = new int[CHAINS * even.length];
    double[] before = field.clone();
    double[] couplings = {0.7, -0.4, 0.05, 0};

    backend.run(
        Call.of(
            LatticeKernels.REFLECTION,
            Work.range(accepted.length),
            field,
            accepted,
            even,
            neighbours,
            couplings,
            new int[] {78, 1, 6, 0},
            even.length,
            SITES,
            2));

    int[] words = new int[4];
    int count = 0;
    for (int i = 0; i < field.length; i++) {
      if (i % 2 == 1) {
        assertThat(field[i]).isEqualTo(before[i]);
        continue;
      }
      Philox.block(i % SITES, i / SITES, 6, 0, 78, 1, words);
      double b = 2 * 0.7 * around(before, i);
      double next = b / -0.4 - before[i];
      double change = 0.05 * (Math.pow(next, 4) - Math.pow(before[i], 4));
      boolean accept = uniform(words[0], words[1]) < Math.exp(-change);
      assertThat(field[i])
          .isCloseTo(accept ? next : before[i], within(1e-13 * (1 + Math.abs(next))));
      assertThat(-0.4 * next * next - b * next)
          .isCloseTo(
              -0.4 * before[i] * before[i] - b * before[i], within(1e-9 * (1 + next * next)));
      count += accept ? 1 : 0;
    }
    assertThat(count).isBetween(1, accepted.length - 1);
  }

  /** Moments of many draws with the same neighbours, against sums over a grid. */
  @Test
  void theHeatBathDrawsFromTheWeightOfASite() {
    int chains = 40_000;
    double[] couplings = {0.7, -1.5, 0.9, 0};
    double[] fields = new double[2 * chains]; // two sites that are each other's neighbour twice
    for (int chain = 0; chain < chains; chain++) {
      fields[2 * chain + 1] = 0.4;
    }
    int[] attempts = new int[chains];
    backend.run(
        Call.of(
            LatticeKernels.HEAT_BATH,
            Work.range(chains),
            fields,
            attempts,
            new int[] {0},
            new int[] {1, 1, 0, 0},
            couplings,
            new int[] {79, 1, 7, 0},
            1,
            2,
            2));

    double[] sums = new double[5];
    for (double x = -6; x < 6; x += 1e-3) {
      double weight = Math.exp(-(-1.5 * x * x + 0.9 * x * x * x * x - 2 * 0.7 * 0.8 * x));
      for (int power = 0; power < 5; power++) {
        sums[power] += weight * Math.pow(x, power);
      }
    }
    double mean = 0;
    double square = 0;
    double drawn = 0;
    for (int chain = 0; chain < chains; chain++) {
      assertThat(fields[2 * chain + 1]).isEqualTo(0.4);
      mean += fields[2 * chain] / chains;
      square += fields[2 * chain] * fields[2 * chain] / chains;
      drawn += (double) attempts[chain] / chains;
    }
    double x1 = sums[1] / sums[0];
    double x2 = sums[2] / sums[0];
    double x4 = sums[4] / sums[0];
    assertThat(mean).isCloseTo(x1, within(4 * Math.sqrt((x2 - x1 * x1) / chains)));
    assertThat(square).isCloseTo(x2, within(4 * Math.sqrt((x4 - x2 * x2) / chains)));
    assertThat(drawn).isBetween(1.0, 4.0);
  }

  @Test
  void kicksFollowTheForceAndDriftsTheMomentum() {
    double[] start = momentum.clone();

    backend.run(
        Call.of(
            LatticeKernels.KICK,
            Work.range(field.length),
            momentum,
            field,
            neighbours,
            COUPLINGS,
            new double[] {0.1},
            SITES,
            2));

    for (int i = 0; i < field.length; i++) {
      double phi = field[i];
      double up = action(phi + 1e-5, around(field, i));
      double slope = (up - action(phi - 1e-5, around(field, i))) / 2e-5;
      assertThat(momentum[i]).isCloseTo(start[i] - 0.1 * slope, within(1e-7));
    }
    double[] before = field.clone();
    backend.run(
        Call.of(
            LatticeKernels.DRIFT, Work.range(field.length), field, momentum, new double[] {0.25}));
    for (int i = 0; i < field.length; i++) {
      assertThat(field[i]).isCloseTo(before[i] + 0.25 * momentum[i], within(1e-14));
    }
  }
}
