package org.umwelt.worldmodel.iris;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.bytedeco.javacpp.PointerScope;
import org.bytedeco.pytorch.Tensor;
import org.jspecify.annotations.Nullable;
import org.umwelt.kernels.tensor.Compute;
import org.umwelt.kernels.tensor.Tensors;

/**
 * Keys and values of the tokens a transformer has seen, per layer [b, heads, capacity, size].
 * Written in place, so never with gradients.
 *
 * <p>Rows may have seen sequences of different lengths; as long as they are equally long, nothing
 * is masked.
 */
final class KeyValueCache implements AutoCloseable {
  private final Compute compute;
  private final List<Tensor> keys = new ArrayList<>();
  private final List<Tensor> values = new ArrayList<>();
  private final long capacity;
  private final long[] lengths;

  KeyValueCache(Compute compute, WorldModelConfig config, int rows, long capacity) {
    this.compute = compute;
    this.capacity = capacity;
    this.lengths = new long[rows];
    long size = config.width() / config.heads();
    try (PointerScope _ = new PointerScope()) {
      for (int layer = 0; layer < config.layers(); layer++) {
        // Zeros: a masked value still meets a weight of 0, and 0 times NaN is NaN.
        keys.add(Tensors.keep(Tensors.zeros(compute, rows, config.heads(), capacity, size)));
        values.add(Tensors.keep(Tensors.zeros(compute, rows, config.heads(), capacity, size)));
      }
    }
  }

  /** Returns how many tokens the longest row holds. */
  long length() {
    return Arrays.stream(lengths).max().orElse(0);
  }

  /** Returns how many tokens a row holds. */
  long length(int row) {
    return lengths[row];
  }

  /** Returns how many tokens a row can hold. */
  long capacity() {
    return capacity;
  }

  void clear() {
    Arrays.fill(lengths, 0);
  }

  /** Overwrites some rows with those of another cache, row i there with row {@code rows[i]}. */
  void replace(int[] rows, KeyValueCache source) {
    long n = source.length();
    Tensor places =
        Tensors.of(compute, Arrays.stream(rows).asLongStream().toArray(), rows.length); // (m)
    for (int layer = 0; layer < keys.size(); layer++) {
      keys.get(layer)
          .narrow(2, 0, n)
          .index_copy_(0, places, source.keys.get(layer).narrow(2, 0, n));
      values
          .get(layer)
          .narrow(2, 0, n)
          .index_copy_(0, places, source.values.get(layer).narrow(2, 0, n));
    }
    for (int i = 0; i < rows.length; i++) {
      lengths[rows[i]] = source.lengths[i];
    }
  }

  /** Whether all rows are equally long. */
  private boolean isEven() {
    return Arrays.stream(lengths).allMatch(length -> length == lengths[0]);
  }

  /**
   * Returns where each row's next tokens stand in its sequence, int64 [b, n]; null where all rows
   * are equally long, and so the places are those from {@link #length()} on.
   */
  @Nullable Tensor places(int n) {
    if (isEven()) {
      return null;
    }
    long[] places = new long[lengths.length * n];
    for (int i = 0; i < places.length; i++) {
      places[i] = lengths[i / n] + i % n;
    }
    return Tensors.of(compute, places, lengths.length, n);
  }

  /**
   * Returns where n next tokens may look: 0 there, -inf elsewhere, [b, 1, n, length + n]; null
   * where all rows are equally long.
   */
  @Nullable Tensor mask(int n) {
    if (isEven()) {
      return null;
    }
    int seen = Math.toIntExact(length()) + n;
    float[] mask = new float[lengths.length * n * seen];
    for (int row = 0; row < lengths.length; row++) {
      for (int token = 0; token < n; token++) {
        int start = (row * n + token) * seen;
        int own = Math.toIntExact(lengths[row]) + token + 1;
        Arrays.fill(mask, start + own, start + seen, Float.NEGATIVE_INFINITY);
      }
    }
    return Tensors.of(compute, mask, lengths.length, 1, n, seen);
  }

  /**
   * Writes the keys of new tokens behind the others and returns all, [b, heads, length + n, size].
   *
   * @param places of the new tokens, as {@link #places} says
   */
  Tensor appendKeys(int layer, Tensor news, @Nullable Tensor places) {
    return append(keys.get(layer), news, places);
  }

  /** Writes the values of new tokens behind the others and returns all. */
  Tensor appendValues(int layer, Tensor news, @Nullable Tensor places) {
    return append(values.get(layer), news, places);
  }

  private Tensor append(Tensor store, Tensor news, @Nullable Tensor places) {
    long n = news.size(2);
    long length = length();
    if (places == null) {
      store.narrow(2, length, n).copy_(news);
    } else {
      Tensor index = places.view(-1, 1, n, 1).expand(news.sizes(), false);
      store.scatter_(2, index, news);
    }
    return store.narrow(2, 0, length + n);
  }

  /** Counts tokens that every layer has appended. */
  void advance(long tokens) {
    for (int row = 0; row < lengths.length; row++) {
      lengths[row] += tokens;
    }
  }

  @Override
  public void close() {
    keys.forEach(Tensors::release);
    values.forEach(Tensors::release);
    keys.clear();
    values.clear();
  }
}
