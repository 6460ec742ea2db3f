package org.umwelt.envs.spaces;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.lang.foreign.ValueLayout;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.SequencedMap;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.umwelt.kernels.random.RandomStream;

class SpacesTest {
  static Stream<Space> spaces() {
    SequencedMap<String, Space> camera = new LinkedHashMap<>();
    camera.put("z_left", Box.image(4, 5, 3));
    camera.put("a_right", Box.of(DType.FLOAT32, -1, 1, 2));
    return Stream.of(
        Box.of(DType.FLOAT64, -2.5, 7.25, 3),
        Box.of(DType.FLOAT32, Double.NEGATIVE_INFINITY, Double.POSITIVE_INFINITY, 2, 2),
        Box.of(DType.FLOAT32, 0, Double.POSITIVE_INFINITY, 2),
        Box.of(DType.FLOAT16, Double.NEGATIVE_INFINITY, 0, 2),
        Box.of(DType.INT8, -128, 127, 64),
        Box.of(DType.UINT8, 3, 3),
        Box.of(DType.INT64, -5, 5),
        new Box(DType.FLOAT64, List.of(2), List.of(-1.0, -2.0), List.of(1.0, 2.0)),
        Discrete.of(1),
        Discrete.of(18),
        new Discrete(3, -1),
        MultiDiscrete.of(2L, 3L, 4L),
        new MultiDiscrete(List.of(2, 2), List.of(1L, 2L, 3L, 4L), List.of(0L, -1L, 5L, 9L)),
        new MultiBinary(List.of(3, 2)),
        new Text(1, 8, "abcφ"),
        Dict.empty(),
        new Dict(camera).with("nested", new Dict(camera)).with("n", Discrete.of(4)),
        new Tuple(List.of(Discrete.of(2), new Dict(camera), new Tuple(List.of()))));
  }

  @ParameterizedTest
  @MethodSource("spaces")
  void samplesLieInsideAndAreAFunctionOfTheSeed(Space space) {
    Value a = Value.allocate(space);
    Value b = Value.allocate(space);
    RandomStream random = new RandomStream(5);
    RandomStream again = new RandomStream(5);
    for (int i = 0; i < 200; i++) {
      space.sample(random, a);
      space.sample(again, b);
      assertThat(space.contains(a)).isTrue();
      assertThat(a.sameBytes(b)).isTrue();
    }
  }

  @ParameterizedTest
  @MethodSource("spaces")
  void jsonComesBackAsAnEqualSpace(Space space) {
    String json = SpaceJson.write(space);

    assertThat(SpaceJson.read(json)).isEqualTo(space);
    assertThat(SpaceJson.write(SpaceJson.read(json))).isEqualTo(json);
  }

  @ParameterizedTest
  @MethodSource("spaces")
  void valuesAreWrittenAndReadWhole(Space space) throws IOException {
    Value value = Value.allocate(space);
    space.sample(new RandomStream(3), value);
    var bytes = new ByteArrayOutputStream();
    value.write(new DataOutputStream(bytes));
    Value read = Value.allocate(space);

    read.read(new DataInputStream(new ByteArrayInputStream(bytes.toByteArray())));

    assertThat(read.sameBytes(value)).isTrue();
    assertThat(bytes.size()).isEqualTo((int) space.byteSize());
  }

  @Test
  void jsonIsMinarisNotation() {
    assertThat(SpaceJson.write(new Discrete(3, -1)))
        .isEqualTo("{\"type\":\"Discrete\",\"dtype\":\"int64\",\"start\":-1,\"n\":3}");
    assertThat(SpaceJson.write(Box.of(DType.FLOAT32, Double.NEGATIVE_INFINITY, 1.5, 2)))
        .isEqualTo(
            "{\"type\":\"Box\",\"dtype\":\"float32\",\"shape\":[2],"
                + "\"low\":[-Infinity,-Infinity],\"high\":[1.5,1.5]}");
    assertThat(SpaceJson.write(new Tuple(List.of(new MultiBinary(List.of(4))))))
        .isEqualTo("{\"type\":\"Tuple\",\"subspaces\":[{\"type\":\"MultiBinary\",\"n\":[4]}]}");
  }

  @Test
  void whatIsNoSpaceIsRefused() {
    assertThatThrownBy(() -> SpaceJson.read("{\"type\":\"Sphere\"}"))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("Sphere");
    assertThatThrownBy(() -> SpaceJson.read("{\"type\":\"Discrete\"}"))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("key n");
    assertThatThrownBy(() -> SpaceJson.read("[")).isInstanceOf(IllegalArgumentException.class);
  }

