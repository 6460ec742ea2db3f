package org.umwelt.agents.onnx;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.OptionalInt;
import java.util.SequencedMap;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.umwelt.envs.spaces.Discrete;
import org.umwelt.envs.spaces.Space;
import org.umwelt.kernels.onnx.OnnxModel;
import org.umwelt.kernels.onnx.Port;
import org.umwelt.kernels.settings.BadRequestException;
import org.umwelt.kernels.weights.Refusal;

/**
 * A model read as a policy: which of its inputs and outputs is what.
 *
 * @param model the model
 * @param observation what the environment shows
 * @param state what is remembered
 * @param choice what the action comes from
 * @param kind what that is
 * @param value the return that is expected; null where the policy does not say
 */
record Policy(
    OnnxModel model,
    Port observation,
    List<State> state,
    Port choice,
    Kind kind,
    @Nullable Port value) {

  private static final ObjectMapper JSON = new ObjectMapper();
  private static final String NEXT = "next_";
  private static final long LARGEST_STATE = 1 << 24; // elements of a row

  /** What the action comes from. */
  enum Kind {
    LOGITS,
    ACTION,
    /** An output without a name of its own: the environment's actions decide. */
    EITHER
  }

  /** Returns whether actions of this space are drawn from logits. */
  boolean isLogits(Space actions) {
    return switch (kind) {
      case LOGITS -> true;
      case ACTION -> false;
      case EITHER -> actions instanceof Discrete && choice.type().isFloat();
    };
  }

  /**
   * Something remembered.
   *
   * @param input read by a step
   * @param output written by it, the same type and shape
   * @param axis which dimension is the batch
   */
  record State(Port input, Port output, int axis) {
    /** Returns the shape for this many rows. */
    long[] shape(int rows) {
      return IntStream.range(0, input.shape().size())
          .mapToLong(axis -> axis == this.axis ? rows : input.size(axis).orElseThrow())
          .toArray();
    }
  }

  /**
   * Finds inputs and outputs.
   *
   * @throws BadRequestException where they are not those of a policy
   */
  static Policy of(OnnxModel model) {
    return new Reader(model).read();
  }

  /** Returns the temperature that the model states, 1 where it states none. */
  double temperature() {
    String text = model.metadata().get(PolicyMetadata.TEMPERATURE);
    try {
      double temperature = text == null ? 1 : Double.parseDouble(text);
      if (temperature >= 0 && temperature <= 1000) {
        return temperature;
      }
    } catch (NumberFormatException _) {
      // named below
    }
    throw new BadRequestException(
        "%s: expected %s in its metadata to be a number from 0 to 1000, found %s"
            .formatted(
                model.origin(), PolicyMetadata.TEMPERATURE, Refusal.word(String.valueOf(text))));
  }

  /** Reads one model. */
  private static final class Reader {
    private final OnnxModel model;
    private final SequencedMap<String, Port> inputs = new LinkedHashMap<>();
    private final SequencedMap<String, Port> outputs = new LinkedHashMap<>();

    Reader(OnnxModel model) {
      this.model = model;
      model.inputs().forEach(port -> inputs.put(port.name(), port));
      model.outputs().forEach(port -> outputs.put(port.name(), port));
    }

    Policy read() {
      Map<String, String> pairs = new HashMap<>(declaredPairs());
      inputs
          .keySet()
          .forEach(name -> {
            if (outputs.containsKey(NEXT + name)) {
              pairs.putIfAbsent(name, NEXT + name);
            }
          });
      List<State> state = new ArrayList<>();
      inputs
          .values()
          .forEach(port -> {
            String next = pairs.get(port.name());
            if (next != null) {
              state.add(state(port, next));
            }
          });
      state.forEach(one -> {
        inputs.remove(one.input().name());
        outputs.remove(one.output().name());
      });
      Port observation = take("observation", inputs);
      if (observation == null) {
        throw refusal(
            "expected an input observation, and for every other input X an output next_X (or %s in its metadata), found the inputs %s and outputs %s"
                .formatted(PolicyMetadata.STATE, names(model.inputs()), names(model.outputs())));
      }
      inputs.remove(observation.name());
      if (!inputs.isEmpty()) {
        throw refusal(
            "expected an output next_%s for the input %s (or %s in its metadata), found the outputs %s"
                .formatted(
                    Refusal.word(inputs.sequencedKeySet().getFirst()),
                    Refusal.word(inputs.sequencedKeySet().getFirst()),
                    PolicyMetadata.STATE,
                    names(model.outputs())));
      }
      Port value = named("value", outputs);
      if (value != null) {
        outputs.remove(value.name());
      }
      Port logits = named("logits", outputs);
      Port action = logits != null ? null : named("action", outputs);
      if (logits == null && action == null && outputs.size() == 1) {
        Port only = outputs.sequencedValues().getFirst();
        return new Policy(model, observation, state, only, Kind.EITHER, value);
      }
      if (logits == null && action == null) {
        throw refusal("expected an output logits or action, found " + names(model.outputs()));
      }
      return logits != null
          ? new Policy(model, observation, state, logits, Kind.LOGITS, value)
          : new Policy(
              model, observation, state, Objects.requireNonNull(action), Kind.ACTION, value);
    }

    private Map<String, String> declaredPairs() {
      String text = model.metadata().get(PolicyMetadata.STATE);
      if (text == null) {
        return Map.of();
      }
      try {
        JsonNode pairs = JSON.readTree(text);
        if (pairs.isObject()) {
          Map<String, String> declared = new LinkedHashMap<>();
          pairs.properties().forEach(pair -> declared.put(pair.getKey(), pair.getValue().asText()));
          for (String input : declared.keySet()) {
            if (!inputs.containsKey(input)) {
              throw refusal(
                  "expected the input %s that %s in its metadata names, found %s"
                      .formatted(Refusal.word(input), PolicyMetadata.STATE, names(model.inputs())));
            }
          }
          return declared;
        }
      } catch (JsonProcessingException _) {
        // named below
      }
      throw refusal(
          "expected %s in its metadata to be a JSON object of input to output, found %s"
              .formatted(PolicyMetadata.STATE, Refusal.word(text)));
    }

    private State state(Port input, String next) {
      Port output = outputs.get(next);
      if (output == null) {
        throw refusal(
            "expected the output %s for the input %s, found %s"
                .formatted(Refusal.word(next), Refusal.word(input.name()), names(model.outputs())));
      }
      if (output.type() != input.type() || output.shape().size() != input.shape().size()) {
        throw refusal(
            "expected the output %s to have the type and shape %s of the input %s, found %s"
                .formatted(
                    Refusal.word(next),
                    Refusal.word(input.description()),
                    Refusal.word(input.name()),
                    Refusal.word(output.description())));
      }
      List<Integer> open =
          IntStream.range(0, input.shape().size())
              .filter(axis -> input.size(axis).isEmpty())
              .boxed()
              .toList();
      OptionalInt axis =
          open.size() == 1
              ? OptionalInt.of(open.getFirst())
              : open.isEmpty() && !input.shape().isEmpty()
                  ? OptionalInt.of(0)
                  : OptionalInt.empty();
      if (axis.isEmpty()) {
        throw refusal(
            "expected the batch to be the only dimension with a name of the input %s, found %s"
                .formatted(Refusal.word(input.name()), Refusal.word(input.description())));
      }
      State state = new State(input, output, axis.getAsInt());
      long elements = 1;
      for (long size : state.shape(1)) {
        elements *= size;
        if (size < 1 || elements > LARGEST_STATE) {
          throw refusal(
              "expected the input %s to have 1 to %d elements per environment, found %s"
                  .formatted(
                      Refusal.word(input.name()),
                      LARGEST_STATE,
                      Refusal.word(input.description())));
        }
      }
      return state;
    }

    /** Returns the port of this role, or the only one there is. */
    private @Nullable Port take(String role, SequencedMap<String, Port> ports) {
      Port named = named(role, ports);
      return named == null && ports.size() == 1 ? ports.sequencedValues().getFirst() : named;
    }

    private @Nullable Port named(String role, SequencedMap<String, Port> ports) {
      String declared = model.metadata().get(PolicyMetadata.PREFIX + role);
      if (declared != null && !ports.containsKey(declared)) {
        throw refusal(
            "expected %s, which its metadata names as %s%s, found %s"
                .formatted(
                    Refusal.word(declared),
                    PolicyMetadata.PREFIX,
                    role,
                    names(List.copyOf(ports.values()))));
      }
      return ports.get(declared == null ? role : declared);
    }

    private static List<String> names(List<Port> ports) {
      return ports.stream().map(port -> Refusal.word(port.name())).limit(10).toList();
    }

    private BadRequestException refusal(String text) {
      return new BadRequestException(model.origin() + ": " + text);
    }
  }
}
