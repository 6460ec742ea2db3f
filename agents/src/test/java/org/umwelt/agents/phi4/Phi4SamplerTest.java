package org.umwelt.agents.phi4;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.umwelt.agents.cli.Main;
import org.umwelt.kernels.settings.BadRequestException;
import org.umwelt.kernels.settings.Settings;
import org.umwelt.physics.lattice.MeasurementSeries;

class Phi4SamplerTest {
  private static final Map<String, String> SMALL =
      Map.of("size", "6x4", "chains", "3", "measure", "2", "burn_in", "30", "seed", "7");

  @TempDir private Path folder;

  private Path sample(String... more) {
    Path run = folder.resolve("run");
    List<String> words = new ArrayList<>(List.of("sample", "phi4", "--quiet"));
    words.addAll(List.of("--out", run.toString(), "sweeps=80", "keep=1"));
    SMALL.forEach((name, value) -> words.add(name + "=" + value));
    words.addAll(List.of(more));
    assertThat(Main.run(words.toArray(String[]::new))).isZero();
    return run;
  }

  private static Phi4Sampler open(Map<String, String> given) {
    return Phi4Sampler.open(new Settings("test", Phi4Sampler.settings(), given));
  }

  private static void assertSame(MeasurementSeries found, MeasurementSeries expected) {
    assertThat(found.columns()).isEqualTo(expected.columns());
    for (MeasurementSeries.Column column : expected.columns()) {
      for (int i = 0; i < column.width(); i++) {
        assertThat(found.of(column.name(), i)).isEqualTo(expected.of(column.name(), i));
      }
    }
  }

  /** Bit by bit: what is drawn sweep by sweep, and what the command leaves and is read again. */
  @Test
  void drawsWhatTheCommandDraws() throws IOException {
    try (Phi4Recording recording = Phi4Recording.open(sample());
        Phi4Sampler sampler = open(SMALL)) {
      List<double[]> rows = new ArrayList<>();
      assertThat(recording.read(rows::add)).isEqualTo(40);
      assertThat(recording.read(rows::add)).isZero();
      assertThat(recording.configurations()).isEqualTo(40);
      assertThat(recording.lattice().shape()).containsExactly(6, 4);
      int measured = 0;
      for (int sweep = 0; sweep < 110; sweep++) {
        if (sampler.sweep()) {
          assertThat(recording.configuration(measured)).isEqualTo(sampler.chains().fields());
          measured++;
        }
        assertThat(sampler.isBurningIn()).isEqualTo(sweep < 30);
      }
      assertThat(measured).isEqualTo(40);
      assertThat(rows).hasSize(40);
      assertSame(recording.series(), sampler.observables().series());
      List<double[]> accepted = new ArrayList<>();
      assertThat(recording.readAcceptance(accepted::add)).isTrue();
      assertThat(recording.readAcceptance(accepted::add)).isFalse();
      assertThat(recording.updateNames()).isEqualTo(sampler.updateNames());
      assertThat(accepted).isNotEmpty().allMatch(one -> one[0] == 1 && one[1] > 0 && one[1] < 1);
    }
  }

  @Test
  void memoryIsBounded() {
    try (Phi4Sampler sampler = open(Map.of("size", "2", "chains", "1", "burn_in", "0"))) {
      for (int sweep = 0; sweep < 20_000; sweep++) {
        sampler.sweep();
      }
      assertThat(sampler.observables().series().total()).isEqualTo(20_000);
      assertThat(sampler.observables().count()).isEqualTo(1 << 13);
    }
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "sampler | wolff | expected an update that reaches every field",
        "size | 1 | expected 1 to 4 lengths of at least 2",
        "kappa | 0.2 | convention=mass has the couplings m2 and lambda, got kappa",
        "chains | 1000000 | take fewer or a smaller one",
      })
  void whatCannotBeSampledIsRefused(String name, String value, String reason) {
    Map<String, String> given =
        name.equals("chains") ? Map.of("size", "512", name, value) : Map.of(name, value);
    assertThatThrownBy(() -> open(given))
        .isInstanceOf(BadRequestException.class)
        .hasMessageContaining(reason);
  }

  @Test
  void otherFoldersAreRefused() throws IOException {
    assertThatThrownBy(() -> Phi4Recording.open(folder))
        .isInstanceOf(BadRequestException.class)
        .hasMessageContaining("measurements.npy");
    Path run = sample("convention=kappa", "kappa=0.2", "lambda=0.5");
    Phi4Recording.open(run).close();
    Path config = run.resolve("config.json");
    String text = Files.readString(config);
    Files.writeString(config, text.replace("\"chains\" : 3", "\"chains\" : 2"));
    assertThatThrownBy(() -> Phi4Recording.open(run)).hasMessageContaining("the run is damaged");
    Files.writeString(config, text.replace("\"phi4\"", "\"flow\""));
    assertThatThrownBy(() -> Phi4Recording.open(run)).hasMessageContaining("found one of flow");
  }
}
