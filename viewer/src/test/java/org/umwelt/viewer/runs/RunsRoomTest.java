package org.umwelt.viewer.runs;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.concurrent.TimeoutException;
import java.util.function.DoubleUnaryOperator;
import javafx.event.ActionEvent;
import javafx.event.Event;
import javafx.event.EventType;
import javafx.geometry.Rectangle2D;
import javafx.scene.Node;
import javafx.scene.control.ComboBox;
import javafx.scene.control.Label;
import javafx.scene.control.Slider;
import javafx.scene.control.TableView;
import javafx.scene.control.TextField;
import javafx.scene.image.WritableImage;
import javafx.scene.input.KeyCode;
import javafx.scene.input.MouseButton;
import javafx.scene.input.MouseEvent;
import javafx.scene.paint.Color;
import javafx.stage.Stage;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.testfx.api.FxRobot;
import org.testfx.framework.junit5.Start;
import org.umwelt.agents.cli.Main;
import org.umwelt.agents.runs.ConfigDifference;
import org.umwelt.agents.runs.RunFolder;
import org.umwelt.viewer.Theme;
import org.umwelt.viewer.WindowTest;
import org.umwelt.viewer.plots.Palette;

/** The room through its real controls. */
final class RunsRoomTest extends WindowTest {
  private static final ObjectMapper JSON = new ObjectMapper();

  @TempDir private Path folder;

  RunsRoomTest() {
    super("Runs");
  }

  @Start
  void start(Stage stage) {
    open(stage);
  }

  private static ObjectNode json(String text) throws IOException {
    return (ObjectNode) JSON.readTree(text.replace('\'', '"'));
  }

  /** Writes a training of ten epochs with a metric, of which some are done. */
  private Path train(String name, int hour, String settings, int epochs, DoubleUnaryOperator loss)
      throws IOException {
    Path path = folder.resolve(name);
    ObjectNode config =
        json("{'kind':'training','experiment':'tiny','epochs':10,%s}".formatted(settings));
    ObjectNode provenance = json("{'started':'2026-11-28T%02d:00:00Z'}".formatted(hour));
    try (RunFolder run = RunFolder.create(path, config, provenance)) {
      for (int epoch = 1; epoch <= epochs; epoch++) {
        run.metrics().append(line(epoch, 60.0 * hour * epoch, loss.applyAsDouble(epoch)));
      }
      if (epochs == 10) {
        run.writeResult(
            json(
                "{'scalars':{'held_out/accuracy':%s},'seconds':75.0}"
                    .formatted(loss.applyAsDouble(10))));
      }
    }
    return path;
  }

  private static ObjectNode line(int epoch, double wall, double loss) throws IOException {
    return json("{'epoch':%d,'wall':%s,'a/loss':%s}".formatted(epoch, wall, loss));
  }

  @BeforeEach
  void runs() throws IOException {
    train("first", 1, "'seed':3,'rate':0.5", 10, epoch -> epoch);
    train("day/second", 2, "'seed':1,'rate':0.25", 10, epoch -> epoch);
    train("third", 3, "'seed':2,'rate':0.5,'extra':true", 4, epoch -> Math.exp(-3 * epoch));
  }

  private static void type(FxRobot robot, String id, String text) {
    TextField field = robot.lookup(id).query();
    robot.interact(() -> {
      field.setText(text);
      field.fireEvent(new ActionEvent());
    });
  }

  private void openFolder(FxRobot robot) throws TimeoutException {
    type(robot, "#folder", folder.toString());
    await(() -> text(robot, "#count").equals("3 runs"));
    await(() -> legend(robot).size() == 1); // the first is selected
  }

  private static List<String> listed(FxRobot robot) {
    TableView<RunRow> table = robot.lookup("#runs").query();
    return onFx(() -> table.getItems().stream().map(RunRow::name).toList());
  }

  private static List<String> selected(FxRobot robot) {
    TableView<RunRow> table = robot.lookup("#runs").query();
    return onFx(
        () -> table.getSelectionModel().getSelectedItems().stream().map(RunRow::name).toList());
  }

  private static List<String> legend(FxRobot robot) {
    return onFx(() ->
        robot.lookup("#legend .label").queryAllAs(Label.class).stream()
            .map(Label::getText)
            .toList());
  }

  private static boolean shows(FxRobot robot, String text) {
    return onFx(() -> robot.lookup(text).tryQuery().isPresent());
  }

  private static void select(FxRobot robot, String... names) {
    TableView<RunRow> table = robot.lookup("#runs").query();
    robot.interact(() -> {
      table.getSelectionModel().clearSelection();
      for (RunRow row : table.getItems()) {
        if (List.of(names).contains(row.name())) {
          table.getSelectionModel().select(row);
        }
      }
      table.requestFocus();
    });
  }

