package org.umwelt.envs.dataset;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.umwelt.kernels.files.AtomicFile;
import org.umwelt.kernels.settings.BadRequestException;

/**
 * Records a data set, several episodes at once.
 *
 * <p>Every finished episode is durable, and Minari can open the data set at every moment after the
 * first. Safe for use by several threads; one process at a time.
 */
public final class DatasetWriter implements AutoCloseable {
  private static final double MEGABYTE = 1e6;

  private final Path data;
  private final DatasetDescription description;
  private final byte[] packedDescription;

  /** The unchanging part of the metadata as JSON; a megabyte where observations are pictures. */
  private final String describedMetadata;

  /** Complete episodes by index. */
  private final SortedMap<Integer, EpisodeSummary> complete = new TreeMap<>();

  /** Sizes of the episodes that stand in files of their own. */
  private final Map<Integer, Long> arrowBytes = new HashMap<>();

  /** Episodes that stand in the HDF5 file. */
  private final Set<Integer> inHdf5 = new HashSet<>();

  private final Set<Integer> recording = new HashSet<>();
  private boolean closed;

  private DatasetWriter(Path datasetFolder, DatasetDescription description) {
    this.data = datasetFolder.resolve(Dataset.DATA_FOLDER);
    this.description = description;
    this.packedDescription = Metadata.pack(description);
    this.describedMetadata = Metadata.describe(description).toString();
  }

  /**
   * Starts a data set.
   *
   * @param datasetFolder the folder that will hold {@code data/}
   * @throws BadRequestException where there is a data set already, or the folder cannot be written
   */
  public static DatasetWriter create(Path datasetFolder, DatasetDescription description) {
    DatasetWriter writer = new DatasetWriter(datasetFolder, description);
    if (Files.exists(writer.data) && !isEmpty(writer.data)) {
      throw new BadRequestException(
          "%s holds a data set already; resume it or choose another folder"
              .formatted(datasetFolder));
    }
    writer.begin();
    return writer;
  }

  /**
   * Goes on with a data set, or starts it where there is none: keeps complete episodes, deletes
   * those that were being recorded or cannot be read.
   *
   * @throws BadRequestException where the data set was recorded with another description, or the
   *     folder cannot be written
   */
  public static DatasetWriter reopen(Path datasetFolder, DatasetDescription description) {
    DatasetWriter writer = new DatasetWriter(datasetFolder, description);
    if (!Files.exists(writer.data) || isEmpty(writer.data)) {
      return create(datasetFolder, description);
    }
    writer.readComplete();
    writer.begin();
    return writer;
  }

  private static boolean isEmpty(Path folder) {
    try (Stream<Path> children = Files.list(folder)) {
      return children.findAny().isEmpty();
    } catch (IOException e) {
      throw refused(folder, e);
    }
  }

  private static BadRequestException refused(Path folder, IOException cause) {
    return new BadRequestException(
        "cannot write to %s: %s; choose another folder".formatted(folder, reason(cause)), cause);
  }

  static UncheckedIOException failed(String what, Path path, IOException cause) {
    return new UncheckedIOException(
        "cannot %s in %s: %s".formatted(what, path, reason(cause)), cause);
  }

  private static String reason(IOException cause) {
    String reason =
        cause instanceof FileSystemException file && file.getReason() != null
            ? file.getReason()
            : cause.getMessage();
    return cause.getClass() == IOException.class
        ? String.valueOf(reason)
        : cause.getClass().getSimpleName().replace("Exception", "") + " (" + reason + ")";
  }

  private void readComplete() {
    try (Dataset found = Dataset.open(data)) {
      if (!found.description().equals(description)) {
        throw new BadRequestException(
            "%s was recorded with %s by %s, which differs from %s by %s; choose another folder"
                .formatted(
                    data,
                    found.description().environment(),
                    found.description().algorithm(),
                    description.environment(),
                    description.algorithm()));
      }
      found.episodes().forEach(summary -> complete.put(summary.index(), summary));
      inHdf5.addAll(found.inHdf5());
    }
  }

  private void begin() {
    try {
      Files.createDirectories(data);
      List<Path> children;
      try (Stream<Path> list = Files.list(data)) {
        children = list.toList();
      }
      for (Path child : children) {
        int index = Dataset.episodeIndex(child);
        boolean arrow = complete.containsKey(index) && !inHdf5.contains(index);
        if (arrow) {
          arrowBytes.put(index, Files.size(Dataset.arrowFile(data, index)));
        }
        if (Dataset.isPartial(child) || (index >= 0 && !arrow)) {
          delete(child);
        }
      }
      writeMetadata();
    } catch (IOException e) {
      throw refused(data, e);
    }
  }

