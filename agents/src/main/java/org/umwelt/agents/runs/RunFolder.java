package org.umwelt.agents.runs;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.Closeable;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.LocalDate;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.umwelt.kernels.files.AtomicFile;
import org.umwelt.kernels.settings.BadRequestException;

/**
 * The directory of one run, open for writing.
 *
 * <p>While it is open, no other process can open it. Its layout is that of the package comment.
 */
public final class RunFolder implements Closeable {
  static final String CONFIG = "config.json";
  static final String PROVENANCE = "provenance.json";
  static final String METRICS = "metrics.jsonl";
  static final String RESULT = "result.json";
  private static final String EPISODES = "episodes";
  private static final String IMAGES = "images";

  private final Path path;
  private final MetricsLog metrics;

  private RunFolder(Path path, MetricsLog metrics) {
    this.path = path;
    this.metrics = metrics;
  }

  /**
   * Refuses a folder a new run cannot be written to; changes nothing.
   *
   * @throws BadRequestException where it holds something, or cannot be made
   */
  public static void requireNew(Path path) {
    if (!isVacant(path)) {
      throw new BadRequestException(
          "%s is not empty; choose another folder, or go on with the run in it by --resume"
              .formatted(path));
    }
    requireWritable(path);
  }

  /** Returns whether there is nothing to lose: no folder, or one a killed start left empty. */
  public static boolean isVacant(Path path) {
    if (!Files.exists(path)) {
      return true;
    }
    if (!Files.isDirectory(path)) {
      throw new BadRequestException("expected a folder for the run, %s is a file".formatted(path));
    }
    try (Stream<Path> files = Files.list(path)) {
      return files.allMatch(RunFolder::isLeftover);
    } catch (IOException e) {
      throw new BadRequestException("cannot read the folder %s".formatted(path), e);
    }
  }

  /**
   * Returns whether a start that was killed before it wrote the configuration may have left this.
   */
  private static boolean isLeftover(Path file) {
    return file.toString().endsWith(AtomicFile.PARTIAL_SUFFIX)
        || (file.endsWith(METRICS) && file.toFile().length() == 0);
  }

  private static void requireWritable(Path path) {
    Path existing = path.toAbsolutePath();
    while (existing != null && !Files.exists(existing)) {
      existing = existing.getParent();
    }
    if (existing == null || !Files.isDirectory(existing) || !Files.isWritable(existing)) {
      throw new BadRequestException(
          "cannot write the run to %s: %s is not a folder this user may write to"
              .formatted(path, existing));
    }
  }

  /**
   * Starts a run: makes the folder and writes configuration and provenance.
   *
   * @throws BadRequestException where the folder holds something or cannot be made
   */
  public static RunFolder create(Path path, ObjectNode config, ObjectNode provenance)
      throws IOException {
    requireNew(path);
    try {
      Files.createDirectories(path);
    } catch (IOException e) {
      throw new BadRequestException("cannot make the folder %s (%s)".formatted(path, e), e);
    }
    // The lock comes first: of two processes that start a run here at once, one is refused.
    RunFolder run = new RunFolder(path, MetricsLog.open(path.resolve(METRICS)));
    try {
      requireNew(path);
      AtomicFile.write(path.resolve(CONFIG), Json.pretty(config));
      writeProvenance(path, provenance);
      return run;
    } catch (IOException | RuntimeException e) {
      run.close();
      throw e;
    }
  }

  /**
   * Goes on with a run.
   *
   * @param config what is asked for now; must equal what was asked for then
   * @param provenance of this session, added to the earlier ones
   * @throws BadRequestException where the folder holds no run, a different one, or one that another
   *     process is writing
   */
  public static RunFolder reopen(Path path, ObjectNode config, ObjectNode provenance)
      throws IOException {
    requireSame(path, config(path), config);
    requireWritable(path);
    RunFolder run = new RunFolder(path, MetricsLog.open(path.resolve(METRICS)));
    try {
      run.metrics.read(); // refuses a damaged log before anything is changed
      writeProvenance(path, provenance);
      return run;
    } catch (IOException | RuntimeException e) {
      run.close();
      throw e;
    }
  }

  /**
   * Refuses a resume with another configuration, naming the key; changes nothing.
   *
   * @throws BadRequestException where the folder holds no run or a different one
   */
  public static void requireSame(Path path, ObjectNode config) {
    requireSame(path, config(path), config);
  }

  private static void requireSame(Path path, ObjectNode before, ObjectNode now) {
    Set<String> keys = new TreeSet<>();
    before.fieldNames().forEachRemaining(keys::add);
    now.fieldNames().forEachRemaining(keys::add);
    for (String key : keys) {
      // Compared as text, because 7 read from a file is an int and 7 from a long is a long.
      String was = Objects.toString(before.get(key), "unset");
      String is = Objects.toString(now.get(key), "unset");
      if (!was.equals(is)) {
        throw new BadRequestException(
            "cannot go on with the run in %s: its %s is %s, now %s is asked for"
                .formatted(path, key, was, is));
      }
    }
  }

