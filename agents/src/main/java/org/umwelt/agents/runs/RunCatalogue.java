package org.umwelt.agents.runs;

import java.io.IOException;
import java.io.InterruptedIOException;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Deque;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.umwelt.kernels.files.AtomicFile;
import org.umwelt.kernels.settings.BadRequestException;

/**
 * The runs below a folder, for lists of them: {@link #find} looks where they are, {@link #read}
 * says in a few words what one is, and reads its files again only where they changed.
 *
 * <p>A folder is taken for a run where it has {@code metrics.jsonl}, {@code provenance.json} or
 * {@code result.json}, damaged or not; folders in a run are not looked into. Links to folders are
 * not followed. Used by one thread.
 */
public final class RunCatalogue {
  /** How far below the root runs are looked for. */
  public static final int DEPTH = 6;

  private static final int MOST_FOLDERS = 200_000;
  private static final long WRITERS_NANOS = 500_000_000;
  private static final Set<String> MARKS =
      Set.of(RunFolder.METRICS, RunFolder.PROVENANCE, RunFolder.RESULT);

  private final Path root;
  private final boolean locksAreSeen;
  private final Map<Path, Known> known = new HashMap<>();
  private LogWriters writers = LogWriters.now();
  private long writersTime = System.nanoTime();
  private boolean complete = true;

  private record Known(RunStamp stamp, RunSummary summary) {}

  private record Place(Path folder, int depth) {}

  /**
   * A catalogue of the runs below a folder, which may itself be a run.
   *
   * @throws BadRequestException where there is no such folder
   */
  public RunCatalogue(Path root) {
    if (!Files.isDirectory(root)) {
      throw new BadRequestException(
          Files.exists(root)
              ? "expected a folder with runs, %s is a file".formatted(root)
              : "expected a folder with runs, there is no %s".formatted(root));
    }
    this.root = root;
    locksAreSeen = LogWriters.canBeSeen(root);
  }

  /** Returns the folder below which runs are looked for. */
  public Path root() {
    return root;
  }

  /**
   * Looks for runs, without reading any.
   *
   * @return their folders, sorted
   * @throws InterruptedIOException where the thread was interrupted
   */
  public List<Path> find() throws InterruptedIOException {
    List<Path> runs = new ArrayList<>();
    Deque<Place> open = new ArrayDeque<>();
    open.add(new Place(root, 0));
    int looked = 0;
    complete = true;
    while (!open.isEmpty()) {
      if (Thread.interrupted()) {
        throw new InterruptedIOException("looking for runs was interrupted");
      }
      if (++looked > MOST_FOLDERS) {
        complete = false;
        break;
      }
      Place place = open.removeLast();
      List<Path> below = list(place.folder());
      if (below == null) {
        runs.add(place.folder());
      } else if (place.depth() < DEPTH) {
        below.forEach(folder -> open.add(new Place(folder, place.depth() + 1)));
      }
    }
    Collections.sort(runs);
    known.keySet().retainAll(new HashSet<>(runs));
    return runs;
  }

  /**
   * Returns whether the last {@link #find} looked everywhere; it gives up after 200,000 folders.
   */
  public boolean isComplete() {
    return complete;
  }

  /** Returns whether a folder is a run, damaged or not. */
  public static boolean isRun(Path folder) {
    return MARKS.stream().anyMatch(mark -> Files.isRegularFile(folder.resolve(mark)));
  }

  /** Returns whether a folder is a run or has one below it, at most so many folders down. */
  public static boolean holdsRuns(Path folder, int depth) {
    List<Path> below = list(folder);
    return below == null
        || (depth > 0 && below.stream().anyMatch(each -> holdsRuns(each, depth - 1)));
  }

  /** Returns the folders in a folder that is no run; null for a run. */
  private static @Nullable List<Path> list(Path folder) {
    List<Path> folders = new ArrayList<>();
    try (DirectoryStream<Path> entries = Files.newDirectoryStream(folder)) {
      for (Path entry : entries) {
        String name = String.valueOf(entry.getFileName());
        if (MARKS.contains(name)) {
          return null;
        }
        if (!name.startsWith(".")
            && !name.endsWith(AtomicFile.PARTIAL_SUFFIX)
            && Files.isDirectory(entry, LinkOption.NOFOLLOW_LINKS)) {
          folders.add(entry);
        }
      }
    } catch (IOException | DirectoryIteratorException _) {
      return List.of(); // not this user's to look into, or gone by now
    }
    return folders;
  }

  /** Says what a run is; whatever is wrong with it is in {@link RunSummary#problem}. */
  public RunSummary read(Path run) {
    RunStamp stamp = RunStamp.of(run);
    RunReader reader = new RunReader(run, stamp, locksAreSeen ? writers() : null);
    Known before = known.get(run);
    RunSummary summary =
        before != null && before.stamp().equals(stamp)
            ? reader.readState(before.summary())
            : reader.read();
    known.put(run, new Known(stamp, summary));
    return summary;
  }

  private @Nullable LogWriters writers() {
    if (System.nanoTime() - writersTime > WRITERS_NANOS) {
      writers = LogWriters.now();
      writersTime = System.nanoTime();
    }
    return writers.isComplete() ? writers : null;
  }

  /** Returns all runs, each read when it is taken from the stream. */
  public Stream<RunSummary> runs() throws InterruptedIOException {
    return find().stream().map(this::read);
  }
}
