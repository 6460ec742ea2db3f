package org.umwelt.physics.lattice;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.ToDoubleFunction;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.umwelt.kernels.backend.Backend;
import org.umwelt.kernels.backend.CpuBackend;
import org.umwelt.kernels.random.RandomStream;
import org.umwelt.kernels.settings.BadRequestException;
import org.umwelt.physics.lattice.HybridMonteCarlo.Integrator;
import org.umwelt.physics.statistics.Estimate;
import org.umwelt.physics.statistics.GammaMethod;

class SamplersTest {
  private static final Backend BACKEND = new CpuBackend(2);

  @AfterAll
  static void close() {
    BACKEND.close();
  }

  /** Measurements of every chain, behind a burn-in in which proposals are adapted. */
  private static List<List<Measurement>> sample(Chains chains, String words, int sweeps) {
    List<List<Measurement>> series = new ArrayList<>();
    for (int chain = 0; chain < chains.count(); chain++) {
      series.add(new ArrayList<>());
    }
    try (Sampler sampler = Sampler.of(words, chains, BACKEND)) {
      sampler.burnIn(sweeps / 10);
      for (int sweep = 0; sweep < sweeps; sweep++) {
        sampler.sweep();
        for (int chain = 0; chain < chains.count(); chain++) {
          series.get(chain).add(Measurement.of(chains, chain));
        }
      }
    }
    return series;
  }

  private static Estimate mean(
      List<List<Measurement>> series, ToDoubleFunction<Measurement> quantity) {
    return GammaMethod.mean(
        series.stream()
            .map(chain -> chain.stream().mapToDouble(quantity).toArray())
            .toArray(double[][]::new));
  }

  private static List<Double> pulls(
      List<List<Measurement>> series, Phi4 action, ExactObservables exact) {
    return List.of(
        mean(series, Measurement::phi2).pull(exact.phi2()),
        mean(series, Measurement::phi4).pull(exact.phi4()),
        mean(series, Measurement::neighbour).pull(exact.neighbour()),
        mean(series, m -> m.magnetisation() * m.magnetisation()).pull(exact.magnetisationSquared()),
        mean(series, Measurement::magnetisation).pull(0),
        mean(series, m -> m.virial(action)).pull(1));
  }

  /**
   * Three by three sites, an odd length, against the transfer matrix. Of six pulls each for eight
   * samplers one is beyond 3.5 twice in a hundred seeds.
   */
  @ParameterizedTest
  @ValueSource(
      strings = {
        "metropolis",
        "heatbath",
        "heatbath+overrelaxation",
        "metropolis+swendsen-wang",
        "leapfrog+wolff",
        "hmc+wolff",
        "hmc-fourier+wolff",
        "metropolis+wolff"
      })
  void samplersAgreeWithTheTransferMatrix(String sampler) {
    Phi4 action = Phi4.mass(2, -3.5, 6);
    ExactObservables exact = new TransferMatrix(action, 3, 12).compute().observables();
    Chains chains = new Chains(Lattice.cube(2, 3), action, 8, 11);

    List<List<Measurement>> series = sample(chains, sampler, 4000);

    assertThat(pulls(series, action, exact)).allMatch(pull -> Math.abs(pull) < 3.5);
    assertThat(mean(series, Measurement::phi2).converged()).isTrue();
  }

