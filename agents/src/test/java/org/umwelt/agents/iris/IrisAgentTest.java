package org.umwelt.agents.iris;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import org.assertj.core.data.Offset;
import org.bytedeco.javacpp.Pointer;
import org.bytedeco.javacpp.PointerScope;
import org.bytedeco.pytorch.NoGradGuard;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.umwelt.agents.Agent;
import org.umwelt.agents.AgentContext;
import org.umwelt.agents.AgentFactory;
import org.umwelt.agents.Agents;
import org.umwelt.agents.EpisodeStart;
import org.umwelt.agents.Insight;
import org.umwelt.envs.AutoresetMode;
import org.umwelt.envs.Environment;
import org.umwelt.envs.Reset;
import org.umwelt.envs.Step;
import org.umwelt.envs.VectorEnvironment;
import org.umwelt.envs.registry.Environments;
import org.umwelt.envs.spaces.Batch;
import org.umwelt.kernels.nn.LstmCell;
import org.umwelt.kernels.nn.Sampler;
import org.umwelt.kernels.random.RandomStream;
import org.umwelt.kernels.settings.BadRequestException;
import org.umwelt.kernels.tensor.Compute;
import org.umwelt.kernels.tensor.Tensors;
import org.umwelt.worldmodel.iris.Pixels;

class IrisAgentTest {
  private static final String CATCH = "umwelt/Catch-v0?balls=1";

  @TempDir private Path folder;
  private Path file;

  @BeforeEach
  void write() {
    file = TinyAgent.write(folder.resolve("agent.safetensors"));
  }

  /** Plays the steps of one episode and returns the actions. */
  private static List<Long> play(AgentFactory factory, long seed) {
    List<Long> played = new ArrayList<>();
    try (Environment environment = Environments.make(CATCH);
        Agent agent = factory.make(AgentContext.of(CATCH, environment))) {
      Step step = Step.allocate(environment);
      Batch actions = Batch.allocate(environment.actionSpace(), 1);
      environment.reset(Reset.seeded(seed), step);
      agent.begin(0, new EpisodeStart(0, seed, 0));
      while (!step.ended()) {
        agent.act(step.batch(), actions);
        played.add(actions.row(0).asLong());
        environment.step(actions.row(0), step);
      }
    }
    return played;
  }

  @Test
  void actionsAreDrawnFromThePolicyOfReconstructionsAtHalfTemperature() {
    List<Long> expected = new ArrayList<>();
    RandomStream[] random = {new RandomStream(0)};
    new EpisodeStart(0, 5, 0).restart(random[0]);
    try (Environment environment = Environments.make(CATCH);
        IrisNetworks networks = TinyAgent.networks();
        PointerScope _ = new PointerScope();
        NoGradGuard _ = new NoGradGuard()) {
      Step step = Step.allocate(environment);
      Batch actions = Batch.allocate(environment.actionSpace(), 1);
      environment.reset(Reset.seeded(5), step);
      LstmCell.State state = networks.actorCritic().start(1);
      while (!step.ended()) {
        Tensor frame =
            Pixels.tensor(
                Compute.CPU, 1, 64, 64, memory -> memory.copyFrom(step.observation().tensor()));
        Tensor seen =
            networks.world().tokenizer().decodeTokens(networks.world().tokenizer().tokens(frame));
        ActorCritic.Output output = networks.actorCritic().forward(seen, state);
        state = output.state();
        Tensor logits = Tensors.scale(output.logits(), 2);
        expected.add(Tensors.longs(Sampler.categorical().choose(logits, random))[0]);
        actions.row(0).setLong(expected.getLast());
        environment.step(actions.row(0), step);
      }
    }
    assertThat(expected).contains(0L, 1L, 2L);
    assertThat(play(Agents.find(file.toString()), 5)).isEqualTo(expected);
    assertThat(play(Agents.find("iris:" + file), 5)).isEqualTo(expected);
    assertThat(play(Agents.find("iris:" + file + "?temperature=0.5"), 5)).isEqualTo(expected);
  }

