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
