package org.umwelt.agents.iris;

import java.nio.file.Path;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.umwelt.agents.AgentEntry;
import org.umwelt.agents.AgentFactory;
import org.umwelt.agents.AgentProvider;
import org.umwelt.agents.policies.Temperature;
import org.umwelt.envs.registry.EnvironmentId;
import org.umwelt.kernels.settings.Setting;
import org.umwelt.kernels.settings.Settings;
import org.umwelt.worldmodel.iris.SavedIris;

/** Trained IRIS agents, by file or by {@code iris:PATH} with a temperature. */
public final class IrisAgents implements AgentProvider {
  private static final String NAME = "iris";

  /** Temperature of the evaluations of the paper's code. */
  static final double TEMPERATURE = 0.5;

  private static final Setting SETTING = Temperature.setting(TEMPERATURE);

  @Override
  public List<AgentEntry> entries() {
    return List.of(
        new AgentEntry(
            NAME,
            "PATH[?temperature=T]",
            "trained by IRIS: a run, a checkpoint, agent.safetensors or a published .pt; PATH alone will do"
                + " (temperature %s, as the paper's code evaluates)".formatted(TEMPERATURE),
            IrisAgents::named));
  }

  private static AgentFactory named(String argument) {
    String asked = "agent " + NAME + ":" + argument;
    EnvironmentId parsed = EnvironmentId.parse(argument); // PATH?key=value, as environments have it
    double temperature =
        Temperature.of(new Settings(asked, List.of(SETTING), parsed.arguments()), asked);
    return new IrisAgentFactory(SavedIris.require(parsed.name(), asked), temperature);
  }

  @Override
  public @Nullable AgentFactory open(Path file) {
    return SavedIris.open(file).map(saved -> new IrisAgentFactory(saved, TEMPERATURE)).orElse(null);
  }
}
