package org.umwelt.agents.iris;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.SequencedMap;
import java.util.function.Consumer;
import java.util.stream.IntStream;
import org.bytedeco.javacpp.PointerScope;
import org.bytedeco.pytorch.NoGradGuard;
import org.bytedeco.pytorch.Scalar;
import org.bytedeco.pytorch.Tensor;
import org.umwelt.kernels.nn.Adam;
import org.umwelt.kernels.nn.LstmCell;
import org.umwelt.kernels.nn.Parameters;
import org.umwelt.kernels.nn.Sampler;
import org.umwelt.kernels.random.RandomStream;
import org.umwelt.kernels.tensor.Compute;
import org.umwelt.kernels.tensor.Tensors;
import org.umwelt.worldmodel.iris.FormulaWeights;
import org.umwelt.worldmodel.iris.Imagination;
import org.umwelt.worldmodel.iris.IrisWorld;
import org.umwelt.worldmodel.iris.Lpips;
import org.umwelt.worldmodel.iris.ReconstructionLoss;
import org.umwelt.worldmodel.iris.Tokenizer;
import org.umwelt.worldmodel.iris.TokenizerConfig;
import org.umwelt.worldmodel.iris.WorldModel;
import org.umwelt.worldmodel.iris.WorldModelConfig;

/**
 * Figures of the three networks at the paper's sizes, filled by a formula: what any other
 * implementation can compute too.
 *
 * <p>Letters: B = 2 rows, L = 3 steps, A actions.
 */
final class IrisFigures {
  private static final int B = 2;
  private static final int L = 3;
  private static final int RESOLUTION = 64;
  private static final int PIXELS = 3 * RESOLUTION * RESOLUTION;
  private static final int HORIZON = 4;
  private static final double GAMMA = 0.995;
  private static final double LAMBDA = 0.95;
  private static final double ENTROPY = 0.001;
  private static final double LEARNING_RATE = 1e-4;
  private static final double DECAY = 0.01;
  private static final double CLIP = 10;
  private static final float[] REWARDS = {2, 0, -3, 0, 1, 0};
  private static final long[] ENDS = {0, 0, 1, 0, 0, 0};
  private static final boolean[] MASK = {true, true, true, true, true, false};

  private final FormulaWeights formula;
  private final int actions;
  private final float[] pixels;
  private final long[] taken;
  private final SequencedMap<String, double[]> figures = new LinkedHashMap<>();

  private IrisFigures(String salt, int actions) {
    this.formula = new FormulaWeights(salt);
    this.actions = actions;
    double[] uniform = formula.uniform("input.obs", B * L * PIXELS);
    pixels = new float[uniform.length];
    for (int i = 0; i < pixels.length; i++) {
      pixels[i] = (float) uniform[i];
    }
    taken =
        Arrays.stream(formula.uniform("input.act", B * L))
            .mapToLong(u -> (long) (actions * u))
            .toArray();
  }

  /** Computes all figures, by name of the quantity. */
  static SequencedMap<String, double[]> compute(
      String salt, int actions, Consumer<String> progress) {
    IrisFigures all = new IrisFigures(salt, actions);
    all.put("input.obs", Arrays.copyOf(all.formula.uniform("input.obs", 3), 3));
    all.put("input.actions", all.taken);
    progress.accept("tokenizer");
    all.withNetworks(all::tokenizer);
    progress.accept("tokenizer, three Adam steps");
    all.withNetworks(all::tokenizerSteps);
    progress.accept("LPIPS");
    all.lpips();
    progress.accept("world model");
    all.withNetworks(all::worldModel);
    progress.accept("world model, three AdamW steps");
    all.withNetworks(all::worldModelSteps);
    progress.accept("actor-critic");
    all.withNetworks(all::actorCritic);
    progress.accept("greedy imagination");
    all.withNetworks(all::imagination);
    return all.figures;
  }

  private void withNetworks(Consumer<IrisNetworks> body) {
    IrisWorld.Sizes sizes =
        new IrisWorld.Sizes(TokenizerConfig.paper(), WorldModelConfig.paper(), actions);
    try (IrisNetworks networks = new IrisNetworks(Compute.CPU, sizes, 512, 0);
        PointerScope _ = new PointerScope()) {
      formula.fill(networks.world().tokenizerParameters());
      formula.fill(networks.world().worldModelParameters());
      formula.fill(networks.actorCriticParameters());
      body.accept(networks);
    }
  }

