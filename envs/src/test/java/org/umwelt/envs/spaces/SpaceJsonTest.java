package org.umwelt.envs.spaces;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

class SpaceJsonTest {
  private static final double INFINITY = Double.POSITIVE_INFINITY;

  static List<Space> spaces() {
    return List.of(
        Box.image(4, 3, 3),
        Box.of(DType.FLOAT32, -INFINITY, INFINITY, 3),
        Box.of(DType.FLOAT64, 0, INFINITY),
        Box.of(DType.FLOAT64, -0.1, 1e-300, 2, 1),
        new Box(DType.FLOAT32, List.of(2), List.of(-1.5, -INFINITY), List.of(0.25, 7.0)),
        Discrete.of(6),
        new Discrete(3, -1),
        MultiDiscrete.of(2L, 5L),
        new MultiDiscrete(List.of(2, 2), List.of(1L, 2L, 3L, 4L), List.of(0L, -1L, 5L, 0L)),
        new MultiBinary(List.of(3, 2)),
        new Text(1, 8, "abc \"\\ß€"),
        Dict.empty(),
        Dict.empty().with("z", Discrete.of(2)).with("a", Dict.empty().with("b", Box.image(2, 2))),
        new Tuple(List.of()),
        new Tuple(List.of(Discrete.of(2), new Tuple(List.of(new MultiBinary(List.of(1)))))));
  }

  @ParameterizedTest
  @MethodSource("spaces")
  void everySpaceComesBackEqual(Space space) {
    assertThat(SpaceJson.read(SpaceJson.write(space))).isEqualTo(space);
  }

  @ParameterizedTest
  @EnumSource(DType.class)
  void everyDtypeComesBack(DType dtype) {
    Box box = Box.of(dtype, dtype.isFloat() ? -2.5 : 0, 1, 2);
    assertThat(SpaceJson.read(SpaceJson.write(box))).isEqualTo(box);
  }

  @Test
  void notationIsMinaris() {
    assertThat(SpaceJson.write(Box.of(DType.UINT8, 0, 255, 1, 2)))
        .isEqualTo(
            "{\"type\":\"Box\",\"dtype\":\"uint8\",\"shape\":[1,2],"
                + "\"low\":[[0,0]],\"high\":[[255,255]]}");
    assertThat(SpaceJson.write(new Discrete(4, -1)))
        .isEqualTo("{\"type\":\"Discrete\",\"dtype\":\"int64\",\"start\":-1,\"n\":4}");
    assertThat(SpaceJson.write(new MultiBinary(List.of(3))))
        .isEqualTo("{\"type\":\"MultiBinary\",\"n\":[3]}");
    assertThat(SpaceJson.write(Dict.empty().with("k", new Text(0, 2, "xy"))))
        .isEqualTo(
            "{\"type\":\"Dict\",\"subspaces\":{\"k\":{\"type\":\"Text\","
                + "\"max_length\":2,\"min_length\":0,\"charset\":\"xy\"}}}");
  }

  @Test
  void infiniteBoundsAreTokensOfPythonsJson() {
    assertThat(SpaceJson.write(Box.of(DType.FLOAT32, -INFINITY, INFINITY, 1)))
        .contains("\"low\":[-Infinity],\"high\":[Infinity]");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "{",
        "[]",
        "{}",
        "{\"type\":\"Blob\"}",
        "{\"type\":\"Box\",\"dtype\":\"uint8\",\"shape\":[2],\"low\":[0],\"high\":[1,2,3]}",
        "{\"type\":\"Box\",\"dtype\":\"uint7\",\"shape\":[1],\"low\":[0],\"high\":[1]}",
        "{\"type\":\"Box\",\"dtype\":\"uint8\",\"shape\":[-1],\"low\":[0],\"high\":[1]}",
        "{\"type\":\"Discrete\",\"n\":0}",
        "{\"type\":\"MultiDiscrete\",\"nvec\":[]}",
        "{\"type\":\"MultiDiscrete\",\"nvec\":[[],[]]}",
      })
  void otherTextIsRefused(String text) {
    assertThatThrownBy(() -> SpaceJson.read(text)).isInstanceOf(IllegalArgumentException.class);
  }
}
