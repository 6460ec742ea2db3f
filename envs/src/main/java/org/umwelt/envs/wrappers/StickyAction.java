package org.umwelt.envs.wrappers;

import java.io.DataInput;
import java.io.DataOutput;
import java.io.IOException;
import org.umwelt.envs.Environment;
import org.umwelt.envs.Reset;
import org.umwelt.envs.Step;
import org.umwelt.envs.spaces.Value;
import org.umwelt.kernels.random.RandomStream;

/**
 * Takes, with some probability, the action taken before in place of the one asked for.
 *
 * <p>Machado et al., "Revisiting the Arcade Learning Environment", JAIR 61 (2018), section 5.2. The
 * first action of an episode is always taken as asked.
 */
public final class StickyAction extends Wrapper {
  /** Keeps these draws apart from those of an environment seeded alike: "STICKY" in ASCII. */
  private static final long STREAM = 0x53544943_4B59L;

  private final double probability;
  private final RandomStream random = new RandomStream(0, STREAM);
  private final Value previous;
  private boolean hasPrevious;

  /**
   * Makes the actions of an environment stick.
   *
   * @param probability of repeating, in [0, 1)
   */
  public StickyAction(Environment inner, double probability) {
    super(inner);
    if (!(probability >= 0 && probability < 1)) {
      throw new IllegalArgumentException("expected a probability in [0, 1), got " + probability);
    }
    this.probability = probability;
    this.previous = Value.allocate(inner.actionSpace());
  }

  @Override
  public void reset(Reset reset, Step out) {
    super.reset(reset, out);
    if (reset.seed().isPresent()) {
      random.restart(reset.seed().getAsLong(), STREAM);
    }
    hasPrevious = false;
  }

  @Override
  public void step(Value action, Step out) {
    if (!previous.space().contains(action)) {
      throw new IllegalArgumentException("expected an action in " + previous.space());
    }
    boolean repeats = hasPrevious && random.nextDouble() < probability;
    if (!repeats) {
      previous.copyFrom(action);
    }
    super.step(previous, out);
    hasPrevious = true;
  }

  @Override
  protected void writeOwnState(DataOutput out) throws IOException {
    random.writeState(out);
    out.writeBoolean(hasPrevious);
    previous.write(out);
  }

  @Override
  protected void readOwnState(DataInput in) throws IOException {
    random.readState(in);
    hasPrevious = in.readBoolean();
    previous.read(in);
  }
}
