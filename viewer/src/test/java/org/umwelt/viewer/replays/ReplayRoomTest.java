package org.umwelt.viewer.replays;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.TimeoutException;
import java.util.stream.Stream;
import javafx.event.ActionEvent;
import javafx.scene.control.Slider;
import javafx.scene.control.TableView;
import javafx.scene.control.TextField;
import javafx.scene.input.KeyCode;
import javafx.stage.Stage;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.testfx.api.FxRobot;
import org.testfx.framework.junit5.Start;
import org.umwelt.agents.cli.Main;
import org.umwelt.agents.media.EpisodeFrames;
import org.umwelt.agents.media.FrameImages;
import org.umwelt.envs.Frame;
import org.umwelt.envs.dataset.Dataset;
import org.umwelt.envs.dataset.Episode;
import org.umwelt.viewer.WindowTest;

/** The room through its real controls. */
final class ReplayRoomTest extends WindowTest {
  @TempDir private static Path folder;
  private static Path scripted;
  private static Path random;

  ReplayRoomTest() {
    super("Replays");
  }

  @Start
  void start(Stage stage) {
    open(stage);
  }

  @BeforeAll
  static void record() {
    scripted = record("scripted");
    random = record("random");
  }

  private static Path record(String agent) {
    Path run = folder.resolve(agent);
    assertThat(
            Main.run(
                "evaluate",
                "--env",
                "umwelt/Catch-v0?balls=3",
                "--agent",
                agent,
                "--episodes",
                "3",
                "--seed",
                "4",
                "--workers",
                "1",
                "--quiet",
                "--out",
                run.toString()))
        .isZero();
    return run;
  }

  private static Frame recorded(Path run, int index, int t) {
    try (Dataset dataset = Dataset.open(run);
        Episode episode = dataset.episode(index);
        EpisodeFrames frames = EpisodeFrames.of(dataset, episode)) {
      return frames.frame(t);
    }
  }

  private static void type(FxRobot robot, String id, String text) {
    TextField field = robot.lookup(id).query();
    robot.interact(() -> {
      field.setText(text);
      field.fireEvent(new ActionEvent());
    });
  }

  private static void open(FxRobot robot, Path run) throws TimeoutException {
    type(robot, "#path", run.toString());
    await(() -> text(robot, "#place").startsWith("step 0 of"));
  }

  private static boolean isAt(FxRobot robot, int t) {
    return text(robot, "#place").startsWith("step %d of".formatted(t));
  }

  @Test
  void episodesAreListedAndTheFirstIsShown(FxRobot robot) throws TimeoutException {
    open(robot, scripted);
    TableView<?> list = robot.lookup("#episodes").queryTableView();
    assertThat(onFx(() -> list.getItems().size())).isEqualTo(3);
    await(() -> shows(tiles(robot)[0], recorded(scripted, 0, 0)));
  }

  @Test
  void theFrameShownIsTheFrameRecorded(FxRobot robot) throws TimeoutException {
    open(robot, scripted);
    robot.clickOn("#forward");
    await(() -> isAt(robot, 1));
    assertThat(shows(tiles(robot)[0], recorded(scripted, 0, 1))).isTrue();
    Slider slider = robot.lookup("#step").query();
    robot.interact(() -> slider.setValue(40));
    await(() -> isAt(robot, 40));
    assertThat(shows(tiles(robot)[0], recorded(scripted, 0, 40))).isTrue();
    assertThat(shows(tiles(robot)[0], recorded(scripted, 0, 39))).isFalse();
  }

  @Test
  void keysScrubAndJump(FxRobot robot) throws TimeoutException {
    open(robot, scripted);
    robot.clickOn("#timeline");
    robot.type(KeyCode.HOME);
    await(() -> isAt(robot, 0));
    robot.type(KeyCode.RIGHT, 3);
    await(() -> isAt(robot, 3));
    robot.type(KeyCode.LEFT);
    await(() -> isAt(robot, 2));
    robot.press(KeyCode.SHIFT).type(KeyCode.RIGHT).release(KeyCode.SHIFT);
    await(() -> isAt(robot, 12));
    robot.type(KeyCode.END);
    int steps;
    int reward = 0;
    try (Dataset dataset = Dataset.open(scripted);
        Episode episode = dataset.episode(0)) {
      steps = episode.steps();
      while (episode.reward(reward) == 0) {
        reward++;
      }
    }
    await(() -> isAt(robot, steps));
    robot.type(KeyCode.HOME).type(KeyCode.R);
    int rewarded = reward + 1;
    await(() -> isAt(robot, rewarded));
  }

  @Test
  void playingEndsAtTheLastStep(FxRobot robot) throws TimeoutException {
    open(robot, scripted);
    robot.clickOn("#last");
    robot.clickOn("#back");
    robot.clickOn("#play");
    int steps;
    try (Dataset dataset = Dataset.open(scripted)) {
      steps = dataset.episodes().getFirst().steps();
    }
    await(() -> isAt(robot, steps));
    await(() -> onFx(() -> robot.lookup("#play").queryButton().getText()).equals("Play"));
  }

  @Test
  void twoAgentsAreShownOnTheSameSeed(FxRobot robot) throws TimeoutException {
    open(robot, scripted);
    type(robot, "#beside", random.toString());
    await(() -> tiles(robot).length == 2);
    robot.clickOn("#forward");
    robot.clickOn("#forward");
    await(() -> isAt(robot, 2));
    assertThat(shows(tiles(robot)[0], recorded(scripted, 0, 2))).isTrue();
    assertThat(shows(tiles(robot)[1], recorded(random, 0, 2))).isTrue();
  }

