package org.umwelt.agents.runs;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalDouble;
import java.util.Set;
import org.umwelt.agents.runs.RunSummary.Progress;

/**
 * The end of a log of metrics, and how many lines it has.
 *
 * @param lines the last whole lines that are JSON objects
 * @param count of all lines
 * @param estimated whether the count was told from the size
 */
record LogTail(List<ObjectNode> lines, long count, boolean estimated) {
  private static final int BYTES = 1 << 15;

  /** Logs up to this size are counted line by line. */
  private static final int COUNTED = 2 << 20;

  private static final int RECENT = 20;
  private static final String EPISODE = "episode";
  private static final String EPOCH = "epoch";
  private static final String RETURN = "return";
  private static final Set<String> NO_RESULTS = Set.of(EPISODE, EPOCH, "wall");

  /** Reads the end of a log of a size. */
  static LogTail read(Path file, long size) throws IOException {
    boolean whole = size <= COUNTED;
    long from = whole ? 0 : size - BYTES;
    byte[] bytes = bytes(file, from, (int) (size - from));
    int begin = Math.max(0, bytes.length - BYTES);
    if (begin > 0 || !whole) {
      begin = after(bytes, begin);
    }
    List<ObjectNode> lines = new ArrayList<>();
    int textLines = 0;
    int end = begin;
    for (int next = after(bytes, end); next > end; next = after(bytes, end)) {
      textLines++;
      try {
        lines.add(Json.object(new String(bytes, end, next - end, StandardCharsets.UTF_8)));
      } catch (JsonProcessingException _) {
        // A damaged line says nothing; whoever reads all of them counts it.
      }
      end = next;
    }
    return whole
        ? new LogTail(lines, newlines(bytes), false)
        : new LogTail(lines, end > begin ? size * textLines / (end - begin) : 0, true);
  }

  private static byte[] bytes(Path file, long from, int length) throws IOException {
    ByteBuffer bytes = ByteBuffer.allocate(length);
    while (bytes.hasRemaining() && MetricsLog.read(file, bytes, from + bytes.position()) >= 0) {
      // Reads until all is there.
    }
    return Arrays.copyOf(bytes.array(), bytes.position());
  }

  /** Returns the place behind the next newline; the same place where there is none. */
  private static int after(byte[] bytes, int from) {
    for (int i = from; i < bytes.length; i++) {
      if (bytes[i] == '\n') {
        return i + 1;
      }
    }
    return from;
  }

  private static int newlines(byte[] bytes) {
    int count = 0;
    for (byte each : bytes) {
      count += each == '\n' ? 1 : 0;
    }
    return count;
  }

  /** Returns what is done: the newest epoch, or else how many episodes have lines. */
  Progress progress(long total) {
    if (!lines.isEmpty() && lines.getLast().path(EPOCH).isNumber()) {
      return new Progress(lines.getLast().path(EPOCH).asLong(), total, false);
    }
    // An episode has a second line where an earlier session lost its steps.
    return new Progress(total > 0 ? Math.min(count, total) : count, total, estimated);
  }

  /** Returns the newest value of each metric; of episodes the mean return of the newest. */
  List<KeyResult> results() {
    List<ObjectNode> recent = lines.subList(Math.max(0, lines.size() - RECENT), lines.size());
    if (!recent.isEmpty() && recent.getLast().has(EPISODE)) {
      OptionalDouble mean =
          recent.stream().mapToDouble(line -> line.path(RETURN).asDouble()).average();
      return List.of(
          new KeyResult(
              "%s, last %d".formatted(RETURN, recent.size()), mean.orElse(Double.NaN), ""));
    }
    Map<String, KeyResult> latest = new LinkedHashMap<>();
    for (ObjectNode line : recent) {
      line.properties()
          .forEach(entry -> {
            String name = entry.getKey();
            if (entry.getValue().isNumber() && !NO_RESULTS.contains(name)) {
              latest.put(name, new KeyResult(name, entry.getValue().asDouble(), ""));
            }
          });
    }
    return List.copyOf(latest.values());
  }
}
