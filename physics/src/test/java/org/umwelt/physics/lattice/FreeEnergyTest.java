package org.umwelt.physics.lattice;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.umwelt.kernels.backend.Backend;
import org.umwelt.kernels.backend.CpuBackend;

class FreeEnergyTest {
  @ParameterizedTest
  @ValueSource(ints = {1, 2, 3, 8, 21})
  void nodesIntegratePolynomialsExactly(int n) {
    for (int power = 0; power < 2 * n; power++) {
      double sum = 0;
      for (int i = 0; i < n; i++) {
        double[] node = FreeEnergy.legendre(n, i);
        sum += node[1] * Math.pow(node[0], power);
      }
      assertThat(sum).isCloseTo(power % 2 == 0 ? 2.0 / (power + 1) : 0, within(1e-13));
    }
  }

  @Test
  void aSmallSquareHasItsExactFreeEnergy() {
    List<String> progress = new ArrayList<>();
    try (Backend backend = new CpuBackend(2)) {
      FreeEnergy found =
          FreeEnergy.integrate(
              Lattice.cube(2, 3),
              Phi4.mass(2, -4, 6.975),
              6,
              8,
              2000,
              31,
              "heatbath+wolff",
              backend,
              progress::add);

      double exact = 1.9698242751;
      assertThat(Math.abs(found.logPartitionFunction() - exact)).isLessThan(3.5 * found.error());
      assertThat(found.error()).isLessThan(0.02);
      assertThat(found.converged()).isTrue();
    }
    assertThat(progress).hasSize(6).last().asString().endsWith("6 of 6");
  }

  /** Ensemble E1: 6.9849479 by the transfer matrix. */
  @Test
  @Tag("slow")
  void ensembleOneHasItsFreeEnergy() {
    try (Backend backend = new CpuBackend(2)) {
      FreeEnergy found =
          FreeEnergy.integrate(
              Lattice.cube(2, 6),
              Phi4.mass(2, -4, 6.975),
              8,
              8,
              10_000,
              32,
              "heatbath+wolff",
              backend,
              _ -> {});

      assertThat(Math.abs(found.logPartitionFunction() - 6.9849479))
          .isLessThan(3.5 * found.error());
      assertThat(found.error()).isLessThan(0.01);
    }
  }

  @Test
  void freeFieldsAreRefused() {
    try (Backend backend = new CpuBackend(1)) {
      assertThatThrownBy(() ->
              FreeEnergy.integrate(
                  Lattice.cube(2, 3), Phi4.mass(2, 1, 0), 6, 1, 10, 1, "hmc", backend, _ -> {}))
          .hasMessageContaining("positive quartic coupling");
    }
  }
}
