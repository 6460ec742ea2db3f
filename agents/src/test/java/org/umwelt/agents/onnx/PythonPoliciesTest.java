package org.umwelt.agents.onnx;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.lang.foreign.ValueLayout;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.assertj.core.data.Offset;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.umwelt.agents.Agent;
import org.umwelt.agents.AgentContext;
import org.umwelt.agents.Agents;
import org.umwelt.agents.EpisodeStart;
import org.umwelt.agents.Insight;
import org.umwelt.agents.iris.IrisNetworksProvider;
import org.umwelt.agents.iris.TinyAgent;
import org.umwelt.envs.Environment;
import org.umwelt.envs.Reset;
import org.umwelt.envs.Step;
import org.umwelt.envs.python.PythonInterpreters;
import org.umwelt.envs.registry.Environments;
import org.umwelt.envs.spaces.Batch;

/** Python's onnx and onnxruntime accept what we export, and we run what Python wrote. */
@Tag("python")
class PythonPoliciesTest {
  private static final String CATCH = "umwelt/Catch-v0?balls=1";

  @TempDir private Path folder;

  private static List<String> python(String program, Object... words)
      throws IOException, InterruptedException {
    List<String> command =
        new ArrayList<>(List.of(PythonInterpreters.candidates().getFirst(), "-c", program));
    for (Object word : words) {
      command.add(word.toString());
    }
    Process process =
        new ProcessBuilder(command).redirectError(ProcessBuilder.Redirect.INHERIT).start();
    String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertThat(process.waitFor()).as(output).isZero();
    return output.lines().toList();
  }

  @BeforeAll
  static void needsOnnx() throws InterruptedException {
    String python = PythonInterpreters.candidates().getFirst();
    try {
      Process process =
          new ProcessBuilder(python, "-c", "import numpy, onnx, onnxruntime")
              .redirectErrorStream(true)
              .start();
      process.getInputStream().readAllBytes();
      Assumptions.assumeTrue(
          process.waitFor() == 0,
          () -> python + " has no onnx with onnxruntime and numpy (see UMWELT_PYTHON)");
    } catch (IOException e) {
      Assumptions.abort("no Python: " + e.getMessage());
    }
  }

  @Test
  void everyExportedPartPassesTheCheckerAndThePolicySaysTheSameInPython() throws Exception {
    Path weights = TinyAgent.write(folder.resolve("agent.safetensors"));
    List<Object> files = new ArrayList<>();
    try (TrainedNetworks networks = new IrisNetworksProvider().open(weights).orElseThrow()) {
      for (String part : networks.parts().keySet()) {
        Path file = folder.resolve(part + ".onnx");
        networks.write(part, Map.of()).write(file);
        files.add(file);
      }
    }
    List<String> checked =
        python(
            """
            import sys, onnx, onnxruntime
            for file in sys.argv[1:]:
                model = onnx.load(file)
                onnx.checker.check_model(model, full_check=True)
                session = onnxruntime.InferenceSession(file, providers=["CPUExecutionProvider"])
                print(model.opset_import[0].version, *[i.name for i in session.get_inputs()])
            """,
            files.toArray());
    assertThat(checked)
        .containsExactly(
            "21 observation hidden cell",
            "21 observation",
            "21 tokens",
            "21 token keys.0 values.0");

    Path frames = folder.resolve("frames");
    List<Double> values = new ArrayList<>();
    try (Environment environment = Environments.make(CATCH);
        Agent agent =
            Agents.find(folder.resolve("policy.onnx").toString())
                .make(AgentContext.of(CATCH, environment))) {
      Step step = Step.allocate(environment);
      Batch actions = Batch.allocate(environment.actionSpace(), 1);
      environment.reset(Reset.seeded(3), step);
      agent.begin(0, new EpisodeStart(0, 3, 0));
      try (var out = Files.newOutputStream(frames)) {
        while (!step.ended()) {
          out.write(step.observation().tensor().toArray(ValueLayout.JAVA_BYTE));
          agent.act(step.batch(), actions);
          Insight insight = agent.insight(0).orElseThrow();
          values.add(insight.value());
          for (double probability : insight.probabilities()) {
            values.add(probability);
          }
          environment.step(actions.row(0), step);
        }
      }
    }
    List<String> lines =
        python(
            """
            import sys, numpy, onnxruntime
            session = onnxruntime.InferenceSession(sys.argv[1], providers=["CPUExecutionProvider"])
            frames = numpy.fromfile(sys.argv[2], numpy.uint8).reshape(-1, 1, 64, 64, 3)
            hidden = cell = numpy.zeros((1, 8), numpy.float32)
            for frame in frames:
                feed = {"observation": frame, "hidden": hidden, "cell": cell}
                logits, value, hidden, cell = session.run(
                    ["logits", "value", "next_hidden", "next_cell"], feed)
                weights = numpy.exp((logits[0] - logits[0].max()) / 0.5)
                print(value[0], *(weights / weights.sum()), sep="\\n")
            """,
            folder.resolve("policy.onnx"),
            frames);
    assertThat(lines).hasSameSizeAs(values).hasSizeGreaterThan(40);
    for (int i = 0; i < values.size(); i++) {
      assertThat(Double.parseDouble(lines.get(i))).isCloseTo(values.get(i), Offset.offset(1e-5));
    }
  }

