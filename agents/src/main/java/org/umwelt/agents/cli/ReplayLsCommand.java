package org.umwelt.agents.cli;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import org.umwelt.envs.dataset.DatasetDescription;
import org.umwelt.envs.dataset.EpisodeSummary;
import org.umwelt.envs.spaces.SpaceJson;
import picocli.CommandLine.Command;
import picocli.CommandLine.ExitCode;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code umwelt replay ls}: lists recorded episodes. */
@Command(
    name = "ls",
    description = "List the episodes of a run or data set.",
    mixinStandardHelpOptions = true)
final class ReplayLsCommand implements Callable<Integer> {
  @Spec private CommandSpec spec;

  @Parameters(paramLabel = "PATH", description = "Run folder or data set.")
  private Path path;

  @Option(names = "--json", description = "One JSON object on stdout.")
  private boolean json;

  @Override
  public Integer call() {
    PrintWriter out = spec.commandLine().getOut();
    try (Recording recording = Recording.open(path, spec.commandLine().getErr())) {
      DatasetDescription description = recording.dataset().description();
      List<EpisodeSummary> episodes = recording.dataset().episodes();
      if (json) {
        out.println(json(recording, description, episodes));
      } else {
        Services.table(out, header(recording, description, episodes));
        out.println();
        Services.table(out, rows(episodes));
      }
    }
    return ExitCode.OK;
  }

  private static List<List<String>> header(
      Recording recording, DatasetDescription description, List<EpisodeSummary> episodes) {
    return List.of(
        List.of("environment", description.environment()),
        List.of("agent", description.algorithm()),
        List.of(
            "data set",
            "%s, Minari %s, %s"
                .formatted(
                    description.datasetId(),
                    recording.dataset().format(),
                    Recording.bytes(recording.dataset().bytes()))),
        List.of(
            "episodes",
            "%,d with %,d steps"
                .formatted(
                    episodes.size(), episodes.stream().mapToLong(EpisodeSummary::steps).sum())),
        List.of("observations", description.observationSpace().toString()),
        List.of("actions", description.actionSpace().toString()));
  }

  private static List<List<String>> rows(List<EpisodeSummary> episodes) {
    List<List<String>> rows = new ArrayList<>();
    rows.add(List.of("episode", "return", "steps", "frames", "seed", "ended"));
    for (EpisodeSummary episode : episodes) {
      rows.add(
          List.of(
              Integer.toString(episode.index()),
              Recording.number(episode.totalReward()),
              Integer.toString(episode.steps()),
              Long.toString(episode.frames()),
              Long.toString(episode.seed()),
              Recording.end(episode)));
    }
    return rows;
  }

  private static ObjectNode json(
      Recording recording, DatasetDescription description, List<EpisodeSummary> episodes) {
    ObjectNode object = JsonNodeFactory.instance.objectNode();
    object.put("environment", description.environment());
    object.put("agent", description.algorithm());
    object.put("dataset_id", description.datasetId());
    object.put("format", recording.dataset().format());
    object.put("bytes", recording.dataset().bytes());
    object.set("observation_space", SpaceJson.toJson(description.observationSpace()));
    object.set("action_space", SpaceJson.toJson(description.actionSpace()));
    ArrayNode list = object.putArray("episodes");
    for (EpisodeSummary episode : episodes) {
      list.addObject()
          .put("episode", episode.index())
          .put("seed", episode.seed())
          .put("return", episode.totalReward())
          .put("length", episode.steps())
          .put("frames", episode.frames())
          .put("terminated", episode.terminated())
          .put("truncated", episode.truncated());
    }
    ArrayNode losses = object.putArray("losses");
    recording.dataset().losses().forEach(losses::add);
    return object;
  }
}
