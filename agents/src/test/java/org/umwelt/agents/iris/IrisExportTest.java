package org.umwelt.agents.iris;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import org.assertj.core.data.Offset;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.umwelt.agents.Agent;
import org.umwelt.agents.AgentContext;
import org.umwelt.agents.AgentFactory;
import org.umwelt.agents.Agents;
import org.umwelt.agents.EpisodeStart;
import org.umwelt.agents.Insight;
import org.umwelt.agents.onnx.TrainedNetworks;
import org.umwelt.envs.AutoresetMode;
import org.umwelt.envs.Environment;
import org.umwelt.envs.Reset;
import org.umwelt.envs.Step;
import org.umwelt.envs.VectorEnvironment;
import org.umwelt.envs.registry.Environments;
import org.umwelt.envs.spaces.Batch;
import org.umwelt.kernels.onnx.OnnxModel;

/** An exported policy acts as the run it comes from. */
class IrisExportTest {
  private static final String CATCH = "umwelt/Catch-v0?balls=2";

  @TempDir private Path folder;
  private Path run;
  private Path exported;

  @BeforeEach
  void export() throws IOException {
    run = TinyAgent.write(folder.resolve("agent.safetensors"));
    exported = folder.resolve("policy.onnx");
    model("policy").write(exported);
  }

  private OnnxModel model(String part) {
    try (TrainedNetworks networks = new IrisNetworksProvider().open(run).orElseThrow()) {
      return networks.write(part, Map.of());
    }
  }

  /** An action and what it came from. */
  private record Choice(long action, Insight insight) {}

  private static List<Choice> play(AgentFactory factory, long seed) {
    List<Choice> played = new ArrayList<>();
    try (Environment environment = Environments.make(CATCH);
        Agent agent = factory.make(AgentContext.of(CATCH, environment))) {
      Step step = Step.allocate(environment);
      Batch actions = Batch.allocate(environment.actionSpace(), 1);
      environment.reset(Reset.seeded(seed), step);
      agent.begin(0, new EpisodeStart(0, seed, 0));
      while (!step.ended()) {
        agent.act(step.batch(), actions);
        played.add(new Choice(actions.row(0).asLong(), agent.insight(0).orElseThrow()));
        environment.step(actions.row(0), step);
      }
    }
    return played;
  }

  @ParameterizedTest
  @ValueSource(strings = {"%s", "iris:%s?temperature=0", "iris:%s?temperature=3"})
  void wholeEpisodesAreActedAlike(String agent) {
    AgentFactory ours = Agents.find(agent.formatted(run));
    AgentFactory onnx = Agents.find(agent.replace("iris", "onnx").formatted(exported));
    Set<Long> taken = new HashSet<>();
    for (long seed = 0; seed < 5; seed++) {
      List<Choice> expected = play(ours, seed);
      List<Choice> found = play(onnx, seed);
      assertThat(found).hasSameSizeAs(expected);
      for (int t = 0; t < expected.size(); t++) {
        Choice one = expected.get(t);
        Choice other = found.get(t);
        assertThat(other.action()).as("seed %d, step %d", seed, t).isEqualTo(one.action());
        assertThat(other.insight().value()).isCloseTo(one.insight().value(), Offset.offset(1e-4));
        assertThat(other.insight().probabilities())
            .containsExactly(one.insight().probabilities(), Offset.offset(1e-4));
        taken.add(one.action());
      }
    }
    assertThat(taken).hasSizeGreaterThan(1);
  }

  @Test
  void rowsOfABatchDoNotKnowOfEachOtherNorOfEarlierEpisodes() {
    AgentFactory factory = Agents.find(exported.toString());
    List<List<Long>> alone = new ArrayList<>();
    for (int row = 0; row < 3; row++) {
      alone.add(play(factory, 1 + row).stream().map(Choice::action).toList());
    }
    try (VectorEnvironment environments =
            Environments.makeVector(CATCH, 3, 1, AutoresetMode.DISABLED);
        Agent agent =
            factory.make(
                new AgentContext(
                    CATCH,
                    environments.singleObservationSpace(),
                    environments.singleActionSpace(),
                    environments.singleInfoSpace(),
                    3))) {
      for (int episode = 0; episode < 2; episode++) {
        List<List<Long>> together =
            List.of(new ArrayList<>(), new ArrayList<>(), new ArrayList<>());
        environments.reset(Reset.seeded(1));
        for (int row = 0; row < 3; row++) {
          agent.begin(row, new EpisodeStart(row, 1 + row, 0));
        }
        while (!environments.steps().ended(0)) { // two balls: all end together
          agent.act(environments.steps(), environments.actions());
          for (int row = 0; row < 3; row++) {
            together.get(row).add(environments.actions().row(row).asLong());
          }
          environments.step();
        }
        assertThat(together).isEqualTo(alone);
      }
    }
  }

  @Test
  void fileSaysWhatItIs() {
    Map<String, String> metadata = OnnxModel.read(exported).metadata();
    assertThat(metadata)
        .containsEntry("umwelt.environment", CATCH)
        .containsEntry("umwelt.temperature", "0.5")
        .containsEntry(
            "umwelt.action_space",
            "{\"type\":\"Discrete\",\"dtype\":\"int64\",\"start\":0,\"n\":3}")
        .containsKeys("umwelt.observation_space", "umwelt.preprocessing");
    assertThat(model("policy").digest()).isEqualTo(OnnxModel.read(exported).digest());
  }

  @Test
  void everyPartCanBeWritten() {
    try (TrainedNetworks networks = new IrisNetworksProvider().open(run).orElseThrow()) {
      assertThat(networks.parts().keySet())
          .containsExactly("policy", "encoder", "decoder", "world-model");
      for (String part : networks.parts().keySet()) {
        assertThat(Objects.requireNonNull(networks.write(part, Map.of())).outputs()).isNotEmpty();
      }
    }
  }
}
