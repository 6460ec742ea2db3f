package org.umwelt.envs;

import java.io.DataInput;
import java.io.DataOutput;
import java.io.IOException;
import java.lang.foreign.ValueLayout;
import org.umwelt.envs.spaces.Box;
import org.umwelt.envs.spaces.DType;
import org.umwelt.envs.spaces.Dict;
import org.umwelt.envs.spaces.Discrete;
import org.umwelt.envs.spaces.Space;
import org.umwelt.envs.spaces.Value;
import org.umwelt.kernels.random.RandomStream;

/**
 * A world whose every output is known: it observes [draw of this episode, steps so far], rewards
 * with action - 1, tells the action as info, and terminates after a fixed number of steps.
 */
public class CountingEnvironment implements Environment {
  private static final Box OBSERVATIONS = Box.of(DType.INT64, 0, 1 << 30, 2);
  private static final Discrete ACTIONS = Discrete.of(5);
  private static final Dict INFOS =
      Dict.empty()
          .with("action", Box.of(DType.INT64, -1, 4))
          .with("x", Box.of(DType.FLOAT32, 0, 9));

  private final RandomStream random = new RandomStream(0);
  private final long length;
  private long draw;
  private long steps = -1;
  private int closed;

  /** Creates a world whose episodes have this many steps. */
  public CountingEnvironment(long length) {
    this.length = length;
  }

  /** Returns how often it was closed. */
  public int timesClosed() {
    return closed;
  }

  @Override
  public Space observationSpace() {
    return OBSERVATIONS;
  }

  @Override
  public Space actionSpace() {
    return ACTIONS;
  }

  @Override
  public Dict infoSpace() {
    return INFOS;
  }

  @Override
  public void reset(Reset reset, Step out) {
    if (!reset.options().isEmpty()) {
      throw new IllegalArgumentException("unknown options " + reset.options());
    }
    if (reset.seed().isPresent()) {
      random.restart(reset.seed().getAsLong(), 0);
    }
    draw = random.nextInt(1 << 30);
    steps = 0;
    write(-1, 0, out);
  }

  @Override
  public void step(Value action, Step out) {
    if (steps < 0 || steps >= length) {
      throw new IllegalStateException("no episode is running");
    }
    long taken = action.asLong();
    if (!ACTIONS.contains(taken)) {
      throw new IllegalArgumentException(
          "expected an action in %s, got %d".formatted(ACTIONS, taken));
    }
    steps++;
    write(taken, taken - 1, out);
  }

  private void write(long taken, double reward, Step out) {
    out.observation().tensor().set(ValueLayout.JAVA_LONG, 0, draw);
    out.observation().tensor().set(ValueLayout.JAVA_LONG, 8, steps);
    out.info().setScalar(0, taken);
    out.info().setScalar(1, 0.5);
    out.set(reward, steps >= length, false);
  }

  @Override
  public long episodeFrames() {
    return steps;
  }

  @Override
  public boolean hasState() {
    return true;
  }

  @Override
  public void writeState(DataOutput out) throws IOException {
    random.writeState(out);
    out.writeLong(draw);
    out.writeLong(steps);
  }

  @Override
  public void readState(DataInput in) throws IOException {
    random.readState(in);
    draw = in.readLong();
    steps = in.readLong();
  }

  @Override
  public void close() {
    closed++;
  }

  @Override
  public String toString() {
    return "Counting";
  }
}
