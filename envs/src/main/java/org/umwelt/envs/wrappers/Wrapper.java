package org.umwelt.envs.wrappers;

import java.io.DataInput;
import java.io.DataOutput;
import java.io.IOException;
import java.util.List;
import org.umwelt.envs.Environment;
import org.umwelt.envs.Frame;
import org.umwelt.envs.Reset;
import org.umwelt.envs.Step;
import org.umwelt.envs.spaces.Dict;
import org.umwelt.envs.spaces.Space;
import org.umwelt.envs.spaces.Value;

/** An environment that changes another one; by itself it changes nothing. */
public abstract class Wrapper implements Environment {
  private final Environment inner;

  /** Wraps an environment, which is closed with this one. */
  protected Wrapper(Environment inner) {
    this.inner = inner;
  }

  /** Returns the environment inside. */
  public final Environment inner() {
    return inner;
  }

  @Override
  public Space observationSpace() {
    return inner.observationSpace();
  }

  @Override
  public Space actionSpace() {
    return inner.actionSpace();
  }

  @Override
  public Dict infoSpace() {
    return inner.infoSpace();
  }

  @Override
  public List<String> actionMeanings() {
    return inner.actionMeanings();
  }

  @Override
  public void reset(Reset reset, Step out) {
    inner.reset(reset, out);
  }

  @Override
  public void step(Value action, Step out) {
    inner.step(action, out);
  }

  @Override
  public long episodeFrames() {
    return inner.episodeFrames();
  }

  @Override
  public final boolean hasState() {
    return inner.hasState();
  }

  /** Writes the wrapper's own state, then that of the environment inside. */
  @Override
  public final void writeState(DataOutput out) throws IOException {
    writeOwnState(out);
    inner.writeState(out);
  }

  @Override
  public final void readState(DataInput in) throws IOException {
    readOwnState(in);
    inner.readState(in);
  }

  /** Writes what this wrapper itself remembers between steps; by default nothing. */
  protected void writeOwnState(DataOutput out) throws IOException {}

  /** Reads what {@link #writeOwnState} wrote. */
  protected void readOwnState(DataInput in) throws IOException {}

  @Override
  public Frame render() {
    return inner.render();
  }

  @Override
  public void close() {
    inner.close();
  }

  @Override
  public String toString() {
    return "%s(%s)".formatted(getClass().getSimpleName(), inner);
  }
}
