package org.umwelt.agents.suites;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.umwelt.agents.evaluation.EvaluationConfig;
import org.umwelt.kernels.settings.BadRequestException;

/**
 * What is to be evaluated: every agent in every environment under every seed.
 *
 * @param name what the suite is called
 * @param agents names or files, in which {@code {game}} and {@code {seed}} are replaced
 * @param environments ids, in which {@code {game}} is replaced
 * @param games what {@code {game}} stands for; one environment each
 * @param seeds master seeds, each at least 0
 * @param episodes per agent, environment and seed; at least 1
 * @param episodesPerJob at least 1; agents that act across episodes play all of theirs in one job
 */
public record Suite(
    String name,
    List<String> agents,
    List<String> environments,
    List<String> games,
    List<Long> seeds,
    int episodes,
    int episodesPerJob) {

  private static final String GAME = "{game}";
  private static final String SEED = "{seed}";

  /** Checks that there is something to do, and nothing twice. */
  public Suite {
    agents = distinct(name, "agents", agents);
    environments = distinct(name, "environments", environments);
    games = distinct(name, "games", games);
    seeds = distinct(name, "seeds", seeds);
    if (agents.isEmpty() || environments.isEmpty() || seeds.isEmpty()) {
      throw new BadRequestException(
          "suite %s: expected at least one agent, environment and seed, got %d, %d, %d"
              .formatted(name, agents.size(), environments.size(), seeds.size()));
    }
    if (episodes < 1 || episodesPerJob < 1) {
      throw new BadRequestException(
          "suite %s: expected episodes and episodes_per_job of at least 1, got %d and %d"
              .formatted(name, episodes, episodesPerJob));
    }
    for (long seed : seeds) {
      if (seed < 0) {
        throw new BadRequestException(
            "suite %s: expected seeds of at least 0, got %d".formatted(name, seed));
      }
      new EvaluationConfig(environments.getFirst(), agents.getFirst(), episodes, seed, false);
    }
    boolean template = environments.stream().anyMatch(id -> id.contains(GAME));
    if (template == games.isEmpty()) {
      throw new BadRequestException(
          template
              ? "suite %s: %s stands in environments, but there are no games".formatted(name, GAME)
              : "suite %s: there are games, but no environment with %s".formatted(name, GAME));
    }
  }

  private static <T> List<T> distinct(String name, String key, List<T> list) {
    Set<T> seen = new HashSet<>();
    for (T one : list) {
      if (!seen.add(one)) {
        throw new BadRequestException("suite %s: %s: %s is listed twice".formatted(name, key, one));
      }
    }
    return List.copyOf(list);
  }

  /**
   * One cell of the suite.
   *
   * @param label the agent as the suite names it
   * @param agent the same with game and seed filled in
   * @param environment id
   * @param seed master seed
   */
  record Cell(String label, String agent, String environment, long seed) {}

  /** Returns every cell, those of one agent and environment next to each other. */
  List<Cell> cells() {
    List<Cell> cells = new ArrayList<>();
    Set<String> ids = new HashSet<>();
    for (String environment : environments) {
      for (String game : environment.contains(GAME) ? games : List.of("")) {
        String id = environment.replace(GAME, game);
        if (!ids.add(id)) {
          throw new BadRequestException("suite %s: environment %s comes twice".formatted(name, id));
        }
        for (String label : agents) {
          if (label.contains(GAME) && game.isEmpty()) {
            throw new BadRequestException(
                "suite %s: agent %s asks for a game, environment %s has no %s"
                    .formatted(name, label, id, GAME));
          }
          for (long seed : seeds) {
            String agent = label.replace(GAME, game).replace(SEED, Long.toString(seed));
            cells.add(new Cell(label, agent, id, seed));
          }
        }
      }
    }
    return cells;
  }

  /** Returns the suite as the run folder holds it. */
  public ObjectNode toJson() {
    ObjectNode node = JsonNodeFactory.instance.objectNode();
    node.put("kind", "suite");
    node.put("suite", name);
    agents.forEach(node.putArray("agents")::add);
    environments.forEach(node.putArray("environments")::add);
    if (!games.isEmpty()) {
      games.forEach(node.putArray("games")::add);
    }
    ArrayNode numbers = node.putArray("seeds");
    seeds.forEach(numbers::add);
    node.put("episodes", episodes);
    node.put("episodes_per_job", Math.min(episodesPerJob, episodes));
    return node;
  }
}
