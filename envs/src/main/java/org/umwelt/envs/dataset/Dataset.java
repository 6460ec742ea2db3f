package org.umwelt.envs.dataset;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.umwelt.kernels.files.AtomicFile;
import org.umwelt.kernels.settings.BadRequestException;

/**
 * A recorded data set, opened to read: every complete episode, and a list of what was lost.
 *
 * <p>It shows what was there when it was opened. Safe for use by several threads.
 */
public final class Dataset implements AutoCloseable {
  static final String DATA_FOLDER = "data";

  /** The folder in which a run keeps its data sets. */
  private static final String RUN_EPISODES = "episodes";

  private static final int SEARCH_DEPTH = 8;
  private static final String PARTIAL_PREFIX = ".";

  private final Path data;
  private final SortedMap<Integer, Located> located = new TreeMap<>();
  private final Set<Integer> explained = new HashSet<>();
  private final List<String> losses = new ArrayList<>();
  private int unfinished;
  private byte @Nullable [] packed;
  private @Nullable DatasetDescription description;
  private @Nullable Columns columns;

  /**
   * Where an episode stands.
   *
   * @param entry its entry in the file's index; null to read it again, as it grows with the steps
   */
  private record Located(Path file, EpisodeSummary summary, FileIndex.@Nullable Entry entry) {}

  private Dataset(Path data) {
    this.data = data;
  }

  /**
   * Opens a data set.
   *
   * @param path a data set's folder, the folder {@code data} in it, or a run's folder with one data
   *     set
   * @throws BadRequestException where there is no data set, or nothing says what it holds
   */
  public static Dataset open(Path path) {
    Dataset dataset = new Dataset(find(path));
    try {
      dataset.read();
    } catch (IOException e) {
      throw new BadRequestException("cannot read %s: %s".formatted(path, e.getMessage()), e);
    }
    return dataset;
  }

  /** Returns whether {@link #open} would find something to read at a path. */
  public static boolean isAt(Path path) {
    return holdsEpisodes(path.resolve(DATA_FOLDER))
        || holdsEpisodes(path)
        || !inRun(path).isEmpty();
  }

  private static Path find(Path path) {
    if (!Files.exists(path)) {
      throw new BadRequestException("expected a data set or a run, there is no " + path);
    }
    Path child = path.resolve(DATA_FOLDER);
    if (holdsEpisodes(child)) {
      return child;
    }
    if (holdsEpisodes(path)) {
      return path;
    }
    List<Path> found = inRun(path);
    if (found.size() > 1) {
      throw new BadRequestException(
          "%s holds several data sets, name one: %s"
              .formatted(
                  path,
                  found.stream()
                      .map(folder -> String.valueOf(folder.getParent()))
                      .collect(Collectors.joining(", "))));
    }
    if (found.isEmpty()) {
      throw new BadRequestException("expected a data set or a run, found neither in " + path);
    }
    return found.getFirst();
  }

  private static List<Path> inRun(Path path) {
    if (!Files.isDirectory(path.resolve(RUN_EPISODES))) {
      return List.of();
    }
    try (Stream<Path> all = Files.walk(path.resolve(RUN_EPISODES), SEARCH_DEPTH)) {
      return all.filter(folder -> folder.endsWith(DATA_FOLDER) && holdsEpisodes(folder))
          .sorted()
          .toList();
    } catch (IOException | UncheckedIOException e) {
      throw new BadRequestException("cannot read %s: %s".formatted(path, e.getMessage()), e);
    }
  }

  private static boolean holdsEpisodes(Path folder) {
    if (!Files.isDirectory(folder)) {
      return false;
    }
    try (Stream<Path> children = Files.list(folder)) {
      return children.anyMatch(child ->
          child.endsWith(Metadata.FILE)
              || child.endsWith(Hdf5File.NAME)
              || episodeIndex(child) >= 0
              || (isPartial(child) && Files.isDirectory(child)));
    } catch (IOException _) {
      return false;
    }
  }

  static Path arrowFile(Path data, int index) {
    return data.resolve(Integer.toString(index)).resolve(EpisodeRecorder.EPISODE_FILE);
  }

  static Path partialFolder(Path data, int index) {
    return data.resolve(PARTIAL_PREFIX + index + AtomicFile.PARTIAL_SUFFIX);
  }

  static boolean isPartial(Path child) {
    return String.valueOf(child.getFileName()).endsWith(AtomicFile.PARTIAL_SUFFIX);
  }

  /** Returns the number that is the name of an episode's folder, -1 for other names. */
  static int episodeIndex(Path child) {
    String name = String.valueOf(child.getFileName());
    return name.matches("0|[1-9]\\d{0,8}") ? Integer.parseInt(name) : -1;
  }

