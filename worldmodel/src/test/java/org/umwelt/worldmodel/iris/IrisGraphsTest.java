package org.umwelt.worldmodel.iris;

import static org.assertj.core.api.Assertions.assertThat;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.assertj.core.data.Offset;
import org.bytedeco.javacpp.PointerScope;
import org.bytedeco.pytorch.NoGradGuard;
import org.bytedeco.pytorch.Tensor;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.umwelt.kernels.onnx.OnnxModel;
import org.umwelt.kernels.onnx.OnnxSession;
import org.umwelt.kernels.onnx.OnnxSession.Device;
import org.umwelt.kernels.random.RandomStream;
import org.umwelt.kernels.tensor.Compute;
import org.umwelt.kernels.tensor.Tensors;
import org.umwelt.kernels.weights.ElementType;
import org.umwelt.kernels.weights.StoredTensor;

/** Exported parts compute in ONNX Runtime what they compute in LibTorch. */
class IrisGraphsTest {
  private static final Offset<Float> TOLERANCE = Offset.offset(1e-4f);

  private static void assertEqual(Map<String, StoredTensor> outputs, String name, Tensor expected) {
    StoredTensor found = Objects.requireNonNull(outputs.get(name));
    assertThat(found.shape()).isEqualTo(Tensors.shape(expected));
    float[] values = Tensors.floats(expected);
    float[] computed = found.toFloats();
    for (int i = 0; i < values.length; i++) {
      assertThat(computed[i]).as("%s, element %d", name, i).isCloseTo(values[i], TOLERANCE);
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 3})
  void encoderAndDecoderAreThoseOfTheTokenizer(int rows) {
    int size = SmallWorlds.RESOLUTION;
    byte[] pictures = new byte[rows * size * size * 3];
    RandomStream random = new RandomStream(rows);
    random.nextBytes(pictures);
    try (IrisWorld world = SmallWorlds.formula(SmallWorlds.sizes(2));
        PointerScope _ = new PointerScope();
        NoGradGuard _ = new NoGradGuard()) {
      Tensor frames =
          Pixels.tensor(
              Compute.CPU,
              rows,
              size,
              size,
              memory -> memory.copyFrom(MemorySegment.ofArray(pictures)));
      Tensor tokens = world.tokenizer().tokens(frames);
      StoredTensor stored;
      OnnxModel encoder = IrisGraphs.encoder(world, Map.of());
      try (OnnxSession session = OnnxSession.open(encoder, Device.CPU)) {
        MemorySegment memory = Arena.ofAuto().allocate(pictures.length);
        memory.copyFrom(MemorySegment.ofArray(pictures));
        stored =
            Objects.requireNonNull(
                session
                    .run(
                        Map.of(
                            "observation",
                            new StoredTensor(
                                ElementType.U8,
                                List.of((long) rows, (long) size, (long) size, 3L),
                                memory)))
                    .get("tokens"));
      }
      assertThat(stored.shape()).containsExactly((long) rows, (long) SmallWorlds.K);
      assertThat(stored.toLongs()).isEqualTo(Tensors.longs(tokens));
      OnnxModel decoder = IrisGraphs.decoder(world, Map.of());
      try (OnnxSession session = OnnxSession.open(decoder, Device.CPU)) {
        assertEqual(
            session.run(Map.of("tokens", stored)), "frame", world.tokenizer().decodeTokens(tokens));
      }
    }
  }

  @Test
  void stepsOfTheWorldModelAreThoseOfTheTransformerWithItsCache() {
    int rows = 2;
    int blocks = 2;
    try (IrisWorld world = SmallWorlds.formula(SmallWorlds.sizes(blocks));
        PointerScope _ = new PointerScope();
        NoGradGuard _ = new NoGradGuard();
        OnnxSession session =
            OnnxSession.open(IrisGraphs.worldModel(world, Map.of()), Device.CPU)) {
      WorldModel model = world.worldModel();
      Tensor sequence =
          SmallWorlds.sequence(5, rows, blocks, SmallWorlds.VOCABULARY, SmallWorlds.ACTIONS);
      Tensor whole = model.forward(sequence, null, null); // (b, t, D)
      Map<String, StoredTensor> caches = new HashMap<>();
      int layers = SmallWorlds.MODEL.layers();
      for (int layer = 0; layer < layers; layer++) {
        StoredTensor none =
            StoredTensor.of(
                new float[0],
                rows,
                SmallWorlds.MODEL.heads(),
                0,
                SmallWorlds.MODEL.width() / SmallWorlds.MODEL.heads());
        caches.put("keys." + layer, none);
        caches.put("values." + layer, none);
      }
      for (int t = 0; t < sequence.size(1); t++) {
        Map<String, StoredTensor> inputs = new HashMap<>(caches);
        inputs.put("token", StoredTensor.of(Tensors.longs(sequence.select(1, t)), rows));
        Map<String, StoredTensor> outputs = session.run(inputs);
        Tensor output = whole.select(1, t);
        assertEqual(outputs, "observation_logits", model.observationLogits(output));
        assertEqual(outputs, "reward_logits", model.rewardLogits(output));
        assertEqual(outputs, "end_logits", model.endLogits(output));
        for (String name : List.copyOf(caches.keySet())) {
          caches.put(name, Objects.requireNonNull(outputs.get("next_" + name)));
        }
      }
    }
  }
}
