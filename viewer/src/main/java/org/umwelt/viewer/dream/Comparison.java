package org.umwelt.viewer.dream;

import java.util.ArrayList;
import java.util.List;
import java.util.function.ToDoubleFunction;
import java.util.stream.IntStream;
import javafx.scene.layout.Priority;
import javafx.scene.layout.VBox;
import org.jspecify.annotations.Nullable;
import org.umwelt.agents.iris.Dream;
import org.umwelt.agents.iris.Moment;
import org.umwelt.agents.iris.Parting;
import org.umwelt.viewer.plots.Curve;
import org.umwelt.viewer.plots.FilmStrip;
import org.umwelt.viewer.plots.Palette;

/** Dream and reality step by step, and how far apart they are. */
final class Comparison extends VBox {
  private static final String TITLE = "Reality and dream";
  private static final double PERCENT = 100;

  private final FilmStrip strip =
      new FilmStrip(
          TITLE, "Every step of the dream appears here,\nwith what really happens above it.");
  private final Curve curve = new Curve("Difference (%)", "step of the dream");

  Comparison() {
    super(4);
    setPrefWidth(10);
    setMinWidth(0);
    strip.setId("strip");
    curve.setId("curve");
    strip.setMinHeight(100);
    curve.setMinHeight(96);
    VBox.setVgrow(strip, Priority.ALWAYS);
    VBox.setVgrow(curve, Priority.ALWAYS);
    curve.setVisible(false); // until there is something to compare
    getChildren().setAll(strip, curve);
  }

  void show(DreamState state) {
    Parting parting = state.parting();
    int mark = parting != null && parting.hasParted() ? parting.horizon() + 1 : -1;
    List<FilmStrip.Cell> real = new ArrayList<>();
    for (Dream.Real each : rest(state.reality())) {
      real.add(new FilmStrip.Cell(each.frame(), each.reward(), each.ended()));
    }
    List<FilmStrip.Cell> dreamt = new ArrayList<>();
    for (Moment each : rest(state.moments())) {
      dreamt.add(new FilmStrip.Cell(each.frame(), each.reward(), each.end()));
    }
    strip.show(
        new FilmStrip.Film(
            TITLE,
            1,
            dreamt.size(),
            mark,
            List.of(
                new FilmStrip.Row("real", DreamPictures.REAL, real),
                new FilmStrip.Row("dream", DreamPictures.IMAGINED, dreamt))));
    showCurve(parting, mark);
  }

  private static <T> List<T> rest(List<T> all) {
    return all.isEmpty() ? all : all.subList(1, all.size());
  }

  private void showCurve(@Nullable Parting parting, int mark) {
    if (parting == null) {
      curve.setVisible(false);
      return;
    }
    curve.setVisible(true);
    double[] steps = IntStream.rangeClosed(1, parting.steps().size()).mapToDouble(t -> t).toArray();
    curve.show(
        List.of(
            line("reconstruction", steps, parting, Parting.Step::reconstruction),
            line("dream", steps, parting, Parting.Step::dream)),
        List.of(
            new Curve.Level("unrelated", PERCENT * parting.unrelated()),
            new Curve.Level("limit", PERCENT * parting.threshold())),
        mark < 0
            ? List.of()
            : List.of(
                new Curve.Mark(
                    "parted at %d (horizon %d)".formatted(mark, parting.horizon()), mark)));
  }

  private static Curve.Data line(
      String name, double[] steps, Parting parting, ToDoubleFunction<Parting.Step> number) {
    double[] values =
        parting.steps().stream()
            .mapToDouble(step -> PERCENT * number.applyAsDouble(step))
            .toArray();
    return new Curve.Data(name, Curve.Style.LINE, steps, values, new double[0]);
  }

  void refresh() {
    strip.refresh();
    curve.refresh();
  }

  void setPalette(Palette colours) {
    strip.setPalette(colours);
    curve.setPalette(colours);
  }
}