  @Test
  void insightIsTheValueAndThePolicyTheActionWasDrawnFrom() {
    try (Environment environment = Environments.make(CATCH);
        IrisNetworks networks = TinyAgent.networks();
        Agent agent = Agents.find(file.toString()).make(AgentContext.of(CATCH, environment));
        PointerScope _ = new PointerScope();
        NoGradGuard _ = new NoGradGuard()) {
      Step step = Step.allocate(environment);
      environment.reset(Reset.seeded(5), step);
      agent.begin(0, new EpisodeStart(0, 5, 0));
      assertThat(agent.insight(0)).isEmpty();
      agent.act(step.batch(), Batch.allocate(environment.actionSpace(), 1));
      Insight insight = agent.insight(0).orElseThrow();

      Tensor frame =
          Pixels.tensor(
              Compute.CPU, 1, 64, 64, memory -> memory.copyFrom(step.observation().tensor()));
      Tensor seen =
          networks.world().tokenizer().decodeTokens(networks.world().tokenizer().tokens(frame));
      ActorCritic.Output output =
          networks.actorCritic().forward(seen, networks.actorCritic().start(1));
      assertThat(insight.value()).isEqualTo(Tensors.floats(output.values())[0]);
      float[] expected = Tensors.floats(torch.softmax(Tensors.scale(output.logits(), 2), 1));
      for (int a = 0; a < 3; a++) {
        assertThat(insight.probabilities()[a]).isCloseTo(expected[a], Offset.offset(1e-6));
      }
    }
  }

  @Test
  void temperatureOfTheNameCounts() {
    AgentFactory cold = Agents.find("iris:" + file + "?temperature=0.001");
    AgentFactory hot = Agents.find("iris:" + file + "?temperature=1000");
    assertThat(play(cold, 5)).isNotEqualTo(play(hot, 5)).hasSameSizeAs(play(cold, 6));
  }

  @Test
  void episodesOfOneAgentDoNotKnowOfEachOther() {
    AgentFactory factory = Agents.find(file.toString());
    List<List<Long>> alone = List.of(play(factory, 1), play(factory, 2), play(factory, 3));
    List<List<Long>> together = new ArrayList<>();
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
      environments.reset(Reset.seeded(1));
      for (int row = 0; row < 3; row++) {
        agent.begin(row, new EpisodeStart(row, 1 + row, 0));
        together.add(new ArrayList<>());
      }
      while (!environments.steps().ended(0)) { // one ball: all end together
        agent.act(environments.steps(), environments.actions());
        for (int row = 0; row < 3; row++) {
          together.get(row).add(environments.actions().row(row).asLong());
        }
        environments.step();
      }
      assertThat(together).isEqualTo(alone);
      environments.reset(Reset.seeded(2), new boolean[] {true, false, false});
      agent.begin(0, new EpisodeStart(3, 2, 0)); // an old row, a new episode
      agent.act(environments.steps(), environments.actions());
      assertThat(environments.actions().row(0).asLong()).isEqualTo(alone.get(1).getFirst());
    }
  }

  @Test
  void digestIsThatOfTheFile() throws IOException, NoSuchAlgorithmException {
    byte[] sha256 = MessageDigest.getInstance("SHA-256").digest(Files.readAllBytes(file));
    String expected = "sha256:" + HexFormat.of().formatHex(sha256);
    assertThat(Agents.find(file.toString()).digest()).isEqualTo(expected);
    assertThat(Agents.find("iris:" + folder + "?temperature=2").digest()).isEqualTo(expected);
    assertThat(Agents.find(file.toString()).needsEpisodesInOrder()).isFalse();
  }

  @Test
  void anotherGameIsRefusedWithBothNumbers() {
    for (String other : List.of("umwelt/Dodge-v0", "umwelt/Catch-v0?frame_stack=2")) {
      try (Environment environment = Environments.make(other)) {
        AgentContext context = AgentContext.of(other, environment);
        assertThatThrownBy(() -> Agents.find(file.toString()).make(context))
            .isInstanceOf(BadRequestException.class)
            .hasMessageStartingWith(file.toString())
            .hasMessageContaining(
                other.contains("Dodge")
                    ? "has actions Discrete(3), umwelt/Dodge-v0 takes Discrete(5)"
                    : "needs observations Box(0.0, 255.0, [64, 64, 3], uint8)")
            .hasMessageEndingWith("evaluate it in umwelt/Catch-v0?balls=2");
      }
    }
  }

  @Test
  void nothingLeaks() {
    AgentFactory factory = Agents.find(file.toString());
    try (Environment environment = Environments.make(CATCH)) {
      Agent other = factory.make(AgentContext.of(CATCH, environment)); // keeps the networks open
      play(factory, 1);
      System.gc(); // what building the networks left to the collector must not go meanwhile
      long before = Pointer.totalCount();
      for (int seed = 0; seed < 4; seed++) {
        play(factory, seed);
      }
      assertThat(Pointer.totalCount()).isLessThanOrEqualTo(before);
      other.close();
      other.close();
    }
    assertThat(play(factory, 1)).isEqualTo(play(factory, 1)); // built again
  }
}
