package org.umwelt.envs.dataset;

import com.github.luben.zstd.ZstdDecompressCtx;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.umwelt.envs.spaces.Value;

/**
 * One recorded episode, memory-mapped; any step can be read in any order.
 *
 * <p>Every read checks the bytes it touches and throws {@link DamagedStepException} where they have
 * changed. Used by one thread at a time.
 */
public final class Episode implements AutoCloseable {
  private final Arena arena = Arena.ofShared();
  private final ZstdDecompressCtx decompressor = new ZstdDecompressCtx();
  private final Columns columns;
  private final EpisodeSummary summary;
  private final List<ColumnReader> readers = new ArrayList<>();
  private final MemorySegment number;

  /**
   * Maps the file.
   *
   * @throws IllegalArgumentException where the entry does not fit the file or the columns
   */
  Episode(Path file, Columns columns, FileIndex.Entry entry) throws IOException {
    this.columns = columns;
    this.summary = entry.summary();
    this.number = arena.allocate(ValueLayout.JAVA_DOUBLE);
    try {
      MemorySegment mapped = map(file, arena);
      check(mapped.byteSize(), columns, entry);
      for (int i = 0; i < columns.all().size(); i++) {
        readers.add(
            new ColumnReader(
                mapped, decompressor, columns.all().get(i), entry.columns().get(i), summary));
      }
    } catch (IOException | RuntimeException e) {
      close();
      throw e;
    }
  }

  static MemorySegment map(Path file, Arena arena) throws IOException {
    try (FileChannel channel = FileChannel.open(file)) {
      return channel.map(FileChannel.MapMode.READ_ONLY, 0, channel.size(), arena);
    }
  }

  /**
   * Checks that an entry can be read with these columns from a file of that size.
   *
   * @throws IllegalArgumentException where it cannot
   */
  static void check(long fileBytes, Columns columns, FileIndex.Entry entry) {
    if (entry.columns().size() != columns.all().size()) {
      throw new IllegalArgumentException("it has other columns than the data set");
    }
    for (int i = 0; i < columns.all().size(); i++) {
      ColumnReader.check(
          fileBytes, columns.all().get(i), entry.columns().get(i), entry.summary().steps());
    }
  }

  /** Returns what there is to say about it. */
  public EpisodeSummary summary() {
    return summary;
  }

  /** Returns T. */
  public int steps() {
    return summary.steps();
  }

  /** Reads observation t in 0, ..., T; 0 is that of the reset. */
  public void observation(int t, Value into) {
    Objects.checkIndex(t, steps() + 1);
    read(0, t, into);
  }

  /** Reads info t in 0, ..., T; 0 is that of the reset. */
  public void info(int t, Value into) {
    Objects.checkIndex(t, steps() + 1);
    read(columns.infos(), t, into);
  }

  /** Reads action t in 0, ..., T - 1, which led to observation t + 1. */
  public void action(int t, Value into) {
    Objects.checkIndex(t, steps());
    read(columns.actions(), t, into);
  }

  private void read(int firstColumn, int row, Value into) {
    for (int leaf = 0; leaf < into.layout().size(); leaf++) {
      readers.get(firstColumn + leaf).read(row, into.leaf(leaf));
    }
  }

  /** Returns the reward of action t in 0, ..., T - 1. */
  public double reward(int t) {
    Objects.checkIndex(t, steps());
    readers.get(columns.rewards()).read(t, number);
    return number.get(ValueLayout.JAVA_DOUBLE, 0);
  }

  /** Returns whether action t in 0, ..., T - 1 led to a terminal state of the world. */
  public boolean terminated(int t) {
    return flag(columns.terminations(), t);
  }

  /** Returns whether the episode was cut off after action t in 0, ..., T - 1. */
  public boolean truncated(int t) {
    return flag(columns.truncations(), t);
  }

  private boolean flag(int column, int t) {
    Objects.checkIndex(t, steps());
    readers.get(column).read(t, number);
    return number.get(ValueLayout.JAVA_BYTE, 0) != 0;
  }

  ColumnReader reader(int column) {
    return readers.get(column);
  }

  @Override
  public void close() {
    decompressor.close();
    if (arena.scope().isAlive()) {
      arena.close();
    }
  }
}
