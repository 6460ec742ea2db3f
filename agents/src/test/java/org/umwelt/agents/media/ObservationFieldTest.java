package org.umwelt.agents.media;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.umwelt.envs.spaces.Box;
import org.umwelt.envs.spaces.DType;
import org.umwelt.envs.spaces.Discrete;
import org.umwelt.envs.spaces.Value;

final class ObservationFieldTest {
  private static Box box(DType dtype, Integer... shape) {
    return Box.of(dtype, Double.NEGATIVE_INFINITY, Double.POSITIVE_INFINITY, shape);
  }

  @Test
  void planesOfNumbersAreFields() {
    assertThat(ObservationField.of(box(DType.FLOAT64, 8, 12)))
        .contains(new ObservationField(1, 12, 8));
    assertThat(ObservationField.of(box(DType.FLOAT32, 1, 8, 12)))
        .contains(new ObservationField(1, 12, 8));
    assertThat(ObservationField.of(box(DType.FLOAT32, 2, 8, 12)))
        .contains(new ObservationField(2, 12, 8));
  }

  @Test
  void picturesVectorsAndNumbersAreNot() {
    assertThat(ObservationField.of(Box.image(64, 64))).isEmpty();
    assertThat(ObservationField.of(box(DType.FLOAT32, 12))).isEmpty();
    assertThat(ObservationField.of(box(DType.FLOAT32, 3, 8, 12))).isEmpty();
    assertThat(ObservationField.of(box(DType.FLOAT32, 2, 12))).isEmpty();
    assertThat(ObservationField.of(Discrete.of(3))).isEmpty();
  }

  @Test
  void numbersAreCopiedInOrder() {
    Box box = box(DType.FLOAT64, 2, 4, 5);
    Value value = Value.allocate(box);
    for (int i = 0; i < 40; i++) {
      DType.FLOAT64.setDouble(value.tensor(), i, i - 0.5);
    }
    float[] numbers = new float[40];
    ObservationField.of(box).orElseThrow().copy(value, numbers);
    for (int i = 0; i < 40; i++) {
      assertThat(numbers[i]).isEqualTo(i - 0.5f);
    }
  }
}