  @Test
  void policyThatPythonWroteActsHere() throws Exception {
    Path file = folder.resolve("foreign.onnx");
    // Scores of sums over some bytes of the frame, half of the last scores added.
    python(
        """
        import json, sys, numpy, onnx
        from onnx import TensorProto, helper, numpy_helper
        weights = numpy.zeros((64 * 64 * 3, 3), numpy.float32)
        weights[::7, 1] = 0.001
        weights[3::7, 2] = 0.001
        nodes = [
            helper.make_node("Cast", ["obs"], ["numbers"], to=TensorProto.FLOAT),
            helper.make_node("Flatten", ["numbers"], ["flat"]),
            helper.make_node("MatMul", ["flat", "weights"], ["scores"]),
            helper.make_node("Mul", ["state_in", "decay"], ["faded"]),
            helper.make_node("Add", ["scores", "faded"], ["state_out"]),
            helper.make_node("Identity", ["state_out"], ["q"]),
        ]
        graph = helper.make_graph(
            nodes, "foreign",
            [helper.make_tensor_value_info("obs", TensorProto.UINT8, ["n", 64, 64, 3]),
             helper.make_tensor_value_info("state_in", TensorProto.FLOAT, ["n", 3])],
            [helper.make_tensor_value_info("q", TensorProto.FLOAT, ["n", 3]),
             helper.make_tensor_value_info("state_out", TensorProto.FLOAT, ["n", 3])],
            [numpy_helper.from_array(weights, "weights"),
             numpy_helper.from_array(numpy.float32(0.5), "decay")])
        model = helper.make_model(graph, opset_imports=[helper.make_opsetid("", 17)], ir_version=8)
        helper.set_model_props(model, {
            "umwelt.observation": "obs", "umwelt.logits": "q", "umwelt.temperature": "0",
            "umwelt.state": json.dumps({"state_in": "state_out"})})
        onnx.checker.check_model(model, full_check=True)
        onnx.save(model, sys.argv[1])
        """,
        file);
    List<Long> acted = new ArrayList<>();
    List<Long> expected = new ArrayList<>();
    double[] state = new double[3];
    try (Environment environment = Environments.make(CATCH);
        Agent agent = Agents.find(file.toString()).make(AgentContext.of(CATCH, environment))) {
      Step step = Step.allocate(environment);
      Batch actions = Batch.allocate(environment.actionSpace(), 1);
      environment.reset(Reset.seeded(3), step);
      agent.begin(0, new EpisodeStart(0, 3, 0));
      while (!step.ended()) {
        byte[] frame = step.observation().tensor().toArray(ValueLayout.JAVA_BYTE);
        double[] scores = new double[3];
        for (int i = 0; i < frame.length; i += 7) {
          scores[1] += 0.001 * (frame[i] & 0xFF);
        }
        for (int i = 3; i < frame.length; i += 7) {
          scores[2] += 0.001 * (frame[i] & 0xFF);
        }
        long likeliest = 0;
        for (int a = 0; a < 3; a++) {
          state[a] = scores[a] + state[a] / 2;
          likeliest = state[a] > state[(int) likeliest] ? a : likeliest;
        }
        expected.add(likeliest);
        agent.act(step.batch(), actions);
        acted.add(actions.row(0).asLong());
        environment.step(actions.row(0), step);
      }
    }
    assertThat(acted).isEqualTo(expected);
  }
}
