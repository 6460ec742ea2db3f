package org.umwelt.agents.cli;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.ArrayList;
import java.util.List;
import org.umwelt.envs.Environment;
import org.umwelt.envs.dataset.Dataset;
import org.umwelt.envs.dataset.DatasetDescription;
import org.umwelt.envs.dataset.Episode;
import org.umwelt.envs.registry.Environments;
import org.umwelt.envs.spaces.Discrete;
import org.umwelt.envs.spaces.Value;
import org.umwelt.kernels.settings.BadRequestException;

/**
 * What was recorded at one step: the observation and info at t, and the action taken then with the
 * reward and flags it brought; after the last action there is only the observation.
 */
final class StepReport {
  private final DatasetDescription description;
  private final Episode episode;
  private final int t;
  private final Value observation;
  private final Value info;
  private final Value action;
  private final String meaning;
  private double returnSoFar;

  StepReport(Dataset dataset, Episode episode, int t) {
    this.description = dataset.description();
    this.episode = episode;
    this.t = t;
    observation = Value.allocate(description.observationSpace());
    info = Value.allocate(description.infoSpace());
    action = Value.allocate(description.actionSpace());
    episode.observation(t, observation);
    episode.info(t, info);
    if (acts()) {
      episode.action(t, action);
    }
    for (int step = 0; step < Math.min(t + 1, episode.steps()); step++) {
      returnSoFar += episode.reward(step);
    }
    meaning = acts() ? meaning() : "";
  }

  private boolean acts() {
    return t < episode.steps();
  }

  private String meaning() {
    if (description.actionSpace() instanceof Discrete discrete) {
      try (Environment environment = Environments.make(description.environment())) {
        List<String> meanings = environment.actionMeanings();
        long at = action.asLong() - discrete.start();
        return at >= 0 && at < meanings.size() ? meanings.get((int) at) : "";
      } catch (BadRequestException _) {
        // The environment is not here (a ROM is missing, say): the number alone is shown.
        return "";
      }
    }
    return "";
  }

  List<List<String>> rows() {
    List<List<String>> rows = new ArrayList<>();
    rows.add(List.of("environment", description.environment()));
    rows.add(
        List.of(
            "episode",
            "%d, seed %d, by %s"
                .formatted(
                    episode.summary().index(), episode.summary().seed(), description.algorithm())));
    rows.add(List.of("step", "%d of %d".formatted(t, episode.steps())));
    ValueReport.lines(observation).forEach(line -> rows.add(row("observation", line)));
    ValueReport.lines(info).forEach(line -> rows.add(row("info", line)));
    if (acts()) {
      ValueReport.lines(action)
          .forEach(line -> {
            List<String> row = row("action", line);
            rows.add(meaning.isEmpty() ? row : List.of(row.get(0), row.get(1) + " " + meaning));
          });
      rows.add(
          List.of(
              "reward",
              "%s, %s so far"
                  .formatted(Recording.number(episode.reward(t)), Recording.number(returnSoFar))));
      rows.add(
          List.of(
              "ended",
              episode.terminated(t) || episode.truncated(t)
                  ? Recording.end(episode.summary())
                  : "no"));
    } else {
      rows.add(
          List.of(
              "ended",
              "%s, return %s"
                  .formatted(Recording.end(episode.summary()), Recording.number(returnSoFar))));
    }
    return rows;
  }

  private static List<String> row(String what, ValueReport.Line line) {
    return List.of(line.name().isEmpty() ? what : what + " " + line.name(), line.text());
  }

  ObjectNode json() {
    ObjectNode object = JsonNodeFactory.instance.objectNode();
    object
        .put("environment", description.environment())
        .put("agent", description.algorithm())
        .put("episode", episode.summary().index())
        .put("seed", episode.summary().seed())
        .put("step", t)
        .put("steps", episode.steps());
    object.set("observation", ValueReport.jsonOf(observation));
    object.set("info", ValueReport.json(info));
    if (acts()) {
      object.set("action", ValueReport.jsonOf(action));
      if (!meaning.isEmpty()) {
        object.put("action_meaning", meaning);
      }
      object
          .put("reward", episode.reward(t))
          .put("terminated", episode.terminated(t))
          .put("truncated", episode.truncated(t));
    }
    return object.put("return", returnSoFar);
  }
}
