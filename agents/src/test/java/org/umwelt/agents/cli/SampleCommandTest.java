package org.umwelt.agents.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.awt.image.BufferedImage;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class SampleCommandTest {
  private static final ObjectMapper JSON = new ObjectMapper();

  @TempDir private Path folder;

  private CommandLineRun sample(String out, String... words) {
    return CommandLineRun.of(
        Stream.of(
                Stream.of("sample", "phi4", "--out", folder.resolve(out).toString()),
                Stream.of(words))
            .flatMap(all -> all)
            .toArray(String[]::new));
  }

  private JsonNode result(String out) throws IOException {
    ObjectNode result =
        (ObjectNode) JSON.readTree(folder.resolve(out).resolve("result.json").toFile());
    result.remove(List.of("seconds", "speed", "scalars"));
    return result;
  }

  private byte[] bytes(String out, String file) throws IOException {
    return Files.readAllBytes(folder.resolve(out).resolve(file));
  }

  private static double pull(JsonNode result, String observable, double exact) {
    JsonNode one = result.path("observables").path(observable);
    return Math.abs(one.path("value").asDouble() - exact) / one.path("error").asDouble();
  }

  @Test
  void samplersAreListedWithTheirSettings() {
    assertThat(CommandLineRun.of("sample").out()).contains("phi4", "phi4-slowing");
    assertThat(CommandLineRun.of("list", "samplers", "phi4").out())
        .contains("convention=mass", "sampler=wolff+metropolis");
  }

  /** Exact values of a square of 4 by 4, three conventions of one action, odd shapes. */
  @Test
  void givesExactValuesWithErrors() throws IOException {
    CommandLineRun run =
        sample("a", "size=4", "lambda=6.975", "sweeps=4000", "measure=2", "seed=5", "--json");
    assertThat(run.exitCode()).as(run.err()).isZero();
    assertThat(run.out().lines()).hasSize(1);
    JsonNode result = result("a");
    assertThat(pull(result, "phi^2", 0.1673917691)).isLessThan(3.5);
    assertThat(pull(result, "M^2", 0.0584357953)).isLessThan(3.5);
    assertThat(pull(result, "chi_improved", 16 * 0.0584357953)).isLessThan(3.5);
    assertThat(pull(result, "G(1)", 0.0692851041)).isLessThan(3.5);
    assertThat(result.path("converged").asBoolean()).isTrue();
    assertThat(result.path("health")).hasSizeGreaterThan(5);
    assertThat(result.path("measurements").asInt()).isEqualTo(2000);

    // sqrt(2) of the field, g = 6 lambda; the same chain in other units.
    sample("b", "size=4", "convention=textbook", "m2=-4", "g=41.85", "sweeps=4000", "seed=6");
    assertThat(pull(result("b"), "phi^2", 2 * 0.1673917691)).isLessThan(3.5);
    sample("c", "size=3x3", "convention=kappa", "kappa=0.3", "lambda=0.5", "sweeps=3000");
    assertThat(pull(result("c"), "phi^2", 0.7601511687)).isLessThan(3.5);
  }

  @Test
  void leavesMeasurementsConfigurationsAndPlots() throws IOException {
    CommandLineRun run =
        sample("a", "size=6x4", "sweeps=200", "chains=3", "keep=50", "sampler=hmc+wolff");
    assertThat(run.exitCode()).as(run.err()).isZero();
    assertThat(run.out()).contains("<exp(-dH)> = 1", "phi^2", "tau_int");
    String header = new String(bytes("a", "measurements.npy"), 0, 400, StandardCharsets.ISO_8859_1);
    assertThat(header).contains("'shape': (200, 3)", "('C', '<f8', (4,))", "exp(-dH)");
    assertThat(bytes("a", "configurations.npy")).hasSize(128 + 4 * 3 * 24 * Double.BYTES);
    for (String plot : List.of("history", "autocorrelation", "magnetisation", "two-point")) {
      BufferedImage image = ImageIO.read(folder.resolve("a/plots").resolve(plot + ".png").toFile());
      Set<Integer> colours = new HashSet<>();
      for (int x = 0; x < image.getWidth(); x++) {
        for (int y = 0; y < image.getHeight(); y++) {
          colours.add(image.getRGB(x, y) & 0xFFFFFF);
        }
      }
      assertThat(colours).as(plot).contains(0xFFFFFF, 0x0072B2); // a curve on white
    }
  }

  /** One or two threads, and any number of checkpoints, give one chain. */
  @Test
  void theChainDoesNotDependOnThreadsOrCheckpoints() throws IOException {
    String[] words = {"size=6", "sweeps=300", "sampler=hmc+metropolis+swendsen-wang", "keep=10"};
    sample("one", Stream.concat(Stream.of(words), Stream.of("threads=1")).toArray(String[]::new));
    CommandLineRun two =
        sample(
            "two",
            Stream.concat(Stream.of(words), Stream.of("threads=2", "--checkpoint-every", "7"))
                .toArray(String[]::new));
    assertThat(two.exitCode()).as(two.err()).isZero();
    for (String file : List.of("measurements.npy", "configurations.npy")) {
      assertThat(bytes("two", file)).isEqualTo(bytes("one", file));
    }
    assertThat(result("two")).isEqualTo(result("one"));
  }

  /** Rare measurements do not shorten the burn-in, in which widths are tuned. */
  @Test
  void burnInIsThereHoweverRarelyIsMeasured() throws IOException {
    sample("a", "size=4", "sampler=metropolis", "sweeps=1000", "measure=200", "seed=3");
    double width = result("a").path("updates").get(0).path("size").asDouble();
    assertThat(width).isNotEqualTo(1).isBetween(0.5, 3.0);
    double accepted = result("a").path("updates").get(0).path("acceptance").asDouble();
    assertThat(accepted).isBetween(0.35, 0.65);
  }

  /** Without clusters a chain in the broken phase never tunnels: said, and not called converged. */
  @Test
  void chainsThatAreTooShortAreFlagged() throws IOException {
    CommandLineRun run =
        sample(
            "a",
            "size=8",
            "convention=kappa",
            "kappa=0.28",
            "lambda=0.022",
            "sampler=metropolis",
            "sweeps=1000");
    assertThat(run.exitCode()).as(run.err()).isZero();
    assertThat(result("a").path("converged").asBoolean()).isFalse();
    assertThat(run.err()).contains("CAUTION, chains long enough for M:");
    assertThat(run.out()).contains("not converged", "CAUTION");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "lambda=-1 | lambda must be a number from 0.0 to 1000.0, got -1",
        "size=1 | expected 1 to 4 lengths of at least 2, got [1, 1]",
        "size=4x4x4x4x4 | expected 1 to 4 lengths",
        "size=4xb | expected size to be a length",
        "size=4x4 dim=3 | expected as many lengths as dimensions",
        "lambda=0 m2=-1 | expected a positive mass squared where the quartic coupling is 0",
        "kappa=0.2 | convention=mass has the couplings m2 and lambda, got kappa",
        "sampler=wolff | expected an update that reaches every field",
        "sampler=gibbs | expected sampler to be",
        "sampler=hmc size=2 sweeps=2 measure=2 | expected at least 2 measurements",
        "burn_in=many | expected burn_in to be a whole number of sweeps",
        "sweeps=1000000000 | measure more rarely",
        "convention=kappa kappa=0.2 | expected kappa and lambda with convention=kappa",
        "convention=textbook g=0 m2=0 | expected a positive mass squared",
      })
  void whatCannotBeSampledIsRefusedInOneLine(String words, String reason) {
    CommandLineRun run = sample("a", words.split(" "));
    assertThat(run.exitCode()).as(run.err()).isEqualTo(2);
    assertThat(run.err().lines()).hasSize(1).first().asString().contains(reason);
    assertThat(folder.resolve("a")).doesNotExist();
  }
}
