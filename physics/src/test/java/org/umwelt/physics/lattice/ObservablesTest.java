package org.umwelt.physics.lattice;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.umwelt.kernels.backend.Backend;
import org.umwelt.kernels.backend.CpuBackend;
import org.umwelt.kernels.parallel.WorkerTeam;
import org.umwelt.physics.statistics.Estimate;

class ObservablesTest {
  private static Map<String, Estimate> sample(
      Lattice lattice, Phi4 action, String words, int chains, int sweeps) {
    Chains all = new Chains(lattice, action, chains, 21);
    Observables observables = new Observables(all);
    try (Backend backend = new CpuBackend(2);
        Sampler sampler = Sampler.of(words, all, backend)) {
      sampler.burnIn(sweeps / 10);
      for (int sweep = 0; sweep < sweeps; sweep++) {
        sampler.sweep();
        observables.measure();
      }
    }
    assertThat(observables.count()).isEqualTo(sweeps);
    return observables.estimates();
  }

  private static Estimate of(Map<String, Estimate> all, String name) {
    return Objects.requireNonNull(all.get(name), name);
  }

  /** A wave of one direction, worked by hand. */
  @Test
  void aWaveHasTheCorrelatorOfAWave() {
    Lattice lattice = new Lattice(8, 4);
    Chains chains = new Chains(lattice, Phi4.mass(2, 1, 1), 2, 1);
    for (int site = 0; site < 32; site++) {
      chains.fields()[32 + site] = Math.cos(2 * Math.PI * lattice.coordinate(site, 0) / 8) + 0.5;
    }
    double[] c = Correlator.slices(chains, 1, 0);
    for (int t = 0; t <= 4; t++) {
      assertThat(c[t]).isCloseTo(Math.cos(2 * Math.PI * t / 8) / 2 + 0.25, within(1e-14));
    }
    assertThat(Correlator.slices(chains, 1, 1))
        .containsExactly(new double[] {0.25, 0.25, 0.25}, within(1e-14));
    // phi(k) is V / 2; of the two directions only the first has its length.
    assertThat(Correlator.structureFactor(chains, 1)).isCloseTo(32 / 4.0, within(1e-12));
    double[] cosh = new double[5];
    for (int t = 0; t <= 4; t++) {
      cosh[t] = Math.cosh(0.7 * (4 - t));
    }
    for (int t = 1; t <= 4; t++) {
      assertThat(Correlator.effectiveMass(cosh, 8, t)).isCloseTo(0.7, within(1e-12));
    }
    assertThat(Correlator.effectiveMass(new double[] {1, 1.5, 1}, 4, 1)).isNaN();
  }

  /** By Fourier transform as by the sum it stands for, odd and uneven lattices too. */
  @Test
  void theTwoPointFunctionIsTheDoubleSum() {
    for (Lattice lattice :
        List.of(new Lattice(5), new Lattice(6, 6), new Lattice(3, 4, 2), new Lattice(2, 3, 2, 2))) {
      Chains chains = new Chains(lattice, Phi4.mass(lattice.dimensions(), 1, 1), 2, 5);
      double[] found = TwoPointFunction.of(chains);
      int sites = lattice.sites();
      for (int x = 0; x < sites; x++) {
        int[] shifted = new int[lattice.dimensions()];
        double sum = 0;
        for (int y = 0; y < sites; y++) {
          for (int mu = 0; mu < shifted.length; mu++) {
            shifted[mu] = lattice.coordinate(x, mu) + lattice.coordinate(y, mu);
          }
          sum += chains.fields()[sites + y] * chains.fields()[sites + lattice.site(shifted)];
        }
        assertThat(found[sites + x]).isCloseTo(sum / sites, within(1e-13));
      }
      assertThat(TwoPointFunction.onAxis(lattice, found, 1)[0])
          .isCloseTo(Measurement.of(chains, 1).phi2(), within(1e-13));
      assertThat(TwoPointFunction.onAxis(lattice, found, 1)).hasSize(lattice.length(0) / 2 + 1);
    }
  }

