package org.umwelt.viewer.dream;

import atlantafx.base.theme.Styles;
import java.util.List;
import java.util.function.IntConsumer;
import javafx.geometry.Insets;
import javafx.geometry.Pos;
import javafx.geometry.VPos;
import javafx.scene.Node;
import javafx.scene.control.Button;
import javafx.scene.control.CheckBox;
import javafx.scene.control.ComboBox;
import javafx.scene.control.Control;
import javafx.scene.control.Label;
import javafx.scene.control.Spinner;
import javafx.scene.control.TextField;
import javafx.scene.control.Toggle;
import javafx.scene.control.ToggleButton;
import javafx.scene.control.ToggleGroup;
import javafx.scene.control.Tooltip;
import javafx.scene.layout.FlowPane;
import javafx.scene.layout.HBox;
import javafx.scene.layout.Priority;
import javafx.scene.layout.VBox;
import org.umwelt.kernels.settings.Settings;
import org.umwelt.viewer.loop.Speed;

/**
 * What can be asked of the room: what is dreamt of, how it goes on, and what it is compared with.
 */
final class DreamControls extends VBox {
  static final int MOST_FUTURES = 32;
  static final int MOST_HORIZON = 100;

  final TextField run = new TextField();
  final Button browse = new Button("Browse \u2026");
  final TextField environment = new TextField();
  final TextField seed = new TextField();
  final Spinner<Integer> realSteps = new Spinner<>(0, DreamRequest.MOST_REAL_STEPS, 0);
  final Button start = new Button("Start");
  final Button play = new Button("Play");
  final Button step = new Button("Step");
  final ComboBox<Speed> speed = new ComboBox<>();
  final CheckBox follow = new CheckBox("Reality follows");
  final Spinner<Integer> futures = new Spinner<>(1, MOST_FUTURES, 1);
  final Spinner<Integer> horizon = new Spinner<>(1, MOST_HORIZON, 1);
  final Button imagine = new Button("Imagine futures");
  final Button branch = new Button("Branch");
  private final HBox next = new HBox();
  private ToggleGroup actors = new ToggleGroup();
  private IntConsumer chosen = _ -> {};

  DreamControls() {
    super(8);
    setPadding(new Insets(0, 0, 6, 0));
    run.setPromptText("run of umwelt train iris, then Enter");
    environment.setPromptText("that of the run");
    seed.setPrefColumnCount(4);
    seed.setMinWidth(48);
    environment.setPrefColumnCount(14);
    environment.setMinWidth(90);
    HBox.setHgrow(run, Priority.ALWAYS);
    run.setMinWidth(80);
    start.getStyleClass().add(Styles.ACCENT);
    for (Button button : List.of(browse, start)) {
      button.setMinWidth(USE_PREF_SIZE);
    }
    name(run, "run", "Folder of a run, a checkpoint, agent.safetensors or a published .pt");
    name(browse, "browse", "Choose the folder of a run");
    name(environment, "environment", "The real environment, with its arguments");
    name(seed, "seed", "Of the real episode, and of what is drawn in the dream");
    name(realSteps, "real-steps", "Really played by the policy before the dream begins");
    name(start, "start", "Play the real steps and begin to dream (Enter in a field)");
    HBox first =
        new HBox(
            8,
            labelled("Run", run),
            browse,
            labelled("Environment", environment),
            labelled("Seed", seed),
            labelled("Real steps first", realSteps),
            start);
    HBox.setHgrow(first.getChildren().getFirst(), Priority.ALWAYS);
    first.setAlignment(Pos.CENTER_LEFT);

    play.setPrefWidth(72);
    play.getStyleClass().add(Styles.ACCENT);
    speed.getItems().setAll(Speed.values());
    speed.setValue(Speed.QUARTER);
    name(play, "play", "Dream on or stop (Space)");
    name(step, "step-once", "One step of the dream (N)");
    name(speed, "speed", "\u00d7 1 is 15 steps a second");
    name(follow, "follow", "Play the same actions in reality, step by step");
    name(futures, "future-count", "How many futures");
    name(horizon, "future-steps", "How many steps each");
    name(imagine, "imagine", "Imagine futures of the step that is shown (F)");
    name(
        branch,
        "branch",
        "Put reality back to where the dream began and play the same actions there (B)");
    next.setId("actions");
    for (Spinner<Integer> spinner : List.of(realSteps, futures, horizon)) {
      spinner.setEditable(true);
      spinner.setPrefWidth(76);
      spinner.setMinWidth(76);
    }
    FlowPane second =
        new FlowPane(
            12,
            6,
            new HBox(6, play, step, speed),
            labelled("Next action", next),
            follow,
            row(futures, new Label("futures of"), horizon, new Label("steps"), imagine),
            branch);
    second.setRowValignment(VPos.CENTER);
    getChildren().setAll(first, second);
  }

