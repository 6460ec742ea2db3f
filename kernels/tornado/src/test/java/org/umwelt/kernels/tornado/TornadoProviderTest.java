package org.umwelt.kernels.tornado;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.umwelt.kernels.api.KernelContext;
import org.umwelt.kernels.api.Written;
import org.umwelt.kernels.backend.Backend;
import org.umwelt.kernels.backend.Backends;
import org.umwelt.kernels.backend.Call;
import org.umwelt.kernels.backend.Kernel;
import org.umwelt.kernels.backend.Work;

class TornadoProviderTest {
  @Test
  void saysWhichDeviceItRunsOn() {
    assertThat(new TornadoProvider().availability().available()).isTrue();
    try (Backend backend = Backends.open("tornado", 1)) {
      assertThat(backend.name()).isEqualTo("tornado");
      assertThat(backend.device()).isEqualTo(new TornadoProvider().availability().reason());
    }
  }

  @Test
  void isRefusedWhereAKernelCouldFallBackToJava() {
    String kept = System.setProperty("tornado.recover.bailout", "True");
    try {
      assertThatThrownBy(() -> Backends.open("tornado", 1))
          .hasMessageContaining("-Dtornado.recover.bailout=False");
    } finally {
      System.setProperty("tornado.recover.bailout", kept);
    }
  }

  /** A kernel that has no copy. */
  public static final class Elsewhere {
    private Elsewhere() {}

    /** Does nothing. */
    public static void nothing(KernelContext context, @Written float[] out) {
      out[context.globalIdx] = 0;
    }
  }

  @Test
  void aKernelWithoutACopyIsALoudError() {
    Kernel kernel = Kernel.of("elsewhere", "nothing", Elsewhere.class, "nothing");
    try (Backend backend = Backends.open("tornado", 1)) {
      assertThatThrownBy(() -> backend.run(Call.of(kernel, Work.groups(1, 1), new float[1])))
          .hasMessageContaining("expected a copy of");
    }
  }
}
