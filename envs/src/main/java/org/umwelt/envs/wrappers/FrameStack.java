package org.umwelt.envs.wrappers;

import java.io.DataInput;
import java.io.DataOutput;
import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.List;
import org.umwelt.envs.Environment;
import org.umwelt.envs.Reset;
import org.umwelt.envs.Step;
import org.umwelt.envs.StepBatch;
import org.umwelt.envs.spaces.Box;
import org.umwelt.envs.spaces.Value;

/**
 * Observes the last k observations, oldest first, along a new first axis: [...] becomes [k, ...].
 *
 * <p>After a reset all k are the first observation (Gymnasium's FrameStackObservation with padding
 * "reset").
 */
public final class FrameStack extends Wrapper {
  private final Box space;
  private final int frames;
  private final long frameBytes;

  /** The last k results of the environment inside; row {@link #newest} is the last of them. */
  private final StepBatch ring;

  private int newest;

  /**
   * Stacks the observations of an environment.
   *
   * @param frames k, at least 1
   * @throws IllegalArgumentException unless the observations are a Box
   */
  public FrameStack(Environment inner, int frames) {
    super(inner);
    if (frames < 1) {
      throw new IllegalArgumentException("expected at least 1 frame, got " + frames);
    }
    if (!(inner.observationSpace() instanceof Box box)) {
      throw new IllegalArgumentException(
          "expected observations that are a Box, got " + inner.observationSpace());
    }
    this.frames = frames;
    this.frameBytes = box.byteSize();
    this.ring = StepBatch.allocate(box, inner.infoSpace(), frames);
    List<Integer> shape = new ArrayList<>(box.shape());
    shape.addFirst(frames);
    this.space = new Box(box.dtype(), shape, repeat(box.low()), repeat(box.high()));
  }

  private List<Double> repeat(List<Double> bounds) {
    if (bounds.size() == 1) {
      return bounds;
    }
    List<Double> repeated = new ArrayList<>();
    for (int frame = 0; frame < frames; frame++) {
      repeated.addAll(bounds);
    }
    return repeated;
  }

  @Override
  public Box observationSpace() {
    return space;
  }

  @Override
  public void reset(Reset reset, Step out) {
    newest = 0;
    super.reset(reset, ring.row(0));
    for (int row = 1; row < frames; row++) {
      ring.row(row).observation().copyFrom(ring.row(0).observation());
    }
    write(out);
  }

  @Override
  public void step(Value action, Step out) {
    int slot = (newest + 1) % frames;
    super.step(action, ring.row(slot));
    newest = slot;
    write(out);
  }

  private void write(Step out) {
    MemorySegment stack = out.observation().tensor();
    for (int age = 0; age < frames; age++) {
      MemorySegment frame = ring.row((newest + 1 + age) % frames).observation().tensor();
      MemorySegment.copy(frame, 0, stack, age * frameBytes, frameBytes);
    }
    Step last = ring.row(newest);
    out.info().copyFrom(last.info());
    out.set(last.reward(), last.terminated(), last.truncated());
  }

  @Override
  protected void writeOwnState(DataOutput out) throws IOException {
    for (int age = 0; age < frames; age++) {
      ring.row((newest + 1 + age) % frames).observation().write(out);
    }
  }

  @Override
  protected void readOwnState(DataInput in) throws IOException {
    for (int row = 0; row < frames; row++) {
      ring.row(row).observation().read(in);
    }
    newest = frames - 1;
  }
}
