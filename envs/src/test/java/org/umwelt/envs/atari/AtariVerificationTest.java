package org.umwelt.envs.atari;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Map;
import java.util.ServiceLoader;
import org.junit.jupiter.api.Test;
import org.umwelt.kernels.settings.Settings;
import org.umwelt.kernels.verification.Check;
import org.umwelt.kernels.verification.Verification;

class AtariVerificationTest {
  @Test
  void presetsEqualTheWrappersOfIris() {
    Roms.require("Breakout", "Pong", "Freeway");
    Verification verification =
        ServiceLoader.load(Verification.class).stream()
            .map(ServiceLoader.Provider::get)
            .filter(offered -> offered.name().equals("atari"))
            .findFirst()
            .orElseThrow();
    List<Check> checks =
        verification.run(new Settings("atari", verification.settings(), Map.of()), _ -> {});
    assertThat(checks).hasSize(5 + 3 * 2 * 7).allMatch(Check::passed);
  }
}
