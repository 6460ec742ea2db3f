package org.umwelt.viewer.samples;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.TimeoutException;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import javafx.event.ActionEvent;
import javafx.geometry.Point2D;
import javafx.geometry.Rectangle2D;
import javafx.scene.control.ComboBox;
import javafx.scene.control.Spinner;
import javafx.scene.control.TextField;
import javafx.scene.image.WritableImage;
import javafx.stage.Stage;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.testfx.api.FxRobot;
import org.testfx.framework.junit5.Start;
import org.umwelt.agents.cli.Main;
import org.umwelt.agents.phi4.Phi4Sampler;
import org.umwelt.kernels.settings.Settings;
import org.umwelt.physics.lattice.RunningEstimates;
import org.umwelt.viewer.WindowTest;
import org.umwelt.viewer.plots.ColorScale;
import org.umwelt.viewer.plots.Curve;
import org.umwelt.viewer.plots.HeatMap;
import org.umwelt.viewer.plots.Palette;

/** The room through its real controls. */
final class SamplesRoomTest extends WindowTest {
  private static final Map<String, String> SMALL =
      Map.of("size", "8", "chains", "2", "seed", "5", "burn_in", "3", "m2", "-4", "lambda", "5");
  private static final Pattern SWEEP = Pattern.compile("sweep ([\\d,]+)");

  @TempDir private Path folder;

  SamplesRoomTest() {
    super("Samples");
  }

  @Start
  void start(Stage stage) {
    open(stage);
  }

  private static long sweep(FxRobot robot) {
    Matcher found = SWEEP.matcher(text(robot, "#progress"));
    return found.find() ? Long.parseLong(found.group(1).replace(",", "")) : -1;
  }

  private static Phi4Sampler sampler() {
    return Phi4Sampler.open(new Settings("test", Phi4Sampler.settings(), SMALL));
  }

  private void ask(FxRobot robot, Map<String, String> more) {
    Map<String, String> asked = new LinkedHashMap<>(SMALL);
    asked.putAll(more);
    robot.interact(() ->
        Objects.requireNonNull(viewer().room())
            .set(new Settings("test", new SamplesRoomProvider().settings(), asked)));
  }

  /** Pauses, and has small chains that have not moved yet. */
  private void startSmallAndPaused(FxRobot robot) throws TimeoutException {
    await(() -> sweep(robot) > 0);
    robot.clickOn("#play");
    await(() -> button(robot, "#play").equals("Continue"));
    ask(robot, Map.of());
    await(() -> text(robot, "#title").contains("8x8"));
    await(() -> sweep(robot) == 0);
  }

  private static String button(FxRobot robot, String id) {
    return onFx(() -> robot.lookup(id).queryButton().getText());
  }

  private static void sweepOnce(FxRobot robot) {
    robot.interact(() -> robot.lookup("#sweep").queryButton().fire());
  }

  @Test
  void chainsMoveByThemselvesAndPauseReallyStopsThem(FxRobot robot) throws TimeoutException {
    startSmallAndPaused(robot);
    for (int i = 0; i < 5; i++) {
      sweepOnce(robot);
    }
    await(() -> text(robot, "#progress").startsWith("sweep 2 behind burn-in, 2 measurements"));
    robot.clickOn("#play");
    await(() -> sweep(robot) > 4);
    assertThat(button(robot, "#play")).isEqualTo("Pause");
  }

  @Test
  void theFieldIsThatOfTheSamplerColourByColour(FxRobot robot) throws TimeoutException {
    startSmallAndPaused(robot);
    try (Phi4Sampler expected = sampler()) {
      for (int i = 0; i < 6; i++) {
        sweepOnce(robot);
        expected.sweep();
      }
      await(() -> text(robot, "#progress").contains("3 measurements"));
      for (int chain = 0; chain < 2; chain++) {
        int from = chain * 64;
        HeatMap map = robot.lookup("#field-" + (chain + 1)).query();
        await(() -> shows(map, expected.chains().fields(), from));
      }
    }
  }

  /** Looks at the middle of every site as it is on the screen. */
  private static boolean shows(HeatMap map, double[] fields, int from) {
    return onFx(() -> {
      WritableImage picture = map.getScene().snapshot(null);
      ColorScale scale = ColorScale.of(Palette.LIGHT);
      for (int site = 0; site < 64; site++) {
        Rectangle2D place = map.place(site % 8, site / 8);
        Point2D middle =
            map.localToScene(
                place.getMinX() + place.getWidth() / 2, place.getMinY() + place.getHeight() / 2);
        int colour = picture.getPixelReader().getArgb((int) middle.getX(), (int) middle.getY());
        if (colour != scale.argb((float) fields[from + site] / map.limit())) {
          return false;
        }
      }
      return true;
    });
  }

