package org.umwelt.physics.lattice;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.ServiceLoader;
import java.util.TreeMap;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.umwelt.kernels.bench.Benchmark;
import org.umwelt.kernels.bench.Measurement;
import org.umwelt.kernels.settings.BadRequestException;
import org.umwelt.kernels.settings.Settings;

class Phi4BenchmarkTest {
  private static List<Measurement> run(Map<String, String> settings, List<String> progress) {
    Benchmark benchmark =
        ServiceLoader.load(Benchmark.class).stream()
            .map(ServiceLoader.Provider::get)
            .filter(candidate -> candidate.name().equals("phi4"))
            .findFirst()
            .orElseThrow();
    Map<String, String> all = new TreeMap<>(settings);
    all.putIfAbsent("warm_up", "0");
    all.putIfAbsent("rounds", "5");
    all.putIfAbsent("large", "");
    return benchmark.run(new Settings("bench phi4", benchmark.settings(), all), progress::add);
  }

  @Test
  void measuresAgainstLibTorchAndMemoryAndGoesOnWithoutPython() {
    List<String> progress = new ArrayList<>();

    List<Measurement> measurements =
        run(Map.of("lattice", "6x8,3x2x5", "large", "16x16", "python", "no-such-python"), progress);

    assertThat(measurements)
        .extracting(Measurement::quantity)
        .containsSubsequence("6x8, leapfrog", "3x2x5, Metropolis", "16x16, leapfrog");
    assertThat(measurements).allSatisfy(measurement -> assertThat(measurement.ours()).hasSize(5));
    assertThat(measurements.getFirst().note()).contains("UMWELT_PYTHON");
    assertThat(measurements.getLast().goal()).isEqualTo(0.6);
    assertThat(progress).contains("6x8, round 5 of 5");
  }

  /** Fields and decisions are compared before anything is measured. */
  @Test
  @Tag("python")
  void numpyEndsInTheSameFieldsAndMakesTheSameDecisions() {
    List<Measurement> measurements =
        run(Map.of("lattice", "8,6x5,4x3x2,4x2x6x2"), new ArrayList<>());

    assumeTrue(measurements.getFirst().peer() != null, "no Python with NumPy (set UMWELT_PYTHON)");
    assertThat(measurements)
        .filteredOn(m -> m.peer() != null && m.peer().contains("numpy"))
        .hasSize(2 * 2 * 4)
        .allSatisfy(m -> assertThat(m.ratio()).isPositive());
  }

  @Test
  void nonsenseIsRefused() {
    assertThatThrownBy(() -> run(Map.of("lattice", "64*64"), new ArrayList<>()))
        .isInstanceOf(BadRequestException.class)
        .hasMessageContaining("expected lattice to be lattices such as 64x64")
        .hasMessageContaining("got 64*64");
    assertThatThrownBy(() -> run(Map.of("lattice", "", "large", "16384x16384"), new ArrayList<>()))
        .isInstanceOf(BadRequestException.class)
        .hasMessageContaining("UMWELT_JAVA_OPTS=-Xmx");
  }
}