  /** What samplers measure themselves, the identities, and G, against exact values. */
  @Test
  void identitiesHoldAndClustersEstimateTheSusceptibility() {
    Lattice lattice = Lattice.cube(2, 4);
    Chains chains = new Chains(lattice, Phi4.mass(2, -4, 6.975), 8, 4);
    try (Backend backend = new CpuBackend(1);
        WorkerTeam team = new WorkerTeam(2);
        Sampler sampler = Sampler.of("wolff+hmc+wolff", chains, backend)) {
      Observables observables = new Observables(chains, sampler.updates(), true, team);
      sampler.burnIn(300);
      for (int sweep = 0; sweep < 4000; sweep++) {
        sampler.sweep();
        observables.measure();
      }
      Map<String, Estimate> all = observables.estimates();
      Estimate improved = of(all, "chi_improved");
      double chi = 16 * 0.0584357953; // exact
      assertThat(Math.abs(improved.pull(chi))).isLessThan(3.5);
      assertThat(Math.abs(of(all, "chi").pull(chi))).isLessThan(3.5);
      assertThat(Math.abs(of(all, "exp(-dH)").pull(1))).isLessThan(3.5);
      assertThat(Math.abs(of(all, "schwinger-dyson").pull(0))).isLessThan(3.5);
      assertThat(Math.abs(of(all, "virial").pull(1))).isLessThan(3.5);
      assertThat(Math.abs(of(all, "G(0)").pull(0.1673917691))).isLessThan(3.5);
      assertThat(Math.abs(of(all, "G(1)").pull(0.0692851041))).isLessThan(3.5);
      assertThat(observables.series("G", 1)).hasDimensions(8, 4000);

      // What was kept can be taken up again.
      Observables again = new Observables(chains, sampler.updates(), true, team);
      again.add(observables.measure());
      assertThat(again.series("C", 2)[7][0]).isEqualTo(observables.series("C", 2)[7][4000]);
    }
  }

  /** Every effective mass of the free field is arccosh(1 + m2 / 2), its xi2 is 1 / sqrt(m2). */
  @Test
  void theFreeFieldHasItsMassAtEveryDistance() {
    Map<String, Estimate> all =
        sample(Lattice.cube(2, 8), Phi4.textbook(2, 0.25, 0), "hmc", 8, 3000);

    for (int t = 1; t <= 4; t++) {
      assertThat(Math.abs(of(all, "m(%d)".formatted(t)).pull(0.4949329231))).isLessThan(3.5);
    }
    assertThat(Math.abs(of(all, "xi2").pull(2))).isLessThan(3.5);
    assertThat(Math.abs(of(all, "U4").pull(0))).isLessThan(3.5); // Gaussian
    assertThat(Math.abs(of(all, "chi").pull(64 * 0.0625))).isLessThan(3.5);
    assertThat(Math.abs(of(all, "M^2").pull(0.0625))).isLessThan(3.5);
    assertThat(Math.abs(of(all, "virial").pull(1))).isLessThan(3.5);
    assertThat(of(all, "M^2").converged()).isTrue();
    assertThat(of(all, "action").value()).isCloseTo(0.5, within(0.01)); // half per mode
  }

  /** Exact values of a square of 4 by 4, and of U4 there. */
  @Test
  void anInteractingSquareHasItsExactCorrelator() {
    Map<String, Estimate> all =
        sample(Lattice.cube(2, 4), Phi4.mass(2, -4, 6.975), "heatbath+wolff", 8, 6000);

    assertThat(Math.abs(of(all, "C(0)").pull(0.088674055101))).isLessThan(3.5);
    assertThat(Math.abs(of(all, "C(1)").pull(0.051813856847))).isLessThan(3.5);
    assertThat(Math.abs(of(all, "C(2)").pull(0.041441412584))).isLessThan(3.5);
    assertThat(Math.abs(of(all, "U4").pull(0.29436))).isLessThan(3.5);
    assertThat(Math.abs(of(all, "phi^2").pull(0.1673917691))).isLessThan(3.5);
    assertThat(Math.abs(of(all, "action").pull(0.5 - 6.975 * 0.0557089904))).isLessThan(3.5);
  }

  /** Ensemble E1 of arXiv 1904.12072 against Monte-Carlo values of the specification. */
  @Test
  @Tag("slow")
  void ensembleOneHasItsPublishedValues() {
    Map<String, Estimate> all =
        sample(Lattice.cube(2, 6), Phi4.mass(2, -4, 6.975), "heatbath+wolff", 8, 30_000);
    Map<String, double[]> published =
        Map.of(
            "|M|", new double[] {0.14142, 0.00006},
            "M^2", new double[] {0.029511, 0.000024},
            "chi", new double[] {1.0624, 0.0009},
            "chi'", new double[] {0.3424, 0.0003},
            "U4", new double[] {0.1912, 0.0004},
            "phi^2", new double[] {0.161368, 0.000021},
            "phi^4", new double[] {0.052564, 0.000012},
            "action", new double[] {0.13332, 0.00005},
            "xi2", new double[] {1.4828, 0.0010});
    published.forEach((name, value) -> {
      Estimate found = of(all, name);
      double error = Math.hypot(found.error(), value[1]);
      assertThat(Math.abs(found.value() - value[0])).as(name).isLessThan(3.5 * error);
    });
    assertThat(Math.abs(of(all, "chi").pull(1.0630753))).isLessThan(3.5);
    assertThat(Math.abs(of(all, "m(3)").pull(0.66057))).isLessThan(3.5);
    assertThat(Math.abs(of(all, "L*mbar").pull(3.9745))).isLessThan(3.5);
  }
}