  @Test
  void samplersAgreeWithHypercubesInThreeDimensions() {
    Phi4 action = Phi4.kappa(3, 0.18, 0.4);
    ExactObservables exact = Hypercube.compute(action, 16);
    Chains chains = new Chains(Lattice.cube(3, 2), action, 8, 12);

    List<List<Measurement>> series = sample(chains, "heatbath+overrelaxation+swendsen-wang", 4000);

    assertThat(pulls(series, action, exact)).allMatch(pull -> Math.abs(pull) < 3.5);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "metropolis",
        "heatbath",
        "heatbath+overrelaxation",
        "leapfrog",
        "hmc",
        "hmc-fourier"
      })
  void freeFieldsAgreeInFourDimensions(String sampler) {
    Phi4 action = Phi4.textbook(4, 0.25, 0);
    Lattice lattice = Lattice.cube(4, 4);
    FreeField exact = new FreeField(lattice, action);

    List<List<Measurement>> series = sample(new Chains(lattice, action, 4, 13), sampler, 3000);

    assertThat(Math.abs(mean(series, Measurement::phi2).pull(exact.correlation(0, 0, 0, 0))))
        .isLessThan(3.5);
    assertThat(Math.abs(mean(series, Measurement::neighbour).pull(exact.correlation(1, 0, 0, 0))))
        .isLessThan(3.5);
    assertThat(Math.abs(mean(series, m -> m.virial(action)).pull(1))).isLessThan(3.5);
  }

  /**
   * Squares of pulls of 60 seeds add up to a chi-square: 60, with a standard deviation of 11. Over
   * 400 seeds they are 0.99, 0.90 and 1.23 times their number: where fast and slow modes mix, as in
   * a heat bath, the window of the Gamma method cuts off a tenth of the error.
   */
  @ParameterizedTest
  @ValueSource(strings = {"hmc+swendsen-wang", "metropolis+wolff", "heatbath"})
  @Tag("slow")
  void pullsAreDistributedAsTheyShouldBe(String sampler) {
    Phi4 action = Phi4.mass(2, -4, 6.975);
    ExactObservables exact = new TransferMatrix(action, 3, 12).compute().observables();
    double squares = 0;
    for (int seed = 0; seed < 60; seed++) {
      Chains chains = new Chains(Lattice.cube(2, 3), action, 4, seed);
      double pull =
          mean(sample(chains, sampler, 2000), m -> m.magnetisation() * m.magnetisation())
              .pull(exact.magnetisationSquared());
      squares += pull * pull;
    }
    assertThat(squares).isBetween(60 * 0.9 - 3 * 11.0, 60 * 1.23 + 3 * 11.0);
  }

  @Test
  void trajectoriesOfTheFreeFieldChangeTheEnergyAsTheyShould() {
    Phi4 action = Phi4.textbook(2, 0.25, 0);
    Lattice lattice = Lattice.cube(2, 8);
    Chains chains = new Chains(lattice, action, 16, 14);
    double exact = new FreeField(lattice, action).leapfrogEnergyChange(0.25, 4);
    try (HybridMonteCarlo hmc =
        new HybridMonteCarlo(chains, Integrator.LEAPFROG, 0.25, 4, BACKEND)) { // 4: no jitter
      double[][] changes = new double[16][1500];
      double[][] weights = new double[16][1500];
      double[][] accepted = new double[1][1500];
      for (int t = -200; t < 1500; t++) {
        double share = hmc.apply(chains);
        for (int chain = 0; chain < 16 && t >= 0; chain++) {
          changes[chain][t] = hmc.energyChanges().get(chain);
          weights[chain][t] = Math.exp(-changes[chain][t]);
          accepted[0][t] = share;
        }
      }
      assertThat(Math.abs(GammaMethod.mean(changes).pull(exact))).isLessThan(3.5);
      assertThat(Math.abs(GammaMethod.mean(weights).pull(1))).isLessThan(3.5);
      // erfc(sqrt(change) / 2) is an approximation for many modes: 0.841 here.
      assertThat(GammaMethod.mean(accepted).value()).isCloseTo(0.841, within(0.01));
    }
  }

  /** With M^2 = m2 all modes have one frequency: the change is that of one mode, V times. */
  @Test
  void withMassesOfModesAllOfAFreeFieldMoveAtOnePace() {
    Lattice lattice = Lattice.cube(2, 8);
    Phi4 action = Phi4.textbook(2, 0.25, 0);
    double square = 0.4 * 0.4; // (step omega)^2, omega^2 = 2 hopping = 1
    double sine = Math.sin(4 * Math.acos(1 - square / 2));
    double exact = lattice.sites() * sine * sine * Math.pow(square / 4, 2) / (1 - square / 4) / 2;
    Chains chains = new Chains(lattice, action, 16, 18);
    FreeField free = new FreeField(lattice, action);
    List<List<Measurement>> series = new ArrayList<>();
    double[][] changes = new double[16][1500];
    double[][] weights = new double[16][1500];
    try (HybridMonteCarlo hmc =
        new HybridMonteCarlo(chains, Integrator.LEAPFROG, 0.4, 4, 0.25, BACKEND)) {
      for (int t = -50; t < 1500; t++) {
        hmc.apply(chains);
        for (int chain = 0; chain < 16 && t >= 0; chain++) {
          changes[chain][t] = hmc.energyChanges().get(chain);
          weights[chain][t] = Math.exp(-changes[chain][t]);
          if (t == 0) {
            series.add(new ArrayList<>());
          }
          series.get(chain).add(Measurement.of(chains, chain));
        }
      }
    }
    assertThat(Math.abs(GammaMethod.mean(changes).pull(exact))).isLessThan(3.5);
    assertThat(Math.abs(GammaMethod.mean(weights).pull(1))).isLessThan(3.5);
    assertThat(Math.abs(mean(series, Measurement::phi2).pull(free.correlation(0, 0))))
        .isLessThan(3.5);
    assertThat(
            Math.abs(
                mean(series, m -> m.magnetisation() * m.magnetisation())
                    .pull(free.magnetisationSquared())))
        .isLessThan(3.5);
  }

  /** A correlation length of 10: unit masses need some times as long for the slowest mode. */
  @Test
  void massesOfModesShortenTheAutocorrelationNearCriticality() {
    double[] times = new double[2];
    for (int fourier = 0; fourier < 2; fourier++) {
      Chains chains = new Chains(Lattice.cube(2, 16), Phi4.textbook(2, 0.01, 0), 4, 19);
      double[][] squares = new double[4][2000];
      try (HybridMonteCarlo hmc =
          fourier == 1
              ? new HybridMonteCarlo(chains, Integrator.LEAPFROG, 0.15, 10, 0.01, BACKEND)
              : new HybridMonteCarlo(chains, Integrator.LEAPFROG, 0.15, 10, BACKEND)) {
        for (int t = -100; t < 2000; t++) {
          hmc.apply(chains);
          for (int chain = 0; chain < 4 && t >= 0; chain++) {
            squares[chain][t] = Math.pow(Measurement.of(chains, chain).magnetisation(), 2);
          }
        }
      }
      times[fourier] = GammaMethod.mean(squares).tauInt();
    }
    assertThat(times[1]).isBetween(0.3, 1.0);
    assertThat(times[0]).isGreaterThan(10 * times[1]);
  }

  @ParameterizedTest
  @ValueSource(strings = {"LEAPFROG", "OMELYAN"})
  void trajectoriesWithMassesOfModesCanBeWalkedBack(String integrator) {
    Phi4 action = Phi4.mass(2, -4, 6.975);
    Chains chains = new Chains(new Lattice(6, 5), action, 3, 20);
    try (HybridMonteCarlo hmc =
        new HybridMonteCarlo(chains, Integrator.valueOf(integrator), 0.05, 20, 0.44, BACKEND)) {
      for (int i = 0; i < 50; i++) {
        hmc.apply(chains);
      }
      hmc.refresh();
      double[] start = chains.fields().clone();
      double[] momentum = hmc.momentum().clone();
      double[] before = hmc.energies();
      assertThat(hmc.momentum()).containsExactly(momentum);
      hmc.integrate(20);
      double[] after = hmc.energies();
      assertThat(after).containsExactly(before, within(0.5)).isNotEqualTo(before);
      for (int i = 0; i < start.length; i++) {
        hmc.momentum()[i] *= -1;
      }
      hmc.integrate(20);
      assertThat(chains.fields()).containsExactly(start, within(1e-10));
      assertThat(hmc.energies()).containsExactly(before, within(1e-9));
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"LEAPFROG", "OMELYAN"})
  void trajectoriesCanBeWalkedBackAndErrorsAreOfSecondOrder(String integrator) {
    Phi4 action = Phi4.mass(2, -4, 6.975);
    double[] errors = new double[2];
    for (int halving = 0; halving < 2; halving++) {
      Chains chains = new Chains(Lattice.cube(2, 6), action, 16, 15);
      int steps = 60 << halving;
      try (HybridMonteCarlo hmc =
          new HybridMonteCarlo(
              chains, Integrator.valueOf(integrator), 0.5 / steps, steps, BACKEND)) {
        RandomStream random = new RandomStream(3);
        for (int i = 0; i < hmc.momentum().length; i++) {
          hmc.momentum()[i] = random.nextGaussian();
        }
        double[] start = chains.fields().clone();
        double[] before = hmc.energies();
        hmc.integrate(steps);
        double[] after = hmc.energies();
        for (int chain = 0; chain < 16; chain++) {
          errors[halving] += Math.pow(after[chain] - before[chain], 2);
        }
        for (int i = 0; i < hmc.momentum().length; i++) {
          hmc.momentum()[i] *= -1;
        }
        hmc.integrate(steps);
        for (int i = 0; i < start.length; i++) {
          assertThat(chains.fields()[i]).isCloseTo(start[i], within(1e-10));
        }
      }
    }
    assertThat(Math.sqrt(errors[0] / errors[1])).isBetween(3.6, 4.4);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "metropolis+wolff",
        "heatbath+overrelaxation+swendsen-wang",
        "leapfrog",
        "hmc-fourier"
      })
  void chainsGoOnBitByBitAndThreadsDoNotMatter(String sampler) throws IOException {
    Phi4 action = Phi4.kappa(2, 0.27, 0.022);
    Lattice lattice = new Lattice(6, 5);
    Chains whole = new Chains(lattice, action, 3, 16);
    Chains first = new Chains(lattice, action, 3, 16);
    Chains second = new Chains(lattice, action, 3, 16);
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (Backend one = new CpuBackend(1);
        Sampler undisturbed = Sampler.of(sampler, whole, BACKEND);
        Sampler killed = Sampler.of(sampler, first, BACKEND);
        Sampler resumed = Sampler.of(sampler, second, one)) {
      undisturbed.burnIn(20);
      killed.burnIn(20);
      for (int i = 0; i < 25; i++) {
        undisturbed.sweep();
        killed.sweep();
      }
      killed.writeState(new DataOutputStream(bytes));
      resumed.readState(new DataInputStream(new ByteArrayInputStream(bytes.toByteArray())));
      for (int i = 0; i < 15; i++) {
        undisturbed.sweep();
        resumed.sweep();
      }
    }

    assertThat(second.fields()).containsExactly(whole.fields());
    byte[] cut = Arrays.copyOf(bytes.toByteArray(), bytes.size() / 2);
    double[] before = second.fields().clone();
    assertThatThrownBy(() -> second.readState(new DataInputStream(new ByteArrayInputStream(cut))))
        .isInstanceOf(IOException.class);
    assertThat(second.fields()).containsExactly(before);
    assertThatThrownBy(() ->
            new Chains(lattice, action, 3, 17)
                .readState(new DataInputStream(new ByteArrayInputStream(bytes.toByteArray()))))
        .hasMessageContaining("seed 17, found 3, 30 and 16");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "metropolis+wolff",
        "heatbath+overrelaxation+swendsen-wang",
        "leapfrog",
        "hmc-fourier"
      })
  void chainsDoNotDependOnEachOther(String sampler) {
    Phi4 action = Phi4.kappa(2, 0.27, 0.022);
    Lattice lattice = new Lattice(6, 5);
    Chains whole = new Chains(lattice, action, 3, 16);
    sweep(whole, sampler, 40, BACKEND);
    Chains fewer = new Chains(lattice, action, 1, 16);
    sweep(fewer, sampler, 40, BACKEND);
    assertThat(fewer.fields()).containsExactly(whole.field(0));
    Chains other = new Chains(lattice, action, 1, 17);
    sweep(other, sampler, 40, BACKEND);
    assertThat(other.fields()).isNotEqualTo(fewer.fields());
  }

  private static void sweep(Chains chains, String words, int count, Backend backend) {
    try (Sampler sampler = Sampler.of(words, chains, backend)) {
      for (int i = 0; i < count; i++) {
        sampler.sweep();
      }
    }
  }

  @Test
  void whatCannotBeIsRefused() {
    Chains chains = new Chains(new Lattice(4), Phi4.mass(1, 1, 1), 1, 1);
    assertThatThrownBy(() -> new Chains(new Lattice(4), Phi4.mass(2, 1, 1), 1, 1))
        .hasMessageContaining("an action in 1 dimensions");
    assertThatThrownBy(() -> new Metropolis(chains, 0, BACKEND))
        .hasMessageContaining("positive width");
    assertThatThrownBy(() -> new HybridMonteCarlo(chains, Integrator.LEAPFROG, 0.1, 0, BACKEND))
        .hasMessageContaining("at least 1 of them");
    assertThatThrownBy(() -> Sampler.of("wolff", chains, BACKEND))
        .isInstanceOf(BadRequestException.class)
        .hasMessageContaining("reaches every field");
    assertThatThrownBy(() -> Sampler.of("gibbs", chains, BACKEND))
        .isInstanceOf(BadRequestException.class)
        .hasMessageContaining("got gibbs");
    assertThatThrownBy(() -> new Wolff(0)).hasMessageContaining("at least 1 cluster");
  }
}
