package org.umwelt.viewer.live;

import atlantafx.base.theme.Styles;
import java.io.File;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.IntStream;
import javafx.beans.value.ChangeListener;
import javafx.geometry.Insets;
import javafx.geometry.Pos;
import javafx.scene.Node;
import javafx.scene.control.Button;
import javafx.scene.control.ComboBox;
import javafx.scene.control.Label;
import javafx.scene.control.Spinner;
import javafx.scene.control.SplitPane;
import javafx.scene.control.TextField;
import javafx.scene.control.ToggleButton;
import javafx.scene.control.Tooltip;
import javafx.scene.input.KeyEvent;
import javafx.scene.layout.BorderPane;
import javafx.scene.layout.FlowPane;
import javafx.scene.layout.HBox;
import javafx.scene.layout.StackPane;
import javafx.scene.layout.VBox;
import javafx.stage.FileChooser;
import org.jspecify.annotations.Nullable;
import org.umwelt.agents.AgentEntry;
import org.umwelt.agents.Agents;
import org.umwelt.envs.registry.EnvironmentEntry;
import org.umwelt.envs.registry.Environments;
import org.umwelt.kernels.settings.BadRequestException;
import org.umwelt.kernels.settings.Settings;
import org.umwelt.viewer.Room;
import org.umwelt.viewer.Shell;
import org.umwelt.viewer.keys.HeldKeys;
import org.umwelt.viewer.loop.Loop;
import org.umwelt.viewer.loop.OneLine;
import org.umwelt.viewer.loop.Speed;
import org.umwelt.viewer.plots.Field;
import org.umwelt.viewer.plots.HeatMap;
import org.umwelt.viewer.plots.Palette;
import org.umwelt.viewer.plots.PictureTile;
import org.umwelt.viewer.plots.Ticks;
import org.umwelt.viewer.plots.TileGrid;
import org.umwelt.viewer.plots.TimeLine;

/** The room: a row of controls, the environments as tiles, and the first one's time line. */
final class LiveRoom implements Room {
  /** What a first-time user sees: it needs no download, and moves. */
  static final RolloutRequest FIRST = new RolloutRequest("umwelt/Bricks-v0", "scripted", 0, 1);

  private static final Path RUNS = Path.of("runs");

  /** From this many tiles on they are drawn at every other pulse. */
  private static final int MANY = 5;

  private final Shell shell;
  private final Loop loop;
  private final HeldKeys keys = new HeldKeys();
  private final AtomicReference<@Nullable Rollout> opened = new AtomicReference<>();
  private final ChangeListener<Palette> recolour = (_, _, colours) -> recolour(colours);

  private final ComboBox<String> environment = new ComboBox<>();
  private final ComboBox<String> agent = new ComboBox<>();
  private final Button browse = new Button("...");
  private final TextField seed = new TextField(Long.toString(FIRST.seed()));
  private final Spinner<Integer> count = new Spinner<>(1, RolloutRequest.MOST, FIRST.count());
  private final ComboBox<Speed> speed = new ComboBox<>();
  private final Button play = new Button("Pause");
  private final Button step = new Button("Step");
  private final Button reset = new Button("Reset");
  private final ToggleButton record = new ToggleButton("Record");
  private final Label score = new Label();
  private final TileGrid grid = new TileGrid();
  private final TimeLine timeLine = new TimeLine();
  private final BorderPane view = new BorderPane();

  private final List<PictureTile> pictures = new ArrayList<>();
  private final List<HeatMap> heatMaps = new ArrayList<>();
  private final List<Label> words = new ArrayList<>();
  private @Nullable Rollout shown;
  private boolean shownInsight;
  private boolean tilesShaped;
  private long pulses;
  private boolean held; // while several controls change together

  LiveRoom(Shell shell) {
    this.shell = shell;
    this.loop = new Loop("umwelt-viewer-live", shell::problem);
    layOut();
    shell.palette().addListener(recolour);
    recolour(shell.palette().get());
    start(FIRST);
    loop.play();
  }

