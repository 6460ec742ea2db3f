package org.umwelt.kernels.nn;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;
import org.bytedeco.javacpp.PointerScope;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.umwelt.kernels.random.RandomStream;
import org.umwelt.kernels.settings.BadRequestException;
import org.umwelt.kernels.tensor.Compute;
import org.umwelt.kernels.tensor.Tensors;
import org.umwelt.kernels.weights.StoredTensor;

class AdamTest {
  private static final int DECAYING = 12;
  private static final int COUNT = 12 + 6 + 4;

  /** A linear layer's weight, which decays, and a table and a norm, which do not. */
  private static Parameters parameters() {
    Parameters parameters = Parameters.fresh(Compute.CPU, 2);
    parameters.create("norm", false, Init.normal(1), 4);
    parameters.create("linear", true, Init.normal(1), 3, 4);
    parameters.create("table", false, Init.normal(1), 2, 3);
    assertThat(parameters.decaying()).isEqualTo(DECAYING);
    return parameters;
  }

  private static void setGradients(Parameters parameters, float[] gradient) {
    try (PointerScope _ = new PointerScope()) {
      parameters.gradients().copy_(Tensors.of(Compute.CPU, gradient, gradient.length));
    }
  }

  private static float[] gradient(RandomStream random, double scale) {
    float[] gradient = new float[COUNT];
    for (int i = 0; i < COUNT; i++) {
      gradient[i] = (float) (scale * random.nextGaussian());
    }
    return gradient;
  }

  private static float[] values(Parameters parameters) {
    return Tensors.floats(parameters.values());
  }

  /** PyTorch's AdamW behind clip_grad_norm_, one number at a time. */
  private static final class PlainAdam {
    private final double[] first = new double[COUNT];
    private final double[] second = new double[COUNT];
    private final double[] value = new double[COUNT];
    private final double beta2;
    private int step;

    PlainAdam(double beta2) {
      this.beta2 = beta2;
    }

    double step(float[] gradient, double rate, double decay, double clip) {
      step++;
      double squares = 0;
      for (float g : gradient) {
        squares += (double) g * g;
      }
      double norm = Math.sqrt(squares);
      double shorten = Math.min(1, clip / (norm + 1e-6));
      for (int i = 0; i < COUNT; i++) {
        double g = gradient[i] * shorten;
        if (i < DECAYING) {
          value[i] -= rate * decay * value[i];
        }
        first[i] = 0.9 * first[i] + 0.1 * g;
        second[i] = beta2 * second[i] + (1 - beta2) * g * g;
        double m = first[i] / (1 - Math.pow(0.9, step));
        double v = second[i] / (1 - Math.pow(beta2, step));
        value[i] -= rate * m / (Math.sqrt(v) + 1e-8);
      }
      return norm;
    }
  }

  @ParameterizedTest
  @CsvSource({
    "0, Infinity, 0.999",
    "0.1, Infinity, 0.999",
    "0, 1, 0.999",
    "0.1, 1, 0.95",
    "0.01, 1000, 0.999"
  })
  void stepsAreThoseOfPlainJava(double decay, double clip, double beta2) {
    RandomStream random = new RandomStream(4);
    try (Parameters parameters = parameters();
        Adam adam = new Adam(parameters, 1, decay, clip, beta2)) {
      PlainAdam plain = new PlainAdam(beta2);
      float[] start = values(parameters);
      for (int i = 0; i < COUNT; i++) {
        plain.value[i] = start[i];
      }
      for (int step = 0; step < 20; step++) {
        float[] gradient = gradient(random, step % 3 == 0 ? 1 : 0.01);
        setGradients(parameters, gradient);
        double rate = 1e-2 / (1 + step % 2); // as a schedule would
        double norm = plain.step(gradient, rate, decay, clip);
        assertThat(adam.step(rate)).isCloseTo(norm, within(1e-6 * norm));
        float[] found = values(parameters);
        for (int i = 0; i < COUNT; i++) {
          // A few units in the last place of values up to 4, and of 20 steps of up to 0.01.
          assertThat((double) found[i]).isCloseTo(plain.value[i], within(3e-6));
        }
      }
      assertThat(adam.steps()).isEqualTo(20);
    }
  }

  @Test
  void withoutGradientWeightsShrinkByTheDecayAndNothingElseMoves() {
    double rate = 0.25;
    double decay = 0.1;
    try (Parameters parameters = parameters();
        Adam adam = new Adam(parameters, rate, decay, 10)) {
      float[] before = values(parameters);
      parameters.zeroGradients();
      assertThat(adam.step()).isZero();
      float[] after = values(parameters);
      for (int i = 0; i < COUNT; i++) {
        assertThat(after[i])
            .isEqualTo(i < DECAYING ? before[i] * (float) (1 - rate * decay) : before[i]);
      }
    }
  }

