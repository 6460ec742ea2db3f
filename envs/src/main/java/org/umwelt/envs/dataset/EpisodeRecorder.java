package org.umwelt.envs.dataset;

import com.github.luben.zstd.ZstdCompressCtx;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.umwelt.envs.Step;
import org.umwelt.envs.spaces.DType;
import org.umwelt.envs.spaces.Dict;
import org.umwelt.envs.spaces.Space;
import org.umwelt.envs.spaces.Text;
import org.umwelt.envs.spaces.Tuple;
import org.umwelt.envs.spaces.Value;
import org.umwelt.kernels.files.AtomicFile;

/**
 * Records one episode, step by step, in memory that does not grow with its length.
 *
 * <p>Nothing of the episode is visible before {@link #finish} returns; closing without it discards
 * what was recorded. Used by one thread at a time.
 */
public final class EpisodeRecorder implements AutoCloseable {
  static final String EPISODE_FILE = "part-0.arrow";

  private enum Stage {
    CREATED,
    RECORDING,
    FINISHED,
    CLOSED
  }

  private final DatasetWriter dataset;
  private final DatasetDescription description;
  private final Columns columns;
  private final int index;
  private final long seed;
  private final Path folder;
  private final ZstdCompressCtx compressor =
      new ZstdCompressCtx().setLevel(ColumnWriter.LEVEL).setChecksum(true).setContentSize(true);
  private final List<TableColumn> writers = new ArrayList<>();
  private final MemorySegment number;
  private int spills;
  private Stage stage = Stage.CREATED;
  private int steps;
  private double totalReward;
  private boolean terminated;
  private boolean truncated;

  EpisodeRecorder(
      DatasetWriter dataset, DatasetDescription description, int index, long seed, Path folder)
      throws IOException {
    this.dataset = dataset;
    this.description = description;
    this.columns = Columns.of(description);
    this.index = index;
    this.seed = seed;
    this.folder = folder;
    this.number = Arena.ofAuto().allocate(ValueLayout.JAVA_DOUBLE);
    List<Space> spaces = new ArrayList<>();
    addLeaves(description.observationSpace(), spaces);
    addLeaves(description.actionSpace(), spaces);
    int firstInfo = spaces.size();
    addLeaves(description.infoSpace(), spaces);
    for (int i = 0; i < columns.all().size(); i++) {
      Column column = columns.all().get(i);
      TableColumn.Strings strings = null;
      int leaf = i < columns.rewards() ? i : i - columns.infos() + firstInfo;
      if (!isRewardOrFlag(i) && spaces.get(leaf) instanceof Text text) {
        strings =
            new TableColumn.Strings(
                text, writer(1, Integer.BYTES, false), writer(1, Byte.BYTES, false));
      }
      writers.add(
          new TableColumn(
              writer(column.elements(), column.dtype().bytes(), isBits(column)), strings));
    }
  }

  private ColumnWriter writer(int elements, int elementBytes, boolean bits) {
    return new ColumnWriter(
        compressor, elements, elementBytes, bits, folder.resolve(".spill-" + spills++));
  }

  private static boolean isBits(Column column) {
    return column.dtype() == DType.BOOL;
  }

  private boolean isRewardOrFlag(int column) {
    return column >= columns.rewards() && column < columns.infos();
  }

  /** Lists the space of each leaf, in the order of {@link Space#leaves}. */
  private static void addLeaves(Space space, List<Space> leaves) {
    switch (space) {
      case Dict dict -> dict.spaces().values().forEach(child -> addLeaves(child, leaves));
      case Tuple tuple -> tuple.spaces().forEach(child -> addLeaves(child, leaves));
      default -> leaves.add(space);
    }
  }

  /**
   * Records the first observation and info.
   *
   * @throws IllegalArgumentException where the step's spaces are not the data set's
   */
  public void reset(Step first) {
    expect(Stage.CREATED);
    check("observation", description.observationSpace(), first.observation());
    check("info", description.infoSpace(), first.info());
    stage = Stage.RECORDING;
    try {
      appendObservation(first);
    } catch (IOException e) {
      throw failed(e);
    }
  }

