package org.umwelt.kernels.image;

import java.util.Arrays;

/**
 * Shrinks 8-bit one-channel pictures by averaging the area each output pixel covers: OpenCV's
 * {@code INTER_AREA} at scales that are not whole, in the same order of float operations.
 *
 * <p>Pictures are rows without padding. Rows can be given one by one: those that did not change
 * since the last picture need not be given again, and only output rows that depend on a changed row
 * are computed again. Allocates nothing after construction; not thread-safe.
 */
public final class AreaResize {
  /** Adding this to a float in [0, 2^22) rounds it to a whole number, ties to even, as cvRound. */
  private static final float ROUNDER = 1 << 23;

  private final int inputWidth;
  private final int inputHeight;
  private final int outputWidth;
  private final int outputHeight;
  private final Axis horizontal;
  private final Axis vertical;

  /** Horizontally shrunk rows, [inputHeight, outputWidth]. */
  private final float[] between;

  private final boolean[] changed;
  private final float[] sums;
  private final byte[] output;

  /** Prepares the weights; sizes in pixels, the output no larger than the input. */
  public AreaResize(int inputWidth, int inputHeight, int outputWidth, int outputHeight) {
    if (outputWidth < 1
        || outputHeight < 1
        || outputWidth > inputWidth
        || outputHeight > inputHeight) {
      throw new IllegalArgumentException(
          "expected an output no larger than the input, got %dx%d to %dx%d"
              .formatted(inputWidth, inputHeight, outputWidth, outputHeight));
    }
    this.inputWidth = inputWidth;
    this.inputHeight = inputHeight;
    this.outputWidth = outputWidth;
    this.outputHeight = outputHeight;
    this.horizontal = Axis.of(inputWidth, outputWidth);
    this.vertical = Axis.of(inputHeight, outputHeight);
    this.between = new float[inputHeight * outputWidth];
    this.changed = new boolean[inputHeight];
    this.sums = new float[outputWidth];
    this.output = new byte[outputHeight * outputWidth];
  }

  /**
   * Shrinks a whole picture.
   *
   * @param input inputHeight x inputWidth bytes
   * @param output outputHeight x outputWidth bytes
   */
  public void resize(byte[] input, byte[] output) {
    if (input.length != inputHeight * inputWidth || output.length != this.output.length) {
      throw new IllegalArgumentException(
          "expected %d bytes in and %d out, got %d and %d"
              .formatted(
                  inputHeight * inputWidth, this.output.length, input.length, output.length));
    }
    for (int y = 0; y < inputHeight; y++) {
      putRow(y, input, y * inputWidth);
    }
    System.arraycopy(result(), 0, output, 0, output.length);
  }

  /** Replaces one row of the input picture, which begins as all zero. */
  public void putRow(int y, byte[] source, int offset) {
    int to = y * outputWidth;
    for (int x = 0; x < outputWidth; x++) {
      int from = offset + horizontal.first[x];
      float sum = 0;
      for (int k = 0; k < horizontal.length[x]; k++) {
        sum += (source[from + k] & 0xFF) * horizontal.weights[x * horizontal.stride + k];
      }
      between[to + x] = sum;
    }
    changed[y] = true;
  }

  /**
   * Returns the shrunk picture, outputHeight x outputWidth; always the same array, to be read only.
   */
  public byte[] result() {
    for (int y = 0; y < outputHeight; y++) {
      int first = vertical.first[y];
      int length = vertical.length[y];
      if (anyChanged(first, length)) {
        Arrays.fill(sums, 0);
        for (int k = 0; k < length; k++) {
          addRow((first + k) * outputWidth, vertical.weights[y * vertical.stride + k]);
        }
        for (int x = 0, to = y * outputWidth; x < outputWidth; x++) {
          output[to + x] = (byte) (int) (sums[x] + ROUNDER - ROUNDER);
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

  private void addRow(int from, float weight) {
    for (int x = 0; x < sums.length; x++) {
      sums[x] += weight * between[from + x];
    }
  }

  /**
   * Weights along one axis.
   *
   * @param first first input index that an output pixel covers
   * @param length how many it covers, wholly or in part
   * @param weights share of each, [output, stride]; a row sums to 1 but for rounding
   * @param stride longest length
   */
  @SuppressWarnings("ArrayRecordComponent")
  private record Axis(int[] first, int[] length, float[] weights, int stride) {
    /** Shares below a thousandth of a pixel are left out, as OpenCV does. */
    private static final double NEGLIGIBLE = 1e-3;

    static Axis of(int input, int output) {
      double scale = (double) input / output;
      int stride = (int) Math.ceil(scale) + 2;
      int[] first = new int[output];
      int[] length = new int[output];
      float[] weights = new float[output * stride];
      for (int i = 0; i < output; i++) {
        double begin = i * scale;
        double end = begin + scale;
        double cell = Math.min(scale, input - begin);
        int last = Math.min((int) Math.floor(end), input - 1);
        int whole = Math.min((int) Math.ceil(begin), last);
        int next = i * stride;
        first[i] = whole;
        if (whole - begin > NEGLIGIBLE) {
          first[i] = whole - 1;
          weights[next++] = (float) ((whole - begin) / cell);
        }
        for (int k = whole; k < last; k++) {
          weights[next++] = (float) (1 / cell);
        }
        if (end - last > NEGLIGIBLE) {
          weights[next++] = (float) (Math.min(Math.min(end - last, 1), cell) / cell);
        }
        length[i] = next - i * stride;
      }
      return new Axis(first, length, weights, stride);
    }
  }
}
