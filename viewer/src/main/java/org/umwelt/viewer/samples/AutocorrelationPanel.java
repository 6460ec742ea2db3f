package org.umwelt.viewer.samples;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.StringJoiner;
import java.util.function.IntToDoubleFunction;
import java.util.stream.IntStream;
import org.umwelt.physics.lattice.RunningEstimates;
import org.umwelt.physics.statistics.Autocorrelation;
import org.umwelt.viewer.plots.Curve;

/** Autocorrelation functions with their errors, and the times they add up to. */
final class AutocorrelationPanel extends EstimatesPanel {
  private static final Map<String, String> NAMES =
      Map.of("M^2", "M\u00b2", "phi^2", "\u03c6\u00b2");

  /** Separations that can be told apart; of more, every other one is drawn, and so on. */
  private static final int MOST_POINTS = 40;

  private final int measureEvery;

  AutocorrelationPanel(LatticeDisplay display) {
    super(display, "autocorrelation", new Curve("Autocorrelation", "separation in sweeps"));
    measureEvery = display.measureEvery();
  }

  private static int stride(int count) {
    return Math.ceilDiv(count, MOST_POINTS);
  }

  private static double[] pick(int[] shown, IntToDoubleFunction value) {
    return Arrays.stream(shown).mapToDouble(value).toArray();
  }

  @Override
  String show(RunningEstimates figures, Curve target) {
    List<Curve.Data> curves = new ArrayList<>();
    StringJoiner times =
        new StringJoiner(
            ", ",
            measureEvery == 1
                ? "\u03c4_int in sweeps: "
                : "\u03c4_int in measurements, one every %d sweeps: ".formatted(measureEvery),
            "");
    boolean converged = true;
    int longest =
        figures.autocorrelations().values().stream()
            .mapToInt(one -> one.rho().length)
            .max()
            .orElse(1);
    for (Map.Entry<String, Autocorrelation> entry : figures.autocorrelations().entrySet()) {
      String name = NAMES.getOrDefault(entry.getKey(), entry.getKey());
      Autocorrelation one = entry.getValue();
      int[] shown =
          IntStream.range(0, one.rho().length).filter(t -> t % stride(longest) == 0).toArray();
      curves.add(
          new Curve.Data(
              name,
              Curve.Style.POINTS,
              pick(shown, t -> (double) t * measureEvery),
              pick(shown, t -> one.rho()[t]),
              pick(shown, t -> one.errors()[t])));
      times.add(name + " " + one.mean().conciseTime());
      converged &= one.mean().converged();
    }
    target.show(curves, List.of());
    return times + (converged ? "" : " \u2013 chains are still too short to trust these");
  }
}