  private void layOut() {
    environment.setId("environment");
    environment.setEditable(true);
    environment.setPrefWidth(230);
    environment.setValue(FIRST.environment());
    environment
        .getItems()
        .setAll(Environments.entries().stream().map(EnvironmentEntry::id).toList());
    environment.setOnAction(_ -> restart());
    agent.setId("agent");
    agent.setEditable(true);
    agent.setPrefWidth(150);
    agent.setValue(FIRST.agent());
    agent.getItems().add(KeyboardAgent.NAME);
    Agents.entries().stream()
        .filter(entry -> entry.argument().isEmpty())
        .map(AgentEntry::name)
        .forEach(agent.getItems()::add);
    agent.setTooltip(new Tooltip("A name, or the file of a trained agent"));
    agent.setOnAction(_ -> {
      if (KeyboardAgent.NAME.equals(agent.getValue())) {
        speed.setValue(Speed.QUARTER); // as fast as people are
        count.getValueFactory().setValue(1);
      }
      restart();
    });
    browse.setId("browse");
    browse.setTooltip(new Tooltip("The file of a trained agent"));
    browse.setOnAction(_ -> chooseAgent());
    seed.setId("seed");
    seed.setPrefColumnCount(5);
    seed.setOnAction(_ -> restart());
    count.setId("count");
    count.setEditable(true);
    count.setPrefWidth(84);
    count.valueProperty().addListener((_, _, _) -> restart());
    speed.setId("speed");
    speed.getItems().setAll(Speed.values());
    speed.setValue(Speed.ONE);
    speed.valueProperty().addListener((_, _, chosen) -> loop.setSpeed(chosen.factor()));
    play.setId("play");
    play.setPrefWidth(76);
    play.getStyleClass().add(Styles.ACCENT);
    play.setOnAction(_ -> {
      if (loop.isPlaying()) {
        loop.pause();
      } else {
        playOn();
      }
    });
    step.setId("step");
    step.setOnAction(_ -> loop.step());
    reset.setId("reset");
    reset.setOnAction(_ -> restart());
    record.setId("record");
    record.setTooltip(new Tooltip("Record from the first step on into a new run below runs/"));
    record.setOnAction(_ -> toggleRecording());

    FlowPane controls =
        new FlowPane(
            12,
            6,
            labelled("Environment", environment),
            labelled("Agent", agent, browse),
            labelled("Seed", seed),
            labelled("How many", count),
            labelled("Speed", speed),
            new HBox(6, play, step, reset, record));
    controls.setPadding(new Insets(0, 0, 8, 0));
    score.setId("score");
    score.getStyleClass().add(Styles.TEXT_MUTED);
    VBox top = new VBox(controls, score);
    top.setPadding(new Insets(0, 0, 8, 0));

    grid.setId("tiles");
    grid.setFocusTraversable(true);
    grid.setOnMousePressed(_ -> grid.requestFocus());
    view.addEventFilter(KeyEvent.KEY_PRESSED, event -> key(event, true));
    view.addEventFilter(KeyEvent.KEY_RELEASED, event -> key(event, false));
    grid.focusedProperty().addListener((_, _, _) -> keys.releaseAll());
    SplitPane split = new SplitPane(grid, timeLine);
    split.setDividerPositions(0.6);
    view.setTop(top);
    view.setCenter(split);
  }

  private static Node labelled(String text, Node control, Node... beside) {
    Label label = new Label(text);
    label.setLabelFor(control);
    HBox box = new HBox(6, label, control);
    box.getChildren().addAll(beside);
    box.setAlignment(Pos.CENTER_LEFT);
    return box;
  }

  private void chooseAgent() {
    FileChooser chooser = new FileChooser();
    chooser.setTitle("The file of a trained agent");
    File chosen = chooser.showOpenDialog(shell.window());
    if (chosen != null) {
      agent.setValue(chosen.getPath());
    }
  }

  /** Starts what the controls ask for, and goes on as before: paused or playing. */
  private void restart() {
    if (held) {
      return;
    }
    try {
      start(asked());
    } catch (BadRequestException e) {
      shell.problem(OneLine.of(e));
    }
  }

  private void playOn() {
    if (!loop.hasWork()) {
      restart();
    }
    loop.play();
    if (KeyboardAgent.NAME.equals(agent.getValue())) {
      grid.requestFocus();
    }
  }

  private RolloutRequest asked() {
    long number;
    try {
      number = Long.parseLong(seed.getText().strip());
    } catch (NumberFormatException e) {
      throw new BadRequestException(
          "expected a whole number as the seed, got " + seed.getText(), e);
    }
    return new RolloutRequest(
        String.valueOf(environment.getValue()).strip(),
        String.valueOf(agent.getValue()).strip(),
        number,
        count.getValue());
  }

  private void start(RolloutRequest request) {
    shell.note("making %d of %s ...".formatted(request.count(), request.environment()));
    loop.open(() -> {
      Rollout rollout = Rollout.open(request, keys);
      opened.set(rollout);
      shell.note("%s in %s".formatted(request.agent(), request.environment()));
      return rollout;
    });
    loop.setSpeed(speed.getValue().factor());
    if (request.agent().equals(KeyboardAgent.NAME)) {
      grid.requestFocus();
    }
  }

  private void toggleRecording() {
    Rollout rollout = opened.get();
    boolean wanted = record.isSelected();
    loop.submit(() -> {
      if (rollout == null || rollout != opened.get()) {
        return;
      }
      if (wanted) {
        shell.note("recording into " + rollout.record(RUNS));
      } else {
        Path run = rollout.stopRecording();
        if (run != null) {
          shell.note("recorded: umwelt view " + run);
        }
      }
    });
  }

