package org.umwelt.agents.iris;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.SequencedMap;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import org.umwelt.kernels.settings.Setting;
import org.umwelt.kernels.settings.Settings;
import org.umwelt.kernels.verification.Check;
import org.umwelt.kernels.verification.Verification;

/**
 * {@code umwelt verify iris}: figures of networks filled by a formula, compared with those of the
 * PyTorch reference (eloialonso/iris, commit 24326aa) where they are known.
 */
public final class IrisVerification implements Verification {
  private static final String PUBLIC_SALT = "PUBLIC";
  private static final int PUBLIC_ACTIONS = 6;

  @Override
  public String name() {
    return "iris";
  }

  @Override
  public String summary() {
    return "IRIS with weights by formula: losses, gradients, tokens, imagination as in the PyTorch reference";
  }

  @Override
  public List<Setting> settings() {
    return List.of(
        Setting.text(
            "salt",
            PUBLIC_SALT,
            "Of the formula; with another than PUBLIC figures are printed, not compared."),
        Setting.integer("actions", PUBLIC_ACTIONS, 1, 18, "How many actions there are."));
  }

  @Override
  public List<Check> run(Settings settings, Consumer<String> progress) {
    String salt = settings.text("salt");
    int actions = settings.intValue("actions");
    SequencedMap<String, double[]> figures = IrisFigures.compute(salt, actions, progress);
    List<Check> checks = new ArrayList<>();
    if (!salt.equals(PUBLIC_SALT) || actions != PUBLIC_ACTIONS) {
      figures.forEach((quantity, found) ->
          checks.add(new Check(quantity, "-", text(found), "not compared", true)));
      return checks;
    }
    for (JsonNode row : published()) {
      String quantity = row.path("quantity").asText();
      double[] expected = new double[row.path("expected").size()];
      Arrays.setAll(expected, i -> row.path("expected").get(i).asDouble());
      double[] found = Objects.requireNonNull(figures.get(quantity), quantity);
      checks.add(
          compare(
              quantity,
              expected,
              found,
              row.path("absolute").asDouble(),
              row.path("relative").asDouble()));
    }
    return checks;
  }

  private static JsonNode published() {
    try (InputStream resource =
        Objects.requireNonNull(IrisVerification.class.getResourceAsStream("public-figures.json"))) {
      return new ObjectMapper().readTree(resource);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static Check compare(
      String quantity, double[] expected, double[] found, double absolute, double relative) {
    boolean passed = expected.length == found.length;
    for (int i = 0; passed && i < expected.length; i++) {
      // Written so that NaN fails.
      passed = Math.abs(expected[i] - found[i]) <= absolute + relative * Math.abs(expected[i]);
    }
    String tolerance =
        absolute == 0 && relative == 0
            ? "exact"
            : relative == 0
                ? Double.toString(absolute)
                : absolute == 0
                    ? relative + " relative"
                    : absolute + " + " + relative + " relative";
    return new Check(quantity, text(expected), text(found), tolerance, passed);
  }

  private static String text(double[] values) {
    return Arrays.stream(values)
        .mapToObj(value ->
            value == Math.rint(value) && Math.abs(value) < 1e15
                ? Long.toString((long) value)
                : String.format(Locale.ROOT, "%.8g", value))
        .collect(Collectors.joining(" "));
  }
}
