package org.umwelt.envs.registry;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.umwelt.envs.AutoresetMode;
import org.umwelt.envs.CountingEnvironment;
import org.umwelt.envs.Environment;
import org.umwelt.envs.VectorEnvironment;
import org.umwelt.envs.spaces.Box;
import org.umwelt.envs.spaces.DType;
import org.umwelt.kernels.settings.BadRequestException;
import org.umwelt.kernels.settings.Setting;

class EnvironmentsTest {
  /** Three ids for these tests; found through the test resources. */
  public static final class CountingProvider implements EnvironmentProvider {
    @Override
    public List<EnvironmentEntry> entries() {
      Setting length = Setting.integer("length", 4, 1, 100, "Steps per episode.");
      EnvironmentEntry.Factory factory =
          settings -> new CountingEnvironment(settings.integer("length"));
      return List.of(
          new EnvironmentEntry("test/Counting-v1", "Counts.", List.of(length), factory),
          new EnvironmentEntry("test/Counting-v12", "Counts.", List.of(length), factory),
          new EnvironmentEntry(
              "test/Own-v0",
              "Sees to its own frame stack.",
              List.of(length, Setting.integer("frame_stack", 0, 0, 9, "Its own meaning.")),
              factory));
    }
  }

  @Test
  void universalArgumentsWrapInTheDocumentedOrder() {
    try (Environment environment =
        Environments.make(
            "test/Counting-v1?frame_stack=2&reward_clip=sign&max_episode_steps=3&sticky_actions=0.25&length=9")) {
      assertThat(environment)
          .hasToString("FrameStack(RewardClip(TimeLimit(StickyAction(Counting))))");
      assertThat(environment.observationSpace()).isEqualTo(Box.of(DType.INT64, 0, 1 << 30, 2, 2));
    }
  }

  @Test
  void withoutThemNothingIsWrapped() {
    try (Environment environment = Environments.make("test/Counting-v1")) {
      assertThat(environment).isInstanceOf(CountingEnvironment.class);
    }
  }

  @Test
  void anEntryMayKeepAUniversalNameForItself() {
    try (Environment environment =
        Environments.make("test/Own-v0?frame_stack=3&reward_clip=sign")) {
      assertThat(environment).hasToString("RewardClip(Counting)");
    }
  }

  @ParameterizedTest
  @CsvSource({
    "test/Counting-v1?frame_stak=2, did you mean frame_stack?",
    "test/Counting-v1?lenght=2, did you mean length?",
    "test/Counting-v1?reward_clip=tanh, 'reward_clip must be one of none, sign, got tanh'",
    "test/Counting-v1?length=0, 'length must be a whole number from 1 to 100, got 0'",
    "test/Counting-v3, the newest version here is test/Counting-v12",
    "test/Counting, the newest version here is test/Counting-v12",
    "test/Countin-v1, did you mean test/Counting-v1?",
    "test/Counting-v1?length, expected name=value",
    "'', expected an environment id",
  })
  void wrongIdsAndArgumentsAreRefusedWithTheMend(String id, String part) {
    assertThatThrownBy(() -> Environments.make(id))
        .isInstanceOf(BadRequestException.class)
        .hasMessageContaining(part);
  }

  @Test
  void entriesAreSortedById() {
    assertThat(Environments.entries())
        .extracting(EnvironmentEntry::id)
        .isSorted()
        .contains("test/Counting-v1", "test/Own-v0");
  }

  @Test
  void aVectorIsMadeOfOneId() {
    try (VectorEnvironment envs =
        Environments.makeVector("test/Counting-v1?length=2", 3, 2, AutoresetMode.NEXT_STEP)) {
      assertThat(envs.size()).isEqualTo(3);
      assertThat(envs.autoresetMode()).isEqualTo(AutoresetMode.NEXT_STEP);
    }
    assertThatThrownBy(
            () -> Environments.makeVector("test/Counting-v1", 0, 1, AutoresetMode.SAME_STEP))
        .isInstanceOf(BadRequestException.class);
  }
}
