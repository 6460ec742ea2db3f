package org.umwelt.agents.media;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.List;
import java.util.Optional;
import org.umwelt.envs.Frame;
import org.umwelt.envs.spaces.Box;
import org.umwelt.envs.spaces.DType;
import org.umwelt.envs.spaces.Dict;
import org.umwelt.envs.spaces.Space;
import org.umwelt.envs.spaces.Tuple;
import org.umwelt.envs.spaces.Value;

/**
 * Shows the observations of one space as pictures.
 *
 * <p>A Box with finite uniform bounds, at least 16 by 16 pixels, is a picture; bounds map to black
 * and white. Shapes are read as follows, H and W being at least 16 and k at most 16:
 *
 * <table>
 *   <caption>Shapes</caption>
 *   <tr><th>shape</th><th>read as</th><th>shown</th></tr>
 *   <tr><td>[H, W]</td><td>grey</td><td>it</td></tr>
 *   <tr><td>[H, W, 3]</td><td>RGB</td><td>it</td></tr>
 *   <tr><td>[3, H, W]</td><td>RGB, channels first</td><td>it</td></tr>
 *   <tr><td>[k, H, W], [H, W, k]</td><td>k grey frames, newest last</td><td>the last</td></tr>
 *   <tr><td>[k, H, W, 3], [k, 3, H, W]</td><td>k RGB frames, newest last</td><td>the last</td></tr>
 *   <tr><td>[k, H, W, 1]</td><td>k grey frames, newest last</td><td>the last</td></tr>
 * </table>
 *
 * <p>Of a Dict or Tuple the first part that is a picture is shown.
 */
public final class ObservationPicture {
  private static final int MINIMUM_EXTENT = 16;
  private static final int MAXIMUM_STACK = 16;

  private final int leaf;
  private final DType dtype;
  private final double low;
  private final double range;
  private final Layout layout;
  private final boolean bytes; // whose levels are the elements themselves

  private ObservationPicture(int leaf, Box box, Layout layout) {
    this.leaf = leaf;
    this.dtype = box.dtype();
    this.low = box.low().getFirst();
    this.range = box.high().getFirst() - low;
    this.layout = layout;
    this.bytes = dtype == DType.UINT8 && low == 0 && range == 255;
  }

  /** Returns how to show observations of a space, or empty where they are no pictures. */
  public static Optional<ObservationPicture> of(Space observations) {
    return find(observations, 0);
  }

  private static Optional<ObservationPicture> find(Space space, int leaf) {
    return switch (space) {
      case Box box when isBounded(box) ->
          layout(box.shape()).map(layout -> new ObservationPicture(leaf, box, layout));
      case Dict dict -> firstOf(List.copyOf(dict.spaces().values()), leaf);
      case Tuple tuple -> firstOf(tuple.spaces(), leaf);
      default -> Optional.empty();
    };
  }

  private static Optional<ObservationPicture> firstOf(List<Space> parts, int firstLeaf) {
    int leaf = firstLeaf;
    for (Space part : parts) {
      Optional<ObservationPicture> found = find(part, leaf);
      if (found.isPresent()) {
        return found;
      }
      leaf += part.leaves().size();
    }
    return Optional.empty();
  }

  private static boolean isBounded(Box box) {
    return box.low().size() == 1
        && box.high().size() == 1
        && Double.isFinite(box.low().getFirst())
        && Double.isFinite(box.high().getFirst())
        && box.high().getFirst() > box.low().getFirst();
  }

  private static Optional<Layout> layout(List<Integer> shape) {
    return switch (shape.size()) {
      case 2 -> picture(shape.get(0), shape.get(1), 1, 1, 0, 0);
      case 3 -> {
        int first = shape.get(0);
        int second = shape.get(1);
        int third = shape.get(2);
        if (third <= MAXIMUM_STACK) {
          yield third == 3
              ? picture(first, second, 3, 3, 1, 0)
              : picture(first, second, 1, third, 0, third - 1);
        }
        int plane = second * third;
        yield first == 3
            ? picture(second, third, 3, 1, plane, 0)
            : stacked(first, picture(second, third, 1, 1, 0, (first - 1) * plane));
      }
      case 4 -> {
        int frames = shape.get(0);
        int last = (frames - 1) * shape.get(1) * shape.get(2) * shape.get(3);
        int channelsLast = shape.get(3);
        if (channelsLast == 3 || channelsLast == 1) {
          yield stacked(
              frames, picture(shape.get(1), shape.get(2), channelsLast, channelsLast, 1, last));
        }
        yield shape.get(1) == 3
            ? stacked(
                frames,
                picture(shape.get(2), shape.get(3), 3, 1, shape.get(2) * shape.get(3), last))
            : Optional.empty();
      }
      default -> Optional.empty();
    };
  }

  private static Optional<Layout> stacked(int frames, Optional<Layout> last) {
    return frames <= MAXIMUM_STACK ? last : Optional.empty();
  }

  private static Optional<Layout> picture(
      int height, int width, int channels, int pixelStride, int channelStride, int offset) {
    return height >= MINIMUM_EXTENT && width >= MINIMUM_EXTENT
        ? Optional.of(new Layout(height, width, channels, pixelStride, channelStride, offset))
        : Optional.empty();
  }

  /** Returns the width of the pictures in pixels. */
  public int width() {
    return layout.width;
  }

  /** Returns the height of the pictures in pixels. */
  public int height() {
    return layout.height;
  }

  /** Returns the picture an observation is. */
  public Frame frame(Value observation) {
    byte[] rgb = new byte[layout.width * layout.height * 3];
    for (int pixel = 0; pixel < rgb.length / 3; pixel++) {
      int colour = colour(observation.leaf(leaf), pixel);
      rgb[3 * pixel] = (byte) (colour >> 16);
      rgb[3 * pixel + 1] = (byte) (colour >> 8);
      rgb[3 * pixel + 2] = (byte) colour;
    }
    return new Frame(layout.width, layout.height, rgb);
  }

  /**
   * Writes the picture an observation is as opaque pixels, 0xffRRGGBB; allocates nothing.
   *
   * @param argb receives {@code height * width} pixels, row-major
   */
  public void paint(Value observation, int[] argb) {
    MemorySegment tensor = observation.leaf(leaf);
    for (int pixel = 0; pixel < layout.width * layout.height; pixel++) {
      argb[pixel] = 0xff000000 | colour(tensor, pixel);
    }
  }

  /** Returns the colour of a pixel, 0xRRGGBB. */
  private int colour(MemorySegment tensor, int pixel) {
    long first = layout.offset + (long) pixel * layout.pixelStride;
    int red = level(tensor, first);
    return layout.channels == 1
        ? red * 0x010101
        : (red << 16)
            | (level(tensor, first + layout.channelStride) << 8)
            | level(tensor, first + 2L * layout.channelStride);
  }

  private int level(MemorySegment tensor, long element) {
    return bytes
        ? tensor.get(ValueLayout.JAVA_BYTE, element) & 0xff
        : (int)
            Math.round(255 * Math.clamp((dtype.getDouble(tensor, element) - low) / range, 0, 1));
  }

  /** Where the elements of the picture shown stand in the tensor; strides in elements. */
  private record Layout(
      int height, int width, int channels, int pixelStride, int channelStride, int offset) {}
}
