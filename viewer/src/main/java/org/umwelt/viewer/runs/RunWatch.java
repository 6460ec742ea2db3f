package org.umwelt.viewer.runs;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.TreeMap;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;
import org.umwelt.agents.runs.RunCatalogue;
import org.umwelt.agents.runs.RunState;
import org.umwelt.agents.runs.RunSummary;
import org.umwelt.kernels.settings.BadRequestException;
import org.umwelt.viewer.loop.Loop;
import org.umwelt.viewer.loop.Work;

/**
 * Looks at the runs below a folder again and again, in steps that are short: about once a second at
 * what is small, more rarely over all of a large folder. Of the loop's thread, but for what it
 * hands over.
 */
final class RunWatch implements Work {
  private static final long SLICE_NANOS = 50_000_000;
  private static final long SHOWN_NANOS = 250_000_000;
  private static final double PERIOD_SECONDS = 1;

  /** Looking everywhere may take so much of the time. */
  private static final double SHARE = 0.1;

  private static final int MOST_IN_PROGRESS = 200;

  /**
   * The runs found so far.
   *
   * @param isThere whether the folder is
   * @param isReading whether more are to come
   * @param isComplete false where the folder is too large to be looked at everywhere
   */
  record Listing(
      Path root, boolean isThere, boolean isReading, boolean isComplete, List<RunSummary> runs) {}

  private final Path root;
  private final Selection selection;
  private final AtomicReference<@Nullable Listing> listed;
  private final Map<Path, RunSummary> runs = new TreeMap<>();
  private final Queue<Path> unread = new ArrayDeque<>();
  private @Nullable RunCatalogue catalogue;
  private long scanBegan;
  private double scanSeconds;
  private long nextScan = System.nanoTime();
  private long lastShown;
  private boolean changed = true;

  /**
   * Will look below a folder, which may be absent.
   *
   * @param listed takes every new listing
   */
  RunWatch(Path root, Selection selection, AtomicReference<@Nullable Listing> listed) {
    this.root = root;
    this.selection = selection;
    this.listed = listed;
  }

  @Override
  public boolean step() throws IOException {
    RunCatalogue present = catalogue();
    if (present != null) {
      if (unread.isEmpty() && System.nanoTime() - nextScan >= 0) {
        begin(present);
      }
      readSome(present);
      readWhatMoves(present);
    }
    selection.update();
    show();
    return true;
  }

  private @Nullable RunCatalogue catalogue() {
    if (!Files.isDirectory(root)) {
      changed |= catalogue != null;
      catalogue = null;
      runs.clear();
      unread.clear();
    } else if (catalogue == null) {
      try {
        catalogue = new RunCatalogue(root);
        nextScan = System.nanoTime();
        changed = true;
      } catch (BadRequestException _) {
        // It was deleted in this moment; the next step sees that.
      }
    }
    return catalogue;
  }

  private void begin(RunCatalogue present) throws IOException {
    scanBegan = System.nanoTime();
    List<Path> found = present.find();
    changed |= runs.keySet().retainAll(new HashSet<>(found));
    unread.addAll(found);
    scanSeconds = secondsSince(scanBegan);
    if (found.isEmpty()) {
      end();
    }
  }

  private void readSome(RunCatalogue present) {
    if (unread.isEmpty()) {
      return;
    }
    long begin = System.nanoTime();
    for (Path run = unread.poll(); run != null; run = unread.poll()) {
      put(present.read(run));
      if (System.nanoTime() - begin > SLICE_NANOS) {
        break;
      }
    }
    scanSeconds += secondsSince(begin);
    if (unread.isEmpty()) {
      end();
    }
  }

  private void end() {
    nextScan =
        System.nanoTime() + (long) (1e9 * Math.max(0.9 * PERIOD_SECONDS, scanSeconds / SHARE));
  }

  /** Looks at what is selected, and at what is in progress, which changes between two scans. */
  private void readWhatMoves(RunCatalogue present) {
    List<Path> moving =
        runs.values().stream()
            .filter(run -> run.state() == RunState.IN_PROGRESS || selection.has(run.path()))
            .map(RunSummary::path)
            .limit(MOST_IN_PROGRESS)
            .toList();
    moving.forEach(run -> put(present.read(run)));
  }

  private void put(RunSummary run) {
    RunSummary before = runs.put(run.path(), run);
    if (!run.equals(before)) {
      changed = true;
      selection.changed(run);
    }
  }

  private void show() {
    boolean isReading = !unread.isEmpty();
    if (changed && !(isReading && System.nanoTime() - lastShown < SHOWN_NANOS)) {
      changed = isReading; // the last of them says that no more are to come
      lastShown = System.nanoTime();
      RunCatalogue present = catalogue;
      listed.set(
          new Listing(
              root,
              present != null,
              isReading,
              present == null || present.isComplete(),
              List.copyOf(runs.values())));
    }
  }

  private static double secondsSince(long start) {
    return (System.nanoTime() - start) / 1e9;
  }

  @Override
  public double stepsPerSecond() {
    return unread.isEmpty() ? 1 / PERIOD_SECONDS : Loop.UNLIMITED;
  }

  @Override
  public void close() {
    runs.clear();
    unread.clear();
  }
}
