package org.umwelt.agents.runs;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.FileTime;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * The metrics of a run while they grow: {@link #update} reads what was appended since the last
 * call. A last line without its end waits; a log that became shorter, as that of a run gone on with
 * from a checkpoint does, is read again from its start. Used by one thread.
 *
 * <p>Of a metric with more than {@value #MOST_POINTS} points every second, every fourth and so on
 * is kept.
 */
public final class RunMetrics {
  static final int MOST_POINTS = 1 << 15;

  /** Read in one {@link #update} at most, so that nobody waits long for it. */
  private static final int SLICE = 4 << 20;

  private static final int REMEMBERED = 64;
  private static final List<String> STEPS = List.of("epoch", "episode");
  private static final String WALL = "wall";
  private static final Set<String> NO_METRICS = Set.of("epoch", "episode", WALL, "seed");

  private final Path file;
  private final Map<String, Points> points = new TreeMap<>();
  private byte[] lastBytes = {}; // before the offset, to see that they are still there
  private long offset;
  private @Nullable FileTime modified;
  private String stepName = STEPS.getFirst();
  private double firstWall = Double.NaN;
  private long lines;
  private long damaged;

  /** Numbers of one metric, in the order they came. */
  private static final class Points {
    private double[] numbers = new double[3 * 64]; // step, wall, value
    private int count;
    private int stride = 1;
    private int skipped;

    void add(double step, double wall, double value) {
      if (count == MOST_POINTS) {
        for (int i = 0; i < MOST_POINTS / 2; i++) {
          System.arraycopy(numbers, 3 * (2 * i + 1), numbers, 3 * i, 3);
        }
        count = MOST_POINTS / 2;
        stride *= 2;
      }
      if (++skipped < stride) {
        return;
      }
      skipped = 0;
      if (3 * count == numbers.length) {
        numbers = Arrays.copyOf(numbers, 2 * numbers.length);
      }
      numbers[3 * count] = step;
      numbers[3 * count + 1] = wall;
      numbers[3 * count + 2] = value;
      count++;
    }

    double[] column(int which, double minus) {
      double[] column = new double[count];
      for (int i = 0; i < count; i++) {
        column[i] = numbers[3 * i + which] - minus;
      }
      return column;
    }
  }

  /** Will read the metrics of the run in a folder. */
  public RunMetrics(Path run) {
    file = run.resolve(RunFolder.METRICS);
  }

  /**
   * Reads what was appended, or a part of it where that is much.
   *
   * @return whether something changed
   * @throws IOException where the log cannot be read; what was read before stays
   */
  public boolean update() throws IOException {
    BasicFileAttributes now;
    try {
      now = Files.readAttributes(file, BasicFileAttributes.class);
    } catch (NoSuchFileException _) {
      boolean had = lines > 0;
      restart();
      return had;
    }
    if (now.lastModifiedTime().equals(modified) && now.size() == offset) {
      return false;
    }
    boolean changed = false;
    if (!isContinued(now.size())) {
      restart();
      changed = true;
    }
    long before = lines + damaged;
    boolean all = readLines(Math.min(now.size(), offset + SLICE));
    modified = all ? now.lastModifiedTime() : null;
    return changed || lines + damaged != before;
  }

  private void restart() {
    points.clear();
    lastBytes = new byte[0];
    offset = 0;
    modified = null;
    firstWall = Double.NaN;
    lines = 0;
    damaged = 0;
  }

  private boolean isContinued(long size) throws IOException {
    return size >= offset
        && Arrays.equals(bytes(offset - lastBytes.length, lastBytes.length), lastBytes);
  }

  private byte[] bytes(long from, int length) throws IOException {
    ByteBuffer bytes = ByteBuffer.allocate(length);
    while (bytes.hasRemaining() && MetricsLog.read(file, bytes, from + bytes.position()) >= 0) {
      // Reads until all is there.
    }
    return Arrays.copyOf(bytes.array(), bytes.position());
  }

  /** Reads whole lines up to a place; returns whether that was the end of the file. */
  private boolean readLines(long end) throws IOException {
    byte[] bytes = bytes(offset, (int) (end - offset));
    int begin = 0;
    for (int i = 0; i < bytes.length; i++) {
      if (bytes[i] == '\n') {
        line(new String(bytes, begin, i - begin, StandardCharsets.UTF_8));
        begin = i + 1;
      }
    }
    if (begin == 0 && bytes.length == SLICE) {
      begin = bytes.length; // no line of ours is so long
      damaged++;
    }
    int kept = Math.min(REMEMBERED, begin);
    if (begin > 0) {
      lastBytes = Arrays.copyOfRange(bytes, begin - kept, begin);
    }
    offset += begin;
    return bytes.length < SLICE;
  }

  private void line(String text) {
    ObjectNode line;
    try {
      line = Json.object(text);
    } catch (JsonProcessingException _) {
      damaged++;
      return;
    }
    lines++;
    double wall = line.path(WALL).asDouble(Double.NaN);
    if (Double.isNaN(firstWall)) {
      firstWall = wall;
    }
    double step = lines;
    for (String name : STEPS) {
      if (line.path(name).isNumber()) {
        stepName = name;
        step = line.path(name).asDouble();
      }
    }
    for (Map.Entry<String, JsonNode> entry : line.properties()) {
      double value = entry.getValue().asDouble();
      if (entry.getValue().isNumber()
          && Double.isFinite(value)
          && !NO_METRICS.contains(entry.getKey())) {
        points.computeIfAbsent(entry.getKey(), _ -> new Points()).add(step, wall, value);
      }
    }
  }

  /** Returns the names of the metrics, sorted. */
  public List<String> names() {
    return List.copyOf(points.keySet());
  }

  /** Returns a metric so far; empty where no line has it. */
  public Optional<MetricSeries> series(String name) {
    return Optional.ofNullable(points.get(name))
        .map(all ->
            MetricSeries.sorted(
                name, stepName, all.column(0, 0), all.column(1, firstWall), all.column(2, 0)));
  }

  /** Returns how many lines were read. */
  public long lines() {
    return lines;
  }

  /** Returns how many lines were no JSON objects and are left out. */
  public long damagedLines() {
    return damaged;
  }
}
