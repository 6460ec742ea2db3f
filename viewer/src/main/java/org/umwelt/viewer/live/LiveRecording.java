package org.umwelt.viewer.live;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.file.Path;
import java.time.LocalDate;
import java.time.ZoneId;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
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
  private final DatasetWriter dataset;
  private final Map<Integer, Open> open = new TreeMap<>(); // by row

  /** An episode that goes on. */
  private static final class Open {
    final EpisodeRecorder recorder;
    final Environment environment;
    int steps;

    Open(EpisodeRecorder recorder, Environment environment) {
      this.recorder = recorder;
      this.environment = environment;
    }
  }

  private LiveRecording(RunFolder run, DatasetWriter dataset) {
    this.run = run;
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
    config.put("environment", request.environment());
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
    EpisodeRecorder recorder = dataset.record(Math.toIntExact(number), seed);
    recorder.reset(first);
    open.put(row, new Open(recorder, environment));
  }

  void append(int row, Value action, Step step) {
    Open episode = open.get(row);
    if (episode == null) {
      return;
    }
    episode.recorder.append(action, step);
    episode.steps++;
    if (step.ended()) {
      open.remove(row);
      finish(episode);
    }
  }

  private static void finish(Open episode) {
    try (EpisodeRecorder recorder = episode.recorder) {
      if (episode.steps > 0) {
        recorder.finish(episode.environment.episodeFrames());
      }
    }
  }

  /** Ends the recording; episodes that have not ended are kept as far as they went. */
  @Override
  public void close() throws IOException {
    try (run;
        dataset) {
      open.values().forEach(LiveRecording::finish);
      open.clear();
    }
  }
}
