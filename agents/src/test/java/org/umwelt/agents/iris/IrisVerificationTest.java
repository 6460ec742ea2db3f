package org.umwelt.agents.iris;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.umwelt.kernels.settings.Settings;
import org.umwelt.kernels.verification.Check;

/** All figures of the PyTorch reference at the paper's sizes. */
class IrisVerificationTest {
  @Test
  void everyFigureIsThatOfTheReference() {
    IrisVerification verification = new IrisVerification();
    Settings settings = new Settings("iris", verification.settings(), Map.of());
    List<String> phases = new ArrayList<>();
    List<Check> checks = verification.run(settings, phases::add);
    assertThat(checks).hasSize(65);
    assertThat(checks.stream().filter(check -> !check.passed())).isEmpty();
    assertThat(phases).hasSize(7);
  }
}
