package org.umwelt.viewer.dream;

import atlantafx.base.theme.Styles;
import java.nio.file.Path;
import java.util.List;
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
  private final Dreaming dreaming;
  private final Loop loop;
  private final HeldKeys keys = new HeldKeys();
  private final Actions actions = new Actions(keys);
  private final ChangeListener<Palette> recolour = (_, _, colours) -> recolour(colours);

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
    this.dreaming = new Dreaming(shell, actions);
    this.loop = dreaming.loop();
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
      if (continueHere()) {
        loop.step();
      }
    });
    controls.imagine.setOnAction(_ -> imagine());
    controls.branch.setOnAction(_ -> branch());
    controls.speed.valueProperty().addListener((_, _, chosen) -> loop.setSpeed(chosen.factor()));
    loop.setSpeed(controls.speed.getValue().factor());
    controls
        .follow
        .selectedProperty()
        .addListener((_, _, wanted) -> dreaming.ask(s -> s.setFollows(wanted)));
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
    shell.chooseFolder("A run of umwelt train iris", Path.of("runs"), this::open);
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
    realSteps = request.realSteps();
    atEnd = true;
    dreaming.start(request, controls.follow.isSelected());
    if (scripted) {
      scripted = false;
      dreaming.follow(settings);
    }
  }

  /** Forgets what is behind the step that is shown; false where there is no dream to go on. */
  private boolean continueHere() {
    if (dreaming.refuses()) {
      return false;
    }
    if (!atEnd) {
      int step = Math.max(0, cursor);
      dreaming.ask(session -> session.goBack(step));
    }
    atEnd = true;
    return true;
  }

  private void playOrPause() {
    if (loop.isPlaying()) {
      loop.pause();
      return;
    }
    if (continueHere()) {
      loop.play();
      focus();
    }
  }

  private void imagine() {
    if (dreaming.refuses()) {
      return;
    }
    int step = Math.max(0, cursor);
    int count = controls.futures.getValue();
    int steps = controls.horizon.getValue();
    loop.pause();
    dreaming.ask(session -> session.imagine(step, count, steps));
  }

  private void branch() {
    if (!dreaming.refuses()) {
      loop.pause();
      dreaming.ask(DreamSession::branch);
    }
  }

  /** Goes where the arrow keys play, or go through the steps. */
  private void focus() {
    if (actions.chosen() == Actions.KEYS) {
      pictures.requestFocus();
    } else {
      slider.requestFocus();
    }
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
  @SuppressWarnings("ReferenceEquality") // another session and another state, not equal ones
  public void refresh() {
    if (startWanted) {
      start();
    }
    DreamSession session = dreaming.session();
    if (session != null && session != shownSession) {
      shownSession = session;
      controls.offer(session.actionMeanings(), session.actionCount(), actions.chosen());
      focus();
    }
    controls.play.setText(loop.isPlaying() ? "Pause" : "Play");
    DreamState latest = dreaming.state();
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
    dreaming.close();
  }
}
