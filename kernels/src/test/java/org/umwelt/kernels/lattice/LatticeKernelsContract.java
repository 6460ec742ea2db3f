package org.umwelt.kernels.lattice;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.umwelt.kernels.backend.Backend;
import org.umwelt.kernels.backend.Call;
import org.umwelt.kernels.backend.Kernel;
import org.umwelt.kernels.backend.Work;
import org.umwelt.kernels.lattice.device.QuarticMetropolisKernel;
import org.umwelt.kernels.random.Philox;
import org.umwelt.kernels.random.RandomStream;

/** What every back end makes of the lattice kernels, against plain loops written here. */
public abstract class LatticeKernelsContract {
  private static final int CHAINS = 3;
  private static final double[] COUPLINGS = {0.7, -0.4, 0.9, 1.3};

  private Backend backend;

  /** Opens the back end under test. */
  protected abstract Backend open();

  @BeforeEach
  void start() {
    backend = open();
  }

  @AfterEach
  void stop() {
    backend.close();
  }

  /** Rows shorter and longer than vectors and blocks, odd lengths, and lengths of 2. */
  static List<int[]> shapes() {
    return List.of(
        new int[] {600},
        new int[] {2051},
        new int[] {2, 1300},
        new int[] {40, 36},
        new int[] {3, 3},
        new int[] {9, 2, 17},
        new int[] {2, 2, 2, 2},
        new int[] {4, 3, 6, 16});
  }

  private static int sites(int[] shape) {
    return Arrays.stream(shape).reduce(1, (a, b) -> a * b);
  }

  private static double[] normal(int count, int seed) {
    RandomStream random = new RandomStream(seed);
    double[] numbers = new double[count];
    Arrays.setAll(numbers, _ -> random.nextGaussian());
    return numbers;
  }

  /** Returns the neighbours of a site, by its coordinates. */
  private static List<Integer> neighbours(int[] shape, int site) {
    List<Integer> all = new ArrayList<>();
    int stride = 1;
    for (int mu = shape.length - 1; mu >= 0; mu--) {
      int x = site / stride % shape[mu];
      all.add(site + (Math.floorMod(x + 1, shape[mu]) - x) * stride);
      all.add(site + (Math.floorMod(x - 1, shape[mu]) - x) * stride);
      stride *= shape[mu];
    }
    return all;
  }

  private static double around(double[] field, int[] shape, int i) {
    int first = i / sites(shape) * sites(shape);
    return neighbours(shape, i - first).stream()
        .mapToDouble(neighbour -> field[first + neighbour])
        .sum();
  }

  private static double action(double phi, double around, double[] couplings) {
    return -2 * couplings[0] * phi * around
        + couplings[1] * phi * phi
        + couplings[2] * phi * phi * phi * phi;
  }

  private static double force(double phi, double around) {
    return -2 * COUPLINGS[0] * around + 2 * COUPLINGS[1] * phi + 4 * COUPLINGS[2] * phi * phi * phi;
  }

  private static double uniform(int high, int low) {
    return ((high & 0xFFFFFFFFL) * 0x1p-32) + (low & 0x1FFFFF) * 0x1p-53;
  }

  private static int colours(int[] shape) {
    return Arrays.stream(shape).allMatch(length -> length % 2 == 0) ? 2 : 3;
  }

  /** Runs an update of one colour and returns what it counted, [chains, rows, half a row]. */
  private int[] update(
      Kernel kernel, double[] field, int[] shape, double[] couplings, int[] place, int colour) {
    int length = shape[shape.length - 1];
    int[] counts = new int[field.length / length * (length / 2)];
    Arrays.fill(counts, -1);
    backend.run(
        Call.of(
            kernel,
            Work.range(counts.length),
            field,
            counts,
            shape,
            couplings,
            place,
            colour,
            colours(shape),
            sites(shape),
            shape.length));
    return counts;
  }

