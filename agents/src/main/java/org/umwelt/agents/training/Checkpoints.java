package org.umwelt.agents.training;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.umwelt.kernels.files.AtomicFile;

/**
 * The checkpoints of a run, {@code checkpoints/epoch-000123/}: each there as a whole or not at all.
 */
public final class Checkpoints {
  private static final Pattern NAME = Pattern.compile("epoch-(\\d{6,9})");
  private static final int KEPT = 2;

  private final Path folder;

  /** What writes the files of a checkpoint. */
  @FunctionalInterface
  public interface Contents {
    /** Writes into an empty folder; each file is durable on return. */
    void write(Path folder) throws IOException;
  }

  /** Looks at the checkpoints of a run, which may have none. */
  public Checkpoints(Path run) {
    folder = run.resolve("checkpoints");
  }

  /** Returns every complete checkpoint, oldest first. */
  public List<Checkpoint> all() throws IOException {
    List<Checkpoint> all = new ArrayList<>();
    for (Path path : listing()) {
      Matcher name = NAME.matcher(String.valueOf(path.getFileName()));
      if (name.matches()) {
        all.add(new Checkpoint(Integer.parseInt(name.group(1)), path));
      }
    }
    all.sort(Comparator.comparingInt(Checkpoint::epoch));
    return all;
  }

  /** Returns the newest complete checkpoint. */
  public Optional<Checkpoint> newest() throws IOException {
    List<Checkpoint> all = all();
    return all.isEmpty() ? Optional.empty() : Optional.of(all.getLast());
  }

  /** Adds a checkpoint and deletes all but the newest two. */
  void add(int epoch, Contents contents) throws IOException {
    Path path = folder.resolve("epoch-%06d".formatted(epoch));
    Path partial = AtomicFile.partial(path);
    Files.createDirectories(partial);
    try {
      contents.write(partial);
      AtomicFile.publishFolder(partial, path);
    } catch (IOException | RuntimeException e) {
      // On a full disk what was written so far would only be in the way.
      deleteTree(partial);
      throw e;
    }
    List<Checkpoint> all = all();
    for (Checkpoint old : all.subList(0, Math.max(0, all.size() - KEPT))) {
      delete(old);
    }
  }

  /** Deletes what stands behind an epoch, and what a killed session left incomplete. */
  void removeAfter(int epoch) throws IOException {
    for (Checkpoint checkpoint : all()) {
      if (checkpoint.epoch() > epoch) {
        delete(checkpoint);
      }
    }
    for (Path path : listing()) {
      if (path.toString().endsWith(AtomicFile.PARTIAL_SUFFIX)) {
        deleteTree(path);
      }
    }
  }

  /** Takes the name away first: half a checkpoint must not look like a whole one. */
  private static void delete(Checkpoint checkpoint) throws IOException {
    Path partial = AtomicFile.partial(checkpoint.folder());
    Files.move(checkpoint.folder(), partial);
    deleteTree(partial);
  }

  private static void deleteTree(Path root) throws IOException {
    List<Path> paths;
    try (Stream<Path> walk = Files.walk(root)) {
      paths = walk.sorted(Comparator.reverseOrder()).toList();
    }
    for (Path path : paths) {
      Files.deleteIfExists(path);
    }
  }

  private List<Path> listing() throws IOException {
    if (!Files.isDirectory(folder)) {
      return List.of();
    }
    try (Stream<Path> files = Files.list(folder)) {
      return files.toList();
    }
  }
}
