package org.umwelt.kernels.tensor;

import java.util.List;
import java.util.function.Supplier;
import org.bytedeco.javacpp.BytePointer;
import org.bytedeco.javacpp.FloatPointer;
import org.bytedeco.javacpp.LongPointer;
import org.bytedeco.javacpp.PointerScope;
import org.bytedeco.pytorch.DoubleOptional;
import org.bytedeco.pytorch.NoGradGuard;
import org.bytedeco.pytorch.Scalar;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.TensorOptional;
import org.bytedeco.pytorch.TensorVector;
import org.bytedeco.pytorch.global.torch;
import org.bytedeco.pytorch.global.torch.ScalarType;
import org.jspecify.annotations.Nullable;

/** Making, reading and owning tensors, and the operations LibTorch is slow or wordy at. */
public final class Tensors {
  private Tensors() {}

  /** Returns float32 values as a tensor that owns its memory. */
  public static Tensor of(Compute compute, float[] values, long... shape) {
    return tidy(() -> {
      try (FloatPointer pointer = new FloatPointer(values)) {
        return owned(
            compute, torch.from_blob(pointer, shape, Compute.CPU.options(ScalarType.Float)));
      }
    });
  }

  /** Returns int64 values as a tensor that owns its memory. */
  public static Tensor of(Compute compute, long[] values, long... shape) {
    return tidy(() -> {
      try (LongPointer pointer = new LongPointer(values)) {
        return owned(
            compute, torch.from_blob(pointer, shape, Compute.CPU.options(ScalarType.Long)));
      }
    });
  }

  /** Returns uint8 values as a tensor that owns its memory. */
  public static Tensor of(Compute compute, byte[] values, long... shape) {
    return tidy(() -> {
      try (BytePointer pointer = new BytePointer(values)) {
        return owned(
            compute, torch.from_blob(pointer, shape, Compute.CPU.options(ScalarType.Byte)));
      }
    });
  }

  private static Tensor owned(Compute compute, Tensor view) {
    return compute.place(view.clone());
  }

  /** Returns a float32 tensor of zeros. */
  public static Tensor zeros(Compute compute, long... shape) {
    return torch.zeros(shape, compute.options(ScalarType.Float));
  }

  /** Returns a float32 tensor whose elements are not set. */
  public static Tensor empty(Compute compute, long... shape) {
    return torch.empty(
        shape, compute.options(ScalarType.Float), new org.bytedeco.pytorch.MemoryFormatOptional());
  }

  /** Returns the elements of a float tensor, row-major. */
  public static float[] floats(Tensor tensor) {
    try (PointerScope _ = new PointerScope()) {
      Tensor dense = tensor.detach().cpu().contiguous();
      float[] values = new float[Math.toIntExact(dense.numel())];
      dense.data_ptr_float().get(values);
      return values;
    }
  }

  /** Returns the elements of an int64 tensor, row-major. */
  public static long[] longs(Tensor tensor) {
    try (PointerScope _ = new PointerScope()) {
      Tensor dense = tensor.cpu().contiguous();
      long[] values = new long[Math.toIntExact(dense.numel())];
      dense.data_ptr_long().get(values);
      return values;
    }
  }

  /** Returns the elements of a uint8 tensor, row-major. */
  public static byte[] bytes(Tensor tensor) {
    try (PointerScope _ = new PointerScope()) {
      Tensor dense = tensor.cpu().contiguous();
      byte[] values = new byte[Math.toIntExact(dense.numel())];
      new BytePointer(dense.data_ptr()).get(values);
      return values;
    }
  }

  /** Returns the only element of a tensor. */
  public static double number(Tensor tensor) {
    try (PointerScope _ = new PointerScope()) {
      return tensor.detach().cpu().item_double();
    }
  }

  /** Returns the sizes of all dimensions. */
  public static List<Long> shape(Tensor tensor) {
    return java.util.stream.LongStream.range(0, tensor.dim()).mapToObj(tensor::size).toList();
  }

  /**
   * Frees everything the body made except its result, which lives on in the enclosing scope, if
   * there is one.
   */
  public static Tensor tidy(Supplier<Tensor> body) {
    PointerScope outer = PointerScope.getInnerScope();
    Tensor result;
    try (PointerScope _ = new PointerScope()) {
      result = body.get();
      if (result.referenceCount() == 0) {
        return result; // kept by someone, or of no scope
      }
      result.retainReference();
    }
    if (outer != null) {
      outer.attach(result);
      result.releaseReference();
    }
    return result;
  }

  /** {@link #tidy} without recording gradients. */
  public static Tensor noGrad(Supplier<Tensor> body) {
    return tidy(() -> {
      try (NoGradGuard _ = new NoGradGuard()) {
        return body.get();
      }
    });
  }

  /** Lets a tensor outlive the scope it was made in, until {@link #release}. */
  public static Tensor keep(Tensor tensor) {
    tensor.retainReference();
    return tensor;
  }

  /** Frees a kept tensor. */
  public static void release(Tensor tensor) {
    tensor.releaseReference();
  }

  /** Joins tensors along a dimension. */
  public static Tensor cat(List<Tensor> tensors, long dimension) {
    return torch.cat(new TensorVector(tensors.toArray(Tensor[]::new)), dimension);
  }

  /** Stacks tensors along a new dimension. */
  public static Tensor stack(List<Tensor> tensors, long dimension) {
    return torch.stack(new TensorVector(tensors.toArray(Tensor[]::new)), dimension);
  }

  /**
   * Doubles height and width by repeating pixels.
   *
   * <p>Equal to LibTorch's nearest-neighbour up-sampling, which takes four times as long.
   *
   * @param x [b, c, h, w]
   * @return [b, c, 2h, 2w]
   */
  public static Tensor repeatPixels(Tensor x) {
    long b = x.size(0);
    long c = x.size(1);
    long h = x.size(2);
    long w = x.size(3);
    return x.contiguous()
        .view(b, c, h, 1, w, 1)
        .expand(b, c, h, 2, w, 2)
        .reshape(b, c, 2 * h, 2 * w);
  }

  /**
   * Scaled dot-product attention: softmax(q k^T / sqrt(d) + mask) v, without writing the weights to
   * memory.
   *
   * @param q [b, h, t, d]
   * @param k [b, h, s, d]
   * @param v [b, h, s, d]
   * @param mask float [t, s]; null for none
   * @return [b, h, t, d]
   */
  public static Tensor attention(Tensor q, Tensor k, Tensor v, @Nullable Tensor mask) {
    return mask == null
        ? torch.scaled_dot_product_attention(q, k, v)
        : torch.scaled_dot_product_attention(
            q, k, v, new TensorOptional(mask), 0, false, new DoubleOptional(), false);
  }

  /** x + y * factor. */
  public static Tensor addScaled(Tensor x, Tensor y, double factor) {
    return x.add(y, new Scalar(factor));
  }

  /** x * factor. */
  public static Tensor scale(Tensor x, double factor) {
    return x.mul(new Scalar(factor));
  }

  /** x + number. */
  public static Tensor shift(Tensor x, double number) {
    return x.add(new Scalar(number));
  }

  /** x limited to [low, high]. */
  public static Tensor clamp(Tensor x, double low, double high) {
    return x.clamp(
        new org.bytedeco.pytorch.ScalarOptional(new Scalar(low)),
        new org.bytedeco.pytorch.ScalarOptional(new Scalar(high)));
  }
}