  private void put(String quantity, double... values) {
    figures.put(quantity, values);
  }

  private void put(String quantity, long[] values) {
    figures.put(quantity, Arrays.stream(values).asDoubleStream().toArray());
  }

  /** [B L, 3, 64, 64] in [0, 1]. */
  private Tensor frames() {
    return Tensors.of(Compute.CPU, pixels, B * L, 3, RESOLUTION, RESOLUTION);
  }

  /** Elements of a float tensor from a flat position on. */
  private static double[] part(Tensor tensor, long from, int count) {
    float[] values = Tensors.floats(tensor.reshape(-1).narrow(0, from, count));
    return IntStream.range(0, count).mapToDouble(i -> values[i]).toArray();
  }

  private static double norm(Map<String, Tensor> gradients, String prefix) {
    double squares = 0;
    for (Map.Entry<String, Tensor> entry : gradients.entrySet()) {
      if (entry.getKey().startsWith(prefix)) {
        squares += Tensors.number(entry.getValue().square().sum());
      }
    }
    return Math.sqrt(squares);
  }

  private static SequencedMap<String, Tensor> gradients(Parameters parameters, Tensor loss) {
    parameters.zeroGradients();
    loss.backward();
    return parameters.split(parameters.gradients());
  }

  private static Tensor named(Map<String, Tensor> tensors, String name) {
    return Objects.requireNonNull(tensors.get(name), name);
  }

  private static Tensor l1(Tensor frames, Tokenizer.Pass pass) {
    return named(ReconstructionLoss.l1().terms(frames, pass.reconstruction(), null), "l1");
  }

  /** The codebook and commitment terms together, the latter with the paper's weight of 1. */
  private static Tensor bracket(Tokenizer.Pass pass) {
    return pass.codebook().add(pass.commitment());
  }

  private void tokenizer(IrisNetworks networks) {
    Tokenizer tokenizer = networks.world().tokenizer();
    Parameters parameters = networks.world().tokenizerParameters();
    Tensor conv = named(parameters.named(), "tokenizer.encoder.conv_in.weight");
    put("encoder.conv_in.weight[0,0,0,:]", part(conv, 0, 3));
    put(
        "tokenizer.embedding.weight[0,:3]",
        part(named(parameters.named(), "tokenizer.embedding.weight"), 0, 3));
    Tensor frames = frames();
    Tokenizer.Pass pass = tokenizer.train(frames);
    Tensor z = pass.encoding().z(); // (B L, 512, 4, 4)
    put("z.std", Tensors.number(z.std(true)));
    put(
        "z[0,0,0..3,0,0]",
        IntStream.range(0, 4).mapToDouble(c -> part(z, c * 16L, 1)[0]).toArray());
    put("z[1,2,511,3,3]", part(z, z.numel() - 1, 1));
    long[] tokens = Tensors.longs(pass.encoding().tokens());
    put("tokens[0,0]", Arrays.copyOfRange(tokens, 0, 16));
    put("tokens[0,2]", Arrays.copyOfRange(tokens, 32, 48));
    put("tokens[1,2]", Arrays.copyOfRange(tokens, 80, 96));
    put("tokens.distinct", Arrays.stream(tokens).distinct().count());
    Tensor rec = pass.reconstruction(); // (B L, 3, 64, 64)
    put("rec.mean", Tensors.number(rec.mean()));
    put("rec.std", Tensors.number(rec.std(true)));
    put("rec[0,0,0,0,0..3]", part(rec, 0, 4));
    put("rec[1,2,2,63,60..63]", part(rec, rec.numel() - 4, 4));
    Tensor l1 = l1(frames, pass);
    put("loss.commitment", Tensors.number(bracket(pass)));
    put("loss.l1", Tensors.number(l1));
    Map<String, Tensor> all = gradients(parameters, bracket(pass).add(l1));
    put("gradient.encoder", norm(all, "tokenizer.encoder."));
    put("gradient.decoder", norm(all, "tokenizer.decoder."));
    put("gradient.codebook", norm(all, "tokenizer.embedding."));
    put("gradient.pre_quant", norm(all, "tokenizer.pre_quant_conv."));
    put("gradient.post_quant", norm(all, "tokenizer.post_quant_conv."));
    Tensor codebook = named(all, "tokenizer.embedding.weight");
    put("gradient.codebook.rows", Tensors.number(codebook.abs().sum(1).gt(new Scalar(0)).sum()));
    // With L1 alone.
    Tokenizer.Pass again = tokenizer.train(frames);
    Map<String, Tensor> l1Only = gradients(parameters, l1(frames, again));
    put("gradient.l1.encoder", norm(l1Only, "tokenizer.encoder."));
    put("gradient.l1.codebook", norm(l1Only, "tokenizer.embedding."));
  }

