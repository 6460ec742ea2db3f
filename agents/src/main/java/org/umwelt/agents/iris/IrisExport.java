package org.umwelt.agents.iris;

import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.SequencedMap;
import org.umwelt.agents.onnx.PolicyMetadata;
import org.umwelt.agents.onnx.TrainedNetworks;
import org.umwelt.envs.spaces.Box;
import org.umwelt.envs.spaces.Discrete;
import org.umwelt.envs.spaces.SpaceJson;
import org.umwelt.kernels.nn.LstmCell;
import org.umwelt.kernels.nn.OnnxWriter;
import org.umwelt.kernels.onnx.GraphValue;
import org.umwelt.kernels.onnx.OnnxGraph;
import org.umwelt.kernels.onnx.OnnxModel;
import org.umwelt.kernels.onnx.Port;
import org.umwelt.kernels.weights.ElementType;
import org.umwelt.worldmodel.iris.IrisGraphs;
import org.umwelt.worldmodel.iris.IrisWorld;
import org.umwelt.worldmodel.iris.Pixels;
import org.umwelt.worldmodel.iris.SavedIris;
import org.umwelt.worldmodel.iris.Tokenizer;

/** The networks of one file as ONNX models. */
final class IrisExport implements TrainedNetworks {
  private static final String POLICY = "policy";
  private static final String ENCODER = "encoder";
  private static final String DECODER = "decoder";
  private static final String WORLD_MODEL = "world-model";

  private final SavedIris saved;
  private final IrisNetworks networks;

  IrisExport(SavedIris saved) {
    this.saved = saved;
    this.networks = IrisNetworks.open(saved);
  }

  @Override
  public Path weights() {
    return saved.file();
  }

  @Override
  public SequencedMap<String, String> parts() {
    SequencedMap<String, String> parts = new LinkedHashMap<>();
    parts.put(POLICY, "encoder, quantiser, decoder and actor-critic: frames to logits and value");
    parts.put(ENCODER, "encoder and quantiser: frames to tokens");
    parts.put(DECODER, "decoder: tokens to frames");
    parts.put(WORLD_MODEL, "one step of the transformer, with its cache");
    return parts;
  }

  @Override
  public OnnxModel write(String part, Map<String, String> remarks) {
    IrisWorld world = networks.world();
    Map<String, String> metadata = new LinkedHashMap<>(remarks);
    if (!saved.environment().isEmpty()) {
      metadata.put(PolicyMetadata.ENVIRONMENT, IrisEnvironments.test(saved.environment()));
    }
    int size = world.sizes().tokenizer().resolution();
    metadata.put(
        PolicyMetadata.OBSERVATION_SPACE, SpaceJson.writeCompact(Box.image(size, size, 3)));
    metadata.put(
        PolicyMetadata.ACTION_SPACE, SpaceJson.write(Discrete.of(world.sizes().actions())));
    if (part.equals(POLICY) || part.equals(ENCODER)) {
      metadata.put(
          PolicyMetadata.PREPROCESSING,
          "in the graph: uint8 [n, h, w, 3] to float32 [n, 3, h, w] in [0, 1]");
    }
    return switch (part) {
      case POLICY -> policy(metadata);
      case ENCODER -> IrisGraphs.encoder(world, metadata);
      case DECODER -> IrisGraphs.decoder(world, metadata);
      case WORLD_MODEL -> IrisGraphs.worldModel(world, metadata);
      default -> throw new IllegalArgumentException("no part " + part);
    };
  }

  private OnnxModel policy(Map<String, String> metadata) {
    IrisWorld world = networks.world();
    Tokenizer tokenizer = world.tokenizer();
    OnnxGraph graph =
        new OnnxGraph("iris-policy", "The policy of IRIS (arXiv 2209.00588): one step.");
    GraphValue pictures = graph.input(IrisGraphs.observation(tokenizer.config()));
    LstmCell.GraphState before =
        new LstmCell.GraphState(graph.input(memory("hidden")), graph.input(memory("cell")));
    OnnxWriter to =
        new OnnxWriter(graph, world.tokenizerParameters(), networks.actorCriticParameters());
    GraphValue tokens = tokenizer.writeTokens(to, Pixels.write(graph, pictures));
    ActorCritic.GraphOutput output =
        networks.actorCritic().write(to, tokenizer.writeFrames(to, tokens), before);
    graph.output(
        Port.of("logits", ElementType.F32, "batch", world.sizes().actions()), output.logits());
    graph.output(Port.of("value", ElementType.F32, "batch"), output.values());
    graph.output(memory("next_hidden"), output.state().hidden());
    graph.output(memory("next_cell"), output.state().cell());
    metadata.put(PolicyMetadata.TEMPERATURE, Double.toString(IrisAgents.TEMPERATURE));
    return graph.model(metadata);
  }

  private Port memory(String name) {
    return Port.of(name, ElementType.F32, "batch", networks.hidden());
  }

  @Override
  public void close() {
    networks.close();
  }
}
