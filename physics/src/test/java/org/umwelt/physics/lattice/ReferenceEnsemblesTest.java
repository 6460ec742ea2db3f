package org.umwelt.physics.lattice;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Map;
import java.util.Objects;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.umwelt.kernels.backend.Backend;
import org.umwelt.kernels.backend.CpuBackend;
import org.umwelt.physics.statistics.Estimate;

/**
 * Ensembles that flows are compared on, against values of another program: 200 bins, errors by the
 * jackknife. Differences in units of both errors together.
 */
@Tag("slow")
class ReferenceEnsemblesTest {
  private static final double MOST_ERRORS = 4; // of some 60 differences

  /**
   * Samples an ensemble.
   *
   * @param largestError that is allowed, in units of the printed ones
   * @param expected name, value and error joined by spaces, several joined by semicolons
   */
  private static void compare(
      int size, Phi4 action, int sweeps, double largestError, String expected) {
    Chains chains = new Chains(Lattice.cube(2, size), action, 8, 41);
    Observables observables = new Observables(chains);
    try (Backend backend = new CpuBackend(2);
        Sampler sampler = Sampler.of("heatbath+wolff", chains, backend)) {
      sampler.burnIn(sweeps / 10);
      for (int sweep = 0; sweep < sweeps; sweep++) {
        sampler.sweep();
        observables.measure();
      }
    }
    Map<String, Estimate> all = observables.estimates();
    for (String one : expected.split(";", -1)) {
      String[] words = one.strip().split(" +", -1);
      Estimate found = Objects.requireNonNull(all.get(words[0]), words[0]);
      double printed = Double.parseDouble(words[2]);
      double pull =
          (found.value() - Double.parseDouble(words[1])) / Math.hypot(found.error(), printed);
      assertThat(Math.abs(pull))
          .as("%s: %s against %s(%s)", words[0], found.concise(), words[1], words[2])
          .isLessThan(MOST_ERRORS);
      assertThat(found.error() / printed).as("error of %s", words[0]).isLessThan(largestError);
    }
    Estimate virial = Objects.requireNonNull(all.get("virial"));
    assertThat(Math.abs(virial.pull(1))).as("virial").isLessThan(MOST_ERRORS);
    assertThat(Objects.requireNonNull(all.get("M^2")).converged()).isTrue();
  }

  /** m2 = -4: ensembles E2 and E3 of arXiv 1904.12072, and that of arXiv 2101.08176. */
  @ParameterizedTest
  @CsvSource({
    "8, 6.008, |M| 0.14200 0.00008; M^2 0.029549 0.000028; chi 1.8911 0.0018; chi' 0.6006 0.0006; U4 0.2082 0.0005; phi^2 0.183816 0.000023; phi^4 0.066736 0.000014; action 0.09892 0.00005; xi2 1.9956 0.0016; L*mbar 3.974 0.003",
    "10, 5.550, |M| 0.14112 0.00007; M^2 0.029055 0.000027; chi 2.9055 0.0027; chi' 0.9140 0.0009; U4 0.2182 0.0005; phi^2 0.199016 0.000021; phi^4 0.076974 0.000014; action 0.07290 0.00005; xi2 2.4977 0.0021; L*mbar 3.988 0.003",
    "8, 8.0, |M| 0.08698 0.00005; M^2 0.011623 0.000012; chi 0.7439 0.0008; chi' 0.2596 0.0003; U4 0.0807 0.0007; phi^2 0.143435 0.000014; phi^4 0.042309 0.000008; action 0.16152 0.00004; xi2 1.2331 0.0016; L*mbar 6.323 0.007"
  })
  void ensemblesOfFixedMassHaveTheirValues(int size, double lambda, String expected) {
    compare(size, Phi4.mass(2, -4, lambda), 30_000, 5, expected);
  }

  /** The ordered side: the benchmark of arXiv 2201.13117. */
  @ParameterizedTest
  @CsvSource({
    "14, |M| 0.4401 0.0004; M^2 0.2010 0.0003; chi 39.40 0.05; chi' 1.436 0.011; U4 0.6332 0.0002; phi^2 0.32595 0.00012; phi^4 0.16746 0.00009; action -0.3543 0.0003; neighbour 0.24095 0.00015"
  })
  void theOrderedEnsembleHasItsValues(int size, String expected) {
    compare(size, Phi4.mass(2, -4.75, 5.1), 15_000, 2, expected);
  }

  /** Both sides of the transition and next to it, at lambda = 0.022 of arXiv 2007.07115. */
  @ParameterizedTest
  @CsvSource({
    "0.25, |M| 0.3148 0.0006; M^2 0.1507 0.0005; chi 9.65 0.03; chi' 3.305 0.012; U4 0.1076 0.0021; phi^2 0.8101 0.0006; phi^4 1.7944 0.0025; action 0.46054 0.00012; neighbour 0.3534 0.0006",
    "0.27, |M| 0.8844 0.0019; M^2 0.934 0.003; chi 59.8 0.2; chi' 9.72 0.03; U4 0.5020 0.0010; phi^2 1.5609 0.0029; phi^4 5.309 0.015; action 0.38323 0.00021; neighbour 1.135 0.003",
    "0.30, |M| 2.0878 0.0005; M^2 4.3831 0.0022; chi 280.5 0.1; chi' 1.550 0.006; U4 0.65946 0.00003; phi^2 4.7673 0.0020; phi^4 29.565 0.021; action -0.14999 0.00017; neighbour 4.465 0.002"
  })
  void ensemblesOfFixedLambdaHaveTheirValues(double kappa, String expected) {
    compare(8, Phi4.kappa(2, kappa, 0.022), 20_000, 3, expected);
  }
}
