package org.umwelt.viewer.live;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.concurrent.TimeoutException;
import javafx.event.ActionEvent;
import javafx.scene.control.ComboBox;
import javafx.scene.control.Spinner;
import javafx.scene.control.TextField;
import javafx.scene.input.KeyCode;
import javafx.stage.Stage;
import org.junit.jupiter.api.Test;
import org.testfx.api.FxRobot;
import org.testfx.framework.junit5.Start;
import org.umwelt.agents.Agent;
import org.umwelt.agents.AgentContext;
import org.umwelt.agents.Agents;
import org.umwelt.agents.EpisodeStart;
import org.umwelt.agents.media.ObservationPicture;
import org.umwelt.envs.Environment;
import org.umwelt.envs.Frame;
import org.umwelt.envs.Reset;
import org.umwelt.envs.Step;
import org.umwelt.envs.registry.Environments;
import org.umwelt.envs.spaces.Batch;
import org.umwelt.viewer.WindowTest;

/** The room through its real controls. */
final class LiveRoomTest extends WindowTest {
  LiveRoomTest() {
    super("Live");
  }

  @Start
  void start(Stage stage) {
    open(stage);
  }

  private static long step(FxRobot robot) {
    return Long.parseLong(text(robot, "#score").replaceAll(".*step (\\d+).*", "$1"));
  }

  private static void pauseAtTheStart(FxRobot robot) throws TimeoutException {
    await(() -> step(robot) > 0);
    robot.clickOn("#play");
    robot.clickOn("#reset");
    await(() -> step(robot) == 0);
  }

  @Test
  void aGameMovesByItself(FxRobot robot) throws TimeoutException {
    await(() -> step(robot) > 5);
    assertThat(text(robot, "#status")).isEqualTo("scripted in umwelt/Bricks-v0");
  }

  @Test
  void stepsShowWhatTheEnvironmentShowsPixelForPixel(FxRobot robot) throws TimeoutException {
    pauseAtTheStart(robot);
    String id = "umwelt/Bricks-v0";
    try (Environment environment = Environments.make(id);
        Agent agent = Agents.find("scripted").make(AgentContext.of(id, environment))) {
      Step step = Step.allocate(environment);
      Batch actions = Batch.allocate(environment.actionSpace(), 1);
      ObservationPicture picture =
          ObservationPicture.of(environment.observationSpace()).orElseThrow();
      environment.reset(Reset.seeded(0), step);
      agent.begin(0, new EpisodeStart(0, 0, 0));
      for (int t = 0; t < 4; t++) {
        Frame expected = picture.frame(step.observation());
        await(() -> shows(tiles(robot)[0], expected));
        agent.act(step.batch(), actions);
        environment.step(actions.row(0), step);
        robot.clickOn("#step");
      }
    }
  }

  @Test
  void anUnknownEnvironmentIsToldInOneLineAndTheRoomLivesOn(FxRobot robot) throws TimeoutException {
    ComboBox<String> environment = robot.lookup("#environment").queryComboBox();
    robot.interact(() -> environment.setValue("umwelt/Brick-v0"));
    await(() -> text(robot, "#status").startsWith("unknown environment umwelt/Brick-v0"));
    robot.interact(() -> environment.setValue("umwelt/Catch-v0"));
    await(() -> text(robot, "#status").equals("scripted in umwelt/Catch-v0"));
    await(() -> step(robot) > 0);
  }

  @Test
  void sixtyFourTilesAreShown(FxRobot robot) throws TimeoutException {
    Spinner<Integer> count = robot.lookup("#count").query();
    robot.interact(() -> count.getValueFactory().setValue(64));
    await(() -> tiles(robot).length == 64);
    long before = step(robot);
    await(() -> step(robot) != before);
  }

  @Test
  void aWrongSeedIsRefused(FxRobot robot) throws TimeoutException {
    TextField seed = robot.lookup("#seed").query();
    robot.interact(() -> {
      seed.setText("one");
      seed.fireEvent(new ActionEvent());
    });
    await(() -> text(robot, "#status").equals("expected a whole number as the seed, got one"));
  }

  @Test
  void thePlayersKeysAct(FxRobot robot) throws TimeoutException {
    pauseAtTheStart(robot);
    ComboBox<String> environment = robot.lookup("#environment").queryComboBox();
    ComboBox<String> agent = robot.lookup("#agent").queryComboBox();
    robot.interact(() -> {
      environment.setValue("umwelt/Catch-v0");
      agent.setValue("keyboard");
    });
    await(() -> text(robot, "#status").equals("keyboard in umwelt/Catch-v0"));
    String id = "umwelt/Catch-v0";
    robot.press(KeyCode.LEFT);
    robot.interact(() -> {});
    try (Environment expected = Environments.make(id)) {
      Step step = Step.allocate(expected);
      Batch actions = Batch.allocate(expected.actionSpace(), 1);
      ObservationPicture picture = ObservationPicture.of(expected.observationSpace()).orElseThrow();
      expected.reset(Reset.seeded(0), step);
      actions.row(0).setLong(expected.actionMeanings().indexOf("LEFT"));
      for (int t = 0; t < 3; t++) {
        robot.interact(() -> robot.lookup("#step").queryButton().fire());
        expected.step(actions.row(0), step);
      }
      await(() -> shows(tiles(robot)[0], picture.frame(step.observation())));
    }
    robot.release(KeyCode.LEFT);
  }

  @Test
  void closingEndsTheThreads(FxRobot robot) throws TimeoutException {
    await(() -> step(robot) > 0);
    robot.interact(viewer()::close);
    assertThat(Thread.getAllStackTraces().keySet())
        .extracting(Thread::getName)
        .noneMatch(name -> name.startsWith("umwelt-viewer-live"));
  }

  @Test
  void bothThemesColourThePlots(FxRobot robot) throws TimeoutException {
    await(() -> step(robot) > 0);
    robot.clickOn("#theme");
    assertThat(onFx(() -> viewer().palette().get().dark())).isTrue();
    robot.clickOn("#theme");
    assertThat(onFx(() -> viewer().palette().get().dark())).isFalse();
  }
}
