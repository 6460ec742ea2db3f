package org.umwelt.envs.dataset;

import io.jhdf.HdfFile;
import io.jhdf.WritableHdfFile;
import io.jhdf.api.DatasetCreationOptions;
import io.jhdf.api.WritableGroup;
import io.jhdf.api.dataset.ContiguousDataset;
import io.jhdf.exceptions.HdfException;
import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.reflect.Array;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.zip.CRC32C;
import org.umwelt.envs.spaces.DType;
import org.umwelt.envs.spaces.Dict;
import org.umwelt.envs.spaces.Leaf;
import org.umwelt.envs.spaces.Space;
import org.umwelt.envs.spaces.Text;
import org.umwelt.envs.spaces.Tuple;
import org.umwelt.kernels.files.AtomicFile;

/**
 * Minari's HDF5 layout: one group per episode, one plain data set per column.
 *
 * <p>jhdf writes a file in one go from the heap. Reading goes through our own index, so it needs
 * nothing of the HDF5 structure to be intact.
 */
final class Hdf5File {
  static final String NAME = "main_data.hdf5";

  /** A copy of the index, for a file whose end is gone. */
  static final String INDEX_NAME = NAME + ".index";

  /** Beyond this the data set stays in the Arrow layout: jhdf holds the whole file on the heap. */
  private static final long MAXIMUM_BYTES = 128L << 20;

  private static final int FRAME_BYTES = 16 << 10;
  private static final DatasetCreationOptions UNSIGNED =
      DatasetCreationOptions.builder().unsigned().build();

  private final Columns columns;
  private final List<String> names = new ArrayList<>();

  private Hdf5File(DatasetDescription description) {
    this.columns = Columns.of(description);
    addNames("observations", description.observationSpace());
    addNames("actions", description.actionSpace());
    names.addAll(List.of("rewards", "terminations", "truncations"));
    addNames("infos", description.infoSpace());
  }

  private void addNames(String path, Space space) {
    switch (space) {
      case Dict dict -> dict.spaces().forEach((key, child) -> addNames(path + "/" + key, child));
      case Tuple tuple -> {
        for (int i = 0; i < tuple.spaces().size(); i++) {
          addNames(path + "/_index_" + i, tuple.spaces().get(i));
        }
      }
      default -> names.add(path);
    }
  }

  /** Returns whether a data set with these episodes is to be kept in this layout. */
  static boolean suits(DatasetDescription description, Collection<EpisodeSummary> episodes) {
    long rowBytes = Columns.of(description).rowBytes();
    long bytes = 0;
    for (EpisodeSummary episode : episodes) {
      // jhdf cannot write empty arrays.
      if (episode.steps() == 0) {
        return false;
      }
      bytes += rowBytes * (episode.steps() + 1);
    }
    return !Metadata.hasPictures(description.observationSpace())
        && !Metadata.hasPictures(description.actionSpace())
        && holds(description.observationSpace())
        && holds(description.actionSpace())
        && holds(description.infoSpace())
        && bytes <= MAXIMUM_BYTES;
  }

  private static boolean holds(Space space) {
    return switch (space) {
      case Dict dict ->
          dict.spaces().entrySet().stream()
              .allMatch(child -> child.getKey().matches("[^/.]+") && holds(child.getValue()));
      case Tuple tuple -> tuple.spaces().stream().allMatch(Hdf5File::holds);
      case Text _ -> false;
      default -> {
        Leaf leaf = space.leaves().getFirst();
        yield leaf.dtype() != DType.FLOAT16 && leaf.elements() > 0;
      }
    };
  }

  /**
   * Writes all episodes of a data set into {@link #NAME} in a folder, replacing what is there.
   *
   * @param packed the packed description
   */
  static void write(Path folder, Dataset source, byte[] packed) throws IOException {
    Path file = folder.resolve(NAME);
    Path partial = AtomicFile.partial(file);
    Files.deleteIfExists(partial);
    try {
      FileIndex index = new Hdf5File(source.description()).writeAll(partial, source, packed);
      AtomicFile.write(folder.resolve(INDEX_NAME), index.encode());
      AtomicFile.publish(partial, file);
    } catch (HdfException e) {
      throw new IOException(e.getMessage(), e);
    } finally {
      Files.deleteIfExists(partial);
    }
  }