  private void tokenizerSteps(IrisNetworks networks) {
    Parameters parameters = networks.world().tokenizerParameters();
    Tensor frames = frames();
    try (Adam adam = new Adam(parameters, LEARNING_RATE, 0, CLIP)) {
      for (int step = 1; step <= 3; step++) {
        try (PointerScope _ = new PointerScope()) {
          Tokenizer.Pass pass = networks.world().tokenizer().train(frames);
          Tensor l1 = l1(frames, pass);
          parameters.zeroGradients();
          bracket(pass).add(l1).backward();
          put(
              "tokenizer.step" + step,
              Tensors.number(bracket(pass)),
              Tensors.number(l1),
              adam.step());
        }
      }
    }
  }

  private void lpips() {
    try (Lpips lpips = new Lpips(Compute.CPU, formula.lpips(Lpips.shapes()), "formula");
        PointerScope _ = new PointerScope();
        NoGradGuard _ = new NoGradGuard()) {
      Tensor centred =
          Tensors.shift(Tensors.scale(frames(), 2), -1).view(B, L, 3, RESOLUTION, RESOLUTION);
      Tensor x = centred.select(1, 0);
      put("lpips", part(lpips.distance(x, centred.select(1, 1), null), 0, B));
      put("lpips.self", part(lpips.distance(x, x, null), 0, B));
    }
  }

  private Tensor steps(long... values) {
    return Tensors.of(Compute.CPU, values, B, L);
  }

  private Tensor frameTokens(IrisNetworks networks) {
    return networks.world().tokenizer().tokens(frames()).view(B, L, 16);
  }

  private WorldModel.Losses losses(IrisNetworks networks, Tensor tokens) {
    long[] valid = new long[B * L];
    for (int i = 0; i < valid.length; i++) {
      valid[i] = MASK[i] ? 1 : 0;
    }
    WorldModel.Losses sums =
        networks
            .world()
            .worldModel()
            .losses(
                tokens,
                steps(taken),
                Tensors.of(Compute.CPU, REWARDS, B, L),
                steps(ENDS),
                steps(valid),
                null);
    WorldModel.LabelCounts counts = WorldModel.labels(MASK, L, 16);
    return new WorldModel.Losses(
        Tensors.scale(sums.observations(), 1.0 / counts.tokens()),
        Tensors.scale(sums.rewards(), 1.0 / counts.steps()),
        Tensors.scale(sums.ends(), 1.0 / counts.steps()));
  }

  private void worldModel(IrisNetworks networks) {
    WorldModel model = networks.world().worldModel();
    Parameters parameters = networks.world().worldModelParameters();
    Tensor tokens = frameTokens(networks);
    Tensor sequence = Tensors.cat(List.of(tokens, steps(taken).unsqueeze(-1)), 2).view(B, -1);
    try (PointerScope _ = new PointerScope();
        NoGradGuard _ = new NoGradGuard()) {
      WorldModel.Prediction prediction = model.predict(sequence, null);
      put("observation_logits.rows", prediction.observations().size(1));
      put("reward_logits[0]", part(prediction.rewards(), 0, 9));
      put("end_logits[1]", part(prediction.ends(), 6, 6));
      put("observation_logits[0,0,0..3]", part(prediction.observations(), 0, 4));
    }
    put("cache.difference", networks.world().worldModel().cacheDifference(sequence));
    WorldModel.Losses losses = losses(networks, tokens);
    Map<String, Tensor> all =
        gradients(parameters, losses.observations().add(losses.rewards()).add(losses.ends()));
    put("loss.observations", Tensors.number(losses.observations()));
    put("loss.rewards", Tensors.number(losses.rewards()));
    put("loss.ends", Tensors.number(losses.ends()));
    put("gradient.world_model", norm(all, ""));
    put(
        "gradient.pos_emb.rows_behind",
        Tensors.number(
            named(all, "world_model.pos_emb.weight").narrow(0, 51, 340 - 51).abs().sum()));
  }

