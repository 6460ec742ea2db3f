package org.umwelt.worldmodel.iris;

import java.util.Map;
import org.bytedeco.pytorch.Generator;
import org.bytedeco.pytorch.LongOptional;
import org.bytedeco.pytorch.NoGradGuard;
import org.bytedeco.pytorch.Scalar;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch;
import org.umwelt.kernels.nn.Conv2d;
import org.umwelt.kernels.nn.Embedding;
import org.umwelt.kernels.nn.Functions;
import org.umwelt.kernels.nn.Init;
import org.umwelt.kernels.nn.Layer;
import org.umwelt.kernels.nn.OnnxWriter;
import org.umwelt.kernels.nn.Parameters;
import org.umwelt.kernels.onnx.GraphValue;
import org.umwelt.kernels.onnx.OnnxGraph;
import org.umwelt.kernels.tensor.Compute;
import org.umwelt.kernels.tensor.Tensors;

/**
 * The discrete autoencoder: a frame becomes K tokens out of a vocabulary of V, and back.
 *
 * <p>Section 2.1 of the paper. Letters: b frames, E code size, g grid (K = g * g). Frames are
 * float32 [b, 3, resolution, resolution] in [0, 1].
 */
public final class Tokenizer {
  private final TokenizerConfig config;
  private final Layer encoder; // and the convolution before quantisation
  private final Embedding codebook;
  private final Layer decoder; // and the convolution after quantisation

  /** Creates the layers; {@code parameters} are those below {@code tokenizer}. */
  public Tokenizer(Parameters parameters, TokenizerConfig config) {
    this.config = config;
    int latent = config.latentChannels();
    encoder =
        Layer.sequence(
            Functions.affine(2, -1), // to [-1, 1]
            Autoencoder.encoder(parameters.in("encoder"), config),
            new Conv2d(parameters.in("pre_quant_conv"), latent, config.codeSize(), 1, 1, 0));
    codebook =
        new Embedding(
            parameters.in("embedding"),
            config.vocabulary(),
            config.codeSize(),
            Init.uniform(1.0 / config.vocabulary()));
    decoder =
        Layer.sequence(
            new Conv2d(parameters.in("post_quant_conv"), config.codeSize(), latent, 1, 1, 0),
            Autoencoder.decoder(parameters.in("decoder"), config),
            Functions.affine(0.5, 0.5)); // back to [0, 1]
  }

  /** Makes all codes uniform in [-bound, bound); the paper's fresh ones have bound 1 / V. */
  public void fillCodes(double bound, long seed) {
    try (Generator random = torch.make_generator_cpu(seed)) {
      Tensor host = Tensors.empty(Compute.CPU, config.vocabulary(), config.codeSize());
      Init.uniform(bound).fill(host, random);
      setCodes(host);
    }
  }

  /** Returns the codebook, [V, E]. */
  public Tensor codes() {
    return codebook.weight().detach();
  }

  /**
   * Replaces the codebook.
   *
   * @param codes [V, E]
   */
  public void setCodes(Tensor codes) {
    try (NoGradGuard _ = new NoGradGuard()) {
      codebook.weight().copy_(codes);
    }
  }

  /** Returns the sizes. */
  public TokenizerConfig config() {
    return config;
  }

  /**
   * A frame before and after quantisation.
   *
   * @param z encoder output, [b, E, g, g]
   * @param quantised the nearest code of each position, [b, E, g, g]
   * @param tokens their numbers, int64 [b, K], row-major over the grid
   */
  public record Encoding(Tensor z, Tensor quantised, Tensor tokens) {}

  /** Encodes frames. */
  public Encoding encode(Tensor frames) {
    long b = frames.size(0);
    int g = config.grid();
    int e = config.codeSize();
    Tensor z = encoder.forward(frames);
    Tensor vectors = z.permute(0, 2, 3, 1).reshape(b * g * g, e); // (b K, E)
    Tensor codes = codebook.weight();
    // |z|^2 + |C_k|^2 - 2 z.C_k, (b K, V)
    Tensor distances =
        vectors
            .square()
            .sum(new long[] {1}, true, new org.bytedeco.pytorch.ScalarTypeOptional())
            .add(codes.square().sum(1))
            .sub(torch.matmul(vectors, codes.t()), new Scalar(2));
    Tensor tokens = distances.argmin(new LongOptional(1), false);
    return new Encoding(z, grid(codebook.forward(tokens), b), tokens.view(b, (long) g * g));
  }

