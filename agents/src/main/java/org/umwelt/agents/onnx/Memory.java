package org.umwelt.agents.onnx;

import ai.onnxruntime.OnnxTensor;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.umwelt.kernels.onnx.OnnxSession;
import org.umwelt.kernels.weights.ElementType;

/**
 * What a policy remembers, between the steps of n rows.
 *
 * <p>Two sets of tensors take turns: a step reads one and writes the other.
 */
final class Memory implements AutoCloseable {
  private final List<Policy.State> states;
  private final int rows;
  private final List<MemorySegment[]> segments = new ArrayList<>(); // per state, both turns
  private final List<Map<String, OnnxTensor>> inputs = List.of(new HashMap<>(), new HashMap<>());
  private final List<Map<String, OnnxTensor>> outputs = List.of(new HashMap<>(), new HashMap<>());
  private int turn;

  Memory(OnnxSession session, List<Policy.State> states, int rows) {
    this.states = states;
    this.rows = rows;
    for (Policy.State state : states) {
      long[] shape = state.shape(rows);
      ElementType type = state.input().type();
      long bytes = type.bytes();
      for (long size : shape) {
        bytes = Math.multiplyExact(bytes, size);
      }
      MemorySegment[] both = new MemorySegment[2];
      for (int i = 0; i < 2; i++) {
        both[i] = Arena.ofAuto().allocate(bytes, Long.BYTES);
        OnnxTensor tensor = session.tensor(type, shape, both[i]);
        inputs.get(i).put(state.input().name(), tensor);
        outputs.get(1 - i).put(state.output().name(), tensor);
      }
      segments.add(both);
    }
  }

  /** Returns what the next step reads, by input. */
  Map<String, OnnxTensor> read() {
    return inputs.get(turn);
  }

  /** Returns what the next step writes, by output. */
  Map<String, OnnxTensor> written() {
    return outputs.get(turn);
  }

  /** Makes what was written what is read next. */
  void turn() {
    turn = 1 - turn;
  }

  /** Forgets what a row has seen. */
  void forget(int row) {
    for (int i = 0; i < states.size(); i++) {
      Policy.State state = states.get(i);
      long[] shape = state.shape(rows);
      long inner = state.input().type().bytes(); // bytes of a row that stand together
      for (int axis = state.axis() + 1; axis < shape.length; axis++) {
        inner *= shape[axis];
      }
      MemorySegment segment = segments.get(i)[turn];
      for (long at = row * inner; at < segment.byteSize(); at += rows * inner) {
        segment.asSlice(at, inner).fill((byte) 0);
      }
    }
  }

  @Override
  public void close() {
    inputs.forEach(all -> all.values().forEach(OnnxTensor::close));
  }
}
