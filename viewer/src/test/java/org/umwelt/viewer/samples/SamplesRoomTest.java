package org.umwelt.viewer.samples;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.TimeoutException;
import javafx.event.ActionEvent;
import javafx.geometry.Rectangle2D;
import javafx.scene.control.Button;
import javafx.scene.control.ComboBox;
import javafx.scene.control.Label;
import javafx.scene.control.Slider;
import javafx.scene.control.Spinner;
import javafx.scene.control.TextField;
import javafx.scene.image.PixelReader;
import javafx.stage.Stage;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.testfx.api.FxRobot;
import org.testfx.framework.junit5.Start;
import org.umwelt.agents.cli.Main;
import org.umwelt.agents.phi4.Phi4Recording;
import org.umwelt.agents.phi4.Phi4Sampler;
import org.umwelt.kernels.files.NumpyFile;
import org.umwelt.kernels.files.NumpyReader;
import org.umwelt.kernels.settings.Settings;
import org.umwelt.physics.lattice.RunningEstimates;
import org.umwelt.viewer.WindowTest;
import org.umwelt.viewer.plots.ColorScale;
import org.umwelt.viewer.plots.Curve;
import org.umwelt.viewer.plots.HeatMap;
import org.umwelt.viewer.plots.Palette;

/** The room through its real controls. */
final class SamplesRoomTest extends WindowTest {
  private static final int BURN_IN = 200;

  @TempDir private Path folder;

  SamplesRoomTest() {
    super("Samples");
  }

  @Start
  void start(Stage stage) {
    open(stage);
  }

  private static long sweep(FxRobot robot) {
    String progress = text(robot, "#progress");
    if (progress.startsWith("sweep ")) {
      return BURN_IN
          + Long.parseLong(progress.replaceAll("sweep ([\\d,]+).*", "$1").replace(",", ""));
    }
    return progress.startsWith("burn-in")
        ? Long.parseLong(progress.replaceAll(".*sweep ([\\d,]+) of.*", "$1").replace(",", ""))
        : -1;
  }

  private static String playText(FxRobot robot) {
    return onFx(() -> robot.lookup("#play").queryAs(Button.class).getText());
  }

  private static void enter(FxRobot robot, String id, String text) {
    TextField field = robot.lookup(id).query();
    robot.interact(() -> {
      field.setText(text);
      field.fireEvent(new ActionEvent());
    });
  }

  private static void choose(FxRobot robot, String id, int index) {
    ComboBox<Object> box = robot.lookup(id).queryComboBox();
    robot.interact(() -> box.getSelectionModel().select(index));
  }

  private static void fire(FxRobot robot, String id) {
    robot.interact(() -> robot.lookup(id).queryButton().fire());
  }

  /** Chains of a small lattice that stand still before their first sweep. */
  private static void standStill(FxRobot robot, String size) throws TimeoutException {
    await(() -> sweep(robot) > 0);
    fire(robot, "#play");
    await(() -> playText(robot).equals("Continue"));
    enter(robot, "#size", size);
    await(() -> sweep(robot) == 0 && text(robot, "#title").startsWith("phi^4 on " + size + "x"));
    await(() -> playText(robot).equals("Start"));
  }

  private static Phi4Sampler sampler(Map<String, String> given) {
    return Phi4Sampler.open(new Settings("test", Phi4Controls.settings(), given));
  }

  /** Returns the numbers of a field as the window shows them, in colours, site by site. */
  private static boolean shows(FxRobot robot, Phi4Sampler sampler, int chain, int length) {
    HeatMap map = robot.lookup("#field-" + (chain + 1)).query();
    double[] field = sampler.chains().field(chain);
    return onFx(() -> {
      PixelReader pixels = map.snapshot(null, null).getPixelReader();
      ColorScale scale = ColorScale.of(Palette.LIGHT);
      for (int y = 0; y < length; y++) {
        for (int x = 0; x < length; x++) {
          Rectangle2D place = map.place(x, y);
          int expected = scale.argb((float) field[y * length + x] / map.limit());
          int found =
              pixels.getArgb(
                  (int) (place.getMinX() + place.getWidth() / 2),
                  (int) (place.getMinY() + place.getHeight() / 2));
          if (found != expected) {
            return false;
          }
        }
      }
      return true;
    });
  }

  private static List<Curve.Data> data(FxRobot robot, String id) {
    Curve curve = robot.lookup(id).query();
    return onFx(curve::data);
  }

