package org.umwelt.viewer.runs;

import atlantafx.base.theme.Styles;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.function.Function;
import javafx.geometry.Pos;
import javafx.scene.Node;
import javafx.scene.control.CheckBox;
import javafx.scene.control.ComboBox;
import javafx.scene.control.Label;
import javafx.scene.control.Slider;
import javafx.scene.control.Tooltip;
import javafx.scene.layout.FlowPane;
import javafx.scene.layout.HBox;
import javafx.scene.layout.Priority;
import javafx.scene.layout.VBox;
import org.umwelt.agents.runs.MetricSeries;
import org.umwelt.viewer.plots.Curve;
import org.umwelt.viewer.plots.Curve.Data;
import org.umwelt.viewer.plots.Palette;
import org.umwelt.viewer.plots.Ticks;
import org.umwelt.viewer.runs.Selection.Detail;
import org.umwelt.viewer.runs.Selection.Shown;

/** One metric of the selected runs over each other, and what is asked about it. */
final class MetricPanel {
  private static final String STEP = "step";
  private static final String TIME = "time";
  private static final double STRONGEST = 0.99;
  private static final double LEAST_HEIGHT = 90;

  /** Units of time, from the smallest; the next is taken from twice its length on. */
  private enum Unit {
    SECONDS("seconds", 1),
    MINUTES("minutes", 60),
    HOURS("hours", 3600);

    final String text;
    final double length;

    Unit(String text, double length) {
      this.text = text;
      this.length = length;
    }

    static Unit of(double seconds) {
      Unit unit = SECONDS;
      for (Unit each : values()) {
        unit = seconds >= 2 * each.length ? each : unit;
      }
      return unit;
    }
  }

  private final Colours colours;
  private final Runnable asked;
  private final ComboBox<String> metric = new ComboBox<>();
  private final Slider smoothing = new Slider(0, STRONGEST, 0);
  private final CheckBox logarithmic = new CheckBox("log");
  private final ComboBox<String> axis = new ComboBox<>();
  private final Label left = new Label();
  private final Curve curve = new Curve("", "");
  private final FlowPane legend = new FlowPane(14, 2);
  private final VBox view = new VBox(4);
  private String wanted = "";
  private boolean following;
  private Shown shown = Shown.NOTHING;
  private Function<Path, String> names = String::valueOf;

  /**
   * An empty plot.
   *
   * @param asked is told that another metric or smoothing is wanted
   */
  MetricPanel(Colours colours, Runnable asked) {
    this.colours = colours;
    this.asked = asked;
    metric.setId("metric");
    metric.setPromptText("metric");
    metric.setPrefWidth(220);
    metric.setMinWidth(120);
    metric.setTooltip(new Tooltip("Which metric is drawn; of all selected runs"));
    metric.setOnAction(_ -> choose());
    smoothing.setId("smoothing");
    smoothing.setPrefWidth(110);
    smoothing.setBlockIncrement(0.1);
    smoothing.setTooltip(new Tooltip("Moving average: further right, smoother"));
    smoothing.valueProperty().addListener((_, _, _) -> asked.run());
    logarithmic.setId("log");
    logarithmic.setTooltip(new Tooltip("Logarithmic vertical axis"));
    logarithmic.setOnAction(_ -> draw());
    axis.setId("axis");
    axis.getItems().setAll(STEP, TIME);
    axis.setValue(STEP);
    axis.setTooltip(new Tooltip("Horizontal axis: epochs or episodes, or time since the start"));
    axis.setOnAction(_ -> draw());
    left.setId("left-out");
    left.getStyleClass().add(Styles.TEXT_MUTED);
    curve.setId("curves");
    curve.setMinHeight(LEAST_HEIGHT);
    legend.setId("legend");
    VBox.setVgrow(curve, Priority.ALWAYS);
    FlowPane controls =
        new FlowPane(
            8, 4, metric, together("over", axis), logarithmic, together("smooth", smoothing), left);
    controls.setAlignment(Pos.CENTER_LEFT);
    view.getChildren().setAll(controls, curve, legend);
  }