  @Test
  void withoutDecayAndGradientNothingMoves() {
    try (Parameters parameters = parameters();
        Adam adam = new Adam(parameters, 0.1, 0, 10)) {
      float[] before = values(parameters);
      parameters.zeroGradients();
      adam.step();
      assertThat(values(parameters)).containsExactly(before);
    }
  }

  @Test
  void firstStepIsTheLearningRateAgainstTheSignOfTheGradient() {
    try (Parameters parameters = parameters();
        Adam adam = new Adam(parameters, 0.125, 0, Double.POSITIVE_INFINITY)) {
      float[] before = values(parameters);
      float[] gradient = new float[COUNT];
      gradient[3] = 1e-3f;
      gradient[20] = -1e3f;
      setGradients(parameters, gradient);
      adam.step();
      float[] after = values(parameters);
      for (int i = 0; i < COUNT; i++) {
        float expected = i == 3 ? -0.125f : i == 20 ? 0.125f : 0;
        assertThat(after[i] - before[i]).isCloseTo(expected, within(2e-6f));
      }
    }
  }

  @Test
  void longGradientIsShortenedAndItsOwnNormIsReturned() {
    try (Parameters parameters = parameters();
        Adam adam = new Adam(parameters, 0.1, 0, 2)) {
      float[] gradient = new float[COUNT];
      gradient[0] = 3;
      gradient[21] = 4;
      setGradients(parameters, gradient);
      assertThat(adam.step()).isEqualTo(5);
      float[] shortened = Tensors.floats(parameters.gradients());
      assertThat(shortened[0]).isCloseTo(1.2f, within(1e-6f));
      assertThat(shortened[21]).isCloseTo(1.6f, within(1e-6f));
      gradient[0] = 0.3f;
      gradient[21] = 0.4f;
      setGradients(parameters, gradient);
      adam.step();
      assertThat(Tensors.floats(parameters.gradients())).containsExactly(gradient);
    }
  }

  @ParameterizedTest
  @CsvSource({"NaN", "Infinity"})
  void gradientThatIsNotFiniteChangesNothing(float bad) {
    try (Parameters parameters = parameters();
        Adam adam = new Adam(parameters, 0.1, 0.1, 2)) {
      float[] before = values(parameters);
      float[] gradient = gradient(new RandomStream(1), 1);
      gradient[5] = bad;
      setGradients(parameters, gradient);
      assertThat(adam.step()).isNotFinite();
      assertThat(adam.steps()).isZero();
      assertThat(values(parameters)).containsExactly(before);
    }
  }

  @Test
  void storedAndLoadedItGoesOnBitForBit() {
    RandomStream random = new RandomStream(9);
    try (Parameters whole = parameters();
        Adam undisturbed = new Adam(whole, 1e-2, 0.1, 1);
        Parameters resumed = parameters();
        Adam second = new Adam(resumed, 1e-2, 0.1, 1)) {
      for (int step = 0; step < 3; step++) {
        setGradients(whole, gradient(random, 1));
        undisturbed.step();
      }
      Map<String, StoredTensor> stored = undisturbed.store();
      assertThat(stored.keySet())
          .containsExactly(
              "step",
              "exp_avg.norm",
              "exp_avg.linear",
              "exp_avg.table",
              "exp_avg_sq.norm",
              "exp_avg_sq.linear",
              "exp_avg_sq.table");
      resumed.load(whole.store(), "test");
      second.load(stored, "test");
      for (int step = 0; step < 3; step++) {
        float[] gradient = gradient(random, 1);
        setGradients(whole, gradient);
        undisturbed.step();
        setGradients(resumed, gradient);
        second.step();
      }
      assertThat(second.steps()).isEqualTo(6);
      assertThat(values(resumed)).containsExactly(values(whole));
    }
  }

  @Test
  void missingEntryIsNamedAndNothingIsChanged() {
    try (Parameters parameters = parameters();
        Adam adam = new Adam(parameters, 1e-2, 0.1, 1)) {
      setGradients(parameters, gradient(new RandomStream(9), 1));
      adam.step();
      Map<String, StoredTensor> before = adam.store();
      for (String name : before.keySet()) {
        Map<String, StoredTensor> source = new LinkedHashMap<>();
        before.forEach((key, tensor) -> source.put(key, tensor));
        source.remove(name);
        assertThatThrownBy(() -> adam.load(source, "moments.safetensors"))
            .isInstanceOf(BadRequestException.class)
            .hasMessageStartingWith("moments.safetensors: expected an entry " + name + " ");
        assertThat(adam.steps()).isEqualTo(1);
      }
      adam.store()
          .forEach((name, tensor) ->
              assertThat(tensor.data().mismatch(Objects.requireNonNull(before.get(name)).data()))
                  .isEqualTo(-1));
    }
  }
}
