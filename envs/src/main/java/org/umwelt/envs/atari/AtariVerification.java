package org.umwelt.envs.atari;

import java.lang.foreign.ValueLayout;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.SequencedMap;
import java.util.function.Consumer;
import java.util.zip.CRC32;
import org.umwelt.envs.Environment;
import org.umwelt.envs.Reset;
import org.umwelt.envs.Step;
import org.umwelt.envs.registry.Environments;
import org.umwelt.envs.spaces.Discrete;
import org.umwelt.envs.spaces.Value;
import org.umwelt.kernels.image.BilinearResize;
import org.umwelt.kernels.settings.BadRequestException;
import org.umwelt.kernels.settings.Settings;
import org.umwelt.kernels.verification.Check;
import org.umwelt.kernels.verification.Verification;

/**
 * Compares the presets of Atari 100k with frames, rewards and ends of IRIS's own wrappers.
 *
 * <p>Those were measured with ale-py 0.12.1 and Pillow: 300 agent steps with one no-op at the
 * start, action (t div 7) mod A at step t, reset when done; the figure of a step is the CRC-32 of
 * the frame it gave, or of the frame of the reset that followed.
 */
public final class AtariVerification implements Verification {
  private static final int STEPS = 300;

  /** What one game gives in both presets; {@code dones} in training (there are none in test). */
  private record Oracle(
      String game, double reward, List<Integer> dones, SequencedMap<Integer, String> frames) {

    static Oracle of(String game, double reward, List<Integer> dones, Object... frames) {
      SequencedMap<Integer, String> byStep = new LinkedHashMap<>();
      for (int i = 0; i < frames.length; i += 2) {
        byStep.put((Integer) frames[i], (String) frames[i + 1]);
      }
      return new Oracle(game, reward, dones, byStep);
    }
  }

  private static final List<Oracle> ORACLES =
      List.of(
          Oracle.of(
              "Breakout",
              3,
              List.of(77, 164, 247),
              1,
              "6ee289d0",
              50,
              "ff2aff39",
              100,
              "efb58af7",
              200,
              "f84c9653",
              300,
              "80096167"),
          Oracle.of(
              "Pong",
              -4,
              List.of(),
              1,
              "0effeb99",
              50,
              "01bcbbfb",
              100,
              "be9b9672",
              200,
              "789efc1a",
              300,
              "adf10f04"),
          Oracle.of(
              "Freeway",
              0,
              List.of(),
              1,
              "944445c7",
              50,
              "4fb5265a",
              100,
              "923513eb",
              200,
              "9b1fd6b1",
              300,
              "09ab310f"));

  @Override
  public String name() {
    return "atari";
  }

  @Override
  public String summary() {
    return "frames, rewards and ends of the Atari 100k presets against IRIS's wrappers";
  }

  /**
   * {@inheritDoc}
   *
   * @throws BadRequestException where a ROM is missing and cannot be fetched
   */
  @Override
  public List<Check> run(Settings settings, Consumer<String> progress) {
    List<Check> checks = new ArrayList<>();
    progress.accept("resizing a picture");
    resize(checks);
    for (Oracle oracle : ORACLES) {
      for (String preset : List.of("train", "test")) {
        progress.accept("playing %d steps of %s (%s)".formatted(STEPS, oracle.game(), preset));
        play(oracle, preset, checks);
      }
    }
    return checks;
  }

  private static void resize(List<Check> checks) {
    int width = 160;
    int height = 210;
    int side = 64;
    byte[] picture = new byte[height * width * 3];
    for (int y = 0, i = 0; y < height; y++) {
      for (int x = 0; x < width; x++) {
        for (int c = 0; c < 3; c++) {
          picture[i++] = (byte) (7 * y + 13 * x + 101 * c + (x * y) % 17);
        }
      }
    }
    byte[] resized = new byte[side * side * 3];
    new BilinearResize(width, height, side, side, 3).resize(picture, resized);
    long sum = 0;
    for (byte value : resized) {
      sum += value & 0xFF;
    }
    checks.add(Check.exact("resize sum", 1_564_729L, sum));
    checks.add(Check.exact("resize [0,0]", "25,126,219", pixel(resized, side, 0, 0)));
    checks.add(Check.exact("resize [10,20]", "133,205,79", pixel(resized, side, 10, 20)));
    checks.add(Check.exact("resize [31,5]", "131,205,77", pixel(resized, side, 31, 5)));
    checks.add(Check.exact("resize [63,63]", "188,38,134", pixel(resized, side, 63, 63)));
  }

  private static String pixel(byte[] picture, int side, int y, int x) {
    int at = (y * side + x) * 3;
    return "%d,%d,%d".formatted(picture[at] & 0xFF, picture[at + 1] & 0xFF, picture[at + 2] & 0xFF);
  }

  private static void play(Oracle oracle, String preset, List<Check> checks) {
    String label = oracle.game() + " " + preset;
    double reward = 0;
    List<Integer> dones = new ArrayList<>();
    try (Environment environment =
        Environments.make("Atari100k/%s-%s-v0?noops=1".formatted(oracle.game(), preset))) {
      Step step = Step.allocate(environment);
      Value action = Value.allocate(environment.actionSpace());
      long actions = ((Discrete) environment.actionSpace()).n();
      CRC32 crc = new CRC32();
      environment.reset(Reset.seeded(0), step);
      for (int t = 0; t < STEPS; t++) {
        action.setLong(t / 7 % actions);
        environment.step(action, step);
        reward += step.reward();
        if (step.ended()) {
          dones.add(t);
          environment.reset(Reset.unseeded(), step);
        }
        String expected = oracle.frames().get(t + 1);
        if (expected != null) {
          crc.reset();
          crc.update(step.observation().tensor().toArray(ValueLayout.JAVA_BYTE));
          checks.add(
              Check.exact(
                  "%s frame %d".formatted(label, t + 1),
                  expected,
                  "%08x".formatted(crc.getValue())));
        }
      }
    }
    checks.add(Check.exact(label + " reward", oracle.reward(), reward));
    checks.add(
        Check.exact(label + " dones", preset.equals("train") ? oracle.dones() : List.of(), dones));
  }
}