  private static void name(Control control, String id, String tip) {
    control.setId(id);
    control.setTooltip(new Tooltip(tip));
    control.setAccessibleText(tip);
  }

  private static HBox labelled(String text, Node control) {
    Label label = new Label(text);
    label.setLabelFor(control);
    label.setMinWidth(Label.USE_PREF_SIZE);
    HBox.setHgrow(control, Priority.ALWAYS);
    return row(label, control);
  }

  private static HBox row(Node... nodes) {
    HBox box = new HBox(6, nodes);
    box.setAlignment(Pos.CENTER_LEFT);
    return box;
  }

  /** Has the choice of who acts told: as in {@link Actions#choose}. */
  void onChoose(IntConsumer told) {
    chosen = told;
  }

  /**
   * Offers the policy, the keyboard and these actions.
   *
   * @param choice of them; the policy where it is none
   */
  void offer(List<String> meanings, int count, int choice) {
    next.getChildren().clear();
    ToggleGroup group = new ToggleGroup();
    actors = group;
    group
        .selectedToggleProperty()
        .addListener((_, old, toggle) -> {
          if (toggle == null) {
            group.selectToggle(old); // one of them always is
          } else if (toggle.getUserData() instanceof Integer number) {
            chosen.accept(number);
          }
        });
    add(
        "Policy",
        "action-policy",
        "The trained policy, which sees what is imagined",
        Actions.POLICY);
    add("Keyboard", "action-keys", "Arrow keys or WASD and space; digits by number", Actions.KEYS);
    for (int action = 0; action < count; action++) {
      String name = Actions.name(meanings, action);
      add(name, "action-" + action, "%s at every step".formatted(name), action);
    }
    choose(choice < count ? choice : Actions.POLICY);
  }

  private void add(String text, String id, String tip, int choice) {
    ToggleButton button = new ToggleButton(text);
    button.setUserData(choice);
    button.setToggleGroup(actors);
    name(button, id, tip);
    button
        .getStyleClass()
        .add(next.getChildren().isEmpty() ? Styles.LEFT_PILL : Styles.CENTER_PILL);
    next.getChildren().add(button);
  }

  /** Chooses who acts; nothing where it is not offered. */
  void choose(int choice) {
    for (Toggle toggle : actors.getToggles()) {
      if (toggle.getUserData().equals(choice)) {
        actors.selectToggle(toggle);
      }
    }
  }

  /** Shows what settings say. */
  void show(Settings settings) {
    if (!settings.text("run").isEmpty()) {
      run.setText(settings.text("run"));
    }
    environment.setText(settings.text("env"));
    seed.setText(settings.text("seed"));
    realSteps.getValueFactory().setValue(settings.intValue("real_steps"));
    futures.getValueFactory().setValue(settings.intValue("futures"));
    horizon.getValueFactory().setValue(settings.intValue("horizon"));
    follow.setSelected(settings.bool("follow"));
  }
}