  /**
   * Records an action and what it led to.
   *
   * @param action as given to the environment
   * @param step as written by the environment
   */
  public void append(Value action, Step step) {
    expect(Stage.RECORDING);
    if (terminated || truncated) {
      throw new IllegalStateException("episode " + index + " has ended");
    }
    if (steps == 0) {
      check("action", description.actionSpace(), action);
    }
    try {
      for (int leaf = 0; leaf < action.layout().size(); leaf++) {
        writers.get(columns.actions() + leaf).append(action.leaf(leaf));
      }
      appendOutcome(step.reward(), step.terminated(), step.truncated());
      appendObservation(step);
    } catch (IOException e) {
      throw failed(e);
    }
    steps++;
    totalReward += step.reward();
    terminated = step.terminated();
    truncated = step.truncated();
  }

  private static void check(String what, Space expected, Value found) {
    if (!expected.equals(found.space())) {
      throw new IllegalArgumentException(
          "expected an %s of %s, got one of %s".formatted(what, expected, found.space()));
    }
  }

  private void appendObservation(Step step) throws IOException {
    for (int leaf = 0; leaf < columns.actions(); leaf++) {
      writers.get(leaf).append(step.observation().leaf(leaf));
    }
    for (int column = columns.infos(); column < writers.size(); column++) {
      writers.get(column).append(step.info().leaf(column - columns.infos()));
    }
  }

  private void appendOutcome(double reward, boolean terminated, boolean truncated)
      throws IOException {
    number.set(ValueLayout.JAVA_DOUBLE, 0, reward);
    writers.get(columns.rewards()).append(number);
    number.set(ValueLayout.JAVA_BYTE, 0, (byte) (terminated ? 1 : 0));
    writers.get(columns.terminations()).append(number);
    number.set(ValueLayout.JAVA_BYTE, 0, (byte) (truncated ? 1 : 0));
    writers.get(columns.truncations()).append(number);
  }

  /** Finishes an episode of an environment that takes one frame per step. */
  public EpisodeSummary finish() {
    return finish(steps);
  }

  /**
   * Makes the episode durable and visible.
   *
   * @param frames frames of the underlying simulation, as {@link
   *     org.umwelt.envs.Environment#episodeFrames} counts them
   */
  public EpisodeSummary finish(long frames) {
    expect(Stage.RECORDING);
    EpisodeSummary summary =
        new EpisodeSummary(index, seed, steps, totalReward, terminated, truncated, frames);
    try {
      padLastRow();
      for (TableColumn writer : writers) {
        writer.flush();
      }
      Path file = folder.resolve(EPISODE_FILE);
      ArrowFile.write(
          file, description, dataset.packedDescription(), columns.all(), writers, summary);
      AtomicFile.sync(file);
      Path metadata = folder.resolve(Metadata.FILE);
      Files.writeString(metadata, Metadata.describe(summary).toString());
      AtomicFile.sync(metadata);
      closeWriters();
      dataset.publish(folder, summary);
    } catch (IOException e) {
      throw failed(e);
    }
    stage = Stage.FINISHED;
    return summary;
  }

  /** Minari wants as many actions, rewards and flags as observations; the last are zero. */
  private void padLastRow() throws IOException {
    for (int column = columns.actions(); column < columns.rewards(); column++) {
      int bytes = columns.all().get(column).rowBytes();
      writers.get(column).append(MemorySegment.ofArray(new byte[bytes]));
    }
    appendOutcome(0, false, false);
  }

  private void expect(Stage expected) {
    if (stage != expected) {
      throw new IllegalStateException(
          "episode %d is %s, expected it to be %s".formatted(index, stage, expected));
    }
  }

  private RuntimeException failed(IOException cause) {
    return DatasetWriter.failed("record episode " + index, folder, cause);
  }

  private void closeWriters() throws IOException {
    for (TableColumn writer : writers) {
      writer.close();
    }
    compressor.close();
  }

  @Override
  public void close() {
    if (stage == Stage.CLOSED) {
      return;
    }
    boolean finished = stage == Stage.FINISHED;
    stage = Stage.CLOSED;
    if (!finished) {
      try {
        closeWriters();
        dataset.discard(index, folder);
      } catch (IOException e) {
        throw failed(e);
      }
    }
  }
}