  private static WritableImage curves(FxRobot robot) {
    Node node = robot.lookup("#curves").query();
    return onFx(() -> node.snapshot(null, null));
  }

  /** Returns how many pixels have a colour in a part of the plot, in shares of its size. */
  private static int ink(WritableImage image, Color colour, Rectangle2D part) {
    int count = 0;
    int width = (int) image.getWidth();
    int height = (int) image.getHeight();
    for (int y = (int) (part.getMinY() * height); y < part.getMaxY() * height; y++) {
      for (int x = (int) (part.getMinX() * width); x < part.getMaxX() * width; x++) {
        Color found = image.getPixelReader().getColor(x, y);
        double distance =
            Math.abs(found.getRed() - colour.getRed())
                + Math.abs(found.getGreen() - colour.getGreen())
                + Math.abs(found.getBlue() - colour.getBlue());
        count += distance < 0.1 ? 1 : 0;
      }
    }
    return count;
  }

  private static int ink(FxRobot robot, Color colour) {
    return ink(curves(robot), colour, new Rectangle2D(0, 0, 1, 1));
  }

  @Test
  void runsAreListedNewestFirst(FxRobot robot) throws TimeoutException {
    openFolder(robot);
    assertThat(listed(robot)).containsExactly("third", "day/second", "first");
    assertThat(shows(robot, "4 / 10  (40 %)")).isTrue();
    assertThat(shows(robot, "stopped")).isTrue();
    assertThat(shows(robot, "held_out/accuracy 10")).isTrue();
    assertThat(shows(robot, "1 min 15 s")).isTrue();
  }

  @Test
  void headersSort(FxRobot robot) throws TimeoutException {
    openFolder(robot);
    clickHeader(robot, "Run");
    assertThat(listed(robot)).containsExactly("day/second", "first", "third");
    clickHeader(robot, "Run");
    assertThat(listed(robot)).containsExactly("third", "first", "day/second");
    clickHeader(robot, "Progress");
    assertThat(listed(robot).getFirst()).isEqualTo("third");
    clickHeader(robot, "Seed");
    assertThat(listed(robot)).containsExactly("day/second", "third", "first");
    assertThat(selected(robot)).containsExactly("third");
  }

  /** Clicks by hand: without a display every press asks for a menu, and headers ignore it. */
  private static void clickHeader(FxRobot robot, String name) {
    Node header = robot.lookup(name).<Node>query().getParent();
    robot.interact(() -> {
      for (EventType<MouseEvent> type :
          List.of(MouseEvent.MOUSE_PRESSED, MouseEvent.MOUSE_RELEASED)) {
        Event.fireEvent(
            header,
            new MouseEvent(
                type,
                9,
                9,
                9,
                9,
                MouseButton.PRIMARY,
                1,
                false,
                false,
                false,
                false,
                true,
                false,
                false,
                false,
                false,
                true,
                null));
      }
    });
  }

  @Test
  void theFilterKeepsRunsWithAllWords(FxRobot robot) throws TimeoutException {
    openFolder(robot);
    robot.clickOn("#runs");
    robot.press(KeyCode.CONTROL).type(KeyCode.F).release(KeyCode.CONTROL);
    robot.write("tiny finished");
    assertThat(listed(robot)).containsExactly("day/second", "first");
    assertThat(text(robot, "#count")).isEqualTo("2 of 3 runs");
    robot.write(" seed 3");
    assertThat(listed(robot)).containsExactly("first");
    robot.type(KeyCode.ESCAPE);
    assertThat(listed(robot)).hasSize(3);
  }

  @Test
  void metricsOfSeveralRunsAreDrawnOverEachOther(FxRobot robot) throws TimeoutException {
    openFolder(robot);
    select(robot, "first", "day/second");
    await(() -> legend(robot).size() == 2);
    assertThat(legend(robot)).containsExactlyInAnyOrder("first:  last 10", "day/second:  last 10");
    // Over epochs the curves are the same, and the one drawn last covers the other;
    // over time, one takes twice as long.
    await(() -> ink(robot, Palette.LIGHT.series(1)) > 200);
    assertThat(ink(robot, Palette.LIGHT.series(0))).isLessThan(20);
    robot.interact(() -> robot.lookup("#axis").<ComboBox<String>>query().setValue("time"));
    await(() -> ink(robot, Palette.LIGHT.series(0)) > 100);
    assertThat(ink(robot, Palette.LIGHT.series(1))).isGreaterThan(100);
  }

  @Test
  void runsAreSelectedByKeys(FxRobot robot) throws TimeoutException {
    openFolder(robot);
    robot.clickOn("third");
    robot.press(KeyCode.SHIFT).type(KeyCode.DOWN, 2).release(KeyCode.SHIFT);
    await(() -> legend(robot).size() == 3);
    assertThat(selected(robot)).containsExactly("third", "day/second", "first");
    robot.type(KeyCode.UP);
    await(() -> legend(robot).equals(List.of("day/second:  last 10")));
  }

