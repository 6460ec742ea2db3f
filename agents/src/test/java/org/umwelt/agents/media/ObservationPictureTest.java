package org.umwelt.agents.media;

import static org.assertj.core.api.Assertions.assertThat;

import java.lang.foreign.ValueLayout;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.umwelt.envs.Frame;
import org.umwelt.envs.spaces.Box;
import org.umwelt.envs.spaces.DType;
import org.umwelt.envs.spaces.Dict;
import org.umwelt.envs.spaces.Discrete;
import org.umwelt.envs.spaces.Space;
import org.umwelt.envs.spaces.Value;

final class ObservationPictureTest {
  private static final int H = 17;
  private static final int W = 19;

  /** Red, green and blue of the pixel at (y, x); all below 256. */
  private static int pixel(int y, int x, int channel) {
    return 3 * y + 5 * x + 50 * channel;
  }

  private static Value filled(Box box, ElementRule rule) {
    Value value = Value.allocate(box);
    int[] extents = box.shape().stream().mapToInt(Integer::intValue).toArray();
    int elements = Arrays.stream(extents).reduce(1, (a, b) -> a * b);
    for (int i = 0; i < elements; i++) {
      int[] index = new int[extents.length];
      int rest = i;
      for (int axis = extents.length - 1; axis >= 0; axis--) {
        index[axis] = rest % extents[axis];
        rest /= extents[axis];
      }
      box.dtype().setDouble(value.tensor(), i, rule.at(index));
    }
    return value;
  }

  interface ElementRule {
    int at(int[] index);
  }

  private static Frame expected(boolean grey) {
    byte[] rgb = new byte[H * W * 3];
    for (int i = 0; i < rgb.length; i++) {
      rgb[i] = (byte) pixel(i / 3 / W, i / 3 % W, grey ? 0 : i % 3);
    }
    return new Frame(W, H, rgb);
  }

  record Layout(Box box, boolean grey, ElementRule rule) {}

  /** Frames before the newest are filled with 255, so that showing one of them would be seen. */
  static List<Layout> layouts() {
    return List.of(
        new Layout(Box.image(H, W), true, i -> pixel(i[0], i[1], 0)),
        new Layout(Box.image(H, W, 1), true, i -> pixel(i[0], i[1], 0)),
        new Layout(Box.image(1, H, W), true, i -> pixel(i[1], i[2], 0)),
        new Layout(Box.image(H, W, 3), false, i -> pixel(i[0], i[1], i[2])),
        new Layout(Box.image(3, H, W), false, i -> pixel(i[1], i[2], i[0])),
        new Layout(Box.image(4, H, W), true, i -> i[0] == 3 ? pixel(i[1], i[2], 0) : 255),
        new Layout(Box.image(H, W, 4), true, i -> i[2] == 3 ? pixel(i[0], i[1], 0) : 255),
        new Layout(Box.image(2, H, W, 3), false, i -> i[0] == 1 ? pixel(i[1], i[2], i[3]) : 255),
        new Layout(Box.image(2, 3, H, W), false, i -> i[0] == 1 ? pixel(i[2], i[3], i[1]) : 255),
        new Layout(Box.image(2, H, W, 1), true, i -> i[0] == 1 ? pixel(i[1], i[2], 0) : 255));
  }

  @ParameterizedTest
  @MethodSource("layouts")
  void showsTheNewestFrameOfEveryLayout(Layout layout) {
    ObservationPicture picture = ObservationPicture.of(layout.box).orElseThrow();
    Frame frame = picture.frame(filled(layout.box, layout.rule));
    assertThat(frame.width()).isEqualTo(picture.width()).isEqualTo(W);
    assertThat(frame.height()).isEqualTo(picture.height()).isEqualTo(H);
    assertThat(frame.rgb()).isEqualTo(expected(layout.grey).rgb());
  }

  @Test
  void boundsOfFloatsMapToBlackAndWhite() {
    Box box = Box.of(DType.FLOAT32, -1, 1, 16, 16);
    Value value = Value.allocate(box);
    value.tensor().set(ValueLayout.JAVA_FLOAT, 0, -1);
    value.tensor().set(ValueLayout.JAVA_FLOAT, 4, 1);
    value.tensor().set(ValueLayout.JAVA_FLOAT, 8, 7);
    byte[] rgb = ObservationPicture.of(box).orElseThrow().frame(value).rgb();
    assertThat(Arrays.copyOf(rgb, 12))
        .containsExactly(0, 0, 0, 255, 255, 255, 255, 255, 255, 128, 128, 128);
  }

  @Test
  void picturesAreFoundInsideDicts() {
    Dict space =
        Dict.empty().with("speed", Box.of(DType.FLOAT64, 0, 1, 3)).with("camera", Box.image(H, W));
    Value value = Value.allocate(space);
    for (int i = 0; i < H * W; i++) {
      DType.UINT8.setLong(value.leaf(1), i, pixel(i / W, i % W, 0));
    }
    assertThat(ObservationPicture.of(space).orElseThrow().frame(value).rgb())
        .isEqualTo(expected(true).rgb());
  }

  @Test
  void paintedPixelsAreThoseOfTheFrame() {
    Box box = Box.image(H, W, 3);
    Value value = filled(box, index -> pixel(index[0], index[1], index[2]));
    ObservationPicture picture = ObservationPicture.of(box).orElseThrow();
    int[] argb = new int[H * W];
    picture.paint(value, argb);
    byte[] rgb = picture.frame(value).rgb();
    for (int i = 0; i < argb.length; i++) {
      assertThat(argb[i])
          .isEqualTo(
              0xff000000
                  | ((rgb[3 * i] & 0xff) << 16)
                  | ((rgb[3 * i + 1] & 0xff) << 8)
                  | (rgb[3 * i + 2] & 0xff));
    }
  }

  static List<Space> noPictures() {
    return List.of(
        Box.image(128),
        Box.image(8, 8),
        Box.image(64, 8, 64),
        Box.image(64, 64, 64),
        Box.of(DType.FLOAT32, Double.NEGATIVE_INFINITY, Double.POSITIVE_INFINITY, 64, 64),
        Discrete.of(3),
        Dict.empty());
  }

  @ParameterizedTest
  @MethodSource("noPictures")
  void vectorsAndUnboundedFieldsAreNoPictures(Space space) {
    assertThat(ObservationPicture.of(space)).isEmpty();
  }
}
