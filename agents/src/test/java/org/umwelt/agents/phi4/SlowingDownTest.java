package org.umwelt.agents.phi4;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.umwelt.agents.runs.Provenance;
import org.umwelt.agents.runs.RunFolder;
import org.umwelt.agents.training.Training;
import org.umwelt.agents.training.TrainingListener;
import org.umwelt.kernels.settings.Settings;
import org.umwelt.physics.statistics.Estimate;

class SlowingDownTest {
  @TempDir private Path folder;

  @Test
  void aPowerLawHasItsExponent() {
    double[][] columns = new double[3][4];
    for (int i = 0; i < 4; i++) {
      columns[0][i] = 8 << i;
      columns[1][i] = 0.3 * Math.pow(columns[0][i], 1.7);
      columns[2][i] = 0.01 * columns[1][i];
    }
    Estimate z = SlowingDownRun.exponent(columns);
    assertThat(z.value()).isCloseTo(1.7, within(1e-12));
    // Equal weights: error of a slope, 0.01 / sqrt(sum of squared deviations of log L).
    assertThat(z.error()).isCloseTo(0.01 / (Math.log(2) * Math.sqrt(5)), within(1e-12));
  }

  /** z is about 2 for local updates; clusters have far less (section 3 of the specification). */
  @Test
  @Tag("slow")
  void clustersSlowDownFarLessThanLocalUpdates() throws Exception {
    SlowingDown slowing = new SlowingDown();
    Settings settings =
        new Settings(
            slowing.name(),
            slowing.settings(),
            Map.of(
                "sizes", "8,14,20",
                "lambdas", "6.008,5.113,4.807",
                "samplers", "metropolis,wolff+metropolis",
                "sweeps", "15000"));
    Path run = folder.resolve("run");
    try (Training training = new Training(slowing, settings, run);
        RunFolder open =
            RunFolder.create(
                run, Training.configJson(slowing, settings), Provenance.now(List.of("test")))) {
      ObjectNode result = training.run(open, 1, TrainingListener.NONE).orElseThrow();
      double local = result.path("z").path("metropolis").path("value").asDouble();
      double clusters = result.path("z").path("wolff+metropolis").path("value").asDouble();
      assertThat(local).isBetween(1.4, 2.4);
      assertThat(clusters).isLessThan(0.9);
      // On the largest lattice alone.
      assertThat(result.path("points").get(2).path("tau_int").asDouble())
          .isGreaterThan(5 * result.path("points").get(5).path("tau_int").asDouble());
      assertThat(run.resolve("plots/slowing-down.png")).isNotEmptyFile();
    }
  }
}
