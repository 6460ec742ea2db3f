package org.umwelt.viewer.samples;

import atlantafx.base.theme.Styles;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicReference;
import javafx.beans.property.IntegerProperty;
import javafx.beans.property.SimpleIntegerProperty;
import javafx.beans.value.ChangeListener;
import javafx.geometry.Insets;
import javafx.scene.Node;
import javafx.scene.control.Button;
import javafx.scene.control.ButtonBase;
import javafx.scene.control.ComboBox;
import javafx.scene.control.ComboBoxBase;
import javafx.scene.control.Label;
import javafx.scene.control.ScrollPane;
import javafx.scene.control.Slider;
import javafx.scene.control.Spinner;
import javafx.scene.control.SplitPane;
import javafx.scene.control.TextInputControl;
import javafx.scene.control.Tooltip;
import javafx.scene.input.KeyEvent;
import javafx.scene.layout.BorderPane;
import javafx.scene.layout.FlowPane;
import javafx.scene.layout.HBox;
import javafx.scene.layout.StackPane;
import javafx.scene.layout.VBox;
import org.jspecify.annotations.Nullable;
import org.umwelt.kernels.settings.BadRequestException;
import org.umwelt.kernels.settings.Settings;
import org.umwelt.viewer.Room;
import org.umwelt.viewer.Shell;
import org.umwelt.viewer.loop.Loop;
import org.umwelt.viewer.loop.OneLine;
import org.umwelt.viewer.plots.Palette;

/** The room: what is asked of a sampler, its fields, and panels of what they say. */
final class SamplesRoom implements Room {
  static final Pace FIRST_PACE = Pace.HUNDRED;

  private static final Path RUNS = Path.of("runs");
  private static final String THREAD = "umwelt-viewer-samples";

  private final Shell shell;
  private final Loop loop;
  private final Loop analysis;
  private final AtomicReference<@Nullable SampleModel> opened = new AtomicReference<>();
  private final ChangeListener<Palette> recolour = (_, _, colours) -> recolour(colours);

  private final Phi4Controls controls;
  private final ComboBox<String> shownChain = new ComboBox<>();
  private final ComboBox<Pace> pace = new ComboBox<>();
  private final Button play = new Button("Pause");
  private final Button sweep = new Button("One sweep");
  private final Button restart = new Button("Restart");
  private final Label title = new Label();
  private final Label progress = new Label();
  private final StackPane large = new StackPane();
  private final PanelGrid grid = new PanelGrid();
  private final BorderPane view = new BorderPane();

  private final IntegerProperty chain = new SimpleIntegerProperty(0);
  private final List<SamplePanel> panels = new ArrayList<>();
  private @Nullable SampleModel shown;
  private @Nullable Path folder; // of the run that is read; none while chains are drawn

  SamplesRoom(Shell shell) {
    this.shell = shell;
    this.loop = new Loop(THREAD, shell::problem);
    this.analysis = new Loop(THREAD + "-analysis", shell::problem);
    this.controls = new Phi4Controls(this::restart);
    layOut();
    shell.palette().addListener(recolour);
    analysis.play();
    draw(controls.asked());
    loop.play();
  }

  private void layOut() {
    shownChain.setId("chain");
    shownChain.setTooltip(new Tooltip("Whose field is shown"));
    shownChain.getItems().setAll("all");
    shownChain.getSelectionModel().select(0);
    shownChain.setOnAction(
        _ -> chain.set(Math.max(0, shownChain.getSelectionModel().getSelectedIndex())));
    pace.setId("speed");
    pace.getItems().setAll(Pace.values());
    pace.setValue(FIRST_PACE);
    pace.valueProperty().addListener((_, _, _) -> setSpeed());
    play.setId("play");
    play.setPrefWidth(92);
    play.getStyleClass().add(Styles.ACCENT);
    play.setTooltip(new Tooltip("Pause or continue (space)"));
    play.setOnAction(_ -> playOrPause());
    sweep.setId("sweep");
    sweep.setTooltip(new Tooltip("One sweep, then pause (right arrow)"));
    sweep.setOnAction(_ -> loop.step());
    restart.setId("restart");
    restart.setMinWidth(Button.USE_PREF_SIZE);
    restart.setTooltip(new Tooltip("Start again with the numbers above"));
    restart.setOnAction(_ -> restart());
    Button browse = new Button("Open run \u2026");
    browse.setId("browse");
    browse.setTooltip(new Tooltip("Look at what umwelt sample phi4 writes, also while it does"));
    browse.setOnAction(_ -> browse());
    List<Node> all = new ArrayList<>(controls.nodes());
    all.add(Phi4Controls.labelled(new Label("Field of"), shownChain));
    all.add(Phi4Controls.labelled(new Label("Speed"), pace));
    all.add(new HBox(6, play, sweep, restart, browse));
    FlowPane row = new FlowPane(12, 6, all.toArray(Node[]::new));
    title.setId("title");
    title.setWrapText(true);
    progress.setId("progress");
    progress.setWrapText(true);
    progress.getStyleClass().add(Styles.TEXT_MUTED);
    VBox top = new VBox(6, row, new VBox(title, progress));
    top.setPadding(new Insets(0, 0, 8, 0));
    ScrollPane scroll = new ScrollPane(grid);
    scroll.setId("panels");
    scroll.setFitToWidth(true);
    scroll.setFitToHeight(true);
    scroll.setHbarPolicy(ScrollPane.ScrollBarPolicy.NEVER);
    SplitPane split = new SplitPane(large, scroll);
    split.setDividerPositions(0.42);
    view.setTop(top);
    view.setCenter(split);
    view.addEventFilter(KeyEvent.KEY_PRESSED, this::key);
  }

