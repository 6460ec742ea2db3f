package org.umwelt.worldmodel.iris;

import java.lang.foreign.MemorySegment;
import java.util.Map;
import org.bytedeco.javacpp.BytePointer;
import org.bytedeco.pytorch.MemoryFormatOptional;
import org.bytedeco.pytorch.Scalar;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch;
import org.umwelt.kernels.onnx.GraphValue;
import org.umwelt.kernels.onnx.OnnxGraph;
import org.umwelt.kernels.tensor.Compute;
import org.umwelt.kernels.tensor.Tensors;

/**
 * Pictures between environments, uint8 [n, h, w, 3], and networks, float32 [n, 3, h, w] in [0, 1].
 */
public final class Pixels {
  private static final int COLOURS = 3;

  private Pixels() {}

  /** Writes n pictures into memory. */
  @FunctionalInterface
  public interface Source {
    /** Fills the memory, n * h * w * 3 bytes. */
    void write(MemorySegment memory);
  }

  /** Returns pictures as networks take them. */
  public static Tensor tensor(Compute compute, int n, int height, int width, Source source) {
    return Tensors.noGrad(() -> {
      Tensor bytes =
          torch.empty(
              new long[] {n, height, width, COLOURS},
              Compute.CPU.options(torch.ScalarType.Byte),
              new MemoryFormatOptional());
      source.write(
          MemorySegment.ofBuffer(
              new BytePointer(bytes.data_ptr()).capacity(bytes.numel()).asByteBuffer()));
      return compute
          .place(bytes)
          .permute(0, 3, 1, 2)
          .to(torch.ScalarType.Float)
          .contiguous()
          .div(new Scalar(255.0));
    });
  }

  /** Writes into a graph what {@link #tensor} does: uint8 [n, h, w, 3] to float32 [n, 3, h, w]. */
  public static GraphValue write(OnnxGraph graph, GraphValue pictures) {
    GraphValue planes = graph.op("Transpose", Map.of("perm", new long[] {0, 3, 1, 2}), pictures);
    GraphValue numbers = graph.op("Cast", Map.of("to", 1L), planes); // 1 is float32
    return graph.op("Div", numbers, graph.constant(255));
  }

  /**
   * Returns pictures as environments give them, rounded down as the reference does.
   *
   * @param frames [n, 3, h, w]; limited to [0, 1] here
   * @return n * h * w * 3 bytes
   */
  public static byte[] bytes(Tensor frames) {
    Tensor bytes =
        Tensors.noGrad(() ->
            Tensors.scale(Tensors.clamp(frames, 0, 1), 255)
                .to(torch.ScalarType.Byte)
                .permute(0, 2, 3, 1)
                .contiguous());
    return Tensors.bytes(bytes);
  }
}
