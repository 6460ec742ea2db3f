package org.umwelt.viewer.dream;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.OptionalLong;
import java.util.concurrent.TimeoutException;
import javafx.event.ActionEvent;
import javafx.scene.control.Slider;
import javafx.scene.control.TextField;
import javafx.scene.control.ToggleButton;
import javafx.scene.input.KeyCode;
import javafx.stage.Stage;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.testfx.api.FxRobot;
import org.testfx.framework.junit5.Start;
import org.umwelt.agents.cli.Main;
import org.umwelt.agents.iris.Dream;
import org.umwelt.agents.iris.Futures;
import org.umwelt.agents.iris.Moment;
import org.umwelt.envs.Frame;
import org.umwelt.kernels.nn.Sampler;
import org.umwelt.kernels.settings.Settings;
import org.umwelt.viewer.WindowTest;
import org.umwelt.viewer.plots.FilmStrip;
import org.umwelt.worldmodel.iris.SavedIris;

/** The room through its real controls, beside what the backend does by itself. */
final class DreamRoomTest extends WindowTest {
  private static final int REAL_STEPS = 5;
  private static final Sampler POLICY = Sampler.temperature(0.5);

  @TempDir private static Path folder;
  private static Path run;

  DreamRoomTest() {
    super("Dream");
  }

  @Start
  void start(Stage stage) {
    open(stage);
  }

  @BeforeAll
  static void train() {
    run = folder.resolve("run");
    assertThat(
            Main.run(
                "train",
                "iris-debug",
                "--out",
                run.toString(),
                "--quiet",
                "epochs=1",
                "collect.first=24",
                "tokenizer.batch=4",
                "tokenizer.updates=1",
                "world_model.after=0",
                "world_model.batch=4",
                "world_model.updates=1",
                "actor_critic.after=0",
                "actor_critic.batch=4",
                "actor_critic.updates=1",
                "evaluate.episodes=0"))
        .isZero();
  }

  /** What the backend does: real steps, a dream of the policy's or other actions, reality again. */
  private static final class Expected implements AutoCloseable {
    final Dream dream =
        Dream.open(SavedIris.require(run.toString(), "test"), "", 1, Sampler.temperature(1));
    final Futures futures = dream.futures(1, 0);
    final List<Moment> path = new ArrayList<>();
    Dream.Real real;

    Expected() {
      real = dream.reset(0);
      for (int t = 0; t < REAL_STEPS; t++) {
        real = dream.play(dream.act(POLICY));
      }
      dream.begin(0);
      path.add(dream.moment());
      futures.start(path, 0);
    }

    Moment step(OptionalLong action) {
      path.add(futures.step(action, POLICY).getFirst());
      return path.getLast();
    }

    Moment step() {
      return step(OptionalLong.empty());
    }

    @Override
    public void close() {
      futures.close();
      dream.close();
    }
  }

  private static void type(FxRobot robot, String id, String text) {
    TextField field = robot.lookup(id).query();
    robot.interact(() -> {
      field.setText(text);
      field.fireEvent(new ActionEvent());
    });
  }

  private static void begin(FxRobot robot) throws TimeoutException {
    type(robot, "#run", run.toString());
    await(() -> isAt(robot, 0, 0));
    await(() -> !robot.lookup("#action-0").queryAll().isEmpty());
  }

  private static boolean isAt(FxRobot robot, int step, int last) {
    return text(robot, "#place").equals("step %d of %d".formatted(step, last));
  }

  private static void step(FxRobot robot, int times) throws TimeoutException {
    int before = Integer.parseInt(text(robot, "#place").replaceAll(".* of ", ""));
    for (int t = 1; t <= times; t++) {
      int last = before + t;
      robot.clickOn(
          "#step-once"); // one at a time: a predicted end calls off what is still asked for
      await(() -> isAt(robot, last, last));
    }
  }

  private static boolean showsReal(FxRobot robot, Frame frame) {
    return shows(tiles(robot)[0], frame);
  }

  private static boolean showsReconstruction(FxRobot robot, Frame frame) {
    return shows(tiles(robot)[1], frame);
  }

  private static boolean showsImagined(FxRobot robot, Frame frame) {
    return shows(tiles(robot)[2], frame);
  }

  private static FilmStrip.Film film(FxRobot robot, String id) {
    return onFx(() -> robot.lookup(id).<FilmStrip>query().film());
  }

