package org.umwelt.agents.policies;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.umwelt.agents.Agent;
import org.umwelt.agents.AgentContext;
import org.umwelt.agents.AgentEntry;
import org.umwelt.agents.AgentFactory;
import org.umwelt.agents.Agents;
import org.umwelt.agents.EpisodeStart;
import org.umwelt.envs.StepBatch;
import org.umwelt.envs.spaces.Batch;
import org.umwelt.envs.spaces.Box;
import org.umwelt.envs.spaces.DType;
import org.umwelt.envs.spaces.Dict;
import org.umwelt.envs.spaces.Discrete;
import org.umwelt.envs.spaces.MultiBinary;
import org.umwelt.envs.spaces.MultiDiscrete;
import org.umwelt.envs.spaces.Space;
import org.umwelt.envs.spaces.Text;
import org.umwelt.envs.spaces.Tuple;
import org.umwelt.envs.spaces.Value;
import org.umwelt.kernels.settings.BadRequestException;

class BaselineAgentsTest {
  private static final Space OBSERVATIONS = Box.of(DType.FLOAT32, 0, 1, 2);

  @TempDir private Path folder;

  private static AgentContext context(Space actions, int rows) {
    return new AgentContext("test/Walk-v0", OBSERVATIONS, actions, Dict.empty(), rows);
  }

  /** Returns what each row did in each of its steps. */
  private static List<List<Long>> play(Agent agent, int rows, int steps, EpisodeStart... starts) {
    StepBatch batch = StepBatch.allocate(OBSERVATIONS, Dict.empty(), rows);
    Batch actions = Batch.allocate(Discrete.of(6), rows);
    List<List<Long>> played = new ArrayList<>();
    for (int row = 0; row < rows; row++) {
      agent.begin(row, starts[row]);
      played.add(new ArrayList<>());
    }
    for (int step = 0; step < steps; step++) {
      agent.act(batch, actions);
      for (int row = 0; row < rows; row++) {
        played.get(row).add(actions.row(row).asLong());
      }
    }
    return played;
  }

  private static EpisodeStart start(int seed) {
    return new EpisodeStart(0, seed, 0);
  }

  @Test
  void entriesAreListed() {
    assertThat(Agents.entries().stream().map(AgentEntry::usage))
        .contains("actions:FILE", "noop", "random", "repeat:<k>");
  }

  @Test
  void randomRowActsAsItWouldAlone() {
    AgentFactory random = Agents.find("random");
    List<List<Long>> together =
        play(random.make(context(Discrete.of(6), 2)), 2, 50, start(3), start(4));
    assertThat(play(random.make(context(Discrete.of(6), 1)), 1, 50, start(3)).getFirst())
        .isEqualTo(together.get(0));
    assertThat(play(random.make(context(Discrete.of(6), 1)), 1, 50, start(4)).getFirst())
        .isEqualTo(together.get(1));
    assertThat(together.get(0)).isNotEqualTo(together.get(1));
  }

  @Test
  void randomForgetsEarlierEpisodes() {
    Agent agent = Agents.find("random").make(context(Discrete.of(6), 1));
    List<List<Long>> first = play(agent, 1, 30, start(3));
    play(agent, 1, 7, start(5));
    assertThat(play(agent, 1, 30, start(3))).isEqualTo(first);
  }

  @Test
  void randomIsUniform() {
    List<Long> actions =
        play(Agents.find("random").make(context(Discrete.of(6), 1)), 1, 60_000, start(1))
            .getFirst();
    for (long action = 0; action < 6; action++) {
      long wanted = action;
      // Expected 10000, standard error sqrt(60000 * 1/6 * 5/6) = 91.3; five of them.
      assertThat((double) actions.stream().filter(a -> a == wanted).count())
          .isBetween(10_000 - 457.0, 10_000 + 457.0);
    }
  }

