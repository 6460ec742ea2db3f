package org.umwelt.agents.onnx;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.umwelt.agents.Agent;
import org.umwelt.agents.AgentContext;
import org.umwelt.agents.Agents;
import org.umwelt.agents.EpisodeStart;
import org.umwelt.envs.StepBatch;
import org.umwelt.envs.spaces.Batch;
import org.umwelt.envs.spaces.Box;
import org.umwelt.envs.spaces.DType;
import org.umwelt.envs.spaces.Dict;
import org.umwelt.envs.spaces.Discrete;
import org.umwelt.envs.spaces.MultiDiscrete;
import org.umwelt.envs.spaces.Space;
import org.umwelt.kernels.onnx.GraphValue;
import org.umwelt.kernels.onnx.OnnxGraph;
import org.umwelt.kernels.onnx.Port;
import org.umwelt.kernels.settings.BadRequestException;
import org.umwelt.kernels.weights.ElementType;

/** Policies that others wrote. */
class OnnxAgentTest {
  private static final Box OBSERVATIONS = Box.of(DType.FLOAT64, 0, 1e9, 2);

  @TempDir private Path folder;

  private Path write(OnnxGraph graph, String... metadata) {
    Map<String, String> remarks = new HashMap<>();
    for (int i = 0; i < metadata.length; i += 2) {
      remarks.put(metadata[i], metadata[i + 1]);
    }
    return TestPolicies.write(folder.resolve("policy.onnx"), graph, remarks);
  }

  private static AgentContext context(Space actions, int rows) {
    return new AgentContext("test/Walk-v0", OBSERVATIONS, actions, new Dict(new TreeMap<>()), rows);
  }

  /** Acts in n rows, row i of which shows the steps t + i. */
  private static List<List<Double>> act(String agent, Space actionSpace, int rows, int steps) {
    List<List<Double>> all = new ArrayList<>();
    try (Agent made = Agents.find(agent).make(context(actionSpace, rows))) {
      StepBatch batch = StepBatch.allocate(OBSERVATIONS, new Dict(new TreeMap<>()), rows);
      Batch actions = Batch.allocate(actionSpace, rows);
      for (int row = 0; row < rows; row++) {
        made.begin(row, new EpisodeStart(row, 7 + row, 0));
        all.add(new ArrayList<>());
      }
      for (int t = 0; t < steps; t++) {
        for (int row = 0; row < rows; row++) {
          DType.FLOAT64.setDouble(batch.row(row).observation().tensor(), 0, t + row);
        }
        made.act(batch, actions);
        for (int row = 0; row < rows; row++) {
          all.get(row).add(actions.row(row).scalar(0));
        }
      }
    }
    return all;
  }

  private static List<Double> numbers(long... numbers) {
    return LongStream.of(numbers).asDoubleStream().boxed().toList();
  }

  @Test
  void likeliestActionIsTakenAtTemperatureZero() {
    for (ElementType observed : List.of(ElementType.F64, ElementType.F32)) { // the second converts
      Path file = write(TestPolicies.logits(observed, 5, "observation", "logits"));
      assertThat(act("onnx:" + file + "?temperature=0", Discrete.of(5), 2, 3))
          .containsExactly(numbers(0, 4, 4), numbers(4, 4, 4));
    }
  }

  @Test
  void actionsOfASpaceThatStartsElsewhereAreShifted() {
    Path file = write(TestPolicies.logits(ElementType.F64, 5, "observation", "logits"));
    assertThat(act("onnx:" + file + "?temperature=0", new Discrete(5, -2), 1, 2))
        .containsExactly(numbers(-2, 2));
  }

  @Test
  void singleInputAndOutputNeedNoNamesOrHaveThemInTheMetadata() {
    Path file = write(TestPolicies.logits(ElementType.F64, 5, "in.0", "out.3"));
    assertThat(act("onnx:" + file + "?temperature=0", Discrete.of(5), 1, 2))
        .containsExactly(numbers(0, 4));
    write(
        TestPolicies.logits(ElementType.F64, 5, "in.0", "out.3"),
        "umwelt.observation",
        "in.0",
        "umwelt.logits",
        "out.3",
        "umwelt.temperature",
        "0");
    assertThat(act(file.toString(), Discrete.of(5), 1, 2)).containsExactly(numbers(0, 4));
  }

