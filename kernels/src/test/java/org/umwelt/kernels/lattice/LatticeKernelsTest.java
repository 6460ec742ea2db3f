package org.umwelt.kernels.lattice;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.umwelt.kernels.backend.Backend;
import org.umwelt.kernels.backend.Call;
import org.umwelt.kernels.backend.CpuBackend;
import org.umwelt.kernels.backend.Kernel;
import org.umwelt.kernels.backend.Work;

class LatticeKernelsTest extends LatticeKernelsContract {
  @Override
  protected Backend open() {
    return new CpuBackend(2);
  }

  /** Everything of three sweeps, of lattices of several blocks too. */
  private static double[] sweeps(int[] shape, int threads) {
    int chains = 2;
    int sites = Arrays.stream(shape).reduce(1, (a, b) -> a * b);
    int colours = Arrays.stream(shape).allMatch(length -> length % 2 == 0) ? 2 : 3;
    int half = chains * sites / shape[shape.length - 1] * (shape[shape.length - 1] / 2);
    int pairs = Math.ceilDiv(sites, 2);
    int parts = Math.ceilDiv(sites, 100);
    double[] field = new double[chains * sites];
    double[] energies = new double[chains * parts];
    double[] couplings = {0.7, -0.4, 0.1, 1.3};
    int[] counts = new int[half];
    int[] place = {1, 2, 3, 0};
    try (Backend backend = new CpuBackend(threads)) {
      backend.run(
          Call.of(LatticeKernels.NORMAL, Work.range(chains * pairs), field, place, pairs, sites));
      for (Kernel kernel :
          new Kernel[] {
            LatticeKernels.METROPOLIS, LatticeKernels.REFLECTION, LatticeKernels.HEAT_BATH
          }) {
        place[2]++;
        for (int colour = 0; colour < colours; colour++) {
          backend.run(
              Call.of(
                  kernel,
                  Work.range(half),
                  field,
                  counts,
                  shape,
                  couplings,
                  place,
                  colour,
                  colours,
                  sites,
                  shape.length));
        }
      }
      backend.run(
          Call.of(
              LatticeKernels.ENERGY,
              Work.range(energies.length),
              energies,
              field,
              field,
              shape,
              couplings,
              parts,
              sites,
              shape.length));
    }
    double[] all = Arrays.copyOf(field, field.length + energies.length);
    System.arraycopy(energies, 0, all, field.length, energies.length);
    return all;
  }

  @ParameterizedTest
  @MethodSource("shapes")
  void threadsDoNotMatter(int[] shape) {
    double[] expected = sweeps(shape, 1);
    assertThat(sweeps(shape, 2)).containsExactly(expected);
    assertThat(sweeps(shape, 3)).containsExactly(expected);
  }
}
