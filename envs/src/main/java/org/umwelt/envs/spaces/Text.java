package org.umwelt.envs.spaces;

import java.lang.foreign.MemorySegment;
import java.util.List;
import org.umwelt.kernels.random.RandomStream;

/**
 * Strings over a character set, held as int32 code points padded with -1.
 *
 * @param minLength fewest code points
 * @param maxLength most code points
 * @param charset the code points allowed
 */
public record Text(int minLength, int maxLength, String charset) implements Space {
  private static final int PADDING = -1;

  /** Checks the lengths and that there are characters to draw from. */
  public Text {
    if (minLength < 0 || maxLength < minLength || (maxLength > 0 && charset.isEmpty())) {
      throw new IllegalArgumentException(
          "expected 0 <= minLength <= maxLength and a character set, got %d, %d, \"%s\""
              .formatted(minLength, maxLength, charset));
    }
  }

  @Override
  public List<Leaf> leaves() {
    return List.of(new Leaf("", DType.INT32, List.of(maxLength)));
  }

  @Override
  public boolean contains(Value value, int firstLeaf) {
    MemorySegment codes = value.leaf(firstLeaf);
    int length = length(codes);
    for (int i = 0; i < length; i++) {
      if (charset.indexOf((int) DType.INT32.getLong(codes, i)) < 0) {
        return false;
      }
    }
    for (int i = length; i < maxLength; i++) {
      if (DType.INT32.getLong(codes, i) != PADDING) {
        return false;
      }
    }
    return length >= minLength;
  }

  @Override
  public void sample(RandomStream random, Value value, int firstLeaf) {
    int[] allowed = charset.codePoints().toArray();
    int length = random.nextInt(minLength, maxLength + 1);
    for (int i = 0; i < maxLength; i++) {
      DType.INT32.setLong(
          value.leaf(firstLeaf), i, i < length ? allowed[random.nextInt(allowed.length)] : PADDING);
    }
  }

  /** Returns the string held in a leaf. */
  public String decode(MemorySegment codes) {
    StringBuilder text = new StringBuilder();
    for (int i = 0; i < length(codes); i++) {
      text.appendCodePoint((int) DType.INT32.getLong(codes, i));
    }
    return text.toString();
  }

  /** Stores a string in a leaf. */
  public void encode(String text, MemorySegment codes) {
    int[] points = text.codePoints().toArray();
    if (points.length > maxLength) {
      throw new IllegalArgumentException(
          "expected at most %d characters, got %d".formatted(maxLength, points.length));
    }
    for (int i = 0; i < maxLength; i++) {
      DType.INT32.setLong(codes, i, i < points.length ? points[i] : PADDING);
    }
  }

  private int length(MemorySegment codes) {
    int length = 0;
    while (length < maxLength && DType.INT32.getLong(codes, length) != PADDING) {
      length++;
    }
    return length;
  }

  @Override
  public String toString() {
    return "Text(%d, %d)".formatted(minLength, maxLength);
  }
}
