package org.umwelt.agents.runs;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.MissingNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.umwelt.agents.runs.RunSummary.Progress;

/** Reads one run for a list: whatever is wrong with it becomes a line, never an exception. */
final class RunReader {
  private static final int MOST_BYTES = 8 << 20;
  private static final int RESULTS = 4;
  private static final int REVISION_DIGITS = 10;

  /** Where locks cannot be seen, a run that was written to lately counts as being written. */
  private static final Duration FRESH = Duration.ofMinutes(2);

  private static final String LIVE = "live";
  private static final String EPOCHS = "epochs";
  private static final Set<String> KINDS = Set.of("evaluation", "training", "sampling", LIVE);

  /** Settings that say how many episodes, epochs or start states a run has. */
  private static final List<String> TOTALS = List.of("episodes", EPOCHS, "starts");

  private final Path run;
  private final RunStamp stamp;
  private final @Nullable LogWriters writers;
  private final List<String> problems = new ArrayList<>();

  /**
   * A reader of one run.
   *
   * @param stamp of its files
   * @param writers null where locks cannot be seen
   */
  RunReader(Path run, RunStamp stamp, @Nullable LogWriters writers) {
    this.run = run;
    this.stamp = stamp;
    this.writers = writers;
  }

  /** How far a run is, and what that was seen from. */
  private record Found(RunState state, String evidence) {}

  /** Reads the run. */
  RunSummary read() {
    JsonNode config = object(RunFolder.CONFIG, stamp.config());
    JsonNode sessions = object(RunFolder.PROVENANCE, stamp.provenance()).path("sessions");
    JsonNode last = sessions.path(sessions.size() - 1);
    String kind = config.path("kind").asText("");
    if (!config.isMissingNode() && !KINDS.contains(kind)) {
      problems.add(
          kind.isEmpty()
              ? "config.json does not say what kind of run this is"
              : "config.json: runs of kind %s are not known to this version".formatted(kind));
    }
    Found found = state(kind);
    List<KeyResult> all = stamp.result() == null ? List.of() : results();
    LogTail tail = stamp.result() == null ? tail() : null;
    long total = total(config, last, all);
    return new RunSummary(
        run,
        kind,
        config.path("experiment").asText(""),
        config.path(kind.equals(LIVE) ? "environment" : "env").asText(""),
        config.path("agent").asText(""),
        config.path("seed").isIntegralNumber()
            ? OptionalLong.of(config.path("seed").asLong())
            : OptionalLong.empty(),
        found.state(),
        found.evidence(),
        tail == null ? new Progress(Math.max(0, total), total, false) : tail.progress(total),
        RunResults.best(tail == null ? all : tail.results(), RESULTS),
        started(sessions.path(0)),
        seconds(started(last), all),
        revision(last.path("git")),
        String.join("; ", problems));
  }

  /** Looks only how far the run is, whose files are what they were. */
  RunSummary readState(RunSummary before) {
    Found found = state(before.kind());
    return found.state() == before.state() && found.evidence().equals(before.evidence())
        ? before
        : before.inState(found.state(), found.evidence());
  }

  /** Returns the object in a file; a missing node where it cannot be had, which is a problem. */
  private JsonNode object(String name, RunStamp.@Nullable Stamp file) {
    if (file == null) {
      problems.add("there is no " + name);
    } else if (file.size() > MOST_BYTES) {
      problems.add(
          "%s has %,d bytes, expected at most %,d".formatted(name, file.size(), MOST_BYTES));
    } else {
      try {
        return Json.object(Files.readString(run.resolve(name)));
      } catch (IOException e) {
        problem(name, e);
      }
    }
    return MissingNode.getInstance();
  }

  private void problem(String file, IOException e) {
    if (e instanceof JsonProcessingException wrong) {
      problems.add(
          wrong.getLocation() == null || wrong.getLocation().getLineNr() < 1
              ? "%s is not a JSON object".formatted(file)
              : "%s is not a JSON object, line %d"
                  .formatted(file, wrong.getLocation().getLineNr()));
    } else {
      problems.add("%s cannot be read (%s)".formatted(file, e.getMessage()));
    }
  }

  private List<KeyResult> results() {
    try {
      return RunResults.read(run.resolve(RunFolder.RESULT));
    } catch (IOException e) {
      problem(RunFolder.RESULT, e);
      return List.of();
    }
  }

  private LogTail tail() {
    if (stamp.metrics() != null) {
      try {
        return LogTail.read(run.resolve(RunFolder.METRICS), stamp.metrics().size());
      } catch (IOException e) {
        problem(RunFolder.METRICS, e);
      }
    }
    return new LogTail(List.of(), 0, false);
  }

  private Found state(String kind) {
    if (stamp.result() != null) {
      return new Found(RunState.FINISHED, "its result is there");
    }
    if (stamp.metrics() == null) {
      return new Found(RunState.UNKNOWN, "neither metrics.jsonl nor result.json is there");
    }
    Optional<String> writer = writer();
    if (writer.isPresent()) {
      return new Found(RunState.IN_PROGRESS, writer.get());
    }
    return kind.equals(LIVE)
        ? new Found(RunState.FINISHED, "a recording, closed")
        : new Found(RunState.STOPPED, "no result is there, and nobody writes it");
  }

  /** Returns from what it is seen that somebody writes the run; empty where nobody does. */
  private Optional<String> writer() {
    Path metrics = run.resolve(RunFolder.METRICS);
    try {
      if (MetricsLog.isOpen(metrics)) {
        return Optional.of("this process writes it");
      }
      if (writers != null) {
        OptionalLong process = writers.of(metrics);
        return process.isPresent()
            ? Optional.of("process %d writes it".formatted(process.getAsLong()))
            : Optional.empty();
      }
    } catch (IOException e) {
      problem(RunFolder.METRICS, e);
    }
    return stamp.lastWrite().isAfter(Instant.now().minus(FRESH))
        ? Optional.of("written to in the last two minutes")
        : Optional.empty();
  }

  private static long total(JsonNode config, JsonNode session, List<KeyResult> results) {
    if (session.path(EPOCHS).canConvertToLong()) {
      return session.path(EPOCHS).asLong();
    }
    for (String name : TOTALS) {
      if (config.path(name).canConvertToLong()) {
        return config.path(name).asLong();
      }
    }
    return results.stream()
        .filter(result -> result.name().equals(EPOCHS))
        .mapToLong(result -> (long) result.value())
        .findFirst()
        .orElse(-1);
  }

  private static Optional<Instant> started(JsonNode session) {
    try {
      return session.path("started").isTextual()
          ? Optional.of(Instant.parse(session.path("started").asText()))
          : Optional.empty();
    } catch (DateTimeException _) {
      return Optional.empty();
    }
  }

  private double seconds(Optional<Instant> lastStart, List<KeyResult> results) {
    return results.stream()
        .filter(result -> result.name().equals("seconds"))
        .mapToDouble(KeyResult::value)
        .findFirst()
        .orElseGet(() ->
            stamp.result() != null || lastStart.isEmpty()
                ? Double.NaN
                : Math.max(
                    0, Duration.between(lastStart.get(), stamp.lastWrite()).toMillis() / 1e3));
  }

  private static String revision(JsonNode git) {
    String revision = git.path("revision").asText("");
    if (revision.isEmpty() || revision.equals("null")) {
      return "";
    }
    return revision.substring(0, Math.min(REVISION_DIGITS, revision.length()))
        + (git.path("dirty").asBoolean() ? "+" : "");
  }
}
