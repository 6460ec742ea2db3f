package org.umwelt.physics.lattice;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
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
          FreeEnergy.fromIndependentSites(
              Lattice.cube(2, 3),
              Phi4.mass(2, -4, 6.975),
              new FreeEnergy.Sampling(6, 8, 2000, 31, "heatbath+wolff"),
              backend,
              progress::add);

      double exact = 1.9698242751;
      assertThat(Math.abs(found.logPartitionFunction() - exact)).isLessThan(3.5 * found.error());
      assertThat(found.error()).isLessThan(0.02);
      assertThat(found.converged()).isTrue();
    }
    assertThat(progress).hasSize(6).last().asString().endsWith("6 of 6");
  }

  /** In lambda at constant m2, and in both at once, from a free field. */
  @ParameterizedTest
  @CsvSource({"1, 1, 1, -1.912187153", "1, -4, 6.975, 1.9698242751"})
  void aFreeFieldIsAStartToo(double start, double m2, double lambda, double exact) {
    try (Backend backend = new CpuBackend(2)) {
      FreeEnergy found =
          FreeEnergy.fromFreeField(
              Lattice.cube(2, 3),
              start,
              Phi4.mass(2, m2, lambda),
              new FreeEnergy.Sampling(12, 8, 2000, 33, "heatbath+wolff"),
              backend,
              _ -> {});
      assertThat(Math.abs(found.logPartitionFunction() - exact)).isLessThan(3.5 * found.error());
      assertThat(found.error()).isLessThan(0.05);
    }
  }

  /** In m2 alone, between two squares that are known. */
  @Test
  void massesDifferByWhatTheTransferMatrixSays() {
    Phi4 from = Phi4.mass(2, 1, 8);
    Phi4 to = Phi4.mass(2, -4, 8);
    double exact =
        new TransferMatrix(to, 3, 12).compute().observables().logPartitionFunction()
            - new TransferMatrix(from, 3, 12).compute().observables().logPartitionFunction();
    try (Backend backend = new CpuBackend(2)) {
      FreeEnergy found =
          FreeEnergy.difference(
              Lattice.cube(2, 3),
              from,
              to,
              new FreeEnergy.Sampling(5, 8, 2000, 34, "heatbath+wolff"),
              backend,
              _ -> {});
      assertThat(Math.abs(found.logPartitionFunction() - exact)).isLessThan(3.5 * found.error());
      assertThat(found.error()).isLessThan(0.02);
    }
  }

  /** Ensemble E1: 6.9849479 by the transfer matrix; 4x4 at two couplings by its rows. */
  @ParameterizedTest
  @CsvSource({"6, 6.975, 6.9849479", "4, 8, 2.4051389616", "4, 5.113, 5.4734724351"})
  @Tag("slow")
  void ensemblesHaveTheirFreeEnergies(int size, double lambda, double exact) {
    try (Backend backend = new CpuBackend(2)) {
      FreeEnergy found =
          FreeEnergy.fromIndependentSites(
              Lattice.cube(2, size),
              Phi4.mass(2, -4, lambda),
              new FreeEnergy.Sampling(8, 8, 10_000, 32, "heatbath+wolff"),
              backend,
              _ -> {});

      assertThat(Math.abs(found.logPartitionFunction() - exact)).isLessThan(3.5 * found.error());
      assertThat(found.error()).isLessThan(0.01);
    }
  }

  @Test
  void freeFieldsAreRefused() {
    try (Backend backend = new CpuBackend(1)) {
      FreeEnergy.Sampling sampling = new FreeEnergy.Sampling(6, 1, 10, 1, "hmc");
      assertThatThrownBy(() ->
              FreeEnergy.fromIndependentSites(
                  Lattice.cube(2, 3), Phi4.mass(2, 1, 0), sampling, backend, _ -> {}))
          .hasMessageContaining("positive quartic coupling");
      assertThatThrownBy(() ->
              FreeEnergy.fromFreeField(
                  Lattice.cube(2, 3), -1, Phi4.mass(2, 1, 1), sampling, backend, _ -> {}))
          .hasMessageContaining("positive mass squared");
    }
  }
}
