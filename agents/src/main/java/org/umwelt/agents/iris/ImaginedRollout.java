package org.umwelt.agents.iris;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.SequencedMap;
import org.bytedeco.pytorch.ScalarTypeOptional;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch;
import org.umwelt.kernels.nn.LstmCell;
import org.umwelt.kernels.nn.Sampler;
import org.umwelt.kernels.random.RandomStream;
import org.umwelt.kernels.tensor.Compute;
import org.umwelt.kernels.tensor.Tensors;
import org.umwelt.worldmodel.iris.Imagination;

/**
 * A policy acting in imagined worlds, gradients of the policy recorded. Letters: b rows, T steps, A
 * actions.
 *
 * @param frames what the policy saw, T times [b, 3, h, w]
 * @param actions int64 [b, T]
 * @param logits of the actions, [b, T, A]
 * @param values [b, T]
 * @param rewards [b][T], each -1, 0 or 1
 * @param ends [b][T]; the rollout goes on behind an end
 */
record ImaginedRollout(
    List<Tensor> frames,
    Tensor actions,
    Tensor logits,
    Tensor values,
    double[][] rewards,
    boolean[][] ends) {

  /**
   * Plays.
   *
   * @param imagination started at the first frames
   * @param state of the policy before it sees them
   * @param sampler chooses actions
   * @param random one stream per row
   */
  static ImaginedRollout play(
      ActorCritic policy,
      LstmCell.State state,
      Imagination imagination,
      int horizon,
      Sampler sampler,
      RandomStream[] random) {
    int rows = random.length;
    List<Tensor> frames = new ArrayList<>();
    List<Tensor> actions = new ArrayList<>();
    List<Tensor> logits = new ArrayList<>();
    List<Tensor> values = new ArrayList<>();
    double[][] rewards = new double[rows][horizon];
    boolean[][] ends = new boolean[rows][horizon];
    LstmCell.State memory = state;
    for (int t = 0; t < horizon; t++) {
      Tensor frame = imagination.frames();
      ActorCritic.Output output = policy.forward(frame, memory);
      memory = output.state();
      Tensor action = sampler.choose(output.logits().detach(), random);
      Imagination.Outcome outcome = imagination.step(action, t < horizon - 1);
      for (int row = 0; row < rows; row++) {
        rewards[row][t] = outcome.rewards()[row];
        ends[row][t] = outcome.ends()[row];
      }
      frames.add(frame);
      actions.add(action);
      logits.add(output.logits());
      values.add(output.values());
    }
    return new ImaginedRollout(
        frames,
        Tensors.stack(actions, 1),
        Tensors.stack(logits, 1),
        Tensors.stack(values, 1),
        rewards,
        ends);
  }

  /** Returns G of every row but its last step, [b, T - 1], without gradients. */
  Tensor lambdaReturns(double gamma, double lambda) {
    int rows = rewards.length;
    int steps = rewards[0].length;
    float[] value = Tensors.floats(values);
    float[] targets = new float[rows * (steps - 1)];
    for (int row = 0; row < rows; row++) {
      double[] v = new double[steps];
      for (int t = 0; t < steps; t++) {
        v[t] = value[row * steps + t];
      }
      double[] g = LambdaReturns.of(rewards[row], v, ends[row], gamma, lambda);
      for (int t = 0; t < steps - 1; t++) {
        targets[row * (steps - 1) + t] = (float) g[t];
      }
    }
    return Tensors.of(Compute.CPU, targets, rows, steps - 1L)
        .to(values.device(), values.scalar_type());
  }

  /**
   * Returns the three terms of the loss, weighted already, each a mean over rows and all steps but
   * the last: REINFORCE with the value as baseline, value, entropy (eq. 5 and 6 and appendix A.3).
   */
  SequencedMap<String, Tensor> losses(double gamma, double lambda, double entropyWeight) {
    long steps = values.size(1) - 1;
    Tensor target = lambdaReturns(gamma, lambda); // (b, T - 1)
    Tensor value = values.narrow(1, 0, steps);
    Tensor logProbabilities = torch.log_softmax(logits.narrow(1, 0, steps), 2); // (b, T - 1, A)
    Tensor chosen = logProbabilities.gather(2, actions.narrow(1, 0, steps).unsqueeze(2)).squeeze(2);
    Tensor entropy =
        logProbabilities
            .exp()
            .mul(logProbabilities)
            .sum(new long[] {2}, false, new ScalarTypeOptional())
            .neg(); // (b, T - 1)
    SequencedMap<String, Tensor> terms = new LinkedHashMap<>();
    // No gradient flows through the value in the advantage.
    terms.put("actor", chosen.mul(target.sub(value.detach())).mean().neg());
    terms.put("value", value.sub(target).square().mean());
    terms.put("entropy", Tensors.scale(entropy.mean(), -entropyWeight));
    return terms;
  }
}