  @Test
  void theFiguresAreThoseOfTheSameMeasurements(FxRobot robot)
      throws TimeoutException, InterruptedException {
    startSmallAndPaused(robot);
    try (Phi4Sampler expected = sampler()) {
      for (int i = 0; i < 60; i++) {
        sweepOnce(robot);
        expected.sweep();
      }
      RunningEstimates figures =
          RunningEstimates.of(
              expected.observables().series(),
              expected.chains().lattice(),
              expected.chains().action());
      String binder = Objects.requireNonNull(figures.means().get("U4")).concise();
      await(() -> text(robot, "#progress").contains("57 measurements"));
      await(() -> robot.lookup("#mean-U4").tryQuery().isPresent());
      await(() -> text(robot, "#mean-U4").equals(binder));
      Curve autocorrelation = robot.lookup("#autocorrelation").query();
      await(() ->
          onFx(() -> autocorrelation.data().get(1).y())[1]
              == Objects.requireNonNull(figures.autocorrelations().get("M^2")).rho()[1]);
      Curve histogram = robot.lookup("#histogram").query();
      assertThat(onFx(() -> histogram.data().getFirst().y()))
          .isEqualTo(figures.magnetisation().densities());
    }
  }

  @Test
  void anotherSamplerAndMoreChainsStartAnew(FxRobot robot) throws TimeoutException {
    startSmallAndPaused(robot);
    ComboBox<String> sampler = robot.lookup("#sampler").queryComboBox();
    robot.interact(() -> sampler.setValue("hmc"));
    await(() -> text(robot, "#title").contains(", hmc, seed 5"));
    Spinner<Integer> chains = robot.lookup("#chains").query();
    robot.interact(() -> chains.getValueFactory().setValue(3));
    await(() -> robot.lookup("#field-3").tryQuery().isPresent());
    ComboBox<String> shown = robot.lookup("#chain").queryComboBox();
    robot.interact(() -> shown.getSelectionModel().select(2));
    await(() -> robot.lookup("#field-1").tryQuery().isEmpty());
    assertThat(robot.lookup("#field-2").tryQuery()).isPresent();
  }

  @Test
  void badRequestsAreToldInOneLineAndTheChainsLiveOn(FxRobot robot) throws TimeoutException {
    await(() -> sweep(robot) > 0);
    TextField size = robot.lookup("#size").query();
    for (String wrong : List.of("none", "0", "3000")) {
      robot.interact(() -> {
        size.setText(wrong);
        size.fireEvent(new ActionEvent());
      });
      await(() -> text(robot, "#status").contains("expected"));
      assertThat(text(robot, "#status")).doesNotContain("Exception");
      robot.interact(() -> viewer().note(""));
      await(() -> text(robot, "#status").isEmpty());
    }
    ComboBox<String> sampler = robot.lookup("#sampler").queryComboBox();
    robot.interact(() -> {
      size.setText("8");
      sampler.setValue("wolf");
    });
    await(() -> text(robot, "#status").contains("wolf"));
    robot.interact(() -> sampler.setValue("metropolis"));
    await(() -> text(robot, "#title").contains("8x8, metropolis,"));
    await(() -> sweep(robot) > 0);
  }

  @Test
  void aRunIsReadAndFollowedWhileItGrows(FxRobot robot) throws TimeoutException {
    Path run = folder.resolve("run");
    sample(run, "sweeps=60");
    robot.interact(() -> viewer().open("Samples", run));
    await(() -> text(robot, "#progress").equals("60 measurements of 60"));
    assertThat(text(robot, "#title")).startsWith("run " + run + ": phi^4 on 8x8");
    Path longer = folder.resolve("longer");
    Thread writer =
        Thread.ofPlatform().start(() -> sample(longer, "sweeps=400", "sampler=heatbath"));
    try {
      await(() -> longer.resolve("measurements.npy").toFile().length() > 0);
      robot.interact(() -> viewer().open("Samples", longer));
      await(() -> text(robot, "#progress").equals("400 measurements of 400"));
    } finally {
      join(writer);
    }
  }

  private static void join(Thread thread) {
    try {
      thread.join();
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }

  private static void sample(Path run, String... more) {
    List<String> words =
        new ArrayList<>(List.of("sample", "phi4", "--quiet", "--out", run.toString(), "keep=20"));
    SMALL.forEach((name, value) -> words.add(name + "=" + value));
    words.addAll(List.of(more));
    assertThat(Main.run(words.toArray(String[]::new))).isZero();
  }

  @Test
  void aFolderWithoutARunIsToldInOneLine(FxRobot robot) throws TimeoutException {
    robot.interact(() -> viewer().open("Samples", folder));
    await(() -> text(robot, "#status").startsWith("expected "));
    assertThat(text(robot, "#status")).contains(folder.toString());
  }

  @Test
  void closingEndsTheThreads(FxRobot robot) throws TimeoutException {
    await(() -> sweep(robot) > 0);
    robot.interact(viewer()::close);
    assertThat(Thread.getAllStackTraces().keySet())
        .extracting(Thread::getName)
        .noneMatch(name -> name.startsWith("umwelt-viewer-samples"));
  }
}
