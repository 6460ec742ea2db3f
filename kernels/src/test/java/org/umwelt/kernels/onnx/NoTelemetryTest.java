package org.umwelt.kernels.onnx;

import static org.assertj.core.api.Assertions.assertThat;

import ai.onnxruntime.OrtEnvironment;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.Objects;
import org.junit.jupiter.api.Test;

/** The version of ONNX Runtime taken here tells nobody that it runs. */
class NoTelemetryTest {
  @Test
  void nativeLibraryKnowsNoAddressToReportTo() throws IOException {
    try (InputStream in =
        OrtEnvironment.class.getResourceAsStream(
            "/ai/onnxruntime/native/linux-x64/libonnxruntime.so")) {
      String library =
          new String(Objects.requireNonNull(in).readAllBytes(), StandardCharsets.ISO_8859_1);
      assertThat(library.contains("OrtGetApiBase")).isTrue(); // what is read is what it seems
      assertThat(library.contains("events.data.microsoft.com")).isFalse();
      assertThat(library.contains("/proc/self/cmdline")).isFalse();
    }
  }
}
