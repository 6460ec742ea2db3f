package org.umwelt.kernels.image;

import java.util.Arrays;

/**
 * Resizes 8-bit pictures with a triangle filter that widens when shrinking: Pillow's {@code
 * BILINEAR}, bit for bit.
 *
 * <p>Horizontal pass first, then vertical, with weights rounded to integers at scale 2^22 and the
 * picture between the passes rounded to 8 bits. Pictures are rows of interleaved channels without
 * padding.
 *
 * <p>Rows can be given one by one: those that did not change since the last picture need not be
 * given again, and only output rows that depend on a changed row are computed again. Allocates
 * nothing after construction; not thread-safe.
 */
public final class BilinearResize {
  private static final int SCALE_BITS = 22;
  private static final int HALF = 1 << (SCALE_BITS - 1);

  private final int inputHeight;
  private final int outputHeight;
  private final int channels;
  private final int inputStride;
  private final int outputStride;
  private final Axis horizontal;
  private final Axis vertical;

  /** Horizontally resized rows, [inputHeight, outputWidth, channels], each 0 to 255. */
  private final int[] between;

  private final boolean[] changed;
  private final int[] sums;
  private final byte[] output;

  /**
   * Prepares the weights.
   *
   * @param inputWidth in pixels
   * @param inputHeight in pixels
   * @param outputWidth in pixels
   * @param outputHeight in pixels
   * @param channels bytes per pixel
   */
  public BilinearResize(
      int inputWidth, int inputHeight, int outputWidth, int outputHeight, int channels) {
    if (Math.min(Math.min(inputWidth, inputHeight), Math.min(outputWidth, outputHeight)) < 1
        || channels < 1) {
      throw new IllegalArgumentException(
          "expected positive sizes, got %dx%d to %dx%d with %d channels"
              .formatted(inputWidth, inputHeight, outputWidth, outputHeight, channels));
    }
    this.inputHeight = inputHeight;
    this.outputHeight = outputHeight;
    this.channels = channels;
    this.inputStride = inputWidth * channels;
    this.outputStride = outputWidth * channels;
    this.horizontal = Axis.of(inputWidth, outputWidth);
    this.vertical = Axis.of(inputHeight, outputHeight);
    this.between = new int[inputHeight * outputStride];
    this.changed = new boolean[inputHeight];
    this.sums = new int[outputStride];
    this.output = new byte[outputHeight * outputStride];
  }

  /**
   * Resizes a whole picture.
   *
   * @param input inputHeight x inputWidth x channels bytes
   * @param output outputHeight x outputWidth x channels bytes
   */
  public void resize(byte[] input, byte[] output) {
    if (input.length != inputHeight * inputStride || output.length != this.output.length) {
      throw new IllegalArgumentException(
          "expected %d bytes in and %d out, got %d and %d"
              .formatted(
                  inputHeight * inputStride, this.output.length, input.length, output.length));
    }
    for (int y = 0; y < inputHeight; y++) {
      putRow(y, input, y * inputStride);
    }
    System.arraycopy(result(), 0, output, 0, output.length);
  }

  /** Replaces one row of the input picture, which begins as all zero. */
  public void putRow(int y, byte[] source, int offset) {
    int[] first = horizontal.first;
    int[] length = horizontal.length;
    int[] weights = horizontal.weights;
    int to = y * outputStride;
    if (channels == 3) {
      for (int x = 0; x < first.length; x++) {
        int from = offset + first[x] * 3;
        int weight = x * horizontal.stride;
        int red = HALF;
        int green = HALF;
        int blue = HALF;
        for (int k = 0; k < length[x]; k++, from += 3) {
          int w = weights[weight + k];
          red += w * (source[from] & 0xFF);
          green += w * (source[from + 1] & 0xFF);
          blue += w * (source[from + 2] & 0xFF);
        }
        between[to++] = red >> SCALE_BITS;
        between[to++] = green >> SCALE_BITS;
        between[to++] = blue >> SCALE_BITS;
      }
    } else {
      for (int x = 0; x < first.length; x++) {
        for (int channel = 0; channel < channels; channel++) {
          int from = offset + first[x] * channels + channel;
          int sum = HALF;
          for (int k = 0; k < length[x]; k++, from += channels) {
            sum += weights[x * horizontal.stride + k] * (source[from] & 0xFF);
          }
          between[to++] = sum >> SCALE_BITS;
        }
      }
    }
    changed[y] = true;
  }

  /**
   * Returns the resized picture, outputHeight x outputWidth x channels; always the same array, to
   * be read only.
   */
  public byte[] result() {
    for (int y = 0; y < outputHeight; y++) {
      int first = vertical.first[y];
      int length = vertical.length[y];
      if (anyChanged(first, length)) {
        Arrays.fill(sums, HALF);
        for (int k = 0; k < length; k++) {
          addRow((first + k) * outputStride, vertical.weights[y * vertical.stride + k]);
        }
        for (int j = 0, to = y * outputStride; j < outputStride; j++) {
          output[to + j] = (byte) (sums[j] >> SCALE_BITS);
        }
      }
    }
    Arrays.fill(changed, false);
    return output;
  }

  private boolean anyChanged(int first, int length) {
    for (int k = first; k < first + length; k++) {
      if (changed[k]) {
        return true;
      }
    }
    return false;
  }

  private void addRow(int from, int weight) {
    for (int j = 0; j < sums.length; j++) {
      sums[j] += weight * between[from + j];
    }
  }

  /**
   * Weights along one axis.
   *
   * @param first first input index of each output index
   * @param length how many input indices from there
   * @param weights at scale 2^22, [output, stride]; a row sums to 2^22 but for rounding
   * @param stride longest length
   */
  @SuppressWarnings("ArrayRecordComponent")
  private record Axis(int[] first, int[] length, int[] weights, int stride) {

    static Axis of(int input, int output) {
      double scale = (double) input / output;
      double support = Math.max(scale, 1);
      int stride = 2 * (int) Math.ceil(support) + 1;
      int[] first = new int[output];
      int[] length = new int[output];
      int[] weights = new int[output * stride];
      double[] exact = new double[stride];
      for (int i = 0; i < output; i++) {
        double centre = (i + 0.5) * scale;
        first[i] = Math.max((int) (centre - support + 0.5), 0);
        length[i] = Math.min((int) (centre + support + 0.5), input) - first[i];
        double sum = 0;
        for (int k = 0; k < length[i]; k++) {
          exact[k] = Math.max(0, 1 - Math.abs((k + first[i] - centre + 0.5) * (1 / support)));
          sum += exact[k];
        }
        for (int k = 0; k < length[i]; k++) {
          weights[i * stride + k] = (int) (exact[k] / sum * (1 << SCALE_BITS) + 0.5);
        }
      }
      return new Axis(first, length, weights, stride);
    }
  }
}
