package org.umwelt.viewer.replays;

import atlantafx.base.theme.Styles;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Function;
import javafx.beans.property.ReadOnlyStringWrapper;
import javafx.beans.value.ChangeListener;
import javafx.geometry.Insets;
import javafx.geometry.Pos;
import javafx.scene.Node;
import javafx.scene.control.Button;
import javafx.scene.control.ComboBox;
import javafx.scene.control.Label;
import javafx.scene.control.Slider;
import javafx.scene.control.SplitPane;
import javafx.scene.control.TableColumn;
import javafx.scene.control.TableView;
import javafx.scene.control.TextField;
import javafx.scene.control.Tooltip;
import javafx.scene.input.KeyEvent;
import javafx.scene.layout.BorderPane;
import javafx.scene.layout.FlowPane;
import javafx.scene.layout.HBox;
import javafx.scene.layout.Priority;
import javafx.scene.layout.VBox;
import org.jspecify.annotations.Nullable;
import org.umwelt.envs.dataset.EpisodeSummary;
import org.umwelt.kernels.settings.BadRequestException;
import org.umwelt.kernels.settings.Settings;
import org.umwelt.viewer.Room;
import org.umwelt.viewer.Shell;
import org.umwelt.viewer.loop.Loop;
import org.umwelt.viewer.loop.OneLine;
import org.umwelt.viewer.plots.Palette;
import org.umwelt.viewer.plots.PictureTile;
import org.umwelt.viewer.plots.Ticks;
import org.umwelt.viewer.plots.TimeLine;

/**
 * The room: a list of episodes, the frame of one or two of them at one step, and what happened over
 * all steps.
 */
final class ReplayRoom implements Room {
  private static final int LARGE_STEP = 10;

  /** Heights of the time line with two and with three strips. */
  private static final double LOW = 150;

  private static final double TALL = 220;
  private static final Path RUNS = Path.of("runs");

  private final Shell shell;
  private final Loop loop;
  private final FilmExport export;
  private final ChangeListener<Palette> recolour = (_, _, colours) -> recolour(colours);

  private final TextField path = new TextField();
  private final TextField beside = new TextField();
  private final TextField judge = new TextField();
  private final TextField out = new TextField();
  private final TableView<EpisodeSummary> list = new TableView<>();
  private final HBox pictures = new HBox(12);
  private final Slider slider = new Slider();
  private final Button play = new Button("Play");
  private final ComboBox<String> speed = new ComboBox<>();
  private final Label place = new Label();
  private final Label span = new Label();
  private final TimeLine timeLine = new TimeLine();
  private final BorderPane view = new BorderPane();
  private final List<PictureTile> tiles = new ArrayList<>();
  private final List<Label> titles = new ArrayList<>();
  private final List<Label> captions = new ArrayList<>();

  // Handed over by the loop's thread.
  private final AtomicReference<@Nullable Shelf> opened = new AtomicReference<>();
  private final AtomicReference<@Nullable Playback> playing = new AtomicReference<>();
  private final AtomicInteger wanted = new AtomicInteger(-1);
  private volatile boolean judged;

  // Of the loop's thread alone.
  private @Nullable Shelf shelf;
  private @Nullable Shelf other;

  private @Nullable Shelf shownShelf;
  private @Nullable Playback shownPlayback;
  private int shownStep = -1;
  private int target; // the step asked for last, or shown since
  private int from;
  private int to;
  private boolean following;
  private @Nullable Settings asked; // by the command line, until it is done

  ReplayRoom(Shell shell) {
    this.shell = shell;
    this.loop = new Loop("umwelt-viewer-replays", shell::problem);
    this.export = new FilmExport(shell);
    layOut();
    shell.palette().addListener(recolour);
    recolour(shell.palette().get());
  }

