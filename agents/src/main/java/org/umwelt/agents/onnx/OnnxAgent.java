package org.umwelt.agents.onnx;

import ai.onnxruntime.OnnxTensor;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.umwelt.agents.Agent;
import org.umwelt.agents.AgentContext;
import org.umwelt.agents.EpisodeStart;
import org.umwelt.agents.Insight;
import org.umwelt.envs.StepBatch;
import org.umwelt.envs.spaces.Batch;
import org.umwelt.envs.spaces.Leaf;
import org.umwelt.kernels.onnx.OnnxSession;
import org.umwelt.kernels.onnx.Port;
import org.umwelt.kernels.random.RandomStream;
import org.umwelt.kernels.weights.ElementType;

/** A policy at work in n rows: one run of its model per step, on the environments' own memory. */
final class OnnxAgent implements Agent {
  private final Policy policy;
  private final OnnxSession session;
  private final Leaf observed;
  private final int rows;
  private final boolean isLogits;
  private final double temperature;
  private final CategoricalDraw draw;
  private final RandomStream[] random;
  private final Runnable afterClose;
  private final Memory memory;
  private final Map<String, OnnxTensor> results = new HashMap<>(); // by output
  private final MemorySegment choices;
  private final MemorySegment values; // empty where the policy gives none
  private final @Nullable MemorySegment converted; // where the model wants another type
  private final ActionWriter writer;
  private @Nullable MemorySegment batch; // that the tensor below is a view of
  private @Nullable OnnxTensor observation;
  private boolean acted;
  private boolean closed;

  /**
   * Creates an agent and runs the model once, so that what fails, fails here.
   *
   * @param session shared with other agents
   * @param temperature of the distribution actions are drawn from
   * @param afterClose called once, after the agent no longer uses the session
   * @throws org.umwelt.kernels.settings.BadRequestException where the model fails
   */
  OnnxAgent(
      Policy policy,
      OnnxSession session,
      double temperature,
      AgentContext context,
      Runnable afterClose) {
    this.policy = policy;
    this.session = session;
    this.observed = context.observationSpace().leaves().getFirst();
    this.rows = context.rows();
    this.isLogits = policy.isLogits(context.actionSpace());
    this.temperature = temperature;
    this.draw = new CategoricalDraw(temperature);
    this.random = new RandomStream[rows];
    Arrays.setAll(random, _ -> new RandomStream(0));
    this.afterClose = afterClose;
    this.memory = new Memory(session, policy.state(), rows);
    this.writer = new ActionWriter(context.actionSpace(), policy);
    this.choices = result(policy.choice(), writer.shape(rows));
    Port value = policy.value();
    this.values =
        value == null
            ? MemorySegment.NULL
            : result(value, value.shape().size() == 1 ? new long[] {rows} : new long[] {rows, 1});
    ElementType type = policy.observation().type();
    this.converted =
        type == Fit.type(observed.dtype())
            ? null
            : Arena.ofAuto().allocate(rows * observed.elements() * type.bytes(), Long.BYTES);
    try {
      run(Batch.allocate(context.observationSpace(), rows).leaf(0));
    } catch (RuntimeException e) {
      free();
      throw e;
    }
    for (int row = 0; row < rows; row++) {
      memory.forget(row);
    }
  }

  private MemorySegment result(Port port, long[] shape) {
    long bytes = Arrays.stream(shape).reduce(port.type().bytes(), Math::multiplyExact);
    MemorySegment segment = Arena.ofAuto().allocate(bytes, Long.BYTES);
    results.put(port.name(), session.tensor(port.type(), shape, segment));
    return segment;
  }

  @Override
  public void begin(int row, EpisodeStart start) {
    memory.forget(row);
    start.restart(random[row]);
  }

  @Override
  public void act(StepBatch steps, Batch actions) {
    run(steps.observations().leaf(0));
    acted = true;
    for (int row = 0; row < rows; row++) {
      if (!isLogits) {
        if (!steps.ended(row)) {
          writer.write(choices, row, actions.row(row));
        }
        continue;
      }
      int chosen = draw.draw(logits(row), random[row]);
      if (!steps.ended(row)) {
        writer.write(chosen, actions.row(row));
      }
    }
  }

  /** Runs the model on observations, [n, ...] as the environments write them. */
  private void run(MemorySegment observations) {
    MemorySegment given = converted == null ? observations : convert(observations, converted);
    if (observation == null || !given.equals(batch)) {
      if (observation != null) {
        observation.close();
      }
      batch = given;
      observation = session.tensor(policy.observation().type(), shape(), given);
    }
    Map<String, OnnxTensor> inputs = new HashMap<>(memory.read());
    inputs.put(policy.observation().name(), observation);
    Map<String, OnnxTensor> outputs = new HashMap<>(memory.written());
    outputs.putAll(results);
    session.run(inputs, outputs);
    memory.turn();
  }

  private long[] shape() {
    long[] shape = new long[observed.shape().size() + 1];
    shape[0] = rows;
    for (int i = 1; i < shape.length; i++) {
      shape[i] = observed.shape().get(i - 1);
    }
    return shape;
  }

  private MemorySegment convert(MemorySegment observations, MemorySegment into) {
    long elements = rows * observed.elements();
    boolean wide = policy.observation().type() == ElementType.F64;
    for (long i = 0; i < elements; i++) {
      double number = observed.dtype().getDouble(observations, i);
      if (wide) {
        into.setAtIndex(ValueLayout.JAVA_DOUBLE, i, number);
      } else {
        into.setAtIndex(ValueLayout.JAVA_FLOAT, i, (float) number);
      }
    }
    return into;
  }

  private float[] logits(int row) {
    long bytes = choices.byteSize() / rows;
    return choices.asSlice(row * bytes, bytes).toArray(ValueLayout.JAVA_FLOAT);
  }

  @Override
  public Optional<Insight> insight(int row) {
    if (!acted || !isLogits) {
      return Optional.empty();
    }
    float value =
        policy.value() == null ? Float.NaN : values.getAtIndex(ValueLayout.JAVA_FLOAT, row);
    return Optional.of(Insight.ofLogits(value, logits(row), temperature));
  }

  private void free() {
    memory.close();
    results.values().forEach(OnnxTensor::close);
    if (observation != null) {
      observation.close();
    }
  }

  @Override
  public void close() {
    if (!closed) {
      closed = true;
      free();
      afterClose.run();
    }
  }
}
