package org.umwelt.agents.training;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;

/**
 * One training, an epoch at a time. Used by one thread.
 *
 * <p>An epoch is a function of the settings and the state behind the epoch before it; {@link #save}
 * and {@link #load} carry that state, random streams included.
 */
public interface Trainer extends AutoCloseable {
  /** Returns how many epochs the whole training has; at least 1. */
  int epochs();

  /** Returns lines to show before the start, such as how many parameters there are. */
  List<String> preamble();

  /**
   * Runs the next epoch.
   *
   * @param epoch 1 to {@link #epochs}
   * @param log takes what the epoch has to say
   * @throws TrainingStopped where {@link EpochLog#isStopped} was found true in its middle; the
   *     trainer is only closed after that
   * @throws DivergedException where going on makes no sense
   */
  void epoch(int epoch, EpochLog log) throws IOException;

  /**
   * Writes the state behind the last epoch that was run.
   *
   * @param folder exists and is empty; each file, and each folder below it, must be durable on
   *     return
   */
  void save(Path folder) throws IOException;

  /** Goes on exactly behind the epoch whose state a folder holds; called before any epoch. */
  void load(Path folder) throws IOException;

  /**
   * Returns what {@code result.json} holds, beside the last scalars, when all epochs are done; the
   * names experiment, epochs, scalars and seconds are taken.
   */
  ObjectNode result();

  /**
   * Returns whether an epoch costs what the rest of the training will cost, which epochs that warm
   * up do not; only such epochs say how much time is left.
   */
  boolean typical(int epoch);

  @Override
  void close();
}
