package org.umwelt.kernels.attention;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.ServiceLoader;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.umwelt.kernels.bench.Benchmark;
import org.umwelt.kernels.bench.Measurement;
import org.umwelt.kernels.settings.BadRequestException;
import org.umwelt.kernels.settings.Settings;

class AttentionBenchmarkTest {
  private static List<Measurement> run(List<String> progress, Map<String, String> settings) {
    Benchmark benchmark =
        ServiceLoader.load(Benchmark.class).stream()
            .map(ServiceLoader.Provider::get)
            .filter(candidate -> candidate.name().equals("attention"))
            .findFirst()
            .orElseThrow();
    return benchmark.run(
        new Settings("bench attention", benchmark.settings(), settings), progress::add);
  }

  @Test
  void measuresEachKindOfAttentionAgainstLibTorch() {
    List<String> progress = new ArrayList<>();

    List<Measurement> measurements =
        run(
            progress,
            Map.of("length", "64,100", "buckets", "4", "drop", "0.5", "size", "8", "warm_up", "0"));

    assertThat(measurements)
        .hasSize(2 * 3 * 2 * 3) // lengths, kinds, passes; wall, CPU, operations
        .allSatisfy(measurement -> {
          assertThat(measurement.ours()).hasSize(5);
          assertThat(measurement.theirs()).hasSize(5);
          assertThat(measurement.peer()).contains("LibTorch");
        });
    assertThat(measurements)
        .extracting(Measurement::quantity)
        .contains(
            "100 tokens, 4 buckets, forward", "64 tokens, 50 % dropped, forward and backward");
    assertThat(progress).contains("100 tokens, round 5 of 5");
  }

  @ParameterizedTest
  @CsvSource({
    "length, 2k, numbers",
    "length, 0, whole numbers of at least 1",
    "buckets, 5, even numbers of at least 2",
    "drop, 1.5, numbers from 0 to 1"
  })
  void listsOfNonsenseAreRefused(String name, String value, String expected) {
    assertThatThrownBy(() -> run(new ArrayList<>(), Map.of(name, value)))
        .isInstanceOf(BadRequestException.class)
        .hasMessage(
            "bench attention: expected %s to be %s joined by commas, got %s"
                .formatted(name, expected, value));
  }
}