  private static HBox together(String words, Node node) {
    HBox box = new HBox(4, new Label(words), node);
    box.setAlignment(Pos.CENTER_LEFT);
    return box;
  }

  Node view() {
    return view;
  }

  /** Returns the metric that was chosen; empty where none was. */
  String metric() {
    return wanted;
  }

  /** Chooses a metric, which may be one that no run has yet. */
  void setMetric(String name) {
    wanted = name;
  }

  double smoothing() {
    return smoothing.getValue();
  }

  private void choose() {
    String chosen = metric.getValue();
    if (!following && chosen != null) {
      wanted = chosen;
      asked.run();
    }
  }

  /** Shows the selected runs. */
  void show(Shown next, Function<Path, String> runNames) {
    shown = next;
    names = runNames;
    following = true;
    if (!metric.getItems().equals(next.metrics())) {
      metric.getItems().setAll(next.metrics());
    }
    metric.setValue(next.metric().isEmpty() ? null : next.metric());
    metric.setDisable(next.metrics().isEmpty());
    following = false;
    draw();
  }

  private void draw() {
    boolean isTime = TIME.equals(axis.getValue());
    double longest =
        shown.runs().stream()
            .map(Detail::series)
            .filter(Objects::nonNull)
            .flatMapToDouble(series -> Arrays.stream(series.seconds()))
            .filter(Double::isFinite)
            .max()
            .orElse(0);
    Unit unit = Unit.of(longest);
    List<Data> data = new ArrayList<>();
    for (int i = 0; i < colours.size(); i++) {
      data.add(new Data("", Curve.Style.LINE, new double[0], new double[0], new double[0]));
    }
    String steps = STEP;
    int notAbove = 0;
    legend.getChildren().clear();
    for (Detail run : shown.runs()) {
      MetricSeries series = run.series();
      legend.getChildren().add(entry(run));
      if (series == null) {
        continue;
      }
      steps = steps.equals(STEP) || steps.equals(series.stepName()) ? series.stepName() : STEP;
      data.set(run.number(), data(series, isTime, unit));
      notAbove += (int) Arrays.stream(series.values()).filter(value -> value <= 0).count();
    }
    String title = smoothing() > 0 ? shown.metric() + ", smoothed" : shown.metric();
    curve.setAxes(title, isTime ? unit.text + " since the start" : steps, logarithmic.isSelected());
    curve.show(data, List.of());
    left.setText(leftOut(notAbove));
  }

  private static Data data(MetricSeries series, boolean isTime, Unit unit) {
    double[] x =
        isTime
            ? Arrays.stream(series.seconds()).map(seconds -> seconds / unit.length).toArray()
            : series.steps();
    return new Data(
        "",
        series.size() == 1 ? Curve.Style.POINTS : Curve.Style.LINE,
        x,
        series.values(),
        new double[0]);
  }

  private String leftOut(int notAbove) {
    if (shown.metrics().isEmpty()) {
      return shown.runs().isEmpty() ? "Select runs to draw a metric of them" : "no metrics yet";
    }
    return logarithmic.isSelected() && notAbove > 0
        ? "%d points at or below 0 are left out".formatted(notAbove)
        : "";
  }

  private Node entry(Detail run) {
    String value =
        run.series() == null ? "without this metric" : "last " + Ticks.number(run.last());
    Label label =
        new Label(
            "%s:  %s%s"
                .formatted(
                    names.apply(run.path()),
                    value,
                    run.problem().isEmpty() ? "" : "  (" + run.problem() + ")"));
    if (!run.problem().isEmpty()) {
      label.setStyle(RunCell.DANGER);
    }
    label.setGraphic(colours.mark(run.path()));
    return label;
  }

  /** Draws with other colours. */
  void recolour(Palette palette) {
    curve.setPalette(palette);
    draw();
  }

  void refresh() {
    curve.refresh();
  }
}