  @ParameterizedTest
  @MethodSource("shapes")
  void everySiteHasOneColourThatNoNeighbourHas(int[] shape) {
    int sites = sites(shape);
    int[] colourOf = new int[sites];
    Arrays.fill(colourOf, -1);
    int length = shape[shape.length - 1];
    for (int colour = 0; colour < colours(shape); colour++) {
      for (int k = 0; k < sites / length * (length / 2); k++) {
        int site = QuarticMetropolisKernel.site(k, shape, colour, colours(shape), shape.length);
        if (site >= 0) {
          assertThat(colourOf[site]).isEqualTo(-1);
          colourOf[site] = colour;
        }
      }
    }
    for (int site = 0; site < sites; site++) {
      assertThat(colourOf[site]).isGreaterThanOrEqualTo(0);
      for (int neighbour : neighbours(shape, site)) {
        assertThat(colourOf[neighbour]).isNotEqualTo(colourOf[site]);
      }
    }
  }

  @ParameterizedTest
  @MethodSource("shapes")
  void metropolisDecidesByTheWordsOfItsSiteChainAndStep(int[] shape) {
    int sites = sites(shape);
    double[] field = normal(CHAINS * sites, 5);
    int[] place = {-77, 1, 5, 9};
    int[] words = new int[4];
    int total = 0;
    for (int colour = 0; colour < colours(shape); colour++) {
      double[] before = field.clone();
      int[] counts = update(LatticeKernels.METROPOLIS, field, shape, COUPLINGS, place, colour);
      double[] expected = before.clone();
      for (int i = 0; i < counts.length; i++) {
        int perChain = counts.length / CHAINS;
        int site =
            QuarticMetropolisKernel.site(i % perChain, shape, colour, colours(shape), shape.length);
        if (site < 0) {
          assertThat(counts[i]).isZero();
          continue;
        }
        int at = i / perChain * sites + site;
        Philox.block(site, i / perChain, 5, 9, -77, 1, words);
        double around = around(before, shape, at);
        double next = before[at] + COUPLINGS[3] * (2 * uniform(words[0], words[1]) - 1);
        double change = action(next, around, COUPLINGS) - action(before[at], around, COUPLINGS);
        boolean accept = uniform(words[2], words[3]) < Math.exp(-change);
        assertThat(counts[i]).isEqualTo(accept ? 1 : 0);
        expected[at] = accept ? next : before[at];
        total += counts[i];
      }
      assertThat(field).containsExactly(expected, within(1e-14));
    }
    assertThat((double) total / field.length).isBetween(0.1, 0.9);
  }