  @Test
  void theDreamBeginsAtTheRealFrame(FxRobot robot) throws TimeoutException {
    begin(robot);
    try (Expected expected = new Expected()) {
      await(() -> showsReal(robot, expected.real.frame()));
      assertThat(showsReconstruction(robot, expected.real.reconstruction())).isTrue();
      assertThat(showsImagined(robot, expected.real.reconstruction())).isTrue();
      assertThat(text(robot, "#real-caption")).isEqualTo("here the dream begins");
    }
    robot.interact(() -> robot.lookup("#step").<Slider>query().setValue(-REAL_STEPS));
    try (Expected expected = new Expected()) {
      Dream.Real first = expected.dream.reset(0);
      await(() -> showsReal(robot, first.frame()));
    }
    assertThat(text(robot, "#place")).isEqualTo("5 real steps before the dream");
    assertThat(text(robot, "#imagined-caption")).isEqualTo("no dream yet");
  }

  @Test
  void dreamAndRealityStepTogetherPixelForPixel(FxRobot robot) throws TimeoutException {
    begin(robot);
    try (Expected expected = new Expected()) {
      for (int t = 1; t <= 3; t++) {
        int step = t;
        robot.clickOn("#step-once");
        await(() -> isAt(robot, step, step));
        Moment moment = expected.step();
        Dream.Real real = expected.dream.play(moment.action());
        await(() -> showsImagined(robot, moment.frame()));
        assertThat(showsReal(robot, real.frame())).isTrue();
        assertThat(showsReconstruction(robot, real.reconstruction())).isTrue();
      }
    }
    assertThat(text(robot, "#horizon")).startsWith("Horizon ");
    assertThat(text(robot, "#verdict")).endsWith("Reality was played along with the dream.");
  }

  @Test
  void anotherActionIsChosenAndTaken(FxRobot robot) throws TimeoutException {
    begin(robot);
    step(robot, 1);
    robot.clickOn("#action-2");
    step(robot, 1);
    try (Expected expected = new Expected()) {
      expected.step();
      Moment moment = expected.step(OptionalLong.of(2));
      await(() -> showsImagined(robot, moment.frame()));
      String name = expected.dream.actionMeanings().get(2);
      assertThat(text(robot, "#imagined-caption")).startsWith(name + ": predicted reward ");
    }
  }

  @Test
  void goingBackAndOnIsTheSameAndAnotherActionIsNot(FxRobot robot) throws TimeoutException {
    begin(robot);
    step(robot, 3);
    Slider slider = robot.lookup("#step").query();
    robot.interact(() -> slider.setValue(1));
    assertThat(text(robot, "#place")).isEqualTo("step 1 of 3");
    try (Expected expected = new Expected()) {
      Moment first = expected.step();
      Moment second = expected.step();
      Dream.Real real = expected.dream.play(first.action());
      await(() -> showsImagined(robot, first.frame()));
      assertThat(showsReal(robot, real.frame())).isTrue();
      robot.clickOn("#step-once"); // forgets two steps and takes one
      await(() -> isAt(robot, 2, 2));
      Dream.Real next = expected.dream.play(second.action());
      await(() -> showsImagined(robot, second.frame()));
      assertThat(showsReal(robot, next.frame())).isTrue();
    }
  }

  @Test
  void futuresOfTheStepThatIsShownAreImagined(FxRobot robot) throws TimeoutException {
    begin(robot);
    step(robot, 2);
    robot.type(KeyCode.LEFT); // the step before
    await(() -> isAt(robot, 1, 2));
    robot.clickOn("#action-1");
    robot.clickOn("#imagine");
    await(() -> text(robot, "#fan-summary").contains("over 12 steps; "));
    FilmStrip.Film film = film(robot, "#fan");
    assertThat(film.rows()).hasSize(6);
    assertThat(film.first()).isEqualTo(2);
    assertThat(isAt(robot, 1, 2)).isTrue(); // the dream itself is as it was
    try (Expected expected = new Expected();
        Futures six = expected.dream.futures(6, 1)) {
      String name = expected.dream.actionMeanings().get(1);
      assertThat(film.title())
          .isEqualTo("Imagined futures of step 1: first %s, then the policy".formatted(name));
      expected.step();
      six.start(expected.path, 0);
      List<Moment> moments = six.step(OptionalLong.of(1), POLICY);
      for (int row = 0; row < 6; row++) {
        FilmStrip.Cell cell = film.rows().get(row).cells().getFirst();
        assertThat(cell.frame().rgb()).isEqualTo(moments.get(row).frame().rgb());
        assertThat(cell.reward()).isEqualTo(moments.get(row).reward());
        assertThat(cell.end()).isEqualTo(moments.get(row).end());
      }
    }
  }

