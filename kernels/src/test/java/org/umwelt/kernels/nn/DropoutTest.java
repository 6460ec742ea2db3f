package org.umwelt.kernels.nn;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import org.bytedeco.javacpp.PointerScope;
import org.bytedeco.pytorch.Tensor;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.umwelt.kernels.tensor.Compute;
import org.umwelt.kernels.tensor.Tensors;

class DropoutTest {
  private static Tensor ones(long... shape) {
    return Tensors.shift(Tensors.zeros(Compute.CPU, shape), 1);
  }

  private static float[] mask(Dropout dropout, double probability, long... shape) {
    try (PointerScope _ = new PointerScope()) {
      return Tensors.floats(dropout.apply(ones(shape), probability));
    }
  }

  @ParameterizedTest
  @ValueSource(doubles = {0.1, 0.5, 0.9})
  void elementsAreDroppedOrEnlargedAsOftenAsTheyShould(double p) {
    int n = 1_000_000;
    float[] mask = mask(new Dropout(Compute.CPU, 5), p, n);
    float kept = (float) (1 / (1 - p));
    double dropped = 0;
    double[] both = new double[9]; // pairs at distances 1 to 8: lanes of a word, and words
    for (int i = 0; i < n; i++) {
      assertThat(mask[i] == 0 || mask[i] == kept).isTrue();
      dropped += mask[i] == 0 ? 1 : 0;
      for (int d = 1; d < both.length && i + d < n; d++) {
        both[d] += mask[i] == 0 && mask[i + d] == 0 ? 1 : 0;
      }
    }
    double rounded = Math.round(p * 65_536) / 65_536.0;
    double error = Math.sqrt(rounded * (1 - rounded) / n);
    assertThat(Math.abs(dropped / n - rounded)).isLessThan(4 * error);
    double square = rounded * rounded;
    for (int d = 1; d < both.length; d++) {
      // Overlapping pairs at most double the variance of independent ones.
      assertThat(Math.abs(both[d] / (n - d) - square))
          .isLessThan(4 * Math.sqrt(3 * square * (1 - square) / n));
    }
  }

  @Test
  void masksAreAFunctionOfTheKeyAndOfHowManyWereDrawn() {
    Dropout one = new Dropout(Compute.CPU, 7);
    Dropout same = new Dropout(Compute.CPU, 7);
    float[] first = mask(one, 0.5, 10, 13);
    assertThat(mask(same, 0.5, 130)).containsExactly(first); // whatever the shape
    float[] second = mask(one, 0.5, 10, 13);
    assertThat(second).isNotEqualTo(first);
    assertThat(mask(same, 0.5, 10, 13)).containsExactly(second);
    assertThat(mask(new Dropout(Compute.CPU, 8), 0.5, 10, 13)).isNotEqualTo(first);
  }

  @Test
  void masksDoNotDependOnTheThread() throws Exception {
    Dropout here = new Dropout(Compute.CPU, 3);
    Dropout there = new Dropout(Compute.CPU, 3);
    try (ExecutorService other = Executors.newSingleThreadExecutor()) {
      for (int i = 0; i < 5; i++) {
        Callable<float[]> task = () -> mask(there, 0.1, 33);
        assertThat(other.submit(task).get()).containsExactly(mask(here, 0.1, 33));
      }
    }
  }

  @Test
  void countsThatDoNotFillAWordAreMaskedToTheirEnd() {
    for (int n = 1; n < 10; n++) {
      assertThat(mask(new Dropout(Compute.CPU, n), 0.25, n)).hasSize(n);
      int dropped = 0;
      for (int key = 0; key < 400; key++) {
        dropped += mask(new Dropout(Compute.CPU, key), 0.25, n)[n - 1] == 0 ? 1 : 0;
      }
      assertThat(dropped).isBetween(100 - 35, 100 + 35); // 4 standard errors
    }
  }

  @Test
  void probabilityZeroChangesNothingAndDrawsNothing() {
    Dropout one = new Dropout(Compute.CPU, 7);
    try (PointerScope _ = new PointerScope()) {
      Tensor x = ones(4);
      assertThat(one.apply(x, 0)).isSameAs(x);
    }
    assertThat(mask(one, 0.5, 64)).containsExactly(mask(new Dropout(Compute.CPU, 7), 0.5, 64));
  }

  @Test
  void gradientGoesThroughTheSameMask() {
    try (PointerScope _ = new PointerScope()) {
      Tensor x = ones(64).set_requires_grad(true);
      Tensor y = new Dropout(Compute.CPU, 1).apply(x, 0.5);
      y.sum().backward();
      assertThat(Tensors.floats(x.grad())).containsExactly(Tensors.floats(y));
    }
  }
}
