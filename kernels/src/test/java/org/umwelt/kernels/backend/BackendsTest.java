package org.umwelt.kernels.backend;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.util.concurrent.atomic.AtomicIntegerArray;
import org.junit.jupiter.api.Test;
import org.umwelt.kernels.api.Parallel;
import org.umwelt.kernels.api.Written;
import org.umwelt.kernels.array.MatrixProduct;
import org.umwelt.kernels.array.RandomWords;
import org.umwelt.kernels.array.Sum;
import org.umwelt.kernels.settings.BadRequestException;

class BackendsTest {
  private static final AtomicIntegerArray VISITS = new AtomicIntegerArray(10_000);

  /** A kernel that counts. */
  public static final class Count {
    private Count() {}

    /** Counts the visits of each place. */
    public static void visit(int lo, int hi, @Written int[] out, int add) {
      for (@Parallel int g = 0; g < hi - lo; g++) {
        VISITS.incrementAndGet(lo + g);
        out[lo + g] = lo + g + add;
      }
    }
  }

  @Test
  void aRangeIsVisitedOnce() {
    Kernel kernel = Kernel.of("count", "counts", Count.class, "visit");
    int[] out = new int[10_000];
    try (Backend backend = Backends.open("cpu", 3)) {
      backend.run(Call.of(kernel, Work.range(10_000), out, 5));
      backend.run(Call.of(kernel, Work.range(0), out, 5));
    }
    for (int i = 0; i < 10_000; i++) {
      assertThat(VISITS.get(i)).isEqualTo(1);
      assertThat(out[i]).isEqualTo(i + 5);
    }
  }

  @Test
  void callsThatDoNotFitAreRefused() {
    assertThatThrownBy(() -> Call.of(RandomWords.KERNEL, Work.range(1), new int[4]))
        .hasMessage("kernel random-words: expected 2 arguments, got 1");
    assertThatThrownBy(() -> Call.of(RandomWords.KERNEL, Work.range(1), new int[4], 3f))
        .hasMessage("kernel random-words: expected a int[] for where, got a Float");
    assertThatThrownBy(() -> Call.of(RandomWords.KERNEL, Work.groups(1, 1), new int[4], new int[6]))
        .hasMessageContaining("expected work in a range");
    assertThatThrownBy(() -> Call.of(Sum.KERNEL, Work.range(1), new float[1], new float[1], 1))
        .hasMessageContaining("expected work in groups");
  }

  @Test
  void aMissingBackendIsAnErrorThatSaysHowToGetIt() {
    assertThatThrownBy(() -> Backends.open("gpu", 1)).isInstanceOf(BadRequestException.class);
    for (Backends.Found found : Backends.all()) {
      if (!found.availability().available()) {
        assertThatThrownBy(() -> Backends.open(found.name(), 1))
            .isInstanceOf(BadRequestException.class)
            .hasMessageContaining("backend=" + found.name())
            .hasMessageContaining("TORNADOVM_HOME");
      }
    }
    assertThat(Backends.all()).extracting(Backends.Found::name).containsExactly("cpu", "tornado");
  }

  /** What module kernels/tornado tests is tested where TornadoVM is; elsewhere this says so. */
  @Test
  void kernelsAreComparedWithTornadoVmWhereItIs() {
    boolean present =
        Backends.all().stream()
            .anyMatch(found -> found.name().equals("tornado") && found.availability().available());
    assumeTrue(
        present,
        "TornadoVM is not here: mvn -Ptornado compares its kernels with the processor's, see CONTRIBUTING.md");
  }

  @Test
  void kernelsSayWhatTheyWrite() {
    assertThat(MatrixProduct.KERNEL.writes(0)).isFalse();
    assertThat(MatrixProduct.KERNEL.writes(2)).isTrue();
    assertThat(MatrixProduct.KERNEL.grouped()).isTrue();
    assertThat(RandomWords.KERNEL.grouped()).isFalse();
  }

  @Test
  void noKernelIsEmulatedInEarnestAndEachHasANameOfItsOwn() {
    assertThat(Backends.kernels()).isNotEmpty().extracting(Kernel::name).doesNotHaveDuplicates();
    assertThat(Backends.kernels())
        .extracting(Kernel::onProcessors)
        .doesNotContain("groups emulated");
  }
}