  private void worldModelSteps(IrisNetworks networks) {
    Parameters parameters = networks.world().worldModelParameters();
    Tensor tokens = frameTokens(networks);
    try (Adam adam = new Adam(parameters, LEARNING_RATE, DECAY, CLIP)) {
      for (int step = 1; step <= 3; step++) {
        try (PointerScope _ = new PointerScope()) {
          WorldModel.Losses losses = losses(networks, tokens);
          parameters.zeroGradients();
          losses.observations().add(losses.rewards()).add(losses.ends()).backward();
          put(
              "world_model.step" + step,
              Tensors.number(losses.observations()),
              Tensors.number(losses.rewards()),
              Tensors.number(losses.ends()),
              adam.step());
        }
      }
    }
  }

  private void actorCritic(IrisNetworks networks) {
    ActorCritic policy = networks.actorCritic();
    Tensor all = frames().view(B, L, 3, RESOLUTION, RESOLUTION);
    ActorCritic.Output output = policy.forward(all.select(1, 0), policy.start(B));
    for (int t = 1; t < L; t++) {
      output = policy.forward(all.select(1, t), output.state());
    }
    put("actor.logits[0]", part(output.logits(), 0, actions));
    put("actor.logits[1]", part(output.logits(), actions, actions));
    put("critic.values", part(output.values(), 0, B));
    double[] r = {1, 0, -1, 2, 0.5};
    double[] v = {0.5, 1, -0.5, 0.25, 2};
    boolean[][] ends = {
      {false, false, false, false, false},
      {false, true, false, false, false},
      {false, false, false, true, true}
    };
    for (int i = 0; i < ends.length; i++) {
      put("lambda_returns." + i, LambdaReturns.of(r, v, ends[i], GAMMA, LAMBDA));
    }
  }

  private void imagination(IrisNetworks networks) {
    IrisWorld world = networks.world();
    float[] burnIn = pixels.clone();
    Arrays.fill(burnIn, 0, PIXELS, 0); // obs[0, 0] = 0, which is masked
    Tensor frames = Tensors.of(Compute.CPU, burnIn, B * L, 3, RESOLUTION, RESOLUTION);
    Tensor tokens = world.tokenizer().tokens(frames); // (B L, K)
    Tensor seen = world.tokenizer().decodeTokens(tokens).view(B, L, 3, RESOLUTION, RESOLUTION);
    RandomStream[] random = {new RandomStream(0), new RandomStream(0)};
    ActorCritic policy = networks.actorCritic();
    try (Imagination imagination =
        new Imagination(world.tokenizer(), world.worldModel(), Sampler.greedy(), random)) {
      LstmCell.State state =
          policy.burnIn(seen.narrow(1, 0, 2), new boolean[] {false, true, true, true});
      imagination.reset(tokens.view(B, L, 16).select(1, 2));
      List<long[]> imagined = new ArrayList<>();
      Sampler noting =
          (logits, streams) -> {
            imagined.add(Tensors.longs(imagination.tokens()));
            return Sampler.greedy().choose(logits, streams);
          };
      ImaginedRollout rollout =
          ImaginedRollout.play(policy, state, imagination, HORIZON, noting, random);
      put("imagined.actions", Tensors.longs(rollout.actions()));
      for (int row = 0; row < B; row++) {
        put("imagined.rewards[" + row + "]", rollout.rewards()[row]);
        boolean[] ends = rollout.ends()[row];
        put(
            "imagined.ends[" + row + "]",
            IntStream.range(0, HORIZON).mapToDouble(t -> ends[t] ? 1 : 0).toArray());
        put("imagined.values[" + row + "]", part(rollout.values(), (long) row * HORIZON, HORIZON));
        put(
            "imagined.tokens[" + row + "]",
            Arrays.copyOfRange(imagined.get(1), row * 16, row * 16 + 16));
      }
      SequencedMap<String, Tensor> losses = rollout.losses(GAMMA, LAMBDA, ENTROPY);
      losses.forEach((name, term) -> put("loss." + name, Tensors.number(term)));
      Map<String, Tensor> all =
          gradients(
              networks.actorCriticParameters(),
              losses.values().stream().reduce(Tensor::add).orElseThrow());
      put("gradient.actor_critic", norm(all, ""));
      put("gradient.lstm", norm(all, "actor_critic.lstm."));
      put("gradient.conv1", norm(all, "actor_critic.conv1."));
      put(
          "gradient.imagined.world",
          squares(world.tokenizerParameters()) + squares(world.worldModelParameters()));
    }
  }

  private static double squares(Parameters parameters) {
    return Tensors.number(parameters.gradients().square().sum());
  }
}