  private void layOut() {
    path.setId("path");
    path.setPromptText("folder of a run or a data set, then Enter");
    path.setOnAction(_ -> openTyped());
    HBox.setHgrow(path, Priority.ALWAYS);
    Button browse = new Button("Browse \u2026");
    browse.setOnAction(_ -> browse());
    beside.setId("beside");
    beside.setPromptText("another run: same seed; or RUN#EPISODE");
    beside.setTooltip(
        new Tooltip("A second run or data set: its episode of the same seed is shown beside"));
    beside.setOnAction(_ -> showSelected());
    HBox.setHgrow(beside, Priority.ALWAYS);
    HBox first = new HBox(6, new Label("Run"), path, browse, new Label("Beside"), beside);
    first.setAlignment(Pos.CENTER_LEFT);
    first.setPadding(new Insets(0, 0, 8, 0));
    view.setTop(first);

    list.setId("episodes");
    list.setPlaceholder(new Label("Open a run to see its episodes"));
    list.setColumnResizePolicy(TableView.CONSTRAINED_RESIZE_POLICY_FLEX_LAST_COLUMN);
    list.getColumns().add(column("#", 44, episode -> Integer.toString(episode.index())));
    list.getColumns().add(column("return", 70, episode -> Ticks.number(episode.totalReward())));
    list.getColumns().add(column("length", 68, episode -> Integer.toString(episode.steps())));
    list.getColumns().add(column("seed", 104, episode -> Long.toString(episode.seed())));
    list.getColumns().add(column("end", 92, ReplayRoom::end));
    list.getSelectionModel().selectedItemProperty().addListener((_, _, _) -> showSelected());

    pictures.setAlignment(Pos.CENTER);
    slider.setId("step");
    slider.setBlockIncrement(1);
    slider.setDisable(true);
    slider
        .valueProperty()
        .addListener((_, _, value) -> {
          if (!following) {
            seek((int) Math.round(value.doubleValue()));
          }
        });
    timeLine.setId("timeline");
    timeLine.onChoose(row -> {
      slider.requestFocus(); // from here on the arrow keys scrub
      seek((int) row);
    });
    VBox.setVgrow(pictures, Priority.ALWAYS);
    timeLine.setMinHeight(LOW);
    timeLine.setPrefHeight(LOW);
    VBox middle = new VBox(6, pictures, slider, buttons(), timeLine);
    middle.setPadding(new Insets(0, 0, 0, 8));
    VBox.setVgrow(list, Priority.ALWAYS);
    VBox left = new VBox(8, list, exportBar());
    left.setPadding(new Insets(0, 8, 0, 0));
    SplitPane split = new SplitPane(left, middle);
    split.setDividerPositions(0.35);
    view.setCenter(split);
    view.addEventFilter(KeyEvent.KEY_PRESSED, this::key);
  }

  private FlowPane buttons() {
    play.setId("play");
    play.getStyleClass().add(Styles.ACCENT);
    play.setPrefWidth(76);
    play.setOnAction(_ -> playOrPause());
    speed.setId("speed");
    speed.getItems().setAll("\u00d7 \u00bc", "\u00d7 1", "\u00d7 4");
    speed.setValue("\u00d7 1");
    speed.setOnAction(_ ->
        loop.setSpeed(new double[] {0.25, 1, 4}[speed.getSelectionModel().getSelectedIndex()]));
    place.setId("place");
    FlowPane bar =
        new FlowPane(
            6,
            6,
            button("first", "|\u25c0", "To the start (Home)", () -> seek(0)),
            button("back", "\u25c0", "A step back (Left)", () -> move(-1)),
            play,
            button("forward", "\u25b6", "A step on (Right)", () -> move(1)),
            button("last", "\u25b6|", "To the end (End)", () -> seek(Integer.MAX_VALUE)),
            speed,
            button(
                "previous-reward",
                "\u25c0 reward",
                "To the reward before (Shift+R)",
                () -> jump(OpenEpisode::previousReward)),
            button(
                "next-reward",
                "reward \u25b6",
                "To the next reward (R)",
                () -> jump(OpenEpisode::nextReward)),
            button("drop", "value drop", "To where the value falls most (V)", this::toLargestDrop),
            place);
    bar.setAlignment(Pos.CENTER_LEFT);
    return bar;
  }

  /** Where a step that was asked for stands. */
  @FunctionalInterface
  private interface Jump {
    int from(OpenEpisode episode, int t);
  }