  @Test
  void chainsRunAtOnceStopAndGoOn(FxRobot robot) throws TimeoutException {
    await(() -> sweep(robot) > 5);
    fire(robot, "#play");
    await(() -> playText(robot).equals("Continue"));
    long stopped = sweep(robot);
    for (int i = 1; i <= 3; i++) {
      long expected = stopped + i;
      fire(robot, "#sweep");
      await(() -> sweep(robot) >= expected && playText(robot).equals("Continue"));
      assertThat(sweep(robot)).isEqualTo(expected);
    }
    fire(robot, "#play");
    await(() -> sweep(robot) > stopped + 5);
    assertThat(playText(robot)).isEqualTo("Pause");
  }

  /** Sweep by sweep the colours are those of the field the command draws with the same seed. */
  @Test
  void sitesHaveTheColourOfTheirField(FxRobot robot) throws TimeoutException {
    standStill(robot, "8");
    try (Phi4Sampler sampler = sampler(Map.of("size", "8"))) {
      for (int sweep = 0; sweep < 3; sweep++) {
        for (int chain = 0; chain < 4; chain++) {
          int shown = chain;
          await(() -> shows(robot, sampler, shown, 8));
        }
        sampler.sweep();
        fire(robot, "#sweep");
      }
      choose(robot, "#chain", 3);
      await(() ->
          robot.lookup("#field-3").tryQuery().isPresent()
              && robot.lookup("#field-1").tryQuery().isEmpty());
      await(() -> shows(robot, sampler, 2, 8));
    }
  }

  @Test
  void figuresAreThoseOfTheSameMeasurements(FxRobot robot)
      throws TimeoutException, InterruptedException {
    standStill(robot, "4");
    choose(robot, "#speed", List.of(Pace.values()).indexOf(Pace.UNLIMITED));
    fire(robot, "#play");
    await(() -> sweep(robot) > BURN_IN + 200);
    fire(robot, "#play");
    await(() -> playText(robot).equals("Continue"));
    long last = sweep(robot);
    try (Phi4Sampler sampler = sampler(Map.of("size", "4"))) {
      while (sampler.sweeps() < last) {
        sampler.sweep();
      }
      RunningEstimates expected =
          RunningEstimates.of(
              sampler.observables().series(),
              sampler.chains().lattice(),
              sampler.chains().action());
      String chi = Objects.requireNonNull(expected.means().get("chi")).concise();
      await(() -> text(robot, "#mean-chi").equals(chi));
      assertThat(text(robot, "#autocorrelation-words"))
          .contains(
              "M\u00b2 "
                  + Objects.requireNonNull(expected.autocorrelations().get("M^2"))
                      .mean()
                      .conciseTime());
      Curve.Data histogram = data(robot, "#histogram").getFirst();
      assertThat(histogram.x()).isEqualTo(expected.magnetisation().middles());
      assertThat(histogram.y()).isEqualTo(expected.magnetisation().densities());
      Curve.Data g = data(robot, "#two-point").getFirst();
      for (int r = 0; r < g.y().length; r++) {
        assertThat(g.y()[r]).isEqualTo(expected.twoPoint().get(r).value());
        assertThat(g.errors()[r]).isEqualTo(expected.twoPoint().get(r).error());
      }
      Curve.Data rho = data(robot, "#autocorrelation").getFirst();
      assertThat(Arrays.copyOf(rho.y(), 1)).containsExactly(1);
    }
  }

  @Test
  void anotherSamplerAndNumberOfChainsStartAgain(FxRobot robot) throws TimeoutException {
    standStill(robot, "8");
    choose(robot, "#sampler", 4);
    await(() -> text(robot, "#title").contains(", hmc, seed 1"));
    assertThat(sweep(robot)).isZero();
    Spinner<Integer> chains = robot.lookup("#chains").query();
    robot.interact(() -> chains.getValueFactory().setValue(9));
    await(() -> robot.lookup("#field-9").tryQuery().isPresent());
    fire(robot, "#play");
    await(() -> sweep(robot) > 3);
  }

  @Test
  void theSameActionInAnotherConvention(FxRobot robot) throws TimeoutException {
    standStill(robot, "8");
    choose(robot, "#convention", 1);
    await(() -> text(robot, "#title").contains("kappa 0.343000, lambda 0.500000"));
    assertThat(text(robot, "#title")).contains("m2 -4.00000");
  }

