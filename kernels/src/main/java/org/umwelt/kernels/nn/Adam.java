package org.umwelt.kernels.nn;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.SequencedMap;
import java.util.function.BiConsumer;
import org.bytedeco.javacpp.PointerScope;
import org.bytedeco.pytorch.NoGradGuard;
import org.bytedeco.pytorch.Scalar;
import org.bytedeco.pytorch.Tensor;
import org.umwelt.kernels.settings.BadRequestException;
import org.umwelt.kernels.tensor.Tensors;
import org.umwelt.kernels.weights.StoredTensor;

/**
 * Adam (Kingma and Ba, arXiv 1412.6980) with decoupled weight decay (Loshchilov and Hutter, arXiv
 * 1711.05101) and clipping by the norm of the whole gradient; PyTorch's formulas.
 */
public final class Adam implements AutoCloseable {
  private static final double BETA_1 = 0.9;
  private static final double USUAL_BETA_2 = 0.999;
  private static final double EPSILON = 1e-8;
  private static final String STEP = "step";
  private static final String FIRST_MOMENT = "exp_avg.";
  private static final String SECOND_MOMENT = "exp_avg_sq.";

  private final Parameters parameters;
  private final double learningRate;
  private final double weightDecay;
  private final double maxGradientNorm;
  private final double beta2;
  private final Tensor firstMoment;
  private final Tensor secondMoment;
  private long steps;

  /**
   * Creates the optimiser.
   *
   * @param weightDecay for the parameters that decay; 0 for none
   * @param maxGradientNorm a longer gradient is shortened to this; infinite for no clipping
   */
  public Adam(
      Parameters parameters, double learningRate, double weightDecay, double maxGradientNorm) {
    this(parameters, learningRate, weightDecay, maxGradientNorm, USUAL_BETA_2);
  }

  /**
   * Creates the optimiser with another decay of the second moment than the usual 0.999.
   *
   * @param weightDecay for the parameters that decay; 0 for none
   * @param maxGradientNorm a longer gradient is shortened to this; infinite for no clipping
   * @param beta2 what a step keeps of the second moment, from 0 to less than 1
   */
  public Adam(
      Parameters parameters,
      double learningRate,
      double weightDecay,
      double maxGradientNorm,
      double beta2) {
    this.parameters = parameters;
    this.learningRate = learningRate;
    this.weightDecay = weightDecay;
    this.maxGradientNorm = maxGradientNorm;
    this.beta2 = beta2;
    try (PointerScope _ = new PointerScope()) {
      long count = parameters.values().numel();
      firstMoment = Tensors.keep(Tensors.zeros(parameters.compute(), count));
      secondMoment = Tensors.keep(Tensors.zeros(parameters.compute(), count));
    }
  }

  /** Returns how many steps were taken. */
  public long steps() {
    return steps;
  }

  /**
   * Takes one step along the gradients.
   *
   * @return the norm of the gradient before clipping; where it is not finite nothing is changed
   */
  public double step() {
    return step(learningRate);
  }

  /** {@link #step()} at a learning rate of its own, as schedules have it. */
  public double step(double learningRate) {
    try (PointerScope _ = new PointerScope();
        NoGradGuard _ = new NoGradGuard()) {
      Tensor gradient = parameters.gradients();
      double norm = Math.sqrt(squaredNorm(gradient));
      if (!Double.isFinite(norm)) {
        return norm;
      }
      double shorten = Math.min(1, maxGradientNorm / (norm + 1e-6));
      if (shorten < 1) {
        gradient.mul_(new Scalar(shorten));
      }
      steps++;
      Tensor values = parameters.values();
      if (weightDecay != 0 && parameters.decaying() > 0) {
        values.narrow(0, 0, parameters.decaying()).mul_(new Scalar(1 - learningRate * weightDecay));
      }
      firstMoment.lerp_(gradient, new Scalar(1 - BETA_1));
      secondMoment.mul_(new Scalar(beta2)).addcmul_(gradient, gradient, new Scalar(1 - beta2));
      double correction1 = 1 - Math.pow(BETA_1, steps);
      double correction2 = 1 - Math.pow(beta2, steps);
      Tensor denominator =
          secondMoment.sqrt().div_(new Scalar(Math.sqrt(correction2))).add_(new Scalar(EPSILON));
      values.addcdiv_(firstMoment, denominator, new Scalar(-learningRate / correction1));
      return norm;
    }
  }

  private static double squaredNorm(Tensor gradient) {
    return gradient.square().sum().item_double(); // summed in a tree; a dot product loses digits
  }

  /** Returns copies of the step count and both moments, by the names of the parameters. */
  public SequencedMap<String, StoredTensor> store() {
    SequencedMap<String, StoredTensor> all = new LinkedHashMap<>();
    all.put(STEP, StoredTensor.of(new long[] {steps}, 1));
    try (PointerScope _ = new PointerScope()) {
      moments((prefix, flat) ->
          Parameters.stored(parameters.split(flat))
              .forEach((name, tensor) -> all.put(prefix + name, tensor)));
    }
    return all;
  }

  /**
   * Goes on where the optimiser that was stored stood.
   *
   * @param origin where the tensors come from, for messages
   * @throws BadRequestException where an entry is missing or of another shape; nothing is changed
   *     then
   */
  public void load(Map<String, StoredTensor> source, String origin) {
    StoredTensor step = source.get(STEP);
    if (step == null || step.elements() != 1) {
      throw new BadRequestException(
          "%s: expected an entry %s of shape [1], got %s"
              .formatted(origin, STEP, step == null ? "none" : step.shape()));
    }
    try (PointerScope _ = new PointerScope()) {
      Map<String, Tensor> targets = new LinkedHashMap<>();
      moments((prefix, flat) ->
          parameters.split(flat).forEach((name, part) -> targets.put(prefix + name, part)));
      Parameters.load(targets, source, origin);
    }
    steps = step.toLongs()[0];
  }

  private void moments(BiConsumer<String, Tensor> visitor) {
    visitor.accept(FIRST_MOMENT, firstMoment);
    visitor.accept(SECOND_MOMENT, secondMoment);
  }

  @Override
  public void close() {
    Tensors.release(firstMoment);
    Tensors.release(secondMoment);
  }
}