  @Test
  void boundsOfABoxAreInclusiveAndNaNIsOutside() {
    Box box = Box.of(DType.FLOAT64, -1, 2);
    Value value = Value.allocate(box);
    for (double inside : new double[] {-1, 0, 2}) {
      value.setScalar(0, inside);
      assertThat(box.contains(value)).isTrue();
    }
    for (double outside : new double[] {Math.nextDown(-1.0), Math.nextUp(2.0), Double.NaN}) {
      value.setScalar(0, outside);
      assertThat(box.contains(value)).isFalse();
    }
  }

  @Test
  void discreteHoldsItsNumbersAndNoOthers() {
    Discrete discrete = new Discrete(3, -1);

    assertThat(discrete.contains(-2)).isFalse();
    assertThat(discrete.contains(-1)).isTrue();
    assertThat(discrete.contains(1)).isTrue();
    assertThat(discrete.contains(2)).isFalse();
    assertThat(discrete.contains(Long.MAX_VALUE)).isFalse();
    assertThat(Discrete.of(5).contains(Long.MAX_VALUE)).isFalse();
  }

  @Test
  void everyNumberOfADiscreteIsDrawnEquallyOften() {
    Discrete discrete = new Discrete(7, 10);
    Value value = Value.allocate(discrete);
    RandomStream random = new RandomStream(1);
    int n = 70_000;
    int[] counts = new int[7];
    for (int i = 0; i < n; i++) {
      discrete.sample(random, value);
      counts[(int) value.asLong() - 10]++;
    }
    for (int count : counts) { // five standard deviations of the binomial
      assertThat((double) count).isCloseTo(n / 7.0, within(5 * Math.sqrt(n * 6 / 49.0)));
    }
  }

  @Test
  void integerBoxesAreDrawnFromEndToEnd() {
    Box box = Box.of(DType.UINT8, 0, 255, 20_000);
    Value value = Value.allocate(box);
    box.sample(new RandomStream(2), value);
    boolean[] seen = new boolean[256];
    for (byte element : value.tensor().toArray(ValueLayout.JAVA_BYTE)) {
      seen[element & 0xFF] = true;
    }
    assertThat(seen).doesNotContain(false);
  }

  @Test
  void compositesLayTheirLeavesOutDepthFirst() {
    Dict space =
        Dict.empty()
            .with("b", Discrete.of(2))
            .with("a", new Tuple(List.of(Box.image(2, 2), Box.of(DType.FLOAT32, 0, 1, 3))));

    assertThat(space.leaves())
        .containsExactly(
            new Leaf("b", DType.INT64, List.of()),
            new Leaf("a/0", DType.UINT8, List.of(2, 2)),
            new Leaf("a/1", DType.FLOAT32, List.of(3)));
    assertThat(space.firstLeaf("a")).isEqualTo(1);
    assertThat(space.firstLeaf("c")).isEqualTo(-1);
    assertThat(space.byteSize()).isEqualTo(8 + 4 + 12);
    assertThatThrownBy(() -> space.with("a", Discrete.of(1)))
        .isInstanceOf(IllegalArgumentException.class);
  }

  @Test
  void oneBadLeafPutsACompositeOutside() {
    Tuple space = new Tuple(List.of(Discrete.of(2), Box.of(DType.FLOAT32, 0, 1, 3)));
    Value value = Value.allocate(space);
    assertThat(space.contains(value)).isTrue();

    DType.FLOAT32.setDouble(value.leaf(1), 2, 1.5);

    assertThat(space.contains(value)).isFalse();
  }

  @Test
  void rowsOfABatchLieSideBySideInOneSegmentPerLeaf() {
    Batch batch = Batch.allocate(Box.of(DType.INT32, -9, 9, 2), 3);
    for (int row = 0; row < 3; row++) {
      DType.INT32.setLong(batch.row(row).tensor(), 0, row);
      DType.INT32.setLong(batch.row(row).tensor(), 1, -row);
    }

    assertThat(batch.leaf(0).toArray(ValueLayout.JAVA_INT)).containsExactly(0, 0, 1, -1, 2, -2);
    assertThat(batch.leaf(0).address() % 64).isZero();
    assertThat(batch.row(1)).isSameAs(batch.row(1));
  }

  @Test
  void copyingLeavesTheLeavesOfWrappersAlone() {
    Dict inner = Dict.empty().with("a", Discrete.of(9));
    Value source = Value.allocate(inner);
    Value target = Value.allocate(inner.with("b", Discrete.of(9)));
    source.setScalar(0, 4);
    target.setScalar(1, 7);

    target.copyFrom(source);

    assertThat(target.scalar(0)).isEqualTo(4);
    assertThat(target.scalar(1)).isEqualTo(7);
  }