  private void key(KeyEvent event, boolean pressed) {
    if (event.getTarget() instanceof TextField || !KeyboardAgent.NAME.equals(agent.getValue())) {
      return;
    }
    if (keys.take(event, pressed)) {
      event.consume();
    }
  }

  @Override
  public void set(Settings settings) {
    held = true;
    environment.setValue(settings.text("env"));
    agent.setValue(settings.text("agent"));
    seed.setText(settings.text("seed"));
    count.getValueFactory().setValue(settings.intValue("count"));
    for (Speed each : Speed.values()) {
      if (each.word().equals(settings.text("speed"))) {
        speed.setValue(each);
      }
    }
    held = false;
    restart();
  }

  @Override
  public Node view() {
    return view;
  }

  @Override
  public void refresh() {
    Rollout rollout = opened.get();
    if (rollout != null && rollout != shown) {
      shown = rollout;
      show(rollout);
    }
    play.setText(loop.isPlaying() ? "Pause" : "Play");
    pulses++;
    if (rollout == null) {
      return;
    }
    if (record.isSelected() != rollout.isRecording() && loop.isIdle()) {
      record.setSelected(rollout.isRecording());
    }
    if (shownInsight != rollout.hasInsight()) {
      strips(rollout);
    }
    if (pictures.size() < MANY || pulses % 2 == 0) {
      refreshTiles(rollout);
    }
    timeLine.refresh();
    tell(rollout);
  }

  private void refreshTiles(Rollout rollout) {
    boolean isNew = false;
    for (PictureTile tile : pictures) {
      isNew |= tile.refresh();
    }
    heatMaps.forEach(HeatMap::refresh);
    for (int i = 0; i < words.size(); i++) {
      if (rollout.displays().get(i) instanceof RowDisplay.OfRendering rendering) {
        words.get(i).setText(rendering.words());
      }
    }
    if (isNew && !tilesShaped) {
      tilesShaped = true;
      grid.setAspect(pictures.getFirst().aspect());
    }
  }

  private void tell(Rollout rollout) {
    Rollout.Score now = rollout.score();
    String line =
        "seed %d   step %d   return %s   episodes %d   mean return %s"
            .formatted(
                now.seed(),
                now.length(),
                Ticks.number(now.totalReward()),
                now.episodes(),
                Ticks.number(now.meanReturn()));
    if (!line.equals(score.getText())) {
      score.setText(line);
    }
  }

  private void show(Rollout rollout) {
    pictures.clear();
    heatMaps.clear();
    words.clear();
    tilesShaped = false;
    List<Node> tiles = new ArrayList<>();
    for (RowDisplay display : rollout.displays()) {
      switch (display) {
        case RowDisplay.OfField field -> tiles.add(heatMap(field.field()));
        case RowDisplay.OfPicture picture -> {
          PictureTile tile = new PictureTile(picture.pixels());
          pictures.add(tile);
          tiles.add(tile);
        }
        case RowDisplay.OfRendering rendering -> {
          PictureTile tile = new PictureTile(rendering.pixels());
          Label text = new Label();
          pictures.add(tile);
          words.add(text);
          tiles.add(new StackPane(tile, text));
        }
      }
    }
    grid.show(tiles);
    strips(rollout);
  }

  private HeatMap heatMap(Field field) {
    HeatMap map = new HeatMap(field);
    map.setPalette(shell.palette().get());
    heatMaps.add(map);
    return map;
  }

  private void strips(Rollout rollout) {
    shownInsight = rollout.hasInsight();
    timeLine.setHistory(rollout.history());
    timeLine.addStrip("Reward", List.of(new TimeLine.Series("", Rollout.REWARD)));
    timeLine.addStrip("Return", List.of(new TimeLine.Series("", Rollout.RETURN)));
    if (shownInsight) {
      if (rollout.hasValue()) {
        timeLine.addStrip("Value", List.of(new TimeLine.Series("", Rollout.VALUE)));
      }
      timeLine.addStrip("Entropy (nats)", List.of(new TimeLine.Series("", Rollout.ENTROPY)));
      List<String> names = rollout.actionNames();
      timeLine.addStrip(
          "Policy",
          IntStream.range(0, names.size())
              .mapToObj(a -> new TimeLine.Series(names.get(a), Rollout.FIRST_PROBABILITY + a))
              .toList());
    }
  }

  private void recolour(Palette colours) {
    timeLine.setPalette(colours);
    heatMaps.forEach(map -> map.setPalette(colours));
  }

  @Override
  public void close() {
    loop.close();
  }
}
