package org.umwelt.worldmodel.iris;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.umwelt.kernels.nn.OnnxWriter;
import org.umwelt.kernels.onnx.GraphValue;
import org.umwelt.kernels.onnx.OnnxGraph;
import org.umwelt.kernels.onnx.OnnxModel;
import org.umwelt.kernels.onnx.Port;
import org.umwelt.kernels.weights.ElementType;

/** The parts of a world model as ONNX models. Letters as in {@link WorldModel}. */
public final class IrisGraphs {
  private static final String BATCH = "batch";
  private static final String PAST = "past";

  private IrisGraphs() {}

  /**
   * Returns the encoder and quantiser: {@code observation} uint8 [b, h, w, 3] to {@code tokens}
   * int64 [b, K].
   */
  public static OnnxModel encoder(IrisWorld world, Map<String, String> metadata) {
    TokenizerConfig sizes = world.sizes().tokenizer();
    OnnxGraph graph = new OnnxGraph("iris-encoder", "The tokens of a frame (IRIS).");
    GraphValue pictures = graph.input(observation(sizes));
    OnnxWriter to = new OnnxWriter(graph, world.tokenizerParameters());
    graph.output(tokens(sizes), world.tokenizer().writeTokens(to, Pixels.write(graph, pictures)));
    return graph.model(metadata);
  }

  /**
   * Returns the decoder: {@code tokens} int64 [b, K] to {@code frame} float32 [b, 3, h, w] in [0,
   * 1].
   */
  public static OnnxModel decoder(IrisWorld world, Map<String, String> metadata) {
    TokenizerConfig sizes = world.sizes().tokenizer();
    OnnxGraph graph = new OnnxGraph("iris-decoder", "The frame that tokens stand for (IRIS).");
    GraphValue numbers = graph.input(tokens(sizes));
    OnnxWriter to = new OnnxWriter(graph, world.tokenizerParameters());
    graph.output(
        Port.of("frame", ElementType.F32, BATCH, 3, sizes.resolution(), sizes.resolution()),
        world.tokenizer().writeFrames(to, numbers));
    return graph.model(metadata);
  }

  /**
   * Returns one step of the transformer: {@code token} int64 [b] and, per layer i, {@code keys.i}
   * and {@code values.i} float32 [b, heads, past, D / heads] of the tokens before, none at the
   * beginning, to {@code observation_logits} [b, V], {@code reward_logits} [b, 3], {@code
   * end_logits} [b, 2] and {@code next_keys.i}, {@code next_values.i} with one token more.
   *
   * <p>A sequence is K frame tokens, an action, K frame tokens, and so on. The reward and end heads
   * answer at actions; the observation head predicts the token that follows, where that is one of a
   * frame.
   */
  public static OnnxModel worldModel(IrisWorld world, Map<String, String> metadata) {
    WorldModelConfig sizes = world.sizes().worldModel();
    OnnxGraph graph =
        new OnnxGraph("iris-world-model", "What follows one more token of a sequence (IRIS).");
    GraphValue token = graph.input(Port.of("token", ElementType.I64, BATCH));
    List<Transformer.GraphCache> caches = new ArrayList<>();
    for (int layer = 0; layer < sizes.layers(); layer++) {
      caches.add(
          new Transformer.GraphCache(
              graph.input(cache("keys." + layer, sizes, PAST)),
              graph.input(cache("values." + layer, sizes, PAST))));
    }
    List<Transformer.GraphCache> grown = new ArrayList<>();
    OnnxWriter to = new OnnxWriter(graph, world.worldModelParameters());
    WorldModel.GraphPrediction prediction = world.worldModel().write(to, token, caches, grown);
    int vocabulary = world.sizes().tokenizer().vocabulary();
    graph.output(
        Port.of("observation_logits", ElementType.F32, BATCH, vocabulary),
        prediction.observations());
    graph.output(
        Port.of("reward_logits", ElementType.F32, BATCH, WorldModel.REWARD_CLASSES),
        prediction.rewards());
    graph.output(
        Port.of("end_logits", ElementType.F32, BATCH, WorldModel.END_CLASSES), prediction.ends());
    for (int layer = 0; layer < sizes.layers(); layer++) {
      String longer = PAST + "_and_one";
      graph.output(cache("next_keys." + layer, sizes, longer), grown.get(layer).keys());
      graph.output(cache("next_values." + layer, sizes, longer), grown.get(layer).values());
    }
    return graph.model(metadata);
  }

  /** Returns what the environment shows: uint8 [b, h, w, 3]. */
  public static Port observation(TokenizerConfig sizes) {
    return Port.of("observation", ElementType.U8, BATCH, sizes.resolution(), sizes.resolution(), 3);
  }

  private static Port tokens(TokenizerConfig sizes) {
    return Port.of("tokens", ElementType.I64, BATCH, sizes.tokens());
  }

  private static Port cache(String name, WorldModelConfig sizes, String tokens) {
    return Port.of(
        name, ElementType.F32, BATCH, sizes.heads(), tokens, sizes.width() / sizes.heads());
  }
}
