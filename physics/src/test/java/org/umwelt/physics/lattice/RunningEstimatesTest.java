package org.umwelt.physics.lattice;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import org.umwelt.kernels.backend.Backend;
import org.umwelt.kernels.backend.CpuBackend;
import org.umwelt.kernels.parallel.WorkerTeam;
import org.umwelt.physics.statistics.Estimate;
import org.umwelt.physics.statistics.GammaMethod;

class RunningEstimatesTest {
  private static final Lattice LATTICE = Lattice.cube(2, 4);
  private static final Phi4 ACTION = Phi4.mass(2, -4, 6.975);

  private static MeasurementSeries sample(int sweeps, int most) {
    Chains chains = new Chains(LATTICE, ACTION, 2, 4);
    try (Backend backend = new CpuBackend(1);
        WorkerTeam team = new WorkerTeam(1);
        Sampler sampler = Sampler.of("metropolis", chains, backend)) {
      Observables observables = new Observables(chains, sampler.updates(), true, team, most);
      for (int i = 0; i < sweeps; i++) {
        sampler.sweep();
        observables.measure();
      }
      return observables.series();
    }
  }

  @Test
  void areThoseOfTheLatestMeasurements() throws InterruptedException {
    MeasurementSeries latest = sample(400, 100);
    RunningEstimates found = RunningEstimates.of(latest, LATTICE, ACTION);

    assertThat(found.total()).isEqualTo(400);
    assertThat(found.kept()).isEqualTo(100);
    double[][] all = sample(400, Integer.MAX_VALUE).of("M", 0);
    double[][] last = {Arrays.copyOfRange(all[0], 300, 400), Arrays.copyOfRange(all[1], 300, 400)};
    assertThat(Objects.requireNonNull(found.autocorrelations().get("M")).mean())
        .isEqualTo(GammaMethod.mean(last));
    assertThat(Arrays.stream(found.magnetisation().counts()).sum()).isEqualTo(200);
    Map<String, Estimate> means = new ObservableMeans(latest, LATTICE, ACTION).all();
    found.means().forEach((name, mean) -> assertThat(mean).isEqualTo(means.get(name)));
    for (int r = 0; r <= 2; r++) {
      assertThat(found.twoPoint().get(r)).isEqualTo(means.get("G(" + r + ")"));
      assertThat(found.slices().get(r)).isEqualTo(means.get("C(" + r + ")"));
    }
    assertThat(List.of(found.twoPoint().size(), found.slices().size())).containsOnly(3);
  }

  @Test
  void aThreadThatIsInterruptedStops() {
    MeasurementSeries series = sample(10, 100);
    Thread.currentThread().interrupt();
    assertThatThrownBy(() -> RunningEstimates.of(series, LATTICE, ACTION))
        .isInstanceOf(InterruptedException.class);
  }
}