  private FileIndex writeAll(Path partial, Dataset source, byte[] packed) throws IOException {
    List<List<int[]>> checksums = new ArrayList<>();
    try (WritableHdfFile file = HdfFile.write(partial)) {
      for (EpisodeSummary summary : source.episodes()) {
        try (Episode episode = source.episode(summary.index())) {
          checksums.add(put(file.putGroup(group(summary)), source.description(), episode));
        }
      }
    }
    List<FileIndex.Entry> entries = new ArrayList<>();
    try (HdfFile file = new HdfFile(partial)) {
      for (EpisodeSummary summary : source.episodes()) {
        entries.add(locate(file, summary, checksums.get(entries.size())));
      }
    }
    try (FileChannel channel =
        FileChannel.open(partial, StandardOpenOption.READ, StandardOpenOption.WRITE)) {
      FileIndex index =
          new FileIndex(0, channel.size(), 0, packed, List.copyOf(entries)).write(channel);
      for (FileIndex.Entry entry : entries) {
        check(partial, entry);
      }
      return index;
    }
  }

  private static String group(EpisodeSummary summary) {
    return "episode_" + summary.index();
  }

  private List<int[]> put(WritableGroup group, DatasetDescription description, Episode episode) {
    EpisodeSummary summary = episode.summary();
    group.putAttribute("id", summary.index());
    group.putAttribute("total_steps", summary.steps());
    group.putAttribute("seed", summary.seed());
    group.putAttribute("return", summary.totalReward());
    group.putAttribute("terminated", summary.terminated());
    group.putAttribute("truncated", summary.truncated());
    group.putAttribute("frames", summary.frames());
    if (description.infoSpace().spaces().isEmpty()) {
      group.putGroup("infos");
    }
    List<int[]> checksums = new ArrayList<>();
    for (int i = 0; i < columns.all().size(); i++) {
      Column column = columns.all().get(i);
      int rows = column.rows(summary.steps());
      byte[] bytes = new byte[Math.toIntExact((long) rows * column.rowBytes())];
      MemorySegment all = MemorySegment.ofArray(bytes);
      ColumnReader reader = episode.reader(i);
      for (int row = 0; row < rows; row++) {
        reader.read(row, all.asSlice((long) row * column.rowBytes(), column.rowBytes()));
      }
      checksums.add(checksums(bytes, column));
      put(group, names.get(i), nested(column, rows, all), column.dtype());
    }
    return checksums;
  }

  private static void put(WritableGroup group, String path, Object values, DType dtype) {
    String[] parts = path.split("/", -1);
    WritableGroup parent = group;
    for (int i = 0; i < parts.length - 1; i++) {
      parent =
          parent.getChildren().get(parts[i]) instanceof WritableGroup existing
              ? existing
              : parent.putGroup(parts[i]);
    }
    parent.putDataset(
        parts[parts.length - 1],
        values,
        dtype.minimum() == 0 ? UNSIGNED : DatasetCreationOptions.DEFAULT);
  }

  private static int rowsPerFrame(Column column) {
    return Math.max(1, FRAME_BYTES / column.rowBytes());
  }

  private static int[] checksums(byte[] bytes, Column column) {
    int frameBytes = rowsPerFrame(column) * column.rowBytes();
    int[] checksums = new int[(bytes.length + frameBytes - 1) / frameBytes];
    for (int frame = 0; frame < checksums.length; frame++) {
      CRC32C checksum = new CRC32C();
      int from = frame * frameBytes;
      checksum.update(bytes, from, Math.min(frameBytes, bytes.length - from));
      checksums[frame] = (int) checksum.getValue();
    }
    return checksums;
  }

