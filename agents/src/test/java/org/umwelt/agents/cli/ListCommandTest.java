package org.umwelt.agents.cli;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.umwelt.kernels.backend.Backends;
import org.umwelt.kernels.backend.Kernel;

class ListCommandTest {
  @Test
  void kernelsComeWithTheirBackEndsAndWhichWouldRunAndWhy() {
    CommandLineRun run = CommandLineRun.of("list", "kernels");

    assertThat(run.exitCode()).as(run.err()).isZero();
    assertThat(run.out().lines()).hasSize(Backends.kernels().size() + Backends.all().size());
    for (Kernel kernel : Backends.kernels()) {
      assertThat(run.out())
          .containsPattern(
              kernel.name()
                  + " +.*; on cpu \\(.+\\) and tornado, here on "
                  + Backends.chosen().name());
    }
    for (Backends.Found found : Backends.all()) {
      assertThat(run.out())
          .containsPattern("backend=" + found.name() + " +(available|missing here).*: .+");
    }
    assertThat(run.out()).contains("what auto stands for here");
  }
}