  @ParameterizedTest
  @EnumSource(DType.class)
  void typesHoldTheirExtremesAndAreFoundByNumPysName(DType type) {
    assertThat(DType.of(type.numpyName())).isSameAs(type);
    Value value =
        Value.allocate(new Box(type, List.of(2), List.of(type.minimum()), List.of(type.maximum())));
    double largest = type == DType.BOOL ? 1 : Math.min(type.maximum(), 1 << 10);
    largest = Math.min(largest, type.maximum());
    double smallest = Math.max(type.minimum(), -(1 << 10));

    type.setDouble(value.tensor(), 0, smallest);
    type.setDouble(value.tensor(), 1, largest);

    assertThat(type.getDouble(value.tensor(), 0)).isEqualTo(smallest);
    assertThat(type.getDouble(value.tensor(), 1)).isEqualTo(largest);
    assertThat(type.getLong(value.tensor(), 1)).isEqualTo((long) largest);
    assertThat(value.tensor().byteSize()).isEqualTo(2L * type.bytes());
  }

  @Test
  void unsignedTypesReadBackAboveTheSignedRange() {
    Value value = Value.allocate(Box.of(DType.UINT32, 0, 4294967295.0));
    DType.UINT32.setLong(value.tensor(), 0, 4294967295L);
    assertThat(DType.UINT32.getLong(value.tensor(), 0)).isEqualTo(4294967295L);
    Value small = Value.allocate(Box.of(DType.UINT16, 0, 65535));
    DType.UINT16.setLong(small.tensor(), 0, 65535);
    assertThat(DType.UINT16.getDouble(small.tensor(), 0)).isEqualTo(65535);
  }

  @Test
  void halfPrecisionRoundsToElevenBits() {
    Value value = Value.allocate(Box.of(DType.FLOAT16, -100_000, 100_000));
    DType.FLOAT16.setDouble(value.tensor(), 0, 2049); // between 2048 and 2050: to even
    assertThat(DType.FLOAT16.getDouble(value.tensor(), 0)).isEqualTo(2048);
  }

  @Test
  void textIsEncodedPaddedAndBounded() {
    Text text = new Text(1, 4, "abφ");
    Value value = Value.allocate(text);
    text.encode("aφ", value.tensor());

    assertThat(value.tensor().toArray(ValueLayout.JAVA_INT)).containsExactly('a', 'φ', -1, -1);
    assertThat(text.decode(value.tensor())).isEqualTo("aφ");
    assertThat(text.contains(value)).isTrue();
    text.encode("", value.tensor());
    assertThat(text.contains(value)).isFalse();
    text.encode("xyz", value.tensor());
    assertThat(text.contains(value)).isFalse();
    assertThatThrownBy(() -> text.encode("aaaaa", value.tensor()))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("at most 4 characters, got 5");
  }

  @Test
  void equalBoundsPerElementEqualOneBoundForAll() {
    assertThat(new Box(DType.FLOAT32, List.of(2), List.of(0.0, 0.0), List.of(1.0, 1.0)))
        .isEqualTo(Box.of(DType.FLOAT32, 0, 1, 2));
  }

  @Test
  void picturesAreRecognisedAsMinariDoes() {
    assertThat(Box.image(64, 64, 3).isImage()).isTrue();
    assertThat(Box.image(31, 64, 3).isImage()).isFalse();
    assertThat(Box.of(DType.UINT8, 0, 254, 64, 64).isImage()).isFalse();
    assertThat(Box.of(DType.FLOAT32, 0, 255, 64, 64).isImage()).isFalse();
  }

  @Test
  void senselessSpacesAreRefusedWithBothNumbers() {
    assertThatThrownBy(() -> Discrete.of(0)).hasMessageContaining("got 0");
    assertThatThrownBy(() -> Box.of(DType.FLOAT32, 1, 0))
        .hasMessageContaining("expected low <= high");
    assertThatThrownBy(() -> new Box(DType.FLOAT32, List.of(3), List.of(0.0, 1.0), List.of(1.0)))
        .hasMessageContaining("expected 1 or 3 bounds");
    assertThatThrownBy(() -> MultiDiscrete.of(2L, 0L)).hasMessageContaining("every n >= 1");
    assertThatThrownBy(() -> new Text(3, 2, "a")).isInstanceOf(IllegalArgumentException.class);
  }
}