  private FlowPane exportBar() {
    span.setId("span");
    span.getStyleClass().add(Styles.TEXT_MUTED);
    out.setId("out");
    out.setPromptText("film.mp4, .webm, .gif or a folder");
    out.setPrefColumnCount(20);
    out.setOnAction(_ -> export());
    judge.setId("judge");
    judge.setPromptText("agent, or its file");
    judge.setPrefColumnCount(20);
    judge.setTooltip(new Tooltip("Whose value is drawn: it looks at every recorded observation"));
    judge.setOnAction(_ -> judge());
    FlowPane bar =
        new FlowPane(
            6,
            6,
            button(
                "from", "from here", "The span begins with this step", () -> setSpan(target, to)),
            button("to", "to here", "The span ends with this step", () -> setSpan(from, target)),
            span,
            out,
            button("export", "Export", "Write the span as film or pictures", this::export),
            new Label("Value of"),
            judge);
    bar.setAlignment(Pos.CENTER_LEFT);
    return bar;
  }

  private static Button button(String id, String text, String tip, Runnable action) {
    Button button = new Button(text);
    button.setId(id);
    button.setTooltip(new Tooltip(tip));
    button.setOnAction(_ -> action.run());
    return button;
  }

  private static TableColumn<EpisodeSummary, String> column(
      String name, double width, Function<EpisodeSummary, String> text) {
    TableColumn<EpisodeSummary, String> column = new TableColumn<>(name);
    column.setPrefWidth(width);
    column.setMinWidth(40);
    column.setCellValueFactory(row -> new ReadOnlyStringWrapper(text.apply(row.getValue())));
    column.setComparator(ReplayRoom::byNumber);
    return column;
  }

  private static int byNumber(String a, String b) {
    try {
      return Double.compare(number(a), number(b));
    } catch (NumberFormatException _) {
      return a.compareTo(b);
    }
  }

  private static double number(String text) {
    return Double.parseDouble(text.replace('\u2212', '-'));
  }

  private static String end(EpisodeSummary episode) {
    if (episode.terminated()) {
      return "terminated";
    }
    return episode.truncated() ? "truncated" : "cut short";
  }

  private void browse() {
    shell.chooseFolder("A run or a data set", RUNS, this::open);
  }

  private void openTyped() {
    try {
      open(typed(path.getText()));
    } catch (BadRequestException e) {
      shell.problem(OneLine.of(e));
    }
  }

  private static Path typed(String text) {
    try {
      if (text.isBlank()) {
        throw new BadRequestException("expected the folder of a run or a data set");
      }
      return Path.of(text.strip());
    } catch (InvalidPathException e) {
      throw new BadRequestException("expected a path, got " + text, e);
    }
  }

  @Override
  public void open(Path folder) {
    path.setText(folder.toString());
    loop.submit(() -> {
      Shelf next = Shelf.open(folder);
      loop.clear();
      if (shelf != null) {
        loop.submit(shelf::close);
      }
      shelf = next;
      opened.set(next);
      List<String> losses = next.dataset().losses();
      if (losses.isEmpty()) {
        shell.note("%s: %d episodes".formatted(folder, next.episodes().size()));
      } else {
        shell.problem(String.join("; ", losses));
      }
    });
  }

  private void showSelected() {
    EpisodeSummary selected = list.getSelectionModel().getSelectedItem();
    if (selected == null) {
      return;
    }
    String second = beside.getText().strip();
    loop.open(() -> {
      Shelf mine = shelf;
      if (mine == null) {
        throw new BadRequestException("open a run first");
      }
      List<OpenEpisode> episodes = new ArrayList<>();
      episodes.add(mine.take(selected.index()));
      try {
        if (!second.isEmpty()) {
          episodes.add(second(second, selected.seed()));
        }
      } catch (RuntimeException e) {
        shell.problem(OneLine.of(e)); // the first is shown all the same
      }
      Playback next = new Playback(episodes, shell::problem);
      playing.set(next);
      return next;
    });
  }

  /** Opens the episode that is shown beside; on the loop's thread. */
  private OpenEpisode second(String text, long seed) {
    int mark = text.lastIndexOf('#');
    boolean numbered = mark > 0 && text.substring(mark + 1).matches("\\d{1,9}");
    Path folder = typed(numbered ? text.substring(0, mark) : text);
    if (other == null || !other.path().equals(folder)) {
      Shelf next = Shelf.open(folder);
      if (other != null) {
        other.close();
      }
      other = next;
    }
    Shelf theirs = other;
    int index =
        numbered
            ? Integer.parseInt(text.substring(mark + 1))
            : theirs
                .withSeed(seed)
                .orElseThrow(() ->
                    new BadRequestException(
                        "%s has no episode of seed %d; name one as %s#0"
                            .formatted(folder, seed, folder)))
                .index();
    return theirs.take(index);
  }