  @Test
  void theChosenMetricIsDrawn(FxRobot robot) throws TimeoutException, IOException {
    Path metrics = folder.resolve("first/metrics.jsonl");
    Files.writeString(
        metrics,
        "{\"epoch\":11,\"b/accuracy\":0.75,\"c\":3}\n{\"epoch\":12,\"b/accuracy\":0.5}\n",
        StandardOpenOption.APPEND);
    openFolder(robot);
    select(robot, "first", "third");
    ComboBox<String> metric = robot.lookup("#metric").query();
    await(() -> onFx(() -> metric.getItems().equals(List.of("a/loss", "b/accuracy", "c"))));
    assertThat(onFx(metric::getValue)).isEqualTo("a/loss");
    robot.interact(() -> metric.setValue("b/accuracy"));
    await(() -> legend(robot).contains("first:  last 0.50"));
    assertThat(legend(robot)).contains("third:  without this metric");
    robot.interact(() -> metric.setValue("c")); // one point
    await(() -> legend(robot).contains("first:  last 3"));
    await(() -> ink(robot, Palette.LIGHT.series(0)) + ink(robot, Palette.LIGHT.series(1)) > 8);
  }

  @Test
  void theVerticalAxisIsLogarithmicIfAsked(FxRobot robot) throws TimeoutException {
    openFolder(robot);
    select(robot, "third");
    Rectangle2D middle = new Rectangle2D(0.5, 0.4, 0.1, 0.15);
    await(() -> ink(robot, Palette.LIGHT.series(0)) > 50);
    // exp(-3 t) lies on the floor in the middle; its logarithm is a straight line.
    assertThat(ink(curves(robot), Palette.LIGHT.series(0), middle)).isZero();
    robot.clickOn("#log");
    await(() -> ink(curves(robot), Palette.LIGHT.series(0), middle) > 5);
  }

  @Test
  void pointsThatALogarithmicAxisLacksAreCounted(FxRobot robot)
      throws TimeoutException, IOException {
    train("zeros", 9, "'seed':1", 10, epoch -> epoch - 3);
    type(robot, "#folder", folder.toString());
    await(() -> text(robot, "#count").equals("4 runs") && legend(robot).size() == 1);
    robot.clickOn("#log");
    await(() -> text(robot, "#left-out").equals("3 points at or below 0 are left out"));
  }

  @Test
  void smoothingTakesTheNoiseAway(FxRobot robot) throws TimeoutException, IOException {
    train("noise", 9, "'seed':1", 10, epoch -> epoch % 2);
    type(robot, "#folder", folder.toString());
    await(() -> legend(robot).equals(List.of("noise:  last 0")));
    await(() -> ink(robot, Palette.LIGHT.series(0)) > 400);
    int before = ink(robot, Palette.LIGHT.series(0));
    robot.interact(() -> robot.lookup("#smoothing").<Slider>query().setValue(0.5));
    await(() -> ink(robot, Palette.LIGHT.series(0)) < 0.8 * before);
    assertThat(legend(robot)).containsExactly("noise:  last 0");
  }

  @Test
  void differencesOfTwoConfigurationsAreMarked(FxRobot robot) throws TimeoutException {
    openFolder(robot);
    TableView<ConfigDifference.Entry> settings = robot.lookup("#settings").query();
    select(robot, "first");
    await(() -> text(robot, "#differences").equals("Select a second run to compare"));
    await(() -> onFx(() -> settings.getItems().size()) == 5);
    select(robot, "third", "first");
    await(() -> text(robot, "#differences").equals("2 of 6 settings differ"));
    assertThat(shows(robot, "\u2260")).isTrue();
    robot.clickOn("#differences-only");
    assertThat(onFx(() -> settings.getItems().stream().map(ConfigDifference.Entry::key).toList()))
        .containsExactlyInAnyOrder("seed", "extra");
  }

  @Test
  void resultsStandSideBySide(FxRobot robot) throws TimeoutException {
    openFolder(robot);
    select(robot, "third", "first");
    await(() -> legend(robot).size() == 2);
    robot.clickOn("#tab-results");
    TableView<?> results = robot.lookup("#results").queryTableView();
    await(() -> onFx(() -> results.getColumns().size()) == 3);
    await(() -> onFx(() -> results.getItems().size()) == 3); // accuracy, seconds, loss so far
  }

