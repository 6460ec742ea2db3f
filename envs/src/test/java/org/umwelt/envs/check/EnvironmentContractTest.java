package org.umwelt.envs.check;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.umwelt.envs.registry.EnvironmentEntry;
import org.umwelt.envs.registry.Environments;
import org.umwelt.kernels.settings.BadRequestException;
import org.umwelt.kernels.verification.Check;

/** Puts every environment of the registry to the contract, and of large families a few. */
class EnvironmentContractTest {
  /** Families in which every id runs the same code. */
  private static final Set<String> LARGE_FAMILIES = Set.of("ALE", "Atari100k", "Atari84");

  private static final Set<String> REPRESENTATIVES =
      Set.of("ALE/Breakout-v5", "Atari100k/Breakout-train-v0", "Atari84/Breakout-v0");

  private static final String ALL_WRAPPERS =
      "?sticky_actions=0.25&max_episode_steps=90&reward_clip=sign&frame_stack=3";

  static Stream<String> ids() {
    Stream<String> listed =
        Environments.entries().stream()
            .map(EnvironmentEntry::id)
            .filter(id ->
                !LARGE_FAMILIES.contains(id.substring(0, Math.max(0, id.indexOf('/'))))
                    || REPRESENTATIVES.contains(id));
    return Stream.concat(
        listed, Stream.of("umwelt/Dodge-v0" + ALL_WRAPPERS, "test/Counting-v1" + ALL_WRAPPERS));
  }

  @ParameterizedTest
  @MethodSource("ids")
  void keepsTheContract(String id) {
    List<Check> checks;
    try {
      checks = EnvironmentChecker.check(id, 7, REPRESENTATIVES.contains(id) ? 30 : 200);
    } catch (BadRequestException e) {
      Assumptions.abort(e.getMessage());
      return;
    }

    assertThat(checks).filteredOn(check -> !check.passed()).isEmpty();
    assertThat(checks).hasSizeGreaterThan(20);
  }
}