  @ParameterizedTest
  @MethodSource("shapes")
  void reflectionsKeepTheQuadraticPart(int[] shape) {
    int sites = sites(shape);
    double[] before = normal(CHAINS * sites, 6);
    double[] field = before.clone();
    double[] couplings = {0.7, -0.4, 0.002, 0};

    int[] counts =
        update(LatticeKernels.REFLECTION, field, shape, couplings, new int[] {78, 1, 6, 0}, 0);

    int[] words = new int[4];
    int moved = 0;
    for (int i = 0; i < field.length; i++) {
      if (field[i] != before[i]) {
        Philox.block(i % sites, i / sites, 6, 0, 78, 1, words);
        double b = 2 * 0.7 * around(before, shape, i);
        double next = b / -0.4 - before[i];
        double change = 0.002 * (Math.pow(next, 4) - Math.pow(before[i], 4));
        assertThat(uniform(words[2], words[3])).isLessThan(Math.exp(-change));
        assertThat(field[i]).isCloseTo(next, within(1e-13 * (1 + Math.abs(next))));
        assertThat(-0.4 * next * next - b * next)
            .isCloseTo(
                -0.4 * before[i] * before[i] - b * before[i], within(1e-9 * (1 + next * next)));
        moved++;
      }
    }
    assertThat(moved).isEqualTo(Arrays.stream(counts).sum()).isBetween(1, counts.length - 1);
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
    int[] attempts =
        update(
            LatticeKernels.HEAT_BATH, fields, new int[] {2}, couplings, new int[] {79, 1, 7, 0}, 0);

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

  @ParameterizedTest
  @MethodSource("shapes")
  void heatBathsReachEverySiteOnceAndNoOther(int[] shape) {
    double[] before = normal(CHAINS * sites(shape), 7);
    double[] field = before.clone();
    int drawn = 0;
    for (int colour = 0; colour < colours(shape); colour++) {
      double[] start = field.clone();
      int[] attempts =
          update(
              LatticeKernels.HEAT_BATH, field, shape, COUPLINGS, new int[] {80, 1, 8, 0}, colour);
      int moved = 0;
      for (int i = 0; i < field.length; i++) {
        moved += field[i] == start[i] ? 0 : 1;
      }
      assertThat(moved).isEqualTo((int) Arrays.stream(attempts).filter(n -> n > 0).count());
      drawn += moved;
    }
    assertThat(drawn).isEqualTo(field.length);
    for (int i = 0; i < field.length; i++) {
      assertThat(field[i]).isNotEqualTo(before[i]);
    }
  }

  @ParameterizedTest
  @MethodSource("shapes")
  void kicksFollowTheForceAndDriftsTheMomentum(int[] shape) {
    int sites = sites(shape);
    double[] field = normal(CHAINS * sites, 8);
    double[] momentum = normal(CHAINS * sites, 9);
    double[] kicked = momentum.clone();
    double[] drifted = field.clone();
    for (int i = 0; i < field.length; i++) {
      kicked[i] -= 0.1 * force(field[i], around(field, shape, i));
      drifted[i] += 0.25 * kicked[i];
    }

    double[] inOne = momentum.clone();
    double[] other = new double[field.length];
    backend.run(
        Call.of(
            LatticeKernels.LEAPFROG,
            Work.range(field.length),
            inOne,
            other,
            field,
            shape,
            COUPLINGS,
            new double[] {0.1, 0.25},
            sites,
            shape.length));
    backend.run(
        Call.of(
            LatticeKernels.KICK,
            Work.range(field.length),
            momentum,
            field,
            shape,
            COUPLINGS,
            new double[] {0.1},
            sites,
            shape.length));
    backend.run(
        Call.of(
            LatticeKernels.DRIFT, Work.range(field.length), field, momentum, new double[] {0.25}));

    assertThat(momentum).containsExactly(kicked, within(1e-13));
    assertThat(field).containsExactly(drifted, within(1e-13));
    assertThat(inOne).containsExactly(kicked, within(1e-13));
    assertThat(other).containsExactly(drifted, within(1e-13));
  }

  @ParameterizedTest
  @MethodSource("shapes")
  void partsOfTheEnergyAddUp(int[] shape) {
    int sites = sites(shape);
    double[] field = normal(CHAINS * sites, 10);
    double[] momentum = normal(CHAINS * sites, 11);
    for (int parts : new int[] {1, Math.min(3, sites), Math.min(7, sites)}) {
      double[] energies = new double[CHAINS * parts];
      backend.run(
          Call.of(
              LatticeKernels.ENERGY,
              Work.range(energies.length),
              energies,
              momentum,
              field,
              shape,
              COUPLINGS,
              parts,
              sites,
              shape.length));
      for (int chain = 0; chain < CHAINS; chain++) {
        double expected = 0;
        for (int i = chain * sites; i < (chain + 1) * sites; i++) {
          expected +=
              momentum[i] * momentum[i] / 2
                  + action(field[i], around(field, shape, i) / 2, COUPLINGS);
        }
        double found = 0;
        for (int part = 0; part < parts; part++) {
          found += energies[chain * parts + part];
        }
        assertThat(found).isCloseTo(expected, within(1e-12 * sites));
      }
    }
  }

  @ParameterizedTest
  @MethodSource("shapes")
  void normalNumbersAreThoseOfTheirWords(int[] shape) {
    int sites = sites(shape);
    int pairs = Math.ceilDiv(sites, 2);
    double[] numbers = new double[CHAINS * sites];
    backend.run(
        Call.of(
            LatticeKernels.NORMAL,
            Work.range(CHAINS * pairs),
            numbers,
            new int[] {3, -4, 5, 6},
            pairs,
            sites));

    int[] words = new int[4];
    for (int i = 0; i < numbers.length; i++) {
      int site = i % sites;
      Philox.block(site % pairs, i / sites, 5, 6, 3, -4, words);
      double radius = Math.sqrt(-2 * Math.log(1 - uniform(words[0], words[1])));
      double angle = 2 * Math.PI * uniform(words[2], words[3]);
      assertThat(numbers[i])
          .isCloseTo(radius * (site < pairs ? Math.cos(angle) : Math.sin(angle)), within(1e-13));
    }
    double square = Arrays.stream(numbers).map(x -> x * x).sum() / numbers.length;
    assertThat(square).isCloseTo(1, within(4 * Math.sqrt(2.0 / numbers.length)));
  }
}
