package org.umwelt.agents.policies;

import java.util.Map;
import java.util.TreeMap;
import java.util.function.Function;
import org.umwelt.agents.Agent;
import org.umwelt.agents.AgentContext;
import org.umwelt.agents.EpisodeStart;
import org.umwelt.envs.StepBatch;
import org.umwelt.envs.games.Bricks;
import org.umwelt.envs.games.Catch;
import org.umwelt.envs.games.Dodge;
import org.umwelt.envs.games.GridCatch;
import org.umwelt.envs.registry.EnvironmentId;
import org.umwelt.envs.spaces.Batch;
import org.umwelt.envs.spaces.Dict;
import org.umwelt.kernels.settings.BadRequestException;

/** Plays each embedded game by a script of its own. */
final class ScriptedAgent implements Agent {
  private static final Map<String, Function<Dict, Script>> SCRIPTS =
      new TreeMap<>(
          Map.of(
              Bricks.ID, BricksScript::new,
              Catch.ID, CatchScript::new,
              Dodge.ID, DodgeScript::new,
              GridCatch.ID, GridCatchScript::new));

  private final Script script;
  private final long[] played;

  ScriptedAgent(AgentContext context) {
    String game = EnvironmentId.parse(context.environment()).name();
    Function<Dict, Script> maker = SCRIPTS.get(game);
    if (maker == null) {
      throw new BadRequestException(
          "agent scripted: expected one of %s, got %s"
              .formatted(String.join(", ", SCRIPTS.keySet()), game));
    }
    script = maker.apply(context.infoSpace());
    played = new long[context.rows()];
  }

  @Override
  public void begin(int row, EpisodeStart start) {
    played[row] = 0;
  }

  @Override
  public void act(StepBatch steps, Batch actions) {
    for (int row = 0; row < steps.size(); row++) {
      if (!steps.ended(row)) {
        actions.row(row).setLong(script.act(steps.infos().row(row), played[row]++));
      }
    }
  }
}