  private void read() throws IOException {
    List<Path> children;
    try (Stream<Path> list = Files.list(data)) {
      children = list.sorted().toList();
    }
    JsonNode metadata = readMetadata();
    List<Integer> folders =
        children.stream().map(Dataset::episodeIndex).filter(index -> index >= 0).sorted().toList();
    for (int index : folders) {
      readArrow(index);
    }
    if (Files.exists(data.resolve(Hdf5File.NAME))
        || metadata.path("data_format").asText().equals("hdf5")) {
      readHdf5();
    }
    for (Path child : children) {
      if (isPartial(child) && Files.isDirectory(child)) {
        String name = String.valueOf(child.getFileName());
        String index =
            name.substring(
                PARTIAL_PREFIX.length(), name.length() - AtomicFile.PARTIAL_SUFFIX.length());
        if (located.keySet().stream().noneMatch(known -> index.equals(known.toString()))) {
          unfinished++;
          losses.add("episode " + index + ": not finished when recording stopped");
        }
      }
    }
    decideDescription(metadata);
    for (int index = 0; index < metadata.path("total_episodes").asInt(); index++) {
      if (index > folders.size() + located.size() + explained.size()) {
        losses.add("further episodes of " + metadata.path("total_episodes") + ": missing");
        break;
      }
      if (!located.containsKey(index) && !explained.contains(index)) {
        losses.add("episode " + index + ": missing");
      }
    }
  }

  private JsonNode readMetadata() {
    Path file = data.resolve(Metadata.FILE);
    try {
      if (Files.exists(file)) {
        JsonNode node = Metadata.parse(Files.readString(file));
        if (node.isObject()) {
          return node;
        }
        throw new IllegalArgumentException("expected a JSON object");
      }
      losses.add(Metadata.FILE + ": missing; Python cannot open the data set without it");
    } catch (IOException | IllegalArgumentException e) {
      losses.add(Metadata.FILE + ": cannot be read (" + firstLine(e) + ")");
    }
    return JsonNodeFactory.instance.objectNode();
  }

  private static String firstLine(Exception e) {
    return String.valueOf(e.getMessage()).lines().findFirst().orElse("");
  }

  private void readArrow(int index) {
    Path file = arrowFile(data, index);
    try (Arena arena = Arena.ofConfined()) {
      if (!Files.exists(file)) {
        lose(index, "its file is missing");
        return;
      }
      MemorySegment mapped = Episode.map(file, arena);
      FileIndex found = FileIndex.find(mapped);
      if (found == null || found.episodes().size() != 1) {
        lose(
            index,
            mapped.byteSize() == 0
                ? "its file is empty"
                : "its file (%d bytes) is cut off or damaged at the end"
                    .formatted(mapped.byteSize()));
        return;
      }
      FileIndex.Entry entry = found.episodes().getFirst();
      if (accept(found, entry, index, mapped.byteSize())) {
        located.put(index, new Located(file, entry.summary(), null));
        reportStructure("episode " + index, found, mapped);
        checkMetadata(file.resolveSibling(Metadata.FILE), entry.summary());
      }
    } catch (IOException e) {
      lose(index, "cannot be read (" + firstLine(e) + ")");
    }
  }

  /** Compares what Python reads of an episode with what the episode itself says. */
  private void checkMetadata(Path file, EpisodeSummary summary) {
    String expected = Metadata.describe(summary).toString();
    String wrong;
    try {
      wrong =
          Metadata.parse(Files.readString(file)).equals(Metadata.parse(expected))
              ? ""
              : "differs from what the episode says";
    } catch (NoSuchFileException _) {
      wrong = "is missing; Python cannot open it without";
    } catch (IOException | IllegalArgumentException e) {
      wrong = "cannot be read (" + firstLine(e) + ")";
    }
    if (!wrong.isEmpty()) {
      losses.add("episode %d: its %s %s".formatted(summary.index(), Metadata.FILE, wrong));
    }
  }

  private void lose(int index, String why) {
    losses.add("episode " + index + ": lost, " + why);
    explained.add(index);
  }

  /** Checks an entry against the data set; the first intact index says what the data set holds. */
  private boolean accept(FileIndex found, FileIndex.Entry entry, int index, long fileBytes) {
    if (packed == null) {
      DatasetDescription first = Metadata.unpack(found.description());
      if (first == null) {
        lose(index, "its description cannot be read");
        return false;
      }
      packed = found.description();
      description = first;
      columns = Columns.of(first);
    }
    if (entry.summary().index() != index) {
      lose(index, "it is a copy of episode " + entry.summary().index());
      return false;
    }
    if (!Arrays.equals(packed, found.description())) {
      DatasetDescription other = Metadata.unpack(found.description());
      if (other == null || !other.equals(description)) {
        lose(index, "it belongs to another data set");
        return false;
      }
    }
    try {
      Episode.check(fileBytes, columns(), entry);
      return true;
    } catch (IllegalArgumentException e) {
      lose(index, firstLine(e));
      return false;
    }
  }

