package org.umwelt.kernels.nn;

import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SequencedMap;
import org.bytedeco.javacpp.PointerScope;
import org.bytedeco.pytorch.Generator;
import org.bytedeco.pytorch.NoGradGuard;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch;
import org.jspecify.annotations.Nullable;
import org.umwelt.kernels.settings.BadRequestException;
import org.umwelt.kernels.tensor.Compute;
import org.umwelt.kernels.tensor.Tensors;
import org.umwelt.kernels.weights.StoredTensor;

/**
 * The named parameters of a model, and their owner.
 *
 * <p>Layers {@linkplain #create create} their tensors here; names are joined by dots as PyTorch
 * joins them. Values, and likewise gradients, stand one after the other in one flat tensor, so that
 * an optimiser's step and the norm of the gradient are a few operations over the whole model.
 *
 * <p>A {@linkplain #replica replica} has the same values, not a copy of them, and gradients of its
 * own: a model built on it computes gradients on another thread.
 */
public final class Parameters implements AutoCloseable {
  private final Store store;
  private final String prefix;

  private Parameters(Store store, String prefix) {
    this.store = store;
    this.prefix = prefix;
  }

  /** Returns parameters that layers fill with fresh values, a function of the seed. */
  public static Parameters fresh(Compute compute, long seed) {
    return new Parameters(new Store(compute, seed, null), "");
  }

  /** Returns the parameters below a name. */
  public Parameters in(String name) {
    return new Parameters(store, prefix + name + ".");
  }

  /** Returns where the tensors live. */
  public Compute compute() {
    return store.compute;
  }

  /**
   * Makes a parameter, or, in a replica, finds the one it shares.
   *
   * @param decays whether weight decay applies to it
   */
  public Tensor create(String name, boolean decays, Init init, long... shape) {
    return store.create(prefix + name, decays, init, shape);
  }

  /**
   * Returns parameters with the same values and own gradients. Every parameter must have been
   * created before.
   */
  public Parameters replica() {
    store.flatten();
    return new Parameters(new Store(store.compute, 0, store), "");
  }

  /** Returns every parameter by name, in the order of creation. */
  public SequencedMap<String, Tensor> named() {
    return Collections.unmodifiableSequencedMap(store.tensors);
  }

  /** Returns how many numbers the parameters hold. */
  public long count() {
    return store.tensors.values().stream().mapToLong(Tensor::numel).sum();
  }

  /** Returns all values, those that decay first: float32 [count]. */
  public Tensor values() {
    store.flatten();
    return store.values();
  }

  /** Returns all gradients in the same order: float32 [count]. Zero where nothing was added. */
  public Tensor gradients() {
    store.flatten();
    return store.gradients();
  }

  /** Returns how many of the values decay. */
  public long decaying() {
    store.flatten();
    return store.decaying;
  }

  /** Makes all gradients zero. */
  public void zeroGradients() {
    gradients().zero_();
  }

  /** Returns the part of a flat tensor that belongs to each name, as views in its shape. */
  public SequencedMap<String, Tensor> split(Tensor flat) {
    store.flatten();
    SequencedMap<String, Tensor> parts = new LinkedHashMap<>();
    store.tensors.forEach((name, tensor) -> parts.put(name, store.part(flat, name, tensor)));
    return parts;
  }

  /** Returns copies of all values by name. */
  public SequencedMap<String, StoredTensor> store() {
    return stored(store.tensors);
  }

  /** Returns copies of float32 tensors. */
  public static SequencedMap<String, StoredTensor> stored(Map<String, Tensor> tensors) {
    SequencedMap<String, StoredTensor> copies = new LinkedHashMap<>();
    tensors.forEach((name, tensor) -> copies.put(name, stored(tensor)));
    return copies;
  }

  /** Returns a copy of a float32 tensor. */
  static StoredTensor stored(Tensor tensor) {
    return StoredTensor.of(
        Tensors.floats(tensor),
        Tensors.shape(tensor).stream().mapToLong(Long::longValue).toArray());
  }

  /**
   * Overwrites every value.
   *
   * @param source by name; names this model does not have are left aside
   * @param origin where they come from, for messages
   * @throws BadRequestException where a name is missing or a shape differs; nothing is changed then
   */
  public void load(Map<String, StoredTensor> source, String origin) {
    load(store.tensors, source, origin);
  }

