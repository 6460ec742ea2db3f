package org.umwelt.kernels.weights;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.lang.foreign.MemorySegment;
import java.util.HexFormat;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.umwelt.kernels.settings.BadRequestException;

class StoredTensorTest {
  private static StoredTensor ofHex(ElementType type, String littleEndian, Long... shape) {
    byte[] bytes = HexFormat.of().parseHex(littleEndian);
    return new StoredTensor(type, List.of(shape), MemorySegment.ofArray(bytes));
  }

  @ParameterizedTest
  @CsvSource({
    "F64, 000000000000f83f, 1.5",
    "F64, 9a9999999999b93f, 0.1",
    "F32, 0000c0bf, -1.5",
    "F16, 003c, 1",
    "F16, 00c0, -2",
    "F16, 0100, 5.9604645e-8",
    "F16, ff7b, 65504",
    "F16, 007c, Infinity",
    "BF16, 803f, 1",
    "BF16, 40c0, -3",
    "BF16, 80ff, -Infinity",
    "BF16, 0100, 9.18355e-41",
  })
  void floatingPointNumbersBecomeFloats(ElementType type, String bytes, float value) {
    assertThat(ofHex(type, bytes).toFloats()).containsExactly(value);
  }

  @ParameterizedTest
  @CsvSource({
    "I64, 0000000000000080, -9223372036854775808",
    "I32, feffffff, -2",
    "I16, 0080, -32768",
    "I8, ff, -1",
    "U8, ff, 255",
    "BOOL, 00, 0",
    "BOOL, 01, 1",
  })
  void integersBecomeLongs(ElementType type, String bytes, long value) {
    assertThat(ofHex(type, bytes).toLongs()).containsExactly(value);
  }

  @Test
  void floatsAndLongsComeBackBitForBit() {
    float[] floats = {0f, -0f, Float.MIN_VALUE, Float.NaN, 1 / 3f, Float.NEGATIVE_INFINITY};
    long[] longs = {Long.MIN_VALUE, -1, 0, 1L << 40};

    assertThat(StoredTensor.of(floats, 2, 3).toFloats()).containsExactly(floats);
    assertThat(StoredTensor.of(longs, 4).toLongs()).containsExactly(longs);
  }

  @Test
  void dataIsLittleEndian() {
    assertThat(StoredTensor.of(new float[] {-1.5f}, 1))
        .isEqualTo(ofHex(ElementType.F32, "0000c0bf", 1L));
    assertThat(StoredTensor.of(new long[] {258}))
        .isEqualTo(ofHex(ElementType.I64, "0201000000000000"));
  }

  @Test
  void scalarsHaveOneElementAndEmptyTensorsNone() {
    StoredTensor scalar = StoredTensor.of(new float[] {3});
    assertThat(scalar.shape()).isEmpty();
    assertThat(scalar.elements()).isEqualTo(1);
    assertThat(StoredTensor.of(new float[0], 3, 0).elements()).isZero();
  }

  @Test
  void tensorsDifferInTypeShapeOrBits() {
    StoredTensor tensor = StoredTensor.of(new float[] {0, 1}, 2);
    assertThat(tensor)
        .isEqualTo(StoredTensor.of(new float[] {0, 1}, 2))
        .hasSameHashCodeAs(StoredTensor.of(new float[] {0, 1}, 2))
        .hasToString("F32 [2]")
        .isNotEqualTo(StoredTensor.of(new float[] {-0f, 1}, 2))
        .isNotEqualTo(StoredTensor.of(new float[] {0, 1}, 1, 2))
        .isNotEqualTo(new StoredTensor(ElementType.I32, List.of(2L), tensor.data()));
  }

  @Test
  void dataIsReadOnly() {
    assertThat(ofHex(ElementType.U8, "07", 1L).data().isReadOnly()).isTrue();
  }

  @Test
  void otherTypesAreNotConverted() {
    assertThatThrownBy(() -> StoredTensor.of(new long[2], 2).toFloats())
        .isInstanceOf(BadRequestException.class)
        .hasMessage("expected floating-point numbers, found I64 [2]");
    assertThatThrownBy(() -> StoredTensor.of(new float[6], 2, 3).toLongs())
        .isInstanceOf(BadRequestException.class)
        .hasMessage("expected integers, found F32 [2, 3]");
  }

  @Test
  void shapesMustFitTheData() {
    assertThatThrownBy(() -> StoredTensor.of(new float[5], 2, 3))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("expected 24 bytes for F32 [2, 3], got 20");
    assertThatThrownBy(() -> StoredTensor.of(new float[2], -1, -2))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("expected no negative dimension, got [-1, -2]");
  }
}