  private void reportStructure(String what, FileIndex index, MemorySegment file) {
    if (index.fileBytes() != file.byteSize()) {
      losses.add(
          "%s: the file has %d bytes instead of %d; Python may refuse it"
              .formatted(what, file.byteSize(), index.fileBytes()));
    } else if (index.checkStructure(file) != index.structureChecksum()) {
      losses.add(what + ": bytes beside its steps are damaged; Python may refuse it");
    }
  }

  private void readHdf5() throws IOException {
    Path file = data.resolve(Hdf5File.NAME);
    Path copy = data.resolve(Hdf5File.INDEX_NAME);
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment mapped = Files.exists(file) ? Episode.map(file, arena) : MemorySegment.NULL;
      FileIndex found = FileIndex.find(mapped);
      if (found == null && Files.exists(copy)) {
        found = FileIndex.find(Episode.map(copy, arena));
      }
      if (found == null) {
        losses.add(
            Hdf5File.NAME + ": lost, it is not of Umwelt or cut off, and its index is gone too");
        return;
      }
      for (FileIndex.Entry entry : found.episodes()) {
        int index = entry.summary().index();
        boolean whole =
            entry.columns().stream().allMatch(column -> column.end() <= mapped.byteSize());
        if (located.containsKey(index)) {
          continue;
        }
        if (!whole) {
          lose(
              index,
              "%s is cut off at %d of %d bytes"
                  .formatted(Hdf5File.NAME, mapped.byteSize(), found.fileBytes()));
        } else if (accept(found, entry, index, mapped.byteSize())) {
          located.put(index, new Located(file, entry.summary(), entry));
        }
      }
      if (mapped.byteSize() > 0) {
        reportStructure(Hdf5File.NAME, found, mapped);
      }
    }
  }

  private void decideDescription(JsonNode metadata) {
    DatasetDescription written = null;
    try {
      if (!metadata.isEmpty()) {
        written = Metadata.description(metadata);
      }
    } catch (IllegalArgumentException | BadRequestException | ArithmeticException e) {
      losses.add(Metadata.FILE + ": damaged (" + firstLine(e) + ")");
    }
    if (description == null) {
      if (written == null) {
        throw new BadRequestException(
            "nothing in %s can be read: %s".formatted(data, String.join("; ", losses)));
      }
      description = written;
      columns = Columns.of(written);
    } else if (written != null && !written.equals(description)) {
      losses.add(Metadata.FILE + ": differs from what the episodes say; it is not used");
    }
  }

  /** Returns what is true of all episodes. */
  public DatasetDescription description() {
    if (description == null) {
      throw new IllegalStateException();
    }
    return description;
  }

  private Columns columns() {
    if (columns == null) {
      throw new IllegalStateException();
    }
    return columns;
  }

  /** Returns the complete episodes by index. */
  public List<EpisodeSummary> episodes() {
    return located.values().stream().map(Located::summary).toList();
  }

  /** Returns one line for each thing that is lost, damaged or unfinished. */
  public List<String> losses() {
    return List.copyOf(losses);
  }

  /**
   * Returns whether anything that was recorded completely is missing or damaged; episodes that were
   * still being recorded do not count.
   */
  public boolean isDamaged() {
    return losses.size() > unfinished;
  }

  /** Returns the layout of the files: {@code arrow}, {@code hdf5} or, between the two, both. */
  public String format() {
    int hdf5 = inHdf5().size();
    if (hdf5 == 0) {
      return "arrow";
    }
    return hdf5 == located.size() ? "hdf5" : "hdf5 and arrow";
  }

  /** Returns the size of all files of the data set in bytes. */
  public long bytes() {
    try (Stream<Path> files = Files.walk(data)) {
      return files.filter(Files::isRegularFile).mapToLong(file -> file.toFile().length()).sum();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  Set<Integer> inHdf5() {
    return located.entrySet().stream()
        .filter(place -> place.getValue().file().endsWith(Hdf5File.NAME))
        .map(Map.Entry::getKey)
        .collect(Collectors.toSet());
  }

  /**
   * Opens an episode.
   *
   * @throws BadRequestException where it is not among {@link #episodes}
   */
  public Episode episode(int index) {
    Located place = located.get(index);
    if (place == null) {
      throw new BadRequestException(
          "there is no episode %d in %s, which has %s"
              .formatted(index, data, located.isEmpty() ? "none" : located.keySet()));
    }
    try {
      FileIndex.Entry entry = place.entry();
      if (entry == null) {
        try (Arena arena = Arena.ofConfined()) {
          FileIndex found = FileIndex.find(Episode.map(place.file(), arena));
          if (found == null || found.episodes().size() != 1) {
            throw new IOException("it has changed since the data set was opened");
          }
          entry = found.episodes().getFirst();
        }
      }
      return new Episode(place.file(), columns(), entry);
    } catch (IOException | IllegalArgumentException e) {
      throw new UncheckedIOException(
          new IOException(
              "cannot read episode %d in %s: %s".formatted(index, data, firstLine(e)), e));
    }
  }

  @Override
  public void close() {}
}