  /** Returns the tokens of frames, int64 [b, K]; records no gradient. */
  public Tensor tokens(Tensor frames) {
    return Tensors.noGrad(() -> encode(frames).tokens());
  }

  /**
   * Returns the frames tokens stand for, limited to [0, 1]; records no gradient.
   *
   * @param tokens int64 [b, K]
   */
  public Tensor decodeTokens(Tensor tokens) {
    return Tensors.noGrad(() ->
        Tensors.clamp(decode(grid(codebook.forward(tokens.reshape(-1)), tokens.size(0))), 0, 1));
  }

  /**
   * Returns decoded frames, not limited.
   *
   * @param codes [b, E, g, g]
   */
  public Tensor decode(Tensor codes) {
    return decoder.forward(codes);
  }

  /** (b K, E) to (b, E, g, g). */
  private Tensor grid(Tensor vectors, long b) {
    int g = config.grid();
    return vectors.view(b, g, g, config.codeSize()).permute(0, 3, 1, 2).contiguous();
  }

  /** Writes {@link #tokens} into a graph: float32 [b, 3, h, w] to int64 [b, K]. */
  public GraphValue writeTokens(OnnxWriter to, GraphValue frames) {
    OnnxGraph graph = to.graph();
    GraphValue z = encoder.write(to, frames); // (b, E, g, g)
    GraphValue vectors = // (b, K, E)
        graph.op(
            "Reshape",
            graph.op("Transpose", Map.of("perm", new long[] {0, 2, 3, 1}), z),
            graph.vector(0, config.tokens(), config.codeSize()));
    GraphValue codes = to.weight(codebook.weight()); // (V, E)
    GraphValue products = // (b, K, V)
        graph.op(
            "MatMul", vectors, graph.op("Transpose", Map.of("perm", new long[] {1, 0}), codes));
    GraphValue distances =
        graph.op(
            "Sub",
            graph.op("Add", squares(graph, vectors, 2, 1), squares(graph, codes, 1, 0)),
            graph.op("Mul", products, graph.constant(2)));
    return graph.op("ArgMin", Map.of("axis", 2L, "keepdims", 0L), distances);
  }

  /** Sums of squares along an axis. */
  private static GraphValue squares(OnnxGraph graph, GraphValue x, long axis, long keep) {
    return graph.op(
        "ReduceSum", Map.of("keepdims", keep), graph.op("Mul", x, x), graph.vector(axis));
  }

  /** Writes {@link #decodeTokens} into a graph: int64 [b, K] to float32 [b, 3, h, w]. */
  public GraphValue writeFrames(OnnxWriter to, GraphValue tokens) {
    OnnxGraph graph = to.graph();
    GraphValue grid = // (b, g, g, E)
        graph.op(
            "Reshape",
            codebook.write(to, tokens),
            graph.vector(0, config.grid(), config.grid(), config.codeSize()));
    GraphValue codes = graph.op("Transpose", Map.of("perm", new long[] {0, 3, 1, 2}), grid);
    return graph.op("Clip", decoder.write(to, codes), graph.constant(0), graph.constant(1));
  }

  /**
   * What one training forward pass gives, gradients recorded.
   *
   * @param encoding of the frames
   * @param reconstruction decoded through the straight-through estimator, in the range of [0, 1]
   *     but not limited to it
   * @param codebook mean |sg(z) - z_q|^2, which moves the codes; second term of eq. (1)
   * @param commitment mean |z - sg(z_q)|^2, which moves the encoder; third term of eq. (1)
   */
  public record Pass(
      Encoding encoding, Tensor reconstruction, Tensor codebook, Tensor commitment) {}

  /** Encodes and decodes with gradients. */
  public Pass train(Tensor frames) {
    Encoding encoding = encode(frames);
    Tensor z = encoding.z();
    Tensor quantised = encoding.quantised();
    Tensor throughput = z.add(quantised.sub(z).detach()); // straight-through
    return new Pass(
        encoding,
        decode(throughput),
        z.detach().sub(quantised).square().mean(),
        z.sub(quantised.detach()).square().mean());
  }
}
