package org.umwelt.viewer.samples;

import java.util.List;
import org.umwelt.physics.lattice.RunningEstimates;
import org.umwelt.physics.statistics.Estimate;
import org.umwelt.viewer.plots.Curve;

/** How the field at two sites is correlated, by their distance. */
final class TwoPointPanel extends EstimatesPanel {
  TwoPointPanel(LatticeDisplay display) {
    super(display, "two-point", new Curve("Two-point function", "distance").logarithmic());
  }

  private static Curve.Data data(String name, List<Estimate> estimates) {
    double[] distances = new double[estimates.size()];
    double[] values = new double[estimates.size()];
    double[] errors = new double[estimates.size()];
    for (int i = 0; i < estimates.size(); i++) {
      distances[i] = i;
      values[i] = estimates.get(i).value();
      errors[i] = estimates.get(i).error();
    }
    return new Curve.Data(name, Curve.Style.POINTS, distances, values, errors);
  }

  @Override
  String show(RunningEstimates figures, Curve target) {
    target.show(
        List.of(data("G(r)", figures.twoPoint()), data("C(t)", figures.slices())), List.of());
    return "G(r): two sites on an axis; C(t): means of two slices";
  }
}