  private void playOrPause() {
    if (loop.isPlaying()) {
      loop.pause();
      return;
    }
    if (!loop.hasWork()) {
      restart();
    }
    loop.play();
  }

  /** Starts what the controls ask for, and goes on as before: paused or running. */
  private void restart() {
    draw(controls.asked());
  }

  private void draw(Map<String, String> asked) {
    folder = null;
    try {
      Settings settings = new Settings(Phi4Controls.OWNER, Phi4Controls.settings(), asked);
      open(() -> LiveChains.open(settings));
    } catch (BadRequestException e) {
      shell.problem(OneLine.of(e));
    }
  }

  /** Makes a model, on the loop's thread. */
  @FunctionalInterface
  private interface Source {
    SampleModel open() throws Exception;
  }

  private void open(Source source) {
    setSpeed();
    loop.open(() -> {
      SampleModel model = source.open();
      opened.set(model);
      analysis.open(model::analysis);
      shell.note(model.isDrawn() ? "drawing samples" : "following the run");
      return model;
    });
  }

  private void setSpeed() {
    loop.setSpeed(folder == null ? pace.getValue().sweepsPerSecond() : 1);
  }

  private void browse() {
    shell.chooseFolder("The run of a sampling", RUNS, this::open);
  }

  @Override
  public void open(Path run) {
    folder = run;
    shell.note("reading %s ...".formatted(run));
    open(() -> RecordedChains.open(run));
    loop.play();
  }

  @Override
  public void set(Settings settings) {
    controls.show(settings);
    for (Pace each : Pace.values()) {
      if (each.word().equals(settings.text("speed"))) {
        pace.setValue(each);
      }
    }
    chain.set(settings.intValue("chain"));
    if (folder == null) {
      Map<String, String> asked = new LinkedHashMap<>(settings.given());
      asked.keySet().removeAll(List.of("speed", "chain"));
      draw(asked);
    }
  }

  private void key(KeyEvent event) {
    if (event.isShortcutDown()
        || event.getTarget() instanceof TextInputControl
        || event.getTarget() instanceof ComboBoxBase<?>
        || event.getTarget() instanceof Spinner<?>
        || event.getTarget() instanceof Slider) {
      return;
    }
    switch (event.getCode()) {
      case SPACE -> {
        if (event.getTarget() instanceof ButtonBase) {
          return; // the button's own
        }
        playOrPause();
      }
      case RIGHT -> loop.step();
      default -> {
        return;
      }
    }
    event.consume();
  }

  @Override
  public Node view() {
    return view;
  }

  @Override
  public void visible(boolean isVisible) {
    if (isVisible) {
      play.requestFocus();
    }
  }

  @Override
  @SuppressWarnings("ReferenceEquality") // another model is another object
  public void refresh() {
    SampleModel model = opened.get();
    if (model != null && model != shown) {
      shown = model;
      show(model);
    }
    boolean stands = !loop.isPlaying() && loop.isIdle(); // nothing is under way any more
    play.setText(!stands ? "Pause" : loop.steps() == 0 ? "Start" : "Continue");
    if (model != null) {
      panels.forEach(SamplePanel::refresh);
      String line = model.progress();
      if (!line.equals(progress.getText())) {
        progress.setText(line);
      }
    }
  }

  private void show(SampleModel model) {
    List<String> choices = new ArrayList<>(List.of("all"));
    for (int i = 1; i <= model.chains(); i++) {
      choices.add("chain " + i);
    }
    int chosen = chain.get() <= model.chains() ? chain.get() : 0;
    shownChain.getItems().setAll(choices);
    shownChain.getSelectionModel().select(chosen);
    chain.set(chosen);
    title.setText(model.title());
    controls.showRun(model.asked());
    pace.setDisable(!model.isDrawn());
    sweep.setDisable(!model.isDrawn());
    restart.setText(model.isDrawn() ? "Restart" : "New chains");
    panels.clear();
    panels.addAll(model.panels(loop, chain));
    recolour(shell.palette().get());
    List<Node> nodes = panels.stream().map(SamplePanel::node).toList();
    large.getChildren().setAll(nodes.getFirst());
    grid.show(nodes.subList(1, nodes.size()));
  }

  private void recolour(Palette colours) {
    panels.forEach(panel -> panel.setPalette(colours));
  }

  @Override
  public void close() {
    Thread other = Thread.ofPlatform().daemon().name(THREAD + "-close").start(analysis::close);
    loop.close();
    try {
      other.join(1000);
    } catch (InterruptedException _) {
      Thread.currentThread().interrupt();
    }
  }
}