  private void judge() {
    String name = judge.getText().strip();
    Playback present = playing.get();
    if (present == null || name.isEmpty()) {
      return;
    }
    shell.note("letting %s look at the episode ...".formatted(name));
    loop.submit(() -> {
      OpenEpisode episode = present.sides().getFirst().episode();
      episode.judge(name);
      judged = true;
      if (episode.hasValues()) {
        shell.note("value of %s, step by step".formatted(name));
      } else {
        shell.problem("agent %s tells no value".formatted(name));
      }
    });
  }

  private void export() {
    Playback present = playing.get();
    try {
      if (present == null) {
        throw new BadRequestException("choose an episode first");
      }
      OpenEpisode episode = present.sides().getFirst().episode();
      export.start(
          episode.source(),
          episode.summary().index(),
          from,
          Math.min(to, episode.steps()),
          typedOut());
    } catch (BadRequestException e) {
      shell.problem(OneLine.of(e));
    }
  }

  private Path typedOut() {
    if (out.getText().isBlank()) {
      throw new BadRequestException(
          "expected what to write: a name that ends in .mp4, .webm or .gif, or a folder");
    }
    return typed(out.getText());
  }

  private void setSpan(int first, int last) {
    from = Math.clamp(first, 0, Math.max(0, last));
    to = Math.max(from, last);
    span.setText("steps %d to %d".formatted(from, to));
  }

  private void playOrPause() {
    Playback present = playing.get();
    if (present == null) {
      shell.problem("choose an episode first");
    } else if (loop.isPlaying()) {
      loop.pause();
    } else {
      if (present.shown() >= present.last()) {
        seek(0);
      }
      loop.play();
    }
  }

  private void move(int steps) {
    seek(target + steps);
  }

  private void jump(Jump where) {
    Playback present = playing.get();
    if (present != null) {
      seek(where.from(present.sides().getFirst().episode(), target));
    }
  }

  private void toLargestDrop() {
    Playback present = playing.get();
    if (present == null) {
      return;
    }
    int t = present.sides().getFirst().episode().largestDrop();
    if (t < 0) {
      shell.problem("no values yet: name the agent whose value is meant in Value of, then Enter");
    } else {
      seek(t);
    }
  }

  /** Pauses at a step; what is asked for faster than it is shown is left out. */
  private void seek(int t) {
    Playback present = playing.get();
    if (present == null) {
      return;
    }
    loop.pause();
    target = Math.clamp(t, 0, present.last());
    if (wanted.getAndSet(target) < 0) {
      loop.submit(() -> {
        int step = wanted.getAndSet(-1);
        if (step >= 0 && present == playing.get()) {
          present.show(step);
        }
      });
    }
  }

  private void key(KeyEvent event) {
    if (event.getTarget() instanceof TextField
        || event.isShortcutDown()
        || (event.getTarget() instanceof Node target && isIn(target, list))) {
      return;
    }
    int stride = event.isShiftDown() ? LARGE_STEP : 1;
    switch (event.getCode()) {
      case LEFT -> move(-stride);
      case RIGHT -> move(stride);
      case HOME -> seek(0);
      case END -> seek(Integer.MAX_VALUE);
      case SPACE -> playOrPause();
      case R -> jump(event.isShiftDown() ? OpenEpisode::previousReward : OpenEpisode::nextReward);
      case V -> toLargestDrop();
      default -> {
        return;
      }
    }
    event.consume();
  }

  @SuppressWarnings("ReferenceEquality") // nodes are what they are
  private static boolean isIn(Node node, Node parent) {
    for (Node at = node; at != null; at = at.getParent()) {
      if (at.equals(parent)) {
        return true;
      }
    }
    return false;
  }

  @Override
  public void set(Settings settings) {
    beside.setText(settings.text("beside"));
    judge.setText(settings.text("value_of"));
    asked = settings;
  }

