package org.umwelt.viewer.dream;

import atlantafx.base.theme.Styles;
import java.io.File;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import javafx.beans.value.ChangeListener;
import javafx.geometry.Pos;
import javafx.scene.Node;
import javafx.scene.control.ButtonBase;
import javafx.scene.control.Label;
import javafx.scene.control.ScrollPane;
import javafx.scene.control.Slider;
import javafx.scene.control.TextInputControl;
import javafx.scene.control.ToggleButton;
import javafx.scene.input.KeyCode;
import javafx.scene.input.KeyEvent;
import javafx.scene.layout.HBox;
import javafx.scene.layout.Priority;
import javafx.scene.layout.Region;
import javafx.scene.layout.VBox;
import javafx.stage.DirectoryChooser;
import org.jspecify.annotations.Nullable;
import org.umwelt.kernels.settings.BadRequestException;
import org.umwelt.kernels.settings.Settings;
import org.umwelt.viewer.Room;
import org.umwelt.viewer.Shell;
import org.umwelt.viewer.keys.HeldKeys;
import org.umwelt.viewer.loop.Loop;
import org.umwelt.viewer.loop.OneLine;
import org.umwelt.viewer.plots.Palette;

/**
 * The room: one step of a dream beside reality, the steps as a slider, and below how both part and
 * which futures there are.
 */
final class DreamRoom implements Room {
  private static final double LEAST_WIDTH = 640;
  private static final double LEAST_HEIGHT = 580;

  private final Shell shell;
  private final Loop loop;
  private final HeldKeys keys = new HeldKeys();
  private final Actions actions = new Actions(keys);
  private final ChangeListener<Palette> recolour = (_, _, colours) -> recolour(colours);
  private final AtomicReference<@Nullable DreamState> state = new AtomicReference<>();
  private final AtomicInteger asked = new AtomicInteger(); // how often something was started
  private final AtomicReference<@Nullable DreamSession> opened = new AtomicReference<>();

  private final DreamControls controls = new DreamControls();
  private final DreamPictures pictures = new DreamPictures();
  private final Slider slider = new Slider();
  private final Label place = new Label();
  private final Label horizon = new Label();
  private final Label verdict =
      new Label(
          "Choose a run of umwelt train iris and press Start: some steps are really played, then the"
              + " world model dreams on from there. scripts/umwelt train iris-catch --out RUN makes one.");
  private final Comparison comparison = new Comparison();
  private final FuturesView futures = new FuturesView();
  private final ScrollPane view = new ScrollPane();

  private Settings settings = DreamRoomProvider.defaults();
  private boolean startWanted;
  private boolean scripted; // by the command line, until it is done
  private @Nullable DreamSession shownSession;
  private @Nullable DreamState shown;
  private int realSteps;
  private int cursor;
  private boolean atEnd = true;
  private boolean following; // the slider is moved by the room

  DreamRoom(Shell shell) {
    this.shell = shell;
    this.loop = new Loop("umwelt-viewer-dream", shell::problem);
    controls.show(settings);
    controls.offer(List.of(), 0, Actions.POLICY);
    layOut();
    listen();
    shell.palette().addListener(recolour);
    recolour(shell.palette().get());
  }

  private void layOut() {
    slider.setId("step");
    slider.setBlockIncrement(1);
    slider.setDisable(true);
    HBox.setHgrow(slider, Priority.ALWAYS);
    place.setId("place");
    place.setMinWidth(Region.USE_PREF_SIZE);
    HBox steps = new HBox(10, slider, place);
    pictures.setFocusTraversable(true);
    pictures.setId("pictures");
    pictures.setMinHeight(150);
    pictures.setPrefHeight(190);
    verdict.setId("verdict");
    verdict.setWrapText(true);
    verdict.setMinHeight(Region.USE_PREF_SIZE);
    verdict.getStyleClass().add(Styles.TEXT_SMALL);
    horizon.setId("horizon");
    horizon.setMinWidth(Region.USE_PREF_SIZE);
    horizon.getStyleClass().add(Styles.TITLE_4);
    HBox figure = new HBox(14, horizon, verdict);
    HBox.setHgrow(verdict, Priority.ALWAYS);
    figure.setMinHeight(36); // two lines
    figure.setAlignment(Pos.CENTER_LEFT);
    HBox.setHgrow(comparison, Priority.ALWAYS);
    HBox.setHgrow(futures, Priority.ALWAYS);
    HBox below = new HBox(16, comparison, futures);
    below.setMinHeight(200);
    below.setPrefHeight(230);
    VBox.setVgrow(pictures, Priority.ALWAYS);
    VBox.setVgrow(below, Priority.ALWAYS);
    VBox all = new VBox(6, controls, pictures, steps, figure, below);
    all.setMinSize(LEAST_WIDTH, LEAST_HEIGHT);
    view.setContent(all);
    view.setFitToWidth(true);
    view.setFitToHeight(true);
    view.getStyleClass().add(Styles.FLAT);
    view.setFocusTraversable(false);
  }