  /**
   * Returns the configuration of the run in a folder.
   *
   * @throws BadRequestException where there is none that can be read
   */
  public static ObjectNode config(Path run) {
    try {
      return Json.object(Files.readString(run.resolve(CONFIG)));
    } catch (IOException e) {
      throw new BadRequestException(
          "expected a run with a readable %s in %s".formatted(CONFIG, run), e);
    }
  }

  private static void writeProvenance(Path path, ObjectNode session) throws IOException {
    Path file = path.resolve(PROVENANCE);
    ObjectNode all = session.objectNode();
    if (Files.exists(file)) {
      try {
        all = Json.object(Files.readString(file));
      } catch (JsonProcessingException e) {
        throw new BadRequestException("%s is not JSON any more".formatted(file), e);
      }
    }
    all.withArray("/sessions").add(session);
    AtomicFile.write(file, Json.pretty(all));
  }

  /**
   * Returns a folder for a new run, {@code root/<date>/<name>[-k]} with the first free k from 2.
   *
   * @param name what the run is, such as {@link #name}
   */
  public static Path unused(Path root, LocalDate date, String name) {
    Path day = root.resolve(date.toString());
    Path path = day.resolve(name);
    for (int k = 2; !isVacant(path); k++) {
      path = day.resolve(name + "-" + k);
    }
    return path;
  }

  /** Returns the newest run under root that has this name and this configuration. */
  public static Optional<Path> newest(Path root, String name, ObjectNode config) {
    if (!Files.isDirectory(root)) {
      return Optional.empty();
    }
    try (Stream<Path> folders = Files.find(root, 2, (path, _) -> isRun(path, name))) {
      return folders
          .filter(path -> Json.pretty(config(path)).equals(Json.pretty(config)))
          .max(
              Comparator.comparing((Path path) -> nameFromEnd(path, 2))
                  .thenComparingInt(path -> nameFromEnd(path, 1).length())
                  .thenComparing(path -> nameFromEnd(path, 1)));
    } catch (IOException e) {
      throw new BadRequestException("cannot read the folder %s".formatted(root), e);
    }
  }

  private static String nameFromEnd(Path path, int names) {
    return path.getName(path.getNameCount() - names).toString();
  }

  private static boolean isRun(Path path, String name) {
    String folder = String.valueOf(path.getFileName());
    return (folder.equals(name) || folder.startsWith(name + "-"))
        && Files.exists(path.resolve(CONFIG));
  }

  /** Returns words joined to a name that is safe in every file system and in a shell. */
  public static String name(String... words) {
    return String.join("-", words)
        .toLowerCase(Locale.ROOT)
        .replaceAll("[^a-z0-9._-]+", "-")
        .replaceAll("-{2,}", "-")
        .replaceAll("^[-.]+|[-.]+$", "");
  }

  /** Returns the directory. */
  public Path path() {
    return path;
  }

  /** Returns the metrics. */
  public MetricsLog metrics() {
    return metrics;
  }

  /** Returns the root of the run's data sets, which Minari takes as MINARI_DATASETS_PATH. */
  public Path episodes() {
    return path.resolve(EPISODES);
  }

  /** Starts an event file for TensorBoard, which shows it together with those that are there. */
  public EventFile events() throws IOException {
    return EventFile.create(path, System.currentTimeMillis() / 1000.0);
  }

  /** Starts an event file in place of those that are there, for a caller that writes all anew. */
  public EventFile replaceEvents() throws IOException {
    List<Path> old;
    try (Stream<Path> files = Files.list(path)) {
      old = files.filter(RunFolder::isEventFile).toList();
    }
    for (Path file : old) {
      Files.delete(file);
    }
    return events();
  }

  /**
   * Opens the event file of images, without its events behind a step; empty where there is none.
   */
  public Optional<EventFile> reopenImageEvents(long lastStep) throws IOException {
    Path folder = path.resolve(IMAGES);
    if (!Files.isDirectory(folder)) {
      return Optional.empty();
    }
    Optional<Path> file;
    try (Stream<Path> files = Files.list(folder)) {
      file = files.filter(RunFolder::isEventFile).findFirst();
    }
    return file.isPresent()
        ? Optional.of(EventFile.reopen(file.get(), lastStep))
        : Optional.empty();
  }

  /**
   * Starts the event file of images: in a folder of its own, because TensorBoard reads the event
   * files of a folder one after the other and would not come back to the scalars.
   */
  public EventFile imageEvents() throws IOException {
    return EventFile.create(
        Files.createDirectories(path.resolve(IMAGES)), System.currentTimeMillis() / 1000.0);
  }

  private static boolean isEventFile(Path file) {
    return String.valueOf(file.getFileName()).startsWith(EventFile.PREFIX);
  }

  /** Writes the result, which marks the run as complete. */
  public void writeResult(JsonNode result) throws IOException {
    AtomicFile.write(path.resolve(RESULT), Json.pretty(result));
  }

  /** Returns the result, where the run is complete. */
  public Optional<ObjectNode> result() throws IOException {
    return result(path);
  }

  /** Returns the result of the run in a folder, where there is one and it is complete. */
  public static Optional<ObjectNode> result(Path run) throws IOException {
    Path file = run.resolve(RESULT);
    return Files.exists(file) ? Optional.of(Json.object(Files.readString(file))) : Optional.empty();
  }

  @Override
  public void close() throws IOException {
    metrics.close();
  }
}