  @Override
  public Node view() {
    return view;
  }

  @Override
  public void visible(boolean isVisible) {
    if (!isVisible) {
      loop.pause();
    }
  }

  @Override
  @SuppressWarnings("ReferenceEquality") // another shelf, not an equal one
  public void refresh() {
    Shelf latest = opened.get();
    if (latest != null && !latest.equals(shownShelf)) {
      shownShelf = latest;
      list.getItems().setAll(latest.episodes());
      int episode = asked == null ? 0 : asked.intValue("episode");
      list.getSelectionModel()
          .select(
              latest.episodes().stream()
                  .filter(each -> each.index() == episode)
                  .findFirst()
                  .orElse(latest.episodes().getFirst()));
    }
    Playback present = playing.get();
    if (present == null) {
      return;
    }
    if (present != shownPlayback) {
      shownPlayback = present;
      show(present);
      if (asked != null) {
        int step = asked.intValue("step");
        asked = null;
        judge();
        seek(step);
      }
    }
    if (judged) {
      judged = false;
      strips(present);
    }
    if (loop.isPlaying() || (loop.isIdle() && wanted.get() < 0)) {
      target = Math.max(0, present.shown());
    }
    play.setText(loop.isPlaying() ? "Pause" : "Play");
    if (present.shown() != shownStep && present.shown() >= 0) {
      shownStep = present.shown();
      following = true;
      slider.setValue(shownStep);
      following = false;
      timeLine.setCursor(shownStep);
      place.setText(String.format(Locale.ROOT, "step %d of %d", shownStep, present.last()));
      List<String> words = present.words();
      for (int i = 0; i < Math.min(captions.size(), words.size()); i++) {
        captions.get(i).setText(words.get(i));
      }
    }
    tiles.forEach(PictureTile::refresh);
    timeLine.refresh();
  }

  private void show(Playback present) {
    pictures.getChildren().clear();
    tiles.clear();
    titles.clear();
    captions.clear();
    shownStep = -1;
    target = 0;
    for (Playback.Side side : present.sides()) {
      PictureTile tile = new PictureTile(side.pixels());
      VBox.setVgrow(tile, Priority.ALWAYS);
      EpisodeSummary episode = side.episode().summary();
      Label title =
          new Label(
              "%s: return %s (episode %d, seed %d)"
                  .formatted(
                      shortened(side.episode().description().algorithm()),
                      Ticks.number(episode.totalReward()),
                      episode.index(),
                      episode.seed()));
      Label caption = new Label();
      caption.getStyleClass().add(Styles.TEXT_MUTED);
      tiles.add(tile);
      titles.add(title);
      captions.add(caption);
      VBox box = new VBox(4, title, tile, caption);
      box.setPrefWidth(10); // of equal width, whatever stands in their titles
      box.setMinWidth(0);
      HBox.setHgrow(box, Priority.ALWAYS);
      pictures.getChildren().add(box);
    }
    slider.setDisable(false);
    if (path.isFocused() || beside.isFocused()) {
      slider.requestFocus();
    }
    following = true;
    slider.setMax(present.last());
    slider.setValue(0);
    following = false;
    setSpan(0, present.last());
    strips(present);
  }

  /** Returns the last part of an agent that is a file. */
  private static String shortened(String agent) {
    return agent.substring(agent.lastIndexOf('/') + 1);
  }

  private void strips(Playback present) {
    OpenEpisode episode = present.sides().getFirst().episode();
    timeLine.setHistory(episode.history());
    timeLine.addStrip("Reward", List.of(new TimeLine.Series("", OpenEpisode.REWARD)));
    timeLine.addStrip("Return", List.of(new TimeLine.Series("", OpenEpisode.RETURN)));
    if (episode.hasValues()) {
      timeLine.addStrip("Value", List.of(new TimeLine.Series("", OpenEpisode.VALUE)));
    }
    timeLine.setPrefHeight(episode.hasValues() ? TALL : LOW);
  }

  private void recolour(Palette colours) {
    timeLine.setPalette(colours);
  }

  @Override
  public void close() {
    export.close();
    loop.close();
    if (shelf != null) {
      shelf.close();
    }
    if (other != null) {
      other.close();
    }
  }
}
