package org.umwelt.viewer.samples;

import java.util.List;
import java.util.Locale;
import javafx.beans.value.ObservableIntegerValue;
import org.umwelt.physics.lattice.MeasurementSeries;
import org.umwelt.viewer.loop.Loop;

/** The panels of the phi^4 lattice. */
final class LatticePanels {
  private LatticePanels() {}

  /**
   * Makes them.
   *
   * @param settle shows the fields again, on the loop's thread
   * @param each what acceptance is told of
   */
  static List<SamplePanel> of(
      LatticeDisplay display,
      Loop loop,
      ObservableIntegerValue chain,
      Loop.Task settle,
      String each) {
    return List.of(
        new FieldPanel(display, chain, () -> loop.submit(settle)),
        new HistoryPanel(display),
        new HistogramPanel(display),
        new AutocorrelationPanel(display),
        new TwoPointPanel(display),
        new MeansPanel(display),
        new AcceptancePanel(display, each));
  }

  /** Returns how much was measured, and how much of it is shown. */
  static String measured(MeasurementSeries series) {
    long total = series.total();
    int kept = series.count();
    return kept < total
        ? String.format(Locale.ROOT, "%,d measurements (figures are of the last %,d)", total, kept)
        : String.format(Locale.ROOT, "%,d measurements", total);
  }
}
