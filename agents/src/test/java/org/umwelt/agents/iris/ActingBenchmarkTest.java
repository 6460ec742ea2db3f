package org.umwelt.agents.iris;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.umwelt.kernels.bench.Measurement;
import org.umwelt.kernels.settings.Settings;

class ActingBenchmarkTest {
  @TempDir private Path folder;

  @Test
  void bothSidesAreMeasuredInOneRowAndInSeveral() {
    Path agent = TinyAgent.write(folder.resolve("agent.safetensors"));
    ActingBenchmark benchmark = new ActingBenchmark();
    Settings settings =
        new Settings(
            "bench acting",
            benchmark.settings(),
            Map.of("agent", agent.toString(), "rows", "3", "steps", "2"));
    List<Measurement> measurements = benchmark.run(settings, _ -> {});
    assertThat(measurements)
        .extracting(Measurement::quantity)
        .containsExactly(
            "step of 1 row: CPU",
            "step of 1 row: wall",
            "step of 3 rows: CPU",
            "step of 3 rows: wall");
    assertThat(measurements)
        .allSatisfy(measurement -> {
          assertThat(measurement.ours()).hasSize(5);
          assertThat(measurement.theirs()).hasSize(5);
          assertThat(measurement.ratio()).isPositive();
        });
  }
}
