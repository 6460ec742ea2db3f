package org.umwelt.envs.games;

import java.io.DataInput;
import java.io.DataOutput;
import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.List;
import org.umwelt.envs.Environment;
import org.umwelt.envs.Frame;
import org.umwelt.envs.Reset;
import org.umwelt.envs.Step;
import org.umwelt.envs.spaces.Box;
import org.umwelt.envs.spaces.Dict;
import org.umwelt.envs.spaces.Discrete;
import org.umwelt.envs.spaces.Space;
import org.umwelt.envs.spaces.Value;
import org.umwelt.kernels.random.RandomStream;

/**
 * What the games share: the contract's rules, the screen, and saving; a game adds its own rules.
 */
abstract class PixelGame implements Environment {
  /** How many times larger a rendered frame is than the observation. */
  private static final int RENDER_SCALE = 4;

  private static final Box OBSERVATIONS = Box.image(Picture.SIZE, Picture.SIZE, 3);

  /** Everything random in the game comes from here. */
  final RandomStream random = new RandomStream(0);

  private final String id;
  private final List<String> actionMeanings;
  private final Discrete actions;
  private final Dict infos;
  private final Picture screen = new Picture();
  private boolean running;
  private long frames;

  PixelGame(String id, List<String> actionMeanings, Dict infos) {
    this.id = id;
    this.actionMeanings = List.copyOf(actionMeanings);
    this.actions = Discrete.of(actionMeanings.size());
    this.infos = infos;
  }

  /** Starts an episode. */
  abstract void begin();

  /** Plays one frame and returns its reward. */
  abstract int advance(int action);

  /** Returns whether the episode is over. */
  abstract boolean over();

  /** Draws the present state over whatever the screen shows. */
  abstract void paint(Picture screen);

  /** Writes every info key. */
  abstract void describe(Value info);

  /** Writes all that changes during an episode. */
  abstract void writeGame(DataOutput out) throws IOException;

  /** Reads what {@link #writeGame} wrote. */
  abstract void readGame(DataInput in) throws IOException;

  @Override
  public final Space observationSpace() {
    return OBSERVATIONS;
  }

  @Override
  public final Space actionSpace() {
    return actions;
  }

  @Override
  public final List<String> actionMeanings() {
    return actionMeanings;
  }

  @Override
  public final Dict infoSpace() {
    return infos;
  }

  @Override
  public final void reset(Reset reset, Step out) {
    if (!reset.options().isEmpty()) {
      throw new IllegalArgumentException(
          "%s: expected no reset options, got %s".formatted(id, reset.options().keySet()));
    }
    if (reset.seed().isPresent()) {
      random.restart(reset.seed().getAsLong(), 0);
    }
    begin();
    frames = 0;
    running = true;
    write(0, out);
  }

  @Override
  public final void step(Value action, Step out) {
    if (!running) {
      throw new IllegalStateException(id + ": no episode is running; reset it first");
    }
    long number = action.asLong();
    if (!actions.contains(number)) {
      throw new IllegalArgumentException(
          "%s: expected an action in %s, got %d".formatted(id, actions, number));
    }
    int reward = advance((int) number);
    frames++;
    running = !over();
    write(reward, out);
  }

  private void write(int reward, Step out) {
    paint(screen);
    byte[] rgb = screen.rgb();
    MemorySegment.copy(rgb, 0, out.observation().tensor(), ValueLayout.JAVA_BYTE, 0, rgb.length);
    describe(out.info());
    out.set(reward, !running, false);
  }

  @Override
  public final long episodeFrames() {
    return frames;
  }

  @Override
  public final boolean hasState() {
    return true;
  }

  @Override
  public final void writeState(DataOutput out) throws IOException {
    random.writeState(out);
    out.writeBoolean(running);
    out.writeLong(frames);
    writeGame(out);
  }

  @Override
  public final void readState(DataInput in) throws IOException {
    random.readState(in);
    running = in.readBoolean();
    frames = in.readLong();
    readGame(in);
  }

  /** Returns the screen, four times as wide and high. */
  @Override
  public final Frame render() {
    paint(screen);
    int size = Picture.SIZE * RENDER_SCALE;
    byte[] rgb = screen.rgb();
    byte[] large = new byte[size * size * 3];
    for (int y = 0; y < size; y++) {
      for (int x = 0; x < size; x++) {
        int from = (y / RENDER_SCALE * Picture.SIZE + x / RENDER_SCALE) * 3;
        System.arraycopy(rgb, from, large, (y * size + x) * 3, 3);
      }
    }
    return new Frame(size, size, large);
  }

  @Override
  public final void close() {}

  @Override
  public final String toString() {
    return id;
  }
}
