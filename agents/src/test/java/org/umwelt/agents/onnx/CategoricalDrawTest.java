package org.umwelt.agents.onnx;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import org.bytedeco.javacpp.PointerScope;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.umwelt.kernels.nn.Sampler;
import org.umwelt.kernels.random.RandomStream;
import org.umwelt.kernels.tensor.Compute;
import org.umwelt.kernels.tensor.Tensors;

class CategoricalDrawTest {
  private static final int ROWS = 4000;
  private static final int CLASSES = 18;

  @ParameterizedTest
  @ValueSource(doubles = {0, 0.5, 1, 3})
  void choicesAreThoseOfTheSamplerInLibTorch(double temperature) {
    RandomStream numbers = new RandomStream(3);
    float[] logits = new float[ROWS * CLASSES];
    for (int i = 0; i < logits.length; i++) {
      logits[i] = (float) (2 * numbers.nextGaussian());
    }
    long[] expected;
    try (PointerScope _ = new PointerScope()) {
      RandomStream[] random = new RandomStream[ROWS];
      Arrays.fill(random, new RandomStream(5)); // rows share a stream
      expected =
          Tensors.longs(
              Sampler.temperature(temperature)
                  .choose(Tensors.of(Compute.CPU, logits, ROWS, CLASSES), random));
    }
    CategoricalDraw draw = new CategoricalDraw(temperature);
    RandomStream random = new RandomStream(5);
    long[] found = new long[ROWS];
    for (int row = 0; row < ROWS; row++) {
      found[row] =
          draw.draw(Arrays.copyOfRange(logits, row * CLASSES, (row + 1) * CLASSES), random);
    }
    assertThat(found).isEqualTo(expected);
    assertThat(found).contains(0, CLASSES - 1);
  }

  @Test
  void certainAndUselessLogitsNameAClassThatIsThere() {
    CategoricalDraw draw = new CategoricalDraw(1);
    RandomStream random = new RandomStream(1);
    for (int i = 0; i < 100; i++) {
      assertThat(draw.draw(new float[] {-1000, 1000, -1000}, random)).isEqualTo(1);
      assertThat(draw.draw(new float[] {Float.NaN, 1, 2}, random)).isBetween(0, 2);
      assertThat(draw.draw(new float[] {0, Float.NEGATIVE_INFINITY}, random)).isZero();
    }
  }
}
