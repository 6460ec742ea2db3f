package org.umwelt.envs.gym;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.umwelt.kernels.settings.BadRequestException;
import org.umwelt.kernels.settings.Settings;
import org.umwelt.kernels.verification.Check;

/** Our Atari against ale-py, both stepped from here. */
class GymVerificationTest {
  private static List<Check> verify(Map<String, String> given) {
    GymVerification verification = new GymVerification();
    return verification.run(new Settings("gym", verification.settings(), given), _ -> {});
  }

  @Tag("python")
  @ParameterizedTest
  @ValueSource(strings = {"Pong", "Breakout", "Qbert", "Seaquest"})
  void jniAtariEqualsAlePy(String game) {
    PythonSide.require("gym:ALE/%s-v5".formatted(game));
    List<Check> checks;
    try {
      checks = verify(Map.of("game", game));
    } catch (BadRequestException e) { // no ROM
      Assumptions.abort(e.getMessage());
      return;
    }
    assertThat(checks).hasSize(1).allMatch(Check::passed);
  }

  @Test
  void unknownGamesAreRefused() {
    assertThatThrownBy(() -> verify(Map.of("game", "Pang")))
        .isInstanceOf(BadRequestException.class)
        .hasMessageContaining("ALE/Pong-v5");
  }
}
