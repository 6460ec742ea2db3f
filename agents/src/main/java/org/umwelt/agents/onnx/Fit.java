package org.umwelt.agents.onnx;

import java.util.List;
import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;
import org.umwelt.agents.AgentContext;
import org.umwelt.envs.spaces.Box;
import org.umwelt.envs.spaces.DType;
import org.umwelt.envs.spaces.Discrete;
import org.umwelt.envs.spaces.Leaf;
import org.umwelt.envs.spaces.MultiDiscrete;
import org.umwelt.envs.spaces.Space;
import org.umwelt.envs.spaces.SpaceJson;
import org.umwelt.kernels.onnx.Port;
import org.umwelt.kernels.settings.BadRequestException;
import org.umwelt.kernels.weights.ElementType;
import org.umwelt.kernels.weights.Refusal;

/** Whether a policy can act in an environment. */
final class Fit {
  private final Policy policy;
  private final AgentContext context;

  private Fit(Policy policy, AgentContext context) {
    this.policy = policy;
    this.context = context;
  }

  /**
   * Checks spaces, types and shapes.
   *
   * @throws BadRequestException where something does not fit
   */
  static void require(Policy policy, AgentContext context) {
    Fit fit = new Fit(policy, context);
    fit.space(PolicyMetadata.OBSERVATION_SPACE, "observations", context.observationSpace());
    fit.space(PolicyMetadata.ACTION_SPACE, "actions", context.actionSpace());
    fit.observation();
    fit.choice();
    if (policy.value() != null) {
      fit.value(policy.value());
    }
    policy
        .state()
        .forEach(state -> {
          fit.batch(state.input(), state.axis());
          fit.batch(state.output(), state.axis());
        });
  }

  /** Returns the element type of memory that the environment fills; null where ONNX has none. */
  static @Nullable ElementType type(DType dtype) {
    return switch (dtype) {
      case BOOL -> ElementType.BOOL;
      case UINT8 -> ElementType.U8;
      case INT8 -> ElementType.I8;
      case INT16 -> ElementType.I16;
      case INT32 -> ElementType.I32;
      case INT64 -> ElementType.I64;
      case FLOAT32 -> ElementType.F32;
      case FLOAT64 -> ElementType.F64;
      case UINT16, UINT32, UINT64, FLOAT16 -> null;
    };
  }

  /** Checks the space that the metadata state. */
  private void space(String key, String what, Space found) {
    String text = policy.model().metadata().get(key);
    if (text == null) {
      return;
    }
    Space stated;
    try {
      stated = SpaceJson.read(text);
    } catch (IllegalArgumentException e) {
      throw refusal(
          "expected %s in its metadata to be a space, found %s".formatted(key, Refusal.word(text)));
    }
    if (!stated.equals(found)) {
      throw refusal(
          "this agent %s %s, %s has %s%s"
              .formatted(
                  what.equals("actions") ? "has actions" : "needs observations",
                  Refusal.word(stated.toString()),
                  context.environment(),
                  found,
                  home()));
    }
  }

  private void observation() {
    Port port = policy.observation();
    List<Leaf> leaves = context.observationSpace().leaves();
    if (leaves.size() != 1) {
      throw refusal(
          "an agent in ONNX needs observations of one tensor, %s has %s"
              .formatted(context.environment(), context.observationSpace()));
    }
    Leaf leaf = leaves.getFirst();
    boolean converts = port.type() == ElementType.F32 || port.type() == ElementType.F64;
    if (!hasShape(port, leaf.shape()) || (port.type() != type(leaf.dtype()) && !converts)) {
      throw refusal(
          "this agent needs observations %s, %s has %s%s"
              .formatted(
                  Refusal.word(port.description()),
                  context.environment(),
                  context.observationSpace(),
                  home()));
    }
    batch(port, 0);
  }

  private void choice() {
    Port port = policy.choice();
    boolean isLogits = policy.isLogits(context.actionSpace());
    boolean fits =
        switch (context.actionSpace()) {
          case Discrete discrete ->
              isLogits
                  ? port.type() == ElementType.F32 && isLogits(port, discrete)
                  : isWhole(port) && (hasShape(port, List.of()) || hasShape(port, List.of(1)));
          case MultiDiscrete many -> !isLogits && isWhole(port) && hasShape(port, many.shape());
          case Box box ->
              !isLogits
                  && (port.type() == ElementType.F32 || port.type() == ElementType.F64)
                  && hasShape(port, box.shape());
          default -> false;
        };
    if (!fits) {
      throw refusal(
          "this agent has %s %s, %s takes %s%s"
              .formatted(
                  isLogits ? "logits" : "actions",
                  Refusal.word(port.description()),
                  context.environment(),
                  context.actionSpace(),
                  home()));
    }
    batch(port, 0);
  }

  private static boolean isLogits(Port port, Discrete discrete) {
    return port.shape().size() == 2
        && discrete.n() <= Integer.MAX_VALUE
        && hasShape(port, List.of((int) discrete.n()));
  }

  private static boolean isWhole(Port port) {
    return port.type() == ElementType.I64 || port.type() == ElementType.I32;
  }

  private void value(Port port) {
    if (port.type() != ElementType.F32
        || !(hasShape(port, List.of()) || hasShape(port, List.of(1)))) {
      throw refusal(
          "expected the value to be F32 [n] or [n, 1], found " + Refusal.word(port.description()));
    }
    batch(port, 0);
  }

  /** Whether a port has this shape behind its batch, as far as it says. */
  private static boolean hasShape(Port port, List<Integer> shape) {
    if (port.shape().size() != shape.size() + 1) {
      return false;
    }
    for (int i = 0; i < shape.size(); i++) {
      OptionalLong size = port.size(i + 1);
      if (size.isPresent() && size.getAsLong() != shape.get(i)) {
        return false;
      }
    }
    return true;
  }

  private void batch(Port port, int axis) {
    OptionalLong size = port.size(axis);
    if (size.isPresent() && size.getAsLong() != context.rows()) {
      throw refusal(
          "expected a batch of %d environments, %s has a batch of %d; export the model with a batch of any size"
              .formatted(context.rows(), Refusal.word(port.name()), size.getAsLong()));
    }
  }

  /** Returns where the agent belongs, in words. */
  private String home() {
    String environment = policy.model().metadata().get(PolicyMetadata.ENVIRONMENT);
    return environment == null || environment.isEmpty()
        ? ""
        : "; evaluate it in " + Refusal.word(environment);
  }

  private BadRequestException refusal(String text) {
    return new BadRequestException(policy.model().origin() + ": " + text);
  }
}
