package org.umwelt.envs.games;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.ServiceLoader;
import org.junit.jupiter.api.Test;
import org.umwelt.kernels.bench.Benchmark;
import org.umwelt.kernels.bench.Measurement;
import org.umwelt.kernels.settings.Settings;

class EmbeddedBenchmarkTest {
  @Test
  void measuresSpeedAndHeapOfEachGameSingleAndVectorOverFiveRounds() {
    Benchmark benchmark =
        ServiceLoader.load(Benchmark.class).stream()
            .map(ServiceLoader.Provider::get)
            .filter(candidate -> candidate.name().equals("embedded"))
            .findFirst()
            .orElseThrow();
    List<String> progress = new ArrayList<>();

    List<Measurement> measurements =
        benchmark.run(
            new Settings(
                "bench embedded",
                benchmark.settings(),
                Map.of("steps", "1000", "envs", "3", "threads", "2")),
            progress::add);

    assertThat(measurements)
        .hasSize(4 * 2 * 2)
        .allSatisfy(measurement -> assertThat(measurement.ours()).hasSize(5));
    assertThat(measurements)
        .filteredOn(measurement -> measurement.unit().equals("steps/s"))
        .hasSize(8)
        .allSatisfy(speed -> assertThat(speed.ours()).allMatch(value -> value > 0));
    assertThat(measurements)
        .extracting(Measurement::quantity)
        .contains(
            "umwelt/Catch-v0, one game on one core: speed",
            "umwelt/Dodge-v0, 3 games on 2 threads: heap")
        .doesNotHaveDuplicates();
    assertThat(progress).contains("round 1 of 5", "round 5 of 5");
  }
}
