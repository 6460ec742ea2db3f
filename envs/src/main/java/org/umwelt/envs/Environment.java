package org.umwelt.envs;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInput;
import java.io.DataInputStream;
import java.io.DataOutput;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.List;
import org.umwelt.envs.spaces.Dict;
import org.umwelt.envs.spaces.Space;
import org.umwelt.envs.spaces.Value;

/**
 * A world that is reset and stepped, with the semantics of Gymnasium 1.x.
 *
 * <p>Results are written into a {@link Step} of the caller, so that stepping allocates nothing.
 * After a seeded reset, everything an environment writes is a function of the seed and the actions.
 * An environment is used by one thread at a time.
 */
public interface Environment extends AutoCloseable {

  /** Returns the space of observations. */
  Space observationSpace();

  /** Returns the space of actions. */
  Space actionSpace();

  /** Returns the space of infos: every key is written at every reset and step. */
  default Dict infoSpace() {
    return Dict.empty();
  }

  /**
   * Returns what the actions of a Discrete action space mean, one word each, in order; empty where
   * they have no names.
   */
  default List<String> actionMeanings() {
    return List.of();
  }

  /**
   * Starts an episode.
   *
   * <p>Writes the first observation and info; reward is 0 and both flags are false. The first reset
   * of an environment that was never seeded uses seed 0. The info of {@code out} may have leaves of
   * wrappers after the environment's own, which are left alone.
   *
   * @throws IllegalArgumentException where an option is unknown
   */
  void reset(Reset reset, Step out);

  /**
   * Takes one action.
   *
   * @param action an element of {@link #actionSpace()}
   * @throws IllegalArgumentException where the action is not in the space
   * @throws IllegalStateException where the episode has ended, or none was started
   */
  void step(Value action, Step out);

  /**
   * Returns how many frames of the underlying simulation this episode has taken, the frames of its
   * reset excluded; equals the number of steps unless frames are skipped.
   */
  long episodeFrames();

  /** Returns whether {@link #writeState} and {@link #readState} work. */
  default boolean hasState() {
    return false;
  }

  /**
   * Writes everything a later {@link #readState} needs to continue bit-exactly, random streams
   * included.
   *
   * @throws UnsupportedOperationException unless {@link #hasState}
   */
  default void writeState(DataOutput out) throws IOException {
    throw new UnsupportedOperationException(this + " cannot save its state");
  }

  /**
   * Continues where the environment that wrote this state stood; the next call is {@link #step}.
   *
   * @throws UnsupportedOperationException unless {@link #hasState}
   */
  default void readState(DataInput in) throws IOException {
    throw new UnsupportedOperationException(this + " cannot restore a state");
  }

  /** Returns {@link #writeState} as bytes. */
  default byte[] saveState() {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try {
      writeState(new DataOutputStream(bytes));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return bytes.toByteArray();
  }

  /** Reads bytes made by {@link #saveState}. */
  default void restoreState(byte[] state) {
    try {
      readState(new DataInputStream(new ByteArrayInputStream(state)));
    } catch (IOException e) {
      throw new UncheckedIOException("not a state of " + this, e);
    }
  }

  /**
   * Returns a picture of the present state.
   *
   * @throws UnsupportedOperationException where there is nothing to see
   */
  default Frame render() {
    throw new UnsupportedOperationException(this + " cannot be rendered");
  }

  /** Frees what the environment holds; a second call does nothing. */
  @Override
  void close();
}