  @Test
  void drawsFollowTheSeedAndTheTemperatureOfTheFile() {
    Path file = write(TestPolicies.logits(ElementType.F64, 5, "observation", "logits"));
    List<List<Double>> first = act(file.toString(), Discrete.of(5), 2, 20);
    assertThat(act(file.toString(), Discrete.of(5), 2, 20)).isEqualTo(first);
    assertThat(act("onnx:" + file + "?temperature=1", Discrete.of(5), 2, 20)).isEqualTo(first);
    assertThat(act("onnx:" + file + "?temperature=1000", Discrete.of(5), 2, 20))
        .isNotEqualTo(first);
  }

  @Test
  void actionsThemselvesAreTakenInEveryWholeType() {
    for (boolean column : new boolean[] {false, true}) {
      Path file = write(TestPolicies.action(ElementType.I64, 7, column, 1));
      assertThat(act(file.toString(), Discrete.of(5), 2, 4))
          .containsExactly(numbers(0, 1, 2, 3), numbers(1, 2, 3, 4));
      write(TestPolicies.action(ElementType.I32, 6, column, 1));
      assertThat(act(file.toString(), Discrete.of(5), 2, 4))
          .containsExactly(numbers(0, 1, 2, 3), numbers(1, 2, 3, 4));
    }
  }

  @Test
  void actionsOfABoxAreLimitedToItsBounds() {
    Path file = write(TestPolicies.action(ElementType.F32, 1, true, 0.75));
    assertThat(act(file.toString(), Box.of(DType.FLOAT32, -1, 2, 1), 1, 4))
        .containsExactly(List.of(0.0, 0.75, 1.5, 2.0));
    assertThat(act(file.toString(), Box.of(DType.FLOAT64, 0.5, 2, 1), 1, 2))
        .containsExactly(List.of(0.5, 0.75));
  }

  @Test
  void severalNumbersAreTakenForMultiDiscrete() {
    OnnxGraph graph = new OnnxGraph("many", "");
    GraphValue seen = graph.input(Port.of("observation", ElementType.F64, "batch", 2));
    graph.output(
        Port.of("action", ElementType.I64, "batch", 2), graph.op("Cast", Map.of("to", 7L), seen));
    assertThat(act(write(graph).toString(), MultiDiscrete.of(9L, 9L), 2, 3))
        .containsExactly(numbers(0, 1, 2), numbers(1, 2, 3));
  }

  @Test
  void actionOutsideTheSpaceFails() {
    Path file = write(TestPolicies.action(ElementType.I64, 7, false, 1));
    assertThatThrownBy(() -> act(file.toString(), Discrete.of(2), 1, 4))
        .isInstanceOf(IllegalStateException.class)
        .hasMessageContaining("expected an action of Discrete(2)");
  }

  @Test
  void memoryIsKeptPerRowAndForgottenWithTheEpisode() {
    for (String next : List.of("next_h", "h_out")) {
      Path file =
          write(
              TestPolicies.counting("h", next), "umwelt.state", "{\"h\": \"%s\"}".formatted(next));
      Agent agent = Agents.find(file.toString()).make(context(Discrete.of(5), 3));
      StepBatch steps = StepBatch.allocate(OBSERVATIONS, new Dict(new TreeMap<>()), 3);
      Batch actions = Batch.allocate(Discrete.of(5), 3);
      List<String> acted = new ArrayList<>();
      for (int t = 0; t < 5; t++) {
        if (t == 2) {
          agent.begin(1, new EpisodeStart(1, 1, 0));
        }
        agent.act(steps, actions);
        acted.add(
            "%d%d%d"
                .formatted(
                    actions.row(0).asLong(), actions.row(1).asLong(), actions.row(2).asLong()));
      }
      agent.close();
      agent.close();
      assertThat(acted).containsExactly("000", "111", "202", "313", "424");
    }
  }

  private void assertRefused(Path file, Space actions, int rows, String... words) {
    assertThatThrownBy(() -> Agents.find(file.toString()).make(context(actions, rows)))
        .isInstanceOf(BadRequestException.class)
        .hasMessageStartingWith(file.toString())
        .satisfies(e -> assertThat(String.valueOf(e.getMessage()).lines()).hasSize(1))
        .satisfies(e -> assertThat(e.getMessage()).contains(words));
  }

