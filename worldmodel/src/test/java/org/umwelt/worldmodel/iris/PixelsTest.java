package org.umwelt.worldmodel.iris;

import static org.assertj.core.api.Assertions.assertThat;

import java.lang.foreign.MemorySegment;
import org.bytedeco.javacpp.PointerScope;
import org.bytedeco.pytorch.Tensor;
import org.junit.jupiter.api.Test;
import org.umwelt.kernels.tensor.Compute;
import org.umwelt.kernels.tensor.Tensors;

class PixelsTest {
  @Test
  void coloursBecomePlanesBetweenZeroAndOne() {
    byte[] bytes = {0, 51, (byte) 255, 102, (byte) 153, (byte) 204}; // one row of two pixels
    try (PointerScope _ = new PointerScope()) {
      Tensor frame =
          Pixels.tensor(
              Compute.CPU, 1, 1, 2, memory -> memory.copyFrom(MemorySegment.ofArray(bytes)));
      assertThat(Tensors.shape(frame)).containsExactly(1L, 3L, 1L, 2L);
      assertThat(Tensors.floats(frame)).containsExactly(0, 0.4f, 0.2f, 0.6f, 1, 0.8f);
    }
  }

  @Test
  void everyByteComesBack() {
    byte[] bytes = new byte[2 * 16 * 8 * 3];
    for (int i = 0; i < bytes.length; i++) {
      bytes[i] = (byte) i;
    }
    try (PointerScope _ = new PointerScope()) {
      Tensor frames =
          Pixels.tensor(
              Compute.CPU, 2, 16, 8, memory -> memory.copyFrom(MemorySegment.ofArray(bytes)));
      assertThat(Pixels.bytes(frames)).containsExactly(bytes);
    }
  }

  @Test
  void numbersOutsideAreLimitedAndFractionsRoundedDown() {
    float[] values = {-0.5f, 1.5f, 0.999f};
    try (PointerScope _ = new PointerScope()) {
      assertThat(Pixels.bytes(Tensors.of(Compute.CPU, values, 1, 3, 1, 1)))
          .containsExactly(0, (byte) 255, (byte) 254);
    }
  }
}