  /** Returns rows as the nested arrays of primitives that jhdf takes. */
  private static Object nested(Column column, int rows, MemorySegment all) {
    int[] extents = new int[1 + column.shape().size()];
    extents[0] = rows;
    for (int axis = 1; axis < extents.length; axis++) {
      extents[axis] = column.shape().get(axis - 1);
    }
    Class<?> type =
        switch (column.dtype()) {
          case BOOL, UINT8, INT8 -> byte.class;
          case UINT16, INT16 -> short.class;
          case UINT32, INT32 -> int.class;
          case UINT64, INT64 -> long.class;
          case FLOAT32 -> float.class;
          case FLOAT64 -> double.class;
          case FLOAT16 -> throw new IllegalArgumentException("float16");
        };
    Object array = Array.newInstance(type, extents);
    fill(array, all, 0);
    return array;
  }

  private static long fill(Object array, MemorySegment all, long offset) {
    int length = Array.getLength(array);
    long next = offset;
    switch (array) {
      case byte[] bytes -> {
        MemorySegment.copy(all, ValueLayout.JAVA_BYTE, next, bytes, 0, length);
        next += length;
      }
      case short[] shorts -> {
        MemorySegment.copy(all, ValueLayout.JAVA_SHORT_UNALIGNED, next, shorts, 0, length);
        next += (long) length * Short.BYTES;
      }
      case int[] ints -> {
        MemorySegment.copy(all, ValueLayout.JAVA_INT_UNALIGNED, next, ints, 0, length);
        next += (long) length * Integer.BYTES;
      }
      case long[] longs -> {
        MemorySegment.copy(all, ValueLayout.JAVA_LONG_UNALIGNED, next, longs, 0, length);
        next += (long) length * Long.BYTES;
      }
      case float[] floats -> {
        MemorySegment.copy(all, ValueLayout.JAVA_FLOAT_UNALIGNED, next, floats, 0, length);
        next += (long) length * Float.BYTES;
      }
      case double[] doubles -> {
        MemorySegment.copy(all, ValueLayout.JAVA_DOUBLE_UNALIGNED, next, doubles, 0, length);
        next += (long) length * Double.BYTES;
      }
      default -> {
        for (int i = 0; i < length; i++) {
          next = fill(Array.get(array, i), all, next);
        }
      }
    }
    return next;
  }

  private FileIndex.Entry locate(HdfFile file, EpisodeSummary summary, List<int[]> checksums)
      throws IOException {
    List<StoredColumn> stored = new ArrayList<>();
    for (int i = 0; i < columns.all().size(); i++) {
      Column column = columns.all().get(i);
      int rows = column.rows(summary.steps());
      int bytes = rows * column.rowBytes();
      String path = group(summary) + "/" + names.get(i);
      if (!(file.getDatasetByPath(path) instanceof ContiguousDataset plain)
          || plain.getSizeInBytes() != bytes) {
        throw new IOException("jhdf stored " + path + " in an unexpected way");
      }
      int frameBytes = rowsPerFrame(column) * column.rowBytes();
      int[] sizes = new int[checksums.get(i).length];
      for (int frame = 0; frame < sizes.length; frame++) {
        sizes[frame] = Math.min(frameBytes, bytes - frame * frameBytes);
      }
      stored.add(
          new StoredColumn(
              column.path(),
              false,
              plain.getDataAddress(),
              rows,
              rowsPerFrame(column),
              sizes,
              checksums.get(i)));
    }
    return new FileIndex.Entry(summary, List.copyOf(stored));
  }

  /** Reads an episode back through its checksums before its own file is given up. */
  private void check(Path partial, FileIndex.Entry entry) throws IOException {
    try (Episode episode = new Episode(partial, columns, entry)) {
      for (int column = 0; column < columns.all().size(); column++) {
        episode.reader(column).checkAll();
      }
    } catch (DamagedStepException e) {
      throw new IOException("what was written differs: " + e.getMessage(), e);
    }
  }
}
