package org.umwelt.worldmodel.iris;

import java.util.ArrayList;
import java.util.List;
import org.bytedeco.pytorch.Tensor;
import org.umwelt.kernels.tensor.Compute;
import org.umwelt.kernels.tensor.Tensors;

/**
 * Keys and values of the tokens a transformer has seen, per layer [b, heads, capacity, size].
 * Written in place, so never with gradients.
 */
final class KeyValueCache implements AutoCloseable {
  private final List<Tensor> keys = new ArrayList<>();
  private final List<Tensor> values = new ArrayList<>();
  private final long capacity;
  private long length;

  KeyValueCache(Compute compute, WorldModelConfig config, long rows, long capacity) {
    this.capacity = capacity;
    long size = config.width() / config.heads();
    for (int layer = 0; layer < config.layers(); layer++) {
      keys.add(Tensors.keep(Tensors.empty(compute, rows, config.heads(), capacity, size)));
      values.add(Tensors.keep(Tensors.empty(compute, rows, config.heads(), capacity, size)));
    }
  }

  /** Returns how many tokens it holds. */
  long length() {
    return length;
  }

  /** Returns how many tokens it can hold. */
  long capacity() {
    return capacity;
  }

  void clear() {
    length = 0;
  }

  /**
   * Writes the keys of new tokens behind the others and returns all, [b, heads, length + n, size].
   */
  Tensor appendKeys(int layer, Tensor news) {
    return append(keys.get(layer), news);
  }

  /** Writes the values of new tokens behind the others and returns all. */
  Tensor appendValues(int layer, Tensor news) {
    return append(values.get(layer), news);
  }

  private Tensor append(Tensor store, Tensor news) {
    long n = news.size(2);
    store.narrow(2, length, n).copy_(news);
    return store.narrow(2, 0, length + n);
  }

  /** Counts tokens that every layer has appended. */
  void advance(long tokens) {
    length += tokens;
  }

  @Override
  public void close() {
    keys.forEach(Tensors::release);
    values.forEach(Tensors::release);
    keys.clear();
    values.clear();
  }
}
