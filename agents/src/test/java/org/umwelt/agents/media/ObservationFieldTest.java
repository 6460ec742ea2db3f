package org.umwelt.agents.media;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.umwelt.envs.spaces.Box;
import org.umwelt.envs.spaces.DType;
import org.umwelt.envs.spaces.Dict;
import org.umwelt.envs.spaces.Discrete;
import org.umwelt.envs.spaces.Value;

final class ObservationFieldTest {
  private static Box box(DType dtype, Integer... shape) {
    return Box.of(dtype, Double.NEGATIVE_INFINITY, Double.POSITIVE_INFINITY, shape);
  }

  @Test
  void planesOfNumbersAreFields() {
    assertThat(ObservationField.of(box(DType.FLOAT64, 8, 12)))
        .contains(new ObservationField(0, 1, 0, 1, 12, 8));
    assertThat(ObservationField.of(box(DType.FLOAT32, 1, 8, 12)))
        .contains(new ObservationField(0, 1, 0, 1, 12, 8));
    assertThat(ObservationField.of(box(DType.FLOAT32, 2, 8, 12)))
        .contains(new ObservationField(0, 1, 0, 2, 12, 8));
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

  @Test
  void fieldsOfADictStandSideBySide() {
    Dict space =
        Dict.empty()
            .with("statistics", box(DType.FLOAT32, 9))
            .with("field", box(DType.FLOAT32, 3, 2, 4, 5)); // three chains of 2x4x5
    ObservationField shown = ObservationField.of(space).orElseThrow();
    assertThat(shown.width()).isEqualTo(11);
    assertThat(shown.height()).isEqualTo(9);
    Value value = Value.allocate(space);
    for (int i = 0; i < 120; i++) {
      DType.FLOAT32.setDouble(value.leaf(1), i, i);
    }
    float[] numbers = new float[99];
    shown.copy(value, numbers);
    assertThat(numbers[0]).isEqualTo(0);
    assertThat(numbers[11 + 4]).isEqualTo(9); // row 1, column 4 of the first
    assertThat(numbers[5]).isNaN();
    assertThat(numbers[6]).isEqualTo(40); // the second, to the right
    assertThat(numbers[5 * 11]).isEqualTo(80); // the third, below
    assertThat(numbers[8 * 11 + 10]).isNaN(); // where a fourth would end
    assertThat(ObservationField.of(Dict.empty().with("a", box(DType.FLOAT32, 8, 12)))).isEmpty();
  }

  @Test
  void oneTallFieldIsOneField() {
    ObservationField tall = ObservationField.of(box(DType.FLOAT32, 40, 4)).orElseThrow();
    assertThat(tall.width()).isEqualTo(4);
    assertThat(tall.height()).isEqualTo(40);
  }
}