  private void listen() {
    controls.run.setOnAction(_ -> start());
    controls.environment.setOnAction(_ -> start());
    controls.seed.setOnAction(_ -> start());
    controls.start.setOnAction(_ -> start());
    controls.browse.setOnAction(_ -> browse());
    controls.play.setOnAction(_ -> playOrPause());
    controls.step.setOnAction(_ -> {
      continueHere();
      loop.step();
    });
    controls.imagine.setOnAction(_ -> imagine());
    controls.branch.setOnAction(_ -> branch());
    controls.speed.valueProperty().addListener((_, _, chosen) -> loop.setSpeed(chosen.factor()));
    loop.setSpeed(controls.speed.getValue().factor());
    controls
        .follow
        .selectedProperty()
        .addListener((_, _, wanted) -> ask(s -> s.setFollows(wanted)));
    controls.onChoose(choice -> {
      actions.choose(choice);
      if (choice == Actions.KEYS) {
        pictures.requestFocus();
      }
    });
    pictures.setOnMousePressed(_ -> pictures.requestFocus());
    pictures.focusedProperty().addListener((_, _, _) -> keys.releaseAll());
    slider
        .valueProperty()
        .addListener((_, _, value) -> {
          if (!following) {
            seek((int) Math.round(value.doubleValue()));
          }
        });
    view.addEventFilter(KeyEvent.KEY_PRESSED, this::pressed);
    view.addEventFilter(KeyEvent.KEY_RELEASED, this::released);
  }

  private void browse() {
    DirectoryChooser chooser = new DirectoryChooser();
    chooser.setTitle("A run of umwelt train iris");
    File folder = new File("runs");
    if (folder.isDirectory()) {
      chooser.setInitialDirectory(folder);
    }
    File chosen = chooser.showDialog(shell.window());
    if (chosen != null) {
      open(chosen.toPath());
    }
  }

  @Override
  public void open(Path path) {
    controls.run.setText(path.toString());
    startWanted = true;
  }

  @Override
  public void set(Settings given) {
    settings = given;
    scripted = true;
    controls.show(given);
    actions.choose(Actions.choice(given.text("next")));
    startWanted = !controls.run.getText().isBlank();
  }

  /** Opens what the controls say, and begins to dream. */
  private void start() {
    startWanted = false;
    DreamRequest request;
    try {
      request =
          DreamRequest.of(
              settings,
              controls.run.getText(),
              controls.environment.getText(),
              controls.seed.getText(),
              controls.realSteps.getValue());
    } catch (BadRequestException e) {
      shell.problem(OneLine.of(e));
      return;
    }
    int number = asked.incrementAndGet();
    realSteps = request.realSteps();
    atEnd = true;
    state.set(null);
    boolean follows = controls.follow.isSelected();
    shell.note("opening %s, playing %d real steps ...".formatted(request.run(), realSteps));
    loop.pause();
    loop.open(() -> {
      opened.set(null);
      DreamSession session =
          DreamSession.open(
              request, actions, told -> tell(number, told), () -> asked.get() != number);
      session.setFollows(follows);
      opened.set(session);
      shell.note("dreaming of %s, from real step %d on".formatted(request.run(), realSteps));
      return session;
    });
    begin();
  }

  private void tell(int number, DreamState told) {
    if (asked.get() == number) {
      state.set(told);
    }
  }

  /** Has done what the command line asks for, once. */
  private void begin() {
    if (!scripted) {
      return;
    }
    scripted = false;
    Settings now = settings;
    int steps = now.intValue("steps");
    if (steps > 0) {
      ask(session -> {
        boolean more = true;
        for (int t = 0; t < steps && more; t++) {
          more = session.step();
        }
      });
    }
    int from = now.intValue("from");
    if (from >= 0) {
      ask(session -> session.imagine(from, now.intValue("futures"), now.intValue("horizon")));
    }
    if (now.bool("branch")) {
      ask(DreamSession::branch);
    }
    if (now.bool("play")) {
      loop.play();
    }
  }

