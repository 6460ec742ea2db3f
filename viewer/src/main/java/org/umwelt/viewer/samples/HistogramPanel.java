package org.umwelt.viewer.samples;

import java.util.List;
import org.umwelt.physics.lattice.RunningEstimates;
import org.umwelt.physics.statistics.Histogram;
import org.umwelt.viewer.plots.Curve;

/** How often each magnetisation was met: two peaks where the symmetry is broken. */
final class HistogramPanel extends EstimatesPanel {
  HistogramPanel(LatticeDisplay display) {
    super(display, "histogram", new Curve("Histogram of the magnetisation", "M"));
  }

  @Override
  String show(RunningEstimates figures, Curve target) {
    Histogram histogram = figures.magnetisation();
    target.show(
        List.of(
            new Curve.Data(
                "", Curve.Style.BARS, histogram.middles(), histogram.densities(), new double[0])),
        List.of());
    return "density of M in all chains, symmetric for long ones";
  }
}
