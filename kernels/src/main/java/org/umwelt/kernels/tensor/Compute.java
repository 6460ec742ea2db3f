package org.umwelt.kernels.tensor;

import java.util.Arrays;
import java.util.List;
import org.bytedeco.openblas.global.openblas_nolapack;
import org.bytedeco.pytorch.Device;
import org.bytedeco.pytorch.DeviceOptional;
import org.bytedeco.pytorch.ScalarTypeOptional;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.TensorOptions;
import org.bytedeco.pytorch.global.torch;
import org.umwelt.kernels.settings.BadRequestException;
import org.umwelt.kernels.settings.Setting;

/** Where tensors live and how precisely they are multiplied: one setting. */
public enum Compute {
  /** The processor, IEEE 754 binary32. */
  CPU("cpu"),
  /** The first NVIDIA GPU, IEEE 754 binary32. Untested: no GPU was at hand. */
  CUDA("cuda"),
  /**
   * The first NVIDIA GPU, matrix products rounded to TF32, as PyTorch did by default when the IRIS
   * paper was written. Untested: no GPU was at hand.
   */
  CUDA_TF32("cuda-tf32");

  static {
    // Each worker computes on its own thread. BLAS threads inside LibTorch's own would burn up to
    // 60 times the CPU in attention, because this OpenBLAS does not see OpenMP regions.
    torch.set_num_threads(1);
    openblas_nolapack.blas_set_num_threads(1);
    NativeHeap.keepFreedMemory();
  }

  private static final String GPU = "cuda:0";

  private final String word;

  Compute(String word) {
    this.word = word;
  }

  /** Declares the setting {@code compute}. */
  public static Setting setting() {
    return Setting.choice(
        "compute",
        CPU.word,
        List.of(CPU.word, CUDA.word, CUDA_TF32.word),
        "Device and precision; cuda needs a build with mvn -Pcuda.");
  }

  /**
   * Returns the one with this word, ready to use.
   *
   * @throws BadRequestException where it needs a GPU that LibTorch does not see
   */
  public static Compute of(String word) {
    Compute compute =
        Arrays.stream(values())
            .filter(value -> value.word.equals(word))
            .findFirst()
            .orElseThrow(() ->
                new BadRequestException(
                    "expected compute to be cpu, cuda or cuda-tf32, got " + word));
    if (compute != CPU) {
      if (!torch.cuda_is_available()) {
        throw new BadRequestException(
            "compute=%s: expected a GPU, LibTorch sees none; use compute=cpu, or build with mvn -Pcuda on a machine with CUDA 13"
                .formatted(word));
      }
      torch.globalContext().setAllowTF32CuBLAS(compute == CUDA_TF32);
    }
    return compute;
  }

  /** Returns a tensor of the host where this computes; the same one on the processor. */
  public Tensor place(Tensor host) {
    return this == CPU ? host : host.to(new Device(GPU), host.scalar_type());
  }

  /** Returns the options of new tensors of this type. */
  public TensorOptions options(torch.ScalarType type) {
    return new TensorOptions()
        .dtype(new ScalarTypeOptional(type))
        .device(new DeviceOptional(new Device(this == CPU ? "cpu" : GPU)));
  }

  @Override
  public String toString() {
    return word;
  }
}