  @Test
  void neutralActionLiesInEverySpace() {
    Space dict =
        Dict.empty()
            .with("a", new Discrete(3, -7))
            .with("b", new Tuple(List.of(Box.of(DType.FLOAT32, 2, 5, 3))))
            .with("c", new MultiBinary(List.of(2)))
            .with("d", new Text(2, 4, "xy"));
    assertThat(dict.contains(ActionText.neutral(dict))).isTrue();
    assertThat(ActionText.neutral(new Discrete(4, 5)).asLong()).isEqualTo(5);
    assertThat(ActionText.neutral(Box.of(DType.FLOAT64, -3, -1)).scalar(0)).isEqualTo(-1);
    assertThat(ActionText.neutral(Box.of(DType.FLOAT64, -3, 1)).scalar(0)).isZero();
    Space shifted = new MultiDiscrete(List.of(2), List.of(2L, 2L), List.of(3L, 4L));
    assertThat(shifted.contains(ActionText.neutral(shifted))).isTrue();
    assertThat(ActionText.neutral(Dict.empty()).layout()).isEmpty();
  }

  @Test
  void actionOfSeveralNumbersIsRead() {
    Value action = ActionText.parse(Box.of(DType.FLOAT32, -1, 1, 3), " 0.5, -1 1e-1", "here");
    assertThat(DType.FLOAT32.getDouble(action.tensor(), 0)).isEqualTo(0.5);
    assertThat(DType.FLOAT32.getDouble(action.tensor(), 1)).isEqualTo(-1);
    assertThat(DType.FLOAT32.getDouble(action.tensor(), 2)).isEqualTo((double) 0.1f);
  }

  @Test
  void actionOutsideTheSpaceIsRefused() {
    for (String text : List.of("6", "-1", "2.5", "a", "1 2", "99999999999999999999")) {
      assertThatThrownBy(() -> ActionText.parse(Discrete.of(6), text, "here"))
          .isInstanceOf(BadRequestException.class)
          .hasMessage("here: expected an action of Discrete(6), got \"%s\"", text);
    }
    // 300 is 44 in eight bits: the range is checked before it is stored.
    assertThatThrownBy(() -> ActionText.parse(Box.image(1), "300", "here"))
        .isInstanceOf(BadRequestException.class);
    assertThatThrownBy(() -> ActionText.parse(Box.of(DType.FLOAT32, 0, 1, 2), "0 NaN", "here"))
        .isInstanceOf(BadRequestException.class)
        .hasMessageContaining("(2 numbers)");
  }

  @Test
  void actionListStartsWhereEarlierEpisodesLeftIt() throws IOException {
    Path file = Files.writeString(folder.resolve("a.txt"), "# up, down\n1\n\n2 # twice\n3\n");
    AgentFactory actions = Agents.find("actions:" + file);
    assertThat(actions.needsEpisodesInOrder()).isTrue();
    Agent agent = actions.make(context(Discrete.of(6), 1));
    assertThat(play(agent, 1, 7, new EpisodeStart(0, 9, 0)).getFirst())
        .containsExactly(1L, 2L, 3L, 1L, 2L, 3L, 1L);
    assertThat(play(agent, 1, 3, new EpisodeStart(1, 9, 7)).getFirst()).containsExactly(2L, 3L, 1L);
    assertThat(play(agent, 1, 2, new EpisodeStart(1, 9, 3_000_000_000_002L)).getFirst())
        .containsExactly(3L, 1L);
  }

  @Test
  void digestTellsFilesApart() throws IOException {
    Path one = Files.writeString(folder.resolve("one.txt"), "1\n");
    Path two = Files.writeString(folder.resolve("two.txt"), "2\n");
    assertThat(Agents.find("actions:" + one).digest())
        .isEqualTo("sha256:4355a46b19d348dc2f57c046f8ef63d4538ebb936000f3c9ee954a27460dd865")
        .isNotEqualTo(Agents.find("actions:" + two).digest());
  }

  @Test
  void fileWithoutActionsIsRefused() throws IOException {
    Path file = Files.writeString(folder.resolve("a.txt"), "# nothing\n\n");
    assertThatThrownBy(() -> Agents.find("actions:" + file))
        .isInstanceOf(BadRequestException.class)
        .hasMessageContaining("found none");
  }
}