  @Test
  void theSpanIsExportedAsPictures(FxRobot robot) throws TimeoutException, IOException {
    open(robot, scripted);
    robot.interact(() -> robot.lookup("#step").<Slider>query().setValue(5));
    await(() -> isAt(robot, 5));
    robot.clickOn("#from");
    robot.clickOn("#forward");
    robot.clickOn("#forward");
    await(() -> isAt(robot, 7));
    robot.clickOn("#to");
    assertThat(text(robot, "#span")).isEqualTo("steps 5 to 7");
    Path out = folder.resolve("pictures");
    type(robot, "#out", out.toString());
    await(() -> text(robot, "#status").startsWith(out + ": 3 frames"));
    try (Stream<Path> files = Files.list(out)) {
      assertThat(files.map(file -> file.getFileName().toString()).sorted())
          .containsExactly("000005.png", "000006.png", "000007.png");
    }
    assertThat(FrameImages.fromPng(Files.readAllBytes(out.resolve("000006.png"))).rgb())
        .isEqualTo(recorded(scripted, 0, 6).rgb());
  }

  @Test
  void theSpanIsExportedAsFilm(FxRobot robot) throws TimeoutException {
    open(robot, random);
    Path out = folder.resolve("film.gif");
    type(robot, "#out", out.toString());
    await(() -> Files.exists(out));
    type(robot, "#out", out.toString());
    await(() -> text(robot, "#status").contains("is there already"));
  }

  @Test
  void whatCannotBeOpenedIsToldInOneLine(FxRobot robot) throws TimeoutException, IOException {
    Path empty = Files.createDirectories(folder.resolve("empty"));
    type(robot, "#path", empty.toString());
    await(() ->
        text(robot, "#status").equals("expected a data set or a run, found neither in " + empty));
    type(robot, "#path", folder.resolve("nowhere").toString());
    await(() -> text(robot, "#status").startsWith("expected a data set or a run, there is no"));
    open(robot, scripted);
  }

  @Test
  void aDamagedStepIsToldAndItsNeighboursAreShown(FxRobot robot)
      throws TimeoutException, IOException {
    Path damaged = folder.resolve("damaged");
    copy(scripted, damaged);
    Path file = episodeFile(damaged, 0);
    byte[] bytes = Files.readAllBytes(file);
    int step = 3;
    open(robot, scripted);
    Frame before = recorded(damaged, 0, step - 1);
    int at = bytes.length / 2;
    while (isWhole(damaged, file, bytes, at, step)) {
      at -= 40;
    }
    type(robot, "#path", damaged.toString());
    await(() -> text(robot, "#place").startsWith("step 0 of"));
    Slider slider = robot.lookup("#step").query();
    robot.interact(() -> slider.setValue(step));
    await(() -> text(robot, "#status").contains("damaged"));
    robot.interact(() -> slider.setValue(step - 1));
    await(() -> isAt(robot, step - 1));
    await(() -> shows(tiles(robot)[0], before));
  }

  /** Flips a byte; returns whether a step can still be read, and mends it if so. */
  private static boolean isWhole(Path data, Path file, byte[] bytes, int at, int step)
      throws IOException {
    bytes[at] ^= 0x10;
    Files.write(file, bytes);
    try {
      recorded(data, 0, step);
    } catch (RuntimeException _) {
      return false;
    }
    bytes[at] ^= 0x10;
    Files.write(file, bytes);
    return true;
  }

  @Test
  void aDataSetWithNothingReadableIsToldInOneLine(FxRobot robot)
      throws TimeoutException, IOException {
    Path newer = Files.createDirectories(folder.resolve("newer").resolve("data"));
    Files.writeString(
        newer.resolve("metadata.json"), "{\"data_format\": \"arrow-9\", \"total_episodes\": 3}");
    type(robot, "#path", newer.toString());
    await(() -> text(robot, "#status").startsWith("nothing in " + newer + " can be read: "));
    assertThat(text(robot, "#status")).doesNotContain("Exception");
    open(robot, scripted);
  }

  private static void copy(Path from, Path to) throws IOException {
    try (Stream<Path> files = Files.walk(from)) {
      for (Path file : files.toList()) {
        Files.copy(file, to.resolve(from.relativize(file).toString()));
      }
    }
  }

  private static Path episodeFile(Path run, int index) throws IOException {
    try (Stream<Path> files = Files.walk(run)) {
      return files
          .filter(each -> each.endsWith(Path.of(Integer.toString(index), "part-0.arrow")))
          .findFirst()
          .orElseThrow();
    }
  }

  @Test
  void aBrokenReplayIsToldAndTheOtherEpisodesAreShown(FxRobot robot)
      throws TimeoutException, IOException {
    Path broken = record("noop");
    Files.write(episodeFile(broken, 0), new byte[100]);
    type(robot, "#path", broken.toString());
    await(() -> text(robot, "#status").startsWith("episode 0: lost"));
    TableView<?> list = robot.lookup("#episodes").queryTableView();
    await(() -> onFx(() -> list.getItems().size()) == 2);
  }

  @Test
  void anAgentWithoutValuesIsTold(FxRobot robot) throws TimeoutException {
    open(robot, scripted);
    type(robot, "#judge", "scripted");
    await(() -> text(robot, "#status").equals("agent scripted tells no value"));
    robot.clickOn("#drop");
    await(() -> text(robot, "#status").startsWith("no values yet"));
  }

  @Test
  void closingEndsTheThreads(FxRobot robot) throws TimeoutException {
    open(robot, scripted);
    robot.clickOn("#play");
    robot.interact(viewer()::close);
    assertThat(Thread.getAllStackTraces().keySet())
        .extracting(Thread::getName)
        .noneMatch(name -> name.startsWith("umwelt-viewer-replays"));
  }
}
