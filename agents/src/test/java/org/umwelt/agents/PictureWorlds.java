package org.umwelt.agents;

import java.util.List;
import org.umwelt.envs.Environment;
import org.umwelt.envs.Frame;
import org.umwelt.envs.Reset;
import org.umwelt.envs.Step;
import org.umwelt.envs.registry.EnvironmentEntry;
import org.umwelt.envs.registry.EnvironmentProvider;
import org.umwelt.envs.spaces.Box;
import org.umwelt.envs.spaces.DType;
import org.umwelt.envs.spaces.Dict;
import org.umwelt.envs.spaces.Discrete;
import org.umwelt.envs.spaces.Space;
import org.umwelt.envs.spaces.Value;
import org.umwelt.kernels.settings.Setting;
import org.umwelt.kernels.settings.Settings;

/**
 * A world whose every frame is known: at step t the picture of 40 x 32 pixels is all of the colour
 * (seed, t, last action). Action 2 ({@code right}) is rewarded by 1, action 0 ({@code left}) by
 * -0.5; it ends after {@code length} steps; the info counts lives down from 3, one every 4 steps,
 * and holds a place (t / 2, 7).
 */
public final class PictureWorlds implements EnvironmentProvider {
  @Override
  public List<EnvironmentEntry> entries() {
    return List.of(
        new EnvironmentEntry(
            "test/Colour-v0",
            "a picture of one colour",
            List.of(
                Setting.integer("length", 10, 1, 1_000_000, "steps"),
                Setting.choice("show", "rgb", List.of("rgb", "vector", "blind"), "what is seen")),
            Colour::new));
  }

  private static final class Colour implements Environment {
    private static final int WIDTH = 40;
    private static final int HEIGHT = 32;

    private final Settings settings;
    private long seed;
    private long steps;
    private long last;

    Colour(Settings settings) {
      this.settings = settings;
    }

    @Override
    public Space observationSpace() {
      return settings.text("show").equals("rgb")
          ? Box.image(HEIGHT, WIDTH, 3)
          : Box.of(DType.FLOAT32, 0, 1e9, 3);
    }

    @Override
    public Space actionSpace() {
      return Discrete.of(3);
    }

    @Override
    public List<String> actionMeanings() {
      return List.of("left", "stay", "right");
    }

    @Override
    public Dict infoSpace() {
      return Dict.empty()
          .with("lives", new Discrete(4, 0))
          .with("place", Box.of(DType.FLOAT32, 0, 1e9, 2));
    }

    @Override
    public void reset(Reset reset, Step out) {
      seed = reset.seed().orElse(seed);
      steps = 0;
      last = 1;
      write(out);
      out.set(0, false, false);
    }

    @Override
    public void step(Value action, Step out) {
      last = action.asLong();
      steps++;
      write(out);
      out.set(last == 2 ? 1 : last == 0 ? -0.5 : 0, steps == settings.integer("length"), false);
    }

    private long colour(int channel) {
      return channel == 0 ? seed & 0xFF : channel == 1 ? steps & 0xFF : last;
    }

    private void write(Step out) {
      boolean rgb = settings.text("show").equals("rgb");
      for (int i = 0; i < (rgb ? WIDTH * HEIGHT * 3 : 3); i++) {
        (rgb ? DType.UINT8 : DType.FLOAT32).setDouble(out.observation().tensor(), i, colour(i % 3));
      }
      out.info().setScalar(0, 3 - Math.min(3, steps / 4));
      DType.FLOAT32.setDouble(out.info().leaf(1), 0, steps * 0.5f);
      DType.FLOAT32.setDouble(out.info().leaf(1), 1, 7);
    }

    @Override
    public Frame render() {
      if (settings.text("show").equals("blind")) {
        throw new UnsupportedOperationException();
      }
      byte[] rgb = new byte[WIDTH * HEIGHT * 3];
      for (int i = 0; i < rgb.length; i++) {
        rgb[i] = (byte) colour(i % 3);
      }
      return new Frame(WIDTH, HEIGHT, rgb);
    }

    @Override
    public long episodeFrames() {
      return 4 * steps;
    }

    @Override
    public void close() {}
  }
}