  byte[] packedDescription() {
    return packedDescription;
  }

  /** Returns the indexes of the episodes that are complete. */
  public synchronized Set<Integer> completeEpisodes() {
    return new TreeSet<>(complete.keySet());
  }

  /**
   * Starts recording an episode.
   *
   * @param index its number; neither complete nor being recorded
   * @param seed what the environment is reset with, &gt;= 0
   */
  public synchronized EpisodeRecorder record(int index, long seed) {
    if (closed) {
      throw new IllegalStateException("the data set is closed");
    }
    if (index < 0 || complete.containsKey(index) || !recording.add(index)) {
      throw new IllegalArgumentException(
          "episode %d is negative, complete or being recorded".formatted(index));
    }
    Path partial = Dataset.partialFolder(data, index);
    try {
      Files.createDirectory(partial);
      return new EpisodeRecorder(this, description, index, seed, partial);
    } catch (IOException e) {
      recording.remove(index);
      throw failed("record episode " + index, data, e);
    }
  }

  synchronized void publish(Path partial, EpisodeSummary summary) throws IOException {
    if (closed) {
      throw new IOException("the data set is closed");
    }
    AtomicFile.publishFolder(partial, data.resolve(Integer.toString(summary.index())));
    recording.remove(summary.index());
    complete.put(summary.index(), summary);
    arrowBytes.put(summary.index(), Files.size(Dataset.arrowFile(data, summary.index())));
    writeMetadata();
  }

  synchronized void discard(int index, Path partial) throws IOException {
    recording.remove(index);
    delete(partial);
  }

  /**
   * Writes what Minari reads first. It covers the episodes 0, 1, ... without a gap that stand in
   * the format that it names: with an HDF5 file, newer episodes join at the end.
   */
  private void writeMetadata() throws IOException {
    int episodes = 0;
    long steps = 0;
    for (EpisodeSummary summary : complete.values()) {
      if (summary.index() != episodes || (!inHdf5.isEmpty() && !inHdf5.contains(summary.index()))) {
        break;
      }
      episodes++;
      steps += summary.steps();
    }
    ObjectNode metadata = JsonNodeFactory.instance.objectNode();
    metadata.put("total_episodes", episodes);
    metadata.put("total_steps", steps);
    metadata.put("data_format", inHdf5.isEmpty() ? "arrow" : "hdf5");
    metadata.put("dataset_size", Math.round(bytes() / MEGABYTE * 10) / 10.0);
    String changing = metadata.toString();
    AtomicFile.write(
        data.resolve(Metadata.FILE),
        changing.substring(0, changing.length() - 1) + "," + describedMetadata.substring(1));
  }

  private long bytes() throws IOException {
    long bytes = arrowBytes.values().stream().mapToLong(Long::longValue).sum();
    return inHdf5.isEmpty() ? bytes : bytes + Files.size(data.resolve(Hdf5File.NAME));
  }

  private static void delete(Path path) throws IOException {
    if (Files.isDirectory(path)) {
      List<Path> children;
      try (Stream<Path> list = Files.list(path)) {
        children = list.toList();
      }
      for (Path child : children) {
        delete(child);
      }
    }
    Files.deleteIfExists(path);
  }

  /**
   * Closes the data set as one that is to be {@linkplain #reopen gone on with}: every episode stays
   * in a file of its own, so that Minari sees those that come later too.
   */
  public synchronized void suspend() {
    closed = true;
  }

  /**
   * Finishes the data set: where it suits the HDF5 layout, brings all complete episodes into it.
   * Episodes still being recorded are lost.
   */
  @Override
  public synchronized void close() {
    if (closed) {
      return;
    }
    closed = true;
    try {
      if (!arrowBytes.isEmpty() && Hdf5File.suits(description, complete.values())) {
        convert();
      }
    } catch (IOException e) {
      throw failed("finish the data set", data, e);
    }
  }

  private void convert() throws IOException {
    try (Dataset source = Dataset.open(data)) {
      Hdf5File.write(data, source, packedDescription);
    }
    List<Integer> moved = List.copyOf(arrowBytes.keySet());
    arrowBytes.clear();
    inHdf5.addAll(moved);
    writeMetadata();
    for (int index : moved) {
      // A folder that is half deleted must not look like an episode.
      Path doomed = Dataset.partialFolder(data, index);
      Files.move(data.resolve(Integer.toString(index)), doomed);
      delete(doomed);
    }
  }
}