  @Test
  void whatDoesNotFitIsRefusedWithBothSides() {
    Path file =
        write(
            TestPolicies.logits(ElementType.F64, 4, "observation", "logits"),
            "umwelt.environment",
            "umwelt/Catch-v0");
    assertRefused(
        file,
        Discrete.of(5),
        1,
        "has logits F32 [batch, 4]",
        "test/Walk-v0 takes Discrete(5)",
        "evaluate it in umwelt/Catch-v0");
    assertRefused(file, Box.of(DType.FLOAT32, 0, 1, 4), 1, "takes Box(");
    write(TestPolicies.logits(ElementType.I32, 5, "observation", "logits"));
    assertRefused(file, Discrete.of(5), 1, "needs observations I32 [batch, 2]", "float64");
    write(
        TestPolicies.logits(ElementType.F64, 5, "observation", "logits"),
        "umwelt.action_space",
        "{\"type\":\"Discrete\",\"n\":6}");
    assertRefused(file, Discrete.of(5), 1, "has actions Discrete(6)", "has Discrete(5)");
    write(
        TestPolicies.logits(ElementType.F64, 5, "observation", "logits"),
        "umwelt.action_space",
        "six");
    assertRefused(file, Discrete.of(5), 1, "to be a space, found six");
  }

  @Test
  void batchOfAFixedSizeServesThatManyRowsOnly() {
    OnnxGraph graph = new OnnxGraph("one", "");
    GraphValue seen = graph.input(Port.of("observation", ElementType.F64, 1, 2));
    graph.output(
        Port.of("logits", ElementType.F32, 1, 2), graph.op("Cast", Map.of("to", 1L), seen));
    Path file = write(graph);
    assertThat(act("onnx:" + file + "?temperature=0", Discrete.of(2), 1, 2))
        .containsExactly(numbers(0, 0));
    assertRefused(file, Discrete.of(2), 3, "expected a batch of 3", "has a batch of 1");
  }

  @Test
  void namesThatDoNotMakeAPolicyAreRefused() {
    OnnxGraph two = new OnnxGraph("two", "");
    GraphValue seen = two.input(Port.of("left", ElementType.F64, "batch", 2));
    two.input(Port.of("right", ElementType.F64, "batch", 2));
    two.output(Port.of("logits", ElementType.F64, "batch", 2), two.op("Neg", seen));
    assertRefused(write(two), Discrete.of(2), 1, "expected an input observation", "[left, right]");

    OnnxGraph stray = new OnnxGraph("stray", "");
    GraphValue observed = stray.input(Port.of("observation", ElementType.F64, "batch", 2));
    stray.input(Port.of("h", ElementType.F32, "batch", 8));
    stray.output(Port.of("logits", ElementType.F64, "batch", 2), stray.op("Neg", observed));
    assertRefused(write(stray), Discrete.of(2), 1, "expected an output next_h for the input h");

    assertRefused(
        write(TestPolicies.counting("h", "h_out"), "umwelt.state", "[1]"),
        Discrete.of(5),
        1,
        "to be a JSON object");
    assertRefused(
        write(TestPolicies.counting("h", "h_out"), "umwelt.state", "{\"h\":\"nothing\"}"),
        Discrete.of(5),
        1,
        "expected the output nothing for the input h");
    assertRefused(
        write(TestPolicies.counting("h", "h_out"), "umwelt.state", "{\"k\":\"h_out\"}"),
        Discrete.of(5),
        1,
        "expected the input k");
    assertRefused(
        write(
            TestPolicies.logits(ElementType.F64, 5, "observation", "logits"),
            "umwelt.temperature",
            "warm"),
        Discrete.of(5),
        1,
        "to be a number from 0 to 1000, found warm");
  }

  @Test
  void modelThatFailsFailsBeforeTheFirstEpisode() {
    OnnxGraph graph = new OnnxGraph("failing", "");
    GraphValue seen = graph.input(Port.of("observation", ElementType.F64, "batch", "any"));
    GraphValue shaped = graph.op("Reshape", seen, graph.vector(-1, 7));
    graph.output(
        Port.of("logits", ElementType.F32, "batch", "some"),
        graph.op("Cast", Map.of("to", 1L), shaped));
    assertRefused(write(graph), Discrete.of(5), 1, "the model fails");
  }
}
