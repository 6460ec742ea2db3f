package org.umwelt.envs.wrappers;

import java.io.DataInput;
import java.io.DataOutput;
import java.io.IOException;
import org.umwelt.envs.Environment;
import org.umwelt.envs.Reset;
import org.umwelt.envs.Step;
import org.umwelt.envs.spaces.Box;
import org.umwelt.envs.spaces.DType;
import org.umwelt.envs.spaces.Dict;
import org.umwelt.envs.spaces.Value;

/**
 * Adds two keys to the info: {@code episode_return} (f64), the rewards of the episode so far added
 * up, and {@code episode_length} (i64), its steps so far; both are 0 after a reset.
 */
public final class RecordStatistics extends Wrapper {
  /** Info key of the undiscounted return so far, a float64 scalar. */
  public static final String RETURN = "episode_return";

  /** Info key of the number of steps so far, an int64 scalar. */
  public static final String LENGTH = "episode_length";

  private final Dict infoSpace;
  private final int returnLeaf;
  private final int lengthLeaf;
  private double episodeReturn;
  private long episodeLength;

  /** Records the episodes of an environment. */
  public RecordStatistics(Environment inner) {
    super(inner);
    infoSpace =
        inner
            .infoSpace()
            .with(RETURN, Box.of(DType.FLOAT64, Double.NEGATIVE_INFINITY, Double.POSITIVE_INFINITY))
            .with(LENGTH, Box.of(DType.INT64, 0, Long.MAX_VALUE));
    returnLeaf = infoSpace.firstLeaf(RETURN);
    lengthLeaf = infoSpace.firstLeaf(LENGTH);
  }

  @Override
  public Dict infoSpace() {
    return infoSpace;
  }

  @Override
  public void reset(Reset reset, Step out) {
    super.reset(reset, out);
    episodeReturn = 0;
    episodeLength = 0;
    write(out);
  }

  @Override
  public void step(Value action, Step out) {
    super.step(action, out);
    episodeReturn += out.reward();
    episodeLength++;
    write(out);
  }

  private void write(Step out) {
    out.info().setScalar(returnLeaf, episodeReturn);
    out.info().setScalar(lengthLeaf, episodeLength);
  }

  @Override
  protected void writeOwnState(DataOutput out) throws IOException {
    out.writeDouble(episodeReturn);
    out.writeLong(episodeLength);
  }

  @Override
  protected void readOwnState(DataInput in) throws IOException {
    episodeReturn = in.readDouble();
    episodeLength = in.readLong();
  }
}
