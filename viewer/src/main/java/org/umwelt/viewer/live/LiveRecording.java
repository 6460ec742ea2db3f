package org.umwelt.viewer.live;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.math.BigDecimal;
import java.nio.file.Path;
import java.time.LocalDate;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.umwelt.agents.evaluation.EpisodeResult;
import org.umwelt.agents.evaluation.ReturnStatistics;
import org.umwelt.agents.runs.Provenance;
import org.umwelt.agents.runs.RunFolder;
import org.umwelt.envs.Environment;
import org.umwelt.envs.Step;
import org.umwelt.envs.dataset.DatasetDescription;
import org.umwelt.envs.dataset.DatasetWriter;
import org.umwelt.envs.dataset.EpisodeRecorder;
import org.umwelt.envs.spaces.Value;

/** A run folder into which a rollout is recorded. */
final class LiveRecording implements AutoCloseable {
  private static final String DATASET = "live-v0";

  private final RunFolder run;
  private final RolloutRequest request;
  private final DatasetWriter dataset;
  private final Map<Integer, Open> open = new TreeMap<>(); // by row
  private final List<EpisodeResult> results = new ArrayList<>();

  /** An episode that goes on. */
  private static final class Open {
    final int number;
    final long seed;
    final EpisodeRecorder recorder;
    final Environment environment;
    int steps;
    double totalReward;
    boolean terminated;
    boolean truncated;

    Open(int number, long seed, EpisodeRecorder recorder, Environment environment) {
      this.number = number;
      this.seed = seed;
      this.recorder = recorder;
      this.environment = environment;
    }

    EpisodeResult result() {
      return new EpisodeResult(
          number, seed, totalReward, steps, terminated, truncated, environment.episodeFrames());
    }
  }

  private LiveRecording(RunFolder run, RolloutRequest request, DatasetWriter dataset) {
    this.run = run;
    this.request = request;
    this.dataset = dataset;
  }

  /**
   * Makes the run.
   *
   * @param runs the folder in which it is made
   * @param spaces any of the environments
   */
  static LiveRecording start(Path runs, RolloutRequest request, Environment spaces)
      throws IOException {
    ObjectNode config = JsonNodeFactory.instance.objectNode();
    config.put("kind", "live");
    config.put("env", request.environment());
    config.put("agent", request.agent());
    config.put("seed", request.seed());
    config.put("environments", request.count());
    Path path =
        RunFolder.unused(
            runs,
            LocalDate.now(ZoneId.systemDefault()),
            RunFolder.name("live", request.environment(), request.agent()));
    RunFolder run =
        RunFolder.create(path, config, Provenance.now(List.of("view"), request.seed(), 1));
    try {
      return new LiveRecording(
          run,
          request,
          DatasetWriter.create(
              run.episodes().resolve(DATASET),
              DatasetDescription.of(DATASET, request.environment(), request.agent(), spaces)));
    } catch (RuntimeException e) {
      run.close();
      throw e;
    }
  }

  Path path() {
    return run.path();
  }

  /** Starts an episode in a row, in place of one that did not end. */
  void begin(int row, long number, long seed, Step first, Environment environment) {
    int index = Math.toIntExact(number);
    EpisodeRecorder recorder = dataset.record(index, seed);
    recorder.reset(first);
    open.put(row, new Open(index, seed, recorder, environment));
  }

  void append(int row, Value action, Step step) throws IOException {
    Open episode = open.get(row);
    if (episode == null) {
      return;
    }
    episode.recorder.append(action, step);
    episode.steps++;
    episode.totalReward += step.reward();
    episode.terminated = step.terminated();
    episode.truncated = step.truncated();
    if (step.ended()) {
      open.remove(row);
      finish(episode);
    }
  }

  private void finish(Open episode) throws IOException {
    try (EpisodeRecorder recorder = episode.recorder) {
      if (episode.steps == 0) {
        return;
      }
      recorder.finish(episode.environment.episodeFrames());
    }
    EpisodeResult result = episode.result();
    results.add(result);
    ObjectNode line = JsonNodeFactory.instance.objectNode();
    line.put("episode", result.index())
        .put("wall", BigDecimal.valueOf(System.currentTimeMillis(), 3));
    result.write(line);
    run.metrics().append(line);
  }

  private ObjectNode result() {
    ObjectNode node = JsonNodeFactory.instance.objectNode();
    node.put("env", request.environment());
    node.put("agent", request.agent());
    node.put("seed", request.seed());
    results.sort(Comparator.comparingInt(EpisodeResult::index));
    var list = node.putArray("episodes");
    results.forEach(each -> each.write(list.addObject()));
    double[] returns = results.stream().mapToDouble(EpisodeResult::totalReward).toArray();
    if (returns.length > 0) {
      ReturnStatistics.of(returns, request.seed()).write(node);
    }
    node.put("steps", results.stream().mapToLong(EpisodeResult::length).sum());
    return node;
  }

  /**
   * Ends the recording and writes its result; episodes that have not ended are kept as far as they
   * went.
   */
  @Override
  public void close() throws IOException {
    try (run;
        dataset) {
      for (Open episode : open.values()) {
        finish(episode);
      }
      open.clear();
      run.writeResult(result());
    }
  }
}