  @Test
  void realityBranchesOffAndIsComparedStepByStep(FxRobot robot) throws TimeoutException {
    begin(robot);
    robot.clickOn("#follow"); // no longer
    step(robot, 3);
    assertThat(text(robot, "#verdict")).startsWith("Not compared with reality yet");
    assertThat(text(robot, "#real-caption")).isEqualTo("reality waits at step 0 for Branch");
    robot.clickOn("#branch");
    await(() ->
        text(robot, "#verdict")
            .endsWith("Branched: reality went back to step 0 and played the same actions."));
    FilmStrip.Film film = film(robot, "#strip");
    try (Expected expected = new Expected()) {
      for (int t = 0; t < 3; t++) {
        Moment moment = expected.step();
        Dream.Real real = expected.dream.play(moment.action());
        assertThat(film.rows().get(0).cells().get(t).frame().rgb()).isEqualTo(real.frame().rgb());
        assertThat(film.rows().get(1).cells().get(t).frame().rgb()).isEqualTo(moment.frame().rgb());
        if (t == 2) {
          assertThat(showsReal(robot, real.frame())).isTrue();
        }
      }
    }
    assertThat(text(robot, "#horizon")).matches("Horizon (above 3|[0-2] steps?)");
  }

  @Test
  void thePlayerPlaysInsideTheDream(FxRobot robot) throws TimeoutException {
    begin(robot);
    robot.clickOn("#action-keys");
    robot.press(KeyCode.LEFT);
    robot.interact(() -> robot.lookup("#step-once").queryButton().fire());
    await(() -> isAt(robot, 1, 1));
    robot.release(KeyCode.LEFT);
    assertThat(text(robot, "#imagined-caption")).startsWith("LEFT: ");
    robot.interact(() -> robot.lookup("#step-once").queryButton().fire());
    await(() -> isAt(robot, 2, 2));
    assertThat(text(robot, "#imagined-caption")).startsWith("NOOP: ");
    robot.type(KeyCode.ESCAPE); // the policy again
    assertThat(onFx(() -> robot.lookup("#action-policy").<ToggleButton>query().isSelected()))
        .isTrue();
  }

  @Test
  void itPlaysByItselfAndStops(FxRobot robot) throws TimeoutException {
    begin(robot);
    robot.type(KeyCode.SPACE);
    await(() -> !isAt(robot, 0, 0));
    robot.interact(() -> {
      if (robot.lookup("#play").queryButton().getText().equals("Pause")) {
        robot.lookup("#play").queryButton().fire();
      }
    });
    await(() -> onFx(() -> robot.lookup("#play").queryButton().getText()).equals("Play"));
  }

  @Test
  void theCommandLineHasItAllDone(FxRobot robot) throws TimeoutException {
    List<String> words =
        List.of("run=" + run, "steps=2", "from=0", "futures=3", "horizon=2", "branch=true");
    Settings settings =
        new Settings(
            "room Dream", new DreamRoomProvider().settings(), Settings.parse("room Dream", words));
    robot.interact(() -> Objects.requireNonNull(viewer().room()).set(settings));
    await(() -> text(robot, "#verdict").contains("Branched: "));
    assertThat(film(robot, "#fan").rows()).hasSize(3);
    assertThat(text(robot, "#place")).matches("step (1 of 1|2 of 2)"); // as the model has it end
  }

  @Test
  void whatIsWrongIsToldInOneLineAndTheRoomLivesOn(FxRobot robot) throws TimeoutException {
    type(robot, "#run", folder.resolve("nowhere").toString());
    await(() -> text(robot, "#status").startsWith("room Dream: expected a run of umwelt train"));
    robot.clickOn("#step-once");
    await(() -> text(robot, "#status").startsWith("nothing is dreamt yet"));
    type(robot, "#seed", "one");
    await(() -> text(robot, "#status").equals("expected a whole number as the seed, got one"));
    type(robot, "#seed", "0");
    type(robot, "#run", "");
    await(() -> text(robot, "#status").startsWith("expected the folder of a run of umwelt train"));
    type(robot, "#run", run.toString());
    type(robot, "#environment", "umwelt/Dodge-v0");
    await(() -> text(robot, "#status").startsWith("umwelt/Dodge-v0: expected the 3 actions"));
    type(robot, "#environment", "");
    begin(robot);
    robot.clickOn("#branch");
    await(() -> text(robot, "#status").startsWith("dream at least one step first"));
    step(robot, 1);
  }

  @Test
  void closingEndsTheThreads(FxRobot robot) throws TimeoutException {
    begin(robot);
    robot.clickOn("#play");
    robot.interact(viewer()::close);
    assertThat(Thread.getAllStackTraces().keySet())
        .extracting(Thread::getName)
        .noneMatch(name -> name.startsWith("umwelt-viewer-dream"));
  }

  @Test
  void aTrainingRunOpensHere() {
    assertThat(new DreamRoomProvider().opens(run)).isTrue();
    assertThat(new DreamRoomProvider().opens(folder)).isFalse();
  }
}