  @Test
  void whatGrowsIsShownWithoutAClick(FxRobot robot) throws TimeoutException, IOException {
    openFolder(robot);
    select(robot, "third");
    await(() -> !legend(robot).isEmpty() && legend(robot).getFirst().startsWith("third"));
    Path metrics = folder.resolve("third/metrics.jsonl");
    Files.writeString(metrics, "{\"epoch\":5,\"a/lo", StandardOpenOption.APPEND);
    Files.writeString(metrics, "ss\":7.5}\n", StandardOpenOption.APPEND);
    await(() -> legend(robot).equals(List.of("third:  last 7.500")));
    await(() -> shows(robot, "5 / 10  (50 %)"));
    Files.writeString(folder.resolve("third/result.json"), "{\"held_out/accuracy\":0.25}");
    await(() -> shows(robot, "held_out/accuracy 0.25"));
    train("fourth", 4, "'seed':9", 2, epoch -> 1);
    await(() -> listed(robot).equals(List.of("fourth", "third", "day/second", "first")));
    assertThat(selected(robot)).containsExactly("third");
  }

  @Test
  void aRunIsInProgressAsLongAsItIsWritten(FxRobot robot) throws TimeoutException, IOException {
    openFolder(robot);
    try (RunFolder run =
        RunFolder.create(
            folder.resolve("now"),
            json("{'kind':'training','experiment':'tiny','epochs':2}"),
            json("{'started':'2026-11-28T12:00:00Z'}"))) {
      run.metrics().append(line(1, 1, 1));
      await(() -> shows(robot, "in progress"));
      await(() -> shows(robot, "1 / 2  (50 %)"));
    }
    await(() -> !shows(robot, "in progress"));
  }

  @Test
  void aDamagedRunIsARowAndTheOthersAreListed(FxRobot robot) throws TimeoutException, IOException {
    Files.writeString(folder.resolve("third/config.json"), "{\"kind\":\"trai");
    Files.writeString(
        folder.resolve("third/metrics.jsonl"), "nonsense\n", StandardOpenOption.APPEND);
    openFolder(robot);
    assertThat(listed(robot)).hasSize(3);
    await(() -> shows(robot, "config.json is not a JSON object, line 1"));
    select(robot, "third");
    await(
        () -> legend(robot).stream().anyMatch(line -> line.contains("1 damaged lines of metrics")));
  }

  @Test
  void anEmptyFolderSaysSoAndOneThatComesIsListed(FxRobot robot)
      throws TimeoutException, IOException {
    Path empty = Files.createDirectories(folder.resolve("day/empty"));
    type(robot, "#folder", empty.toString());
    await(() -> shows(robot, "There are no runs in %s yet".formatted(empty)));
    assertThat(robot.lookup("#choose").tryQuery()).isPresent();
    Path coming = folder.resolve("coming");
    type(robot, "#folder", coming.toString());
    await(() -> shows(robot, "There is no folder %s yet".formatted(coming)));
    train("coming/run", 1, "'seed':1", 1, _ -> 1);
    await(() -> listed(robot).equals(List.of("run")));
  }

  @Test
  void enterOpensARunInItsRoom(FxRobot robot) throws TimeoutException {
    Path run = folder.resolve("eval");
    assertThat(
            Main.run(
                "evaluate",
                "--env",
                "umwelt/Catch-v0",
                "--agent",
                "random",
                "--episodes",
                "2",
                "--seed",
                "4",
                "--workers",
                "1",
                "--quiet",
                "--out",
                run.toString()))
        .isZero();
    type(robot, "#folder", folder.toString());
    await(() -> text(robot, "#count").equals("4 runs"));
    select(robot, "first");
    robot.doubleClickOn("first");
    await(() -> text(robot, "#status").startsWith("first has no room of its own"));
    select(robot, "eval");
    robot.type(KeyCode.ENTER);
    await(() -> robot.lookup("#episodes").tryQuery().isPresent());
    TableView<?> episodes = robot.lookup("#episodes").queryTableView();
    await(() -> onFx(() -> episodes.getItems().size()) == 2);
  }

  @Test
  void aRunThatIsOpenedIsSelected(FxRobot robot) throws TimeoutException {
    robot.interact(() -> viewer().open("Runs", folder.resolve("first")));
    await(() -> selected(robot).equals(List.of("first")));
    await(() -> legend(robot).equals(List.of("first:  last 10")));
    robot.interact(() -> viewer().setTheme(Theme.DARK));
    await(() -> ink(robot, Palette.DARK.series(0)) > 100);
    robot.interact(() -> viewer().setTheme(Theme.LIGHT));
  }

  @Test
  void closingEndsTheThread(FxRobot robot) throws TimeoutException {
    openFolder(robot);
    robot.interact(viewer()::close);
    assertThat(Thread.getAllStackTraces().keySet())
        .extracting(Thread::getName)
        .noneMatch(name -> name.startsWith("umwelt-viewer-runs"));
  }
}