  /** What is asked of a session, on its thread. */
  @FunctionalInterface
  private interface Task {
    void run(DreamSession session) throws Exception;
  }

  private void ask(Task task) {
    loop.submit(() -> {
      DreamSession session = opened.get();
      if (session != null && !session.isClosed()) {
        task.run(session);
      }
    });
  }

  /** Forgets what is behind the step that is shown, where another one is. */
  private void continueHere() {
    if (!loop.hasWork()) {
      shell.problem("nothing is dreamt yet: choose a run and press Start");
    } else if (!atEnd) {
      int step = Math.max(0, cursor);
      ask(session -> session.goBack(step));
    }
    atEnd = true;
  }

  private void playOrPause() {
    if (loop.isPlaying()) {
      loop.pause();
      return;
    }
    continueHere();
    loop.play();
    if (actions.chosen() == Actions.KEYS) {
      pictures.requestFocus();
    }
  }

  private void imagine() {
    int step = Math.max(0, cursor);
    int count = controls.futures.getValue();
    int horizon = controls.horizon.getValue();
    loop.pause();
    ask(session -> session.imagine(step, count, horizon));
  }

  private void branch() {
    loop.pause();
    ask(DreamSession::branch);
  }

  private void seek(int step) {
    DreamState now = shown;
    if (now == null) {
      return;
    }
    loop.pause();
    cursor = Math.clamp(step, -realSteps, Math.max(0, now.last()));
    atEnd = cursor == now.last();
    show(now);
  }

  private void pressed(KeyEvent event) {
    if (event.getTarget() instanceof TextInputControl || event.isShortcutDown()) {
      return;
    }
    KeyCode code = event.getCode();
    if (actions.chosen() == Actions.KEYS && code != KeyCode.ESCAPE && keys.take(event, true)) {
      event.consume();
      return;
    }
    boolean onButton = event.getTarget() instanceof ButtonBase;
    switch (code) {
      case LEFT, RIGHT -> {
        if (event.getTarget() instanceof ToggleButton) {
          return; // the arrows go along the actions
        }
        seek(cursor + (code == KeyCode.LEFT ? -1 : 1));
      }
      case HOME -> seek(0);
      case END -> seek(Integer.MAX_VALUE);
      case SPACE -> {
        if (onButton) {
          return; // it presses the button
        }
        playOrPause();
      }
      case N -> controls.step.fire();
      case F -> imagine();
      case B -> branch();
      case ESCAPE -> controls.choose(Actions.POLICY);
      default -> {
        return;
      }
    }
    event.consume();
  }

  private void released(KeyEvent event) {
    if (!(event.getTarget() instanceof TextInputControl)
        && actions.chosen() == Actions.KEYS
        && keys.take(event, false)) {
      event.consume();
    }
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
  public void refresh() {
    if (startWanted) {
      start();
    }
    DreamSession session = opened.get();
    if (session != null && session != shownSession) {
      shownSession = session;
      controls.offer(session.actionMeanings(), session.actionCount(), actions.chosen());
      if (actions.chosen() == Actions.KEYS) {
        pictures.requestFocus();
      } else {
        slider.requestFocus(); // from here on the arrow keys go through the steps
      }
    }
    controls.play.setText(loop.isPlaying() ? "Pause" : "Play");
    DreamState latest = state.get();
    if (latest != null && latest != shown) {
      shown = latest;
      if (atEnd || cursor > latest.last()) {
        cursor =
            latest.moments().isEmpty() ? latest.before().size() - 1 - realSteps : latest.last();
      }
      show(latest);
    }
    pictures.refresh();
    comparison.refresh();
    futures.refresh();
  }

  private void show(DreamState now) {
    following = true;
    slider.setDisable(false);
    slider.setMin(-realSteps);
    slider.setMax(Math.max(0, now.last()));
    slider.setValue(cursor);
    following = false;
    place.setText(DreamWords.place(now, cursor));
    horizon.setText(DreamWords.horizon(now));
    verdict.setText(DreamWords.verdict(now));
    DreamSession session = shownSession;
    List<String> meanings = session == null ? List.of() : session.actionMeanings();
    pictures.show(now, cursor, realSteps, meanings);
    comparison.show(now);
    futures.show(now.futures());
  }

  private void recolour(Palette colours) {
    pictures.setPalette(colours);
    comparison.setPalette(colours);
    futures.setPalette(colours);
  }

  @Override
  public void close() {
    asked.incrementAndGet();
    loop.close();
  }
}
