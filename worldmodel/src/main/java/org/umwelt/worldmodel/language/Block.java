package org.umwelt.worldmodel.language;

import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch;
import org.umwelt.kernels.attention.AttentionKernel;
import org.umwelt.kernels.attention.Causality;
import org.umwelt.kernels.attention.FlashAttention;
import org.umwelt.kernels.attention.SelfAttention;
import org.umwelt.kernels.attention.Sparsity;
import org.umwelt.kernels.nn.Init;
import org.umwelt.kernels.nn.LayerNorm;
import org.umwelt.kernels.nn.Linear;
import org.umwelt.kernels.nn.Parameters;
import org.umwelt.kernels.parallel.WorkerTeam;
import org.umwelt.kernels.tensor.Tensors;

/** One layer of the transformer: attention, then an MLP, each on normed input and added to it. */
final class Block {
  private static final int EXPANSION = 4;

  private final LayerNorm beforeAttention;
  private final SelfAttention attention;
  private final LayerNorm beforeMlp;
  private final Linear expand;
  private final Linear contract;

  Block(Parameters parameters, LanguageModelConfig config, WorkerTeam team) {
    long width = config.width();
    Init weights = Init.normal(config.initStd());
    // What layers add to the residual stream would otherwise grow with their number (GPT-2).
    Init outWeights = Init.normal(config.initStd() / Math.sqrt(2.0 * config.layers()));
    beforeAttention = new LayerNorm(parameters.in("ln_1"), width);
    attention = attention(parameters.in("attn"), config, weights, outWeights, team);
    beforeMlp = new LayerNorm(parameters.in("ln_2"), width);
    expand =
        new Linear(parameters.in("mlp.c_fc"), width, EXPANSION * width, weights, Init.constant(0));
    contract =
        new Linear(
            parameters.in("mlp.c_proj"), EXPANSION * width, width, outWeights, Init.constant(0));
  }

  private static SelfAttention attention(
      Parameters parameters,
      LanguageModelConfig config,
      Init weights,
      Init outWeights,
      WorkerTeam team) {
    int width = config.width();
    int heads = config.heads();
    if (config.attention() == AttentionMethod.LIBTORCH) {
      return SelfAttention.libTorch(parameters, width, heads, true, weights, outWeights);
    }
    Sparsity sparsity =
        switch (config.attention()) {
          case HASH -> new Sparsity.Hashing(config.buckets());
          case DROP -> new Sparsity.Dropping(config.drop());
          case DENSE, LIBTORCH -> new Sparsity.Dense();
        };
    // A token is most like itself, and the fewer others there are the more that counts.
    Causality causality =
        config.attention() == AttentionMethod.HASH ? Causality.STRICT : Causality.SELF;
    int size = width / heads;
    AttentionKernel kernel = new FlashAttention(size, size, 1 / Math.sqrt(size), team);
    return new SelfAttention(
        parameters, width, heads, true, sparsity, causality, weights, outWeights, kernel);
  }

  String attention() {
    return attention.description();
  }

  /**
   * Maps [b, t, D] to the same shape.
   *
   * @param key names what attention draws at random
   */
  Tensor forward(Tensor x, long key) {
    Tensor y = x.add(Tensors.tidy(() -> attention.forward(beforeAttention.forward(x), key)));
    Tensor hidden =
        Tensors.tidy(() -> torch.gelu(expand.forward(beforeMlp.forward(y)))); // (b, t, 4 D)
    return y.add(contract.forward(hidden));
  }
}
