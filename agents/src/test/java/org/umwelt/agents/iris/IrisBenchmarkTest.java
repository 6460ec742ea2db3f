package org.umwelt.agents.iris;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.ServiceLoader;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.umwelt.kernels.bench.Benchmark;
import org.umwelt.kernels.bench.Measurement;
import org.umwelt.kernels.settings.Settings;

class IrisBenchmarkTest {
  private static final Map<String, String> TINY =
      Map.of(
          "size", "small",
          "tokenizer.batch", "2",
          "world_model.batch", "1",
          "actor_critic.batch", "1",
          "frames_per_pass", "2",
          "threads", "1");

  @Test
  void withoutAReferenceItMeasuresOursAlone() {
    List<Measurement> measurements = run(TINY);

    assertThat(measurements)
        .hasSize(6 * 2)
        .allSatisfy(measurement -> {
          assertThat(measurement.ours()).hasSize(5).allMatch(seconds -> seconds > 0);
          assertThat(measurement.unit()).isEqualTo("s");
          assertThat(measurement.peer()).isNull();
          assertThat(measurement.note()).contains("LibTorch 2.", "OpenBLAS", "no reference");
        });
    assertThat(measurements)
        .extracting(Measurement::quantity)
        .doesNotHaveDuplicates()
        .contains(
            "tokenizer, 2 frames: CPU",
            "world model, 1 x 10 steps, warm: wall",
            "imagined step, 1 rows: CPU",
            "actor-critic, 1 x (5 + 10) steps, cold: CPU");
  }

  @Test
  void batchesAreThoseOfTheSizeUnlessGiven() {
    assertThat(new IrisBenchmark().settings())
        .filteredOn(setting -> setting.name().equals("tokenizer.batch"))
        .singleElement()
        .satisfies(setting ->
            assertThat(setting.description())
                .isEqualTo("Per update; 0 for 32 at the paper's size, 64 at the small one."));
  }

  @Test
  @Tag("python")
  void everyQuantityIsMeasuredAgainstTheReference() {
    String checkout = System.getenv("UMWELT_IRIS_REFERENCE");
    Assumptions.assumeTrue(
        checkout != null, "needs a checkout of eloialonso/iris, named by UMWELT_IRIS_REFERENCE");
    Map<String, String> given = new HashMap<>(TINY);
    given.put("reference", checkout);

    List<Measurement> measurements = run(given);

    assertThat(measurements)
        .hasSize(6 * 2)
        .allSatisfy(measurement -> {
          assertThat(measurement.theirs()).hasSize(5).allMatch(seconds -> seconds > 0);
          assertThat(measurement.peer()).isEqualTo("eloialonso/iris");
          assertThat(measurement.ratio()).isPositive();
          assertThat(measurement.note()).contains("theirs PyTorch 2.", "BLAS");
        });
    assertThat(measurements)
        .extracting(Measurement::goal)
        .containsExactly(1.0, 1.0, 1.0, 1.0, null, null, 0.6, 0.6, 0.4, 0.4, null, null);
  }

  private static List<Measurement> run(Map<String, String> given) {
    Benchmark benchmark =
        ServiceLoader.load(Benchmark.class).stream()
            .map(ServiceLoader.Provider::get)
            .filter(candidate -> candidate.name().equals("iris"))
            .findFirst()
            .orElseThrow();
    return benchmark.run(new Settings("bench iris", benchmark.settings(), given), _ -> {});
  }
}