  @Test
  void whatCannotBeSampledIsToldInOneLine(FxRobot robot) throws TimeoutException {
    standStill(robot, "8");
    enter(robot, "#size", "1");
    await(() -> text(robot, "#status").contains("expected 1 to 4 lengths of at least 2"));
    enter(robot, "#size", "8");
    enter(robot, "#coupling-2", "much");
    await(() -> text(robot, "#status").contains("lambda must be a number"));
    enter(robot, "#coupling-2", "4.25");
    ComboBox<String> sampler = robot.lookup("#sampler").queryComboBox();
    robot.interact(() -> sampler.setValue("wolff"));
    await(() -> text(robot, "#status").contains("expected an update that reaches every field"));
    enter(robot, "#size", "4096");
    robot.interact(() -> sampler.setValue("metropolis"));
    await(() -> text(robot, "#status").contains("take fewer chains or a smaller lattice"));
    enter(robot, "#size", "8");
    await(() -> text(robot, "#status").equals("drawing samples"));
    fire(robot, "#play");
    await(() -> sweep(robot) > 3);
  }

  /** A run whose first 30 rows are there, then the rest, as where it is still written. */
  @Test
  void aRunIsFollowedWhileItGrows(FxRobot robot) throws Exception {
    Path whole = folder.resolve("whole");
    assertThat(
            Main.run(
                "sample",
                "phi4",
                "--quiet",
                "--out",
                whole.toString(),
                "size=6",
                "chains=2",
                "sweeps=60",
                "keep=10",
                "seed=3"))
        .isZero();
    Path growing = Files.createDirectory(folder.resolve("growing"));
    Files.copy(whole.resolve("config.json"), growing.resolve("config.json"));
    Files.copy(whole.resolve("metrics.jsonl"), growing.resolve("metrics.jsonl"));
    try (NumpyReader rows = NumpyReader.open(whole.resolve("measurements.npy"));
        NumpyReader fields = NumpyReader.open(whole.resolve("configurations.npy"));
        NumpyFile rowsThere = NumpyFile.create(growing.resolve("measurements.npy"), rows.layout());
        NumpyFile fieldsThere =
            NumpyFile.create(growing.resolve("configurations.npy"), fields.layout())) {
      grow(rows, rowsThere, 0, 30);
      grow(fields, fieldsThere, 0, 3);
      robot.interact(() -> viewer().open("Samples", growing));
      await(() -> text(robot, "#progress").equals("30 measurements of 60"));
      await(() -> text(robot, "#configuration-words").startsWith("configuration 3 of 3"));
      grow(rows, rowsThere, 30, 60);
      grow(fields, fieldsThere, 3, 6);
      await(() -> text(robot, "#progress").equals("60 measurements of 60"));
      await(() ->
          text(robot, "#configuration-words").equals("configuration 6 of 6, of measurement 60"));
      Slider slider = robot.lookup("#configuration").query();
      robot.interact(() -> slider.setValue(1));
      await(() -> text(robot, "#configuration-words").startsWith("configuration 2 of 6"));
    }
    try (Phi4Recording recording = Phi4Recording.open(whole)) {
      while (recording.read(_ -> {}) > 0) {}
      RunningEstimates expected =
          RunningEstimates.of(recording.series(), recording.lattice(), recording.action());
      await(() ->
          text(robot, "#mean-chi")
              .equals(Objects.requireNonNull(expected.means().get("chi")).concise()));
    }
    assertThat(onFx(() -> robot.lookup("#seed").queryAs(TextField.class).getText())).isEqualTo("3");
    fire(robot, "#restart");
    await(() -> text(robot, "#title").startsWith("phi^4 on 6x6"));
  }

  private static void grow(NumpyReader from, NumpyFile to, int first, int end) throws Exception {
    for (int row = first; row < end; row++) {
      to.append(from.read(row));
    }
    to.publish();
  }

  @Test
  void aFolderWithoutASamplingIsToldInOneLine(FxRobot robot) throws TimeoutException {
    robot.interact(() -> viewer().open("Samples", folder));
    await(() -> text(robot, "#status").startsWith("expected the run of a sampling"));
    assertThat(new SamplesRoomProvider().opens(folder)).isFalse();
  }

  @Test
  void closingEndsTheThreads(FxRobot robot) throws TimeoutException {
    await(() -> sweep(robot) > 0);
    robot.interact(viewer()::close);
    assertThat(Thread.getAllStackTraces().keySet())
        .extracting(Thread::getName)
        .noneMatch(name -> name.startsWith("umwelt-viewer-samples"));
  }

  @Test
  void bothThemesColourThePanels(FxRobot robot) throws TimeoutException {
    standStill(robot, "8");
    try (Phi4Sampler sampler = sampler(Map.of("size", "8"))) {
      await(() -> shows(robot, sampler, 0, 8));
      fire(robot, "#theme");
      await(() -> !shows(robot, sampler, 0, 8));
      fire(robot, "#theme");
      await(() -> shows(robot, sampler, 0, 8));
    }
    assertThat(onFx(() -> robot.lookup("#two-point-words").queryAs(Label.class).isWrapText()))
        .isTrue();
  }
}
