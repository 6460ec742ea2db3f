package org.umwelt.physics.lattice;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.umwelt.kernels.settings.BadRequestException;
import org.umwelt.kernels.settings.Settings;
import org.umwelt.kernels.verification.Check;

class Phi4VerificationTest {
  private static List<Check> run(Map<String, String> given) {
    Phi4Verification verification = new Phi4Verification();
    return verification.run(new Settings("verify phi4", verification.settings(), given), _ -> {});
  }

  /** One circle, one square, one hypercube, one free field. */
  @ParameterizedTest
  @CsvSource({"1, 7, -2, 1", "2, 3, 1, 1", "3, 2, -1, 0.7", "2, 6, 0.25, 0"})
  void samplersAgreeForAnyCouplings(String dim, String size, String m2, String lambda) {
    List<Check> checks =
        run(
            Map.of(
                "dim",
                dim,
                "size",
                size,
                "m2",
                m2,
                "lambda",
                lambda,
                "sweeps",
                "3000",
                "samplers",
                "metropolis+wolff,hmc+wolff"));

    assertThat(checks).hasSize(13).allMatch(Check::passed);
  }

  /** In a deep double well, which Metropolis hardly ever crosses. */
  @Test
  void chainsThatAreTooShortDoNotPass() {
    List<Check> checks =
        run(
            Map.of(
                "dim",
                "1",
                "size",
                "16",
                "m2",
                "-4",
                "lambda",
                "1",
                "sweeps",
                "300",
                "chains",
                "2",
                "samplers",
                "metropolis"));

    assertThat(checks)
        .filteredOn(check -> check.quantity().equals("metropolis M"))
        .hasSize(1)
        .noneMatch(Check::passed);
  }

  @Test
  void whatHasNoExactResultIsRefused() {
    assertThatThrownBy(() -> run(Map.of("dim", "2", "size", "6")))
        .isInstanceOf(BadRequestException.class)
        .hasMessageContaining("a lattice with an exact result");
    assertThatThrownBy(() -> run(Map.of("lambda", "0")))
        .isInstanceOf(BadRequestException.class)
        .hasMessageContaining("positive mass squared");
    assertThatThrownBy(() -> run(Map.of("m2", "-30", "lambda", "1")))
        .isInstanceOf(BadRequestException.class)
        .hasMessageContaining("virial identity");
    assertThatThrownBy(
            () -> run(Map.of("dim", "4", "size", "64", "m2", "1", "lambda", "0", "chains", "4096")))
        .isInstanceOf(BadRequestException.class)
        .hasMessageContaining("take fewer or a smaller one");
    assertThatThrownBy(() -> run(Map.of("samplers", "metropolis,gibbs")))
        .isInstanceOf(BadRequestException.class)
        .hasMessageContaining("got gibbs");
  }
}