  /** {@link #load(Map, String)} into other tensors than the parameters, such as moments. */
  public static void load(
      Map<String, Tensor> targets, Map<String, StoredTensor> source, String origin) {
    targets.forEach((name, tensor) -> {
      StoredTensor stored = source.get(name);
      if (stored == null) {
        throw new BadRequestException(
            "%s: expected an entry %s of shape %s, there is none"
                .formatted(origin, name, Tensors.shape(tensor)));
      }
      if (!stored.shape().equals(Tensors.shape(tensor))) {
        throw new BadRequestException(
            "%s: expected entry %s to have shape %s, got %s; the configuration is another than that of the file"
                .formatted(origin, name, Tensors.shape(tensor), stored.shape()));
      }
    });
    try (PointerScope _ = new PointerScope();
        NoGradGuard _ = new NoGradGuard()) {
      targets.forEach((name, tensor) -> {
        StoredTensor stored = java.util.Objects.requireNonNull(source.get(name));
        long[] shape = stored.shape().stream().mapToLong(Long::longValue).toArray();
        tensor.copy_(Tensors.of(Compute.CPU, stored.toFloats(), shape));
      });
    }
  }

  /** Frees all tensors; a replica's own ones only. */
  @Override
  public void close() {
    store.close();
  }

  /** What all prefixes of one model share. */
  private static final class Store {
    final Compute compute;
    final SequencedMap<String, Tensor> tensors = new LinkedHashMap<>();
    final Map<String, Boolean> decays = new LinkedHashMap<>();
    final Map<String, Long> offsets = new LinkedHashMap<>();
    final @Nullable Store source;
    final Generator random;
    @Nullable Tensor values;
    @Nullable Tensor gradients;
    long decaying;

    Store(Compute compute, long seed, @Nullable Store source) {
      this.compute = compute;
      this.source = source;
      this.random = torch.make_generator_cpu(seed);
      this.random.retainReference();
    }

    Tensor create(String name, boolean decay, Init init, long... shape) {
      if (values != null) {
        throw new IllegalStateException("cannot add %s to a model in use".formatted(name));
      }
      try (PointerScope _ = new PointerScope();
          NoGradGuard _ = new NoGradGuard()) {
        Tensor tensor;
        if (source == null) {
          Tensor host = Tensors.empty(Compute.CPU, shape);
          init.fill(host, random);
          tensor = compute.place(host);
        } else {
          Tensor shared = source.tensors.get(name);
          if (shared == null) {
            throw new IllegalStateException("the original has no " + name);
          }
          tensor = shared.detach();
        }
        tensor.set_requires_grad(true);
        if (tensors.put(name, Tensors.keep(tensor)) != null) {
          throw new IllegalStateException(name + " is created twice");
        }
        decays.put(name, decay);
        return tensor;
      }
    }

    Tensor values() {
      return java.util.Objects.requireNonNull(values);
    }

    Tensor gradients() {
      return java.util.Objects.requireNonNull(gradients);
    }

    /** Moves values and gradients into flat tensors, the first time it is called. */
    void flatten() {
      if (values != null) {
        return;
      }
      long offset = 0;
      for (boolean decay : new boolean[] {true, false}) {
        for (String name : order(decay)) {
          offsets.put(name, offset);
          offset += java.util.Objects.requireNonNull(tensors.get(name)).numel();
        }
        if (decay) {
          decaying = offset;
        }
      }
      try (PointerScope _ = new PointerScope();
          NoGradGuard _ = new NoGradGuard()) {
        Tensor flat =
            source == null ? Tensors.keep(Tensors.empty(compute, offset)) : source.values();
        Tensor flatGradients = Tensors.keep(Tensors.zeros(compute, offset));
        values = flat;
        gradients = flatGradients;
        tensors.forEach((name, tensor) -> {
          if (source == null) {
            Tensor place = part(flat, name, tensor);
            place.copy_(tensor);
            tensor.set_data(place);
          }
          tensor.mutable_grad().put(part(flatGradients, name, tensor));
        });
      }
    }

    private List<String> order(boolean decay) {
      List<String> names = new ArrayList<>();
      decays.forEach((name, decaysToo) -> {
        if (decaysToo == decay) {
          names.add(name);
        }
      });
      return names;
    }

    Tensor part(Tensor flat, String name, Tensor like) {
      long offset = java.util.Objects.requireNonNull(offsets.get(name));
      return flat.narrow(0, offset, like.numel()).view_as(like);
    }

    void close() {
      tensors.values().forEach(Tensors::release);
      tensors.clear();
      if (gradients != null) {
        Tensors.release(gradients);
        if (source == null) {
          Tensors.release(values());
        }
        gradients = null;
      }
      random.releaseReference();
    }
  }
}
