package org.umwelt.envs.gym;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.zip.CRC32;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.umwelt.envs.AutoresetMode;
import org.umwelt.envs.Reset;
import org.umwelt.envs.StepBatch;
import org.umwelt.envs.VectorEnvironment;
import org.umwelt.envs.registry.Environments;
import org.umwelt.envs.spaces.Batch;
import org.umwelt.envs.spaces.Box;
import org.umwelt.envs.spaces.DType;
import org.umwelt.envs.spaces.Dict;
import org.umwelt.envs.spaces.Discrete;
import org.umwelt.envs.spaces.MultiBinary;
import org.umwelt.envs.spaces.MultiDiscrete;
import org.umwelt.envs.spaces.Space;
import org.umwelt.envs.spaces.Text;
import org.umwelt.envs.spaces.Tuple;
import org.umwelt.envs.spaces.Value;

/**
 * Steps environments of Gymnasium from Java and in Python itself: all observations, final
 * observations, rewards and flags agree bit for bit.
 */
@Tag("python")
class GymTrajectoryTest {
  private static final int ROWS = 3;
  private static final int STEPS = 10_000;
  private static final int REPORTED = 500;

  @BeforeAll
  static void needsPython() {
    PythonSide.require("gym:CartPole-v1");
  }

  @ParameterizedTest
  @EnumSource
  void cartPole(AutoresetMode mode) throws Exception {
    compare("CartPole-v1", "{}", "[]", "gym:CartPole-v1", mode, STEPS);
  }

  @ParameterizedTest
  @EnumSource
  void pendulum(AutoresetMode mode) throws Exception {
    compare("Pendulum-v1", "{}", "[]", "gym:Pendulum-v1", mode, STEPS);
  }

  @ParameterizedTest
  @EnumSource
  void frozenLake(AutoresetMode mode) throws Exception {
    compare(
        "FrozenLake-v1",
        "{\"map_name\":\"8x8\",\"is_slippery\":true}",
        "[]",
        "gym:FrozenLake-v1?map_name=8x8&is_slippery=true",
        mode,
        STEPS);
  }

  @ParameterizedTest
  @EnumSource
  void taxi(AutoresetMode mode) throws Exception {
    compare("Taxi-v4", "{}", "[]", "gym:Taxi-v4", mode, STEPS);
  }

  @ParameterizedTest
  @EnumSource
  void blackjackWhichIsATuple(AutoresetMode mode) throws Exception {
    compare("Blackjack-v1", "{}", "[]", "gym:Blackjack-v1", mode, STEPS);
  }

  @ParameterizedTest
  @EnumSource
  void cartPoleWithTheTimeWhichIsADict(AutoresetMode mode) throws Exception {
    compare(
        "CartPole-v1",
        "{\"max_episode_steps\":30}",
        "[[\"TimeAwareObservation\",{\"flatten\":false}]]",
        "gym:CartPole-v1?max_episode_steps=30&wrappers=[[\"TimeAwareObservation\",{\"flatten\":false}]]",
        mode,
        STEPS);
  }

  @ParameterizedTest
  @EnumSource
  void everyKindOfSpaceInOneTree(AutoresetMode mode) throws Exception {
    compare(
        "src.test.python.worlds:Nested-v0",
        "{}",
        "[]",
        PythonSide.WORLDS + "Nested-v0",
        mode,
        2_000);
  }

  private static void compare(
      String name, String kwargs, String wrappers, String id, AutoresetMode mode, int steps)
      throws Exception {
    List<String> theirs =
        PythonSide.run(
            "native.py",
            name,
            kwargs,
            wrappers,
            Integer.toString(ROWS),
            mode.name(),
            Integer.toString(steps));
    List<String> ours = new ArrayList<>();
    CRC32 crc = new CRC32();
    int ends = 0;
    try (VectorEnvironment envs = Environments.makeVector(id, ROWS, 2, mode)) {
      put(crc, envs.reset(Reset.seeded(11)).observations());
      boolean[] ended = new boolean[ROWS];
      for (int t = 0; t < steps; t++) {
        for (int row = 0; row < ROWS; row++) {
          fill(envs.singleActionSpace(), envs.actions().row(row), 0, t, row, 0);
        }
        StepBatch step = envs.step();
        put(crc, step.observations());
        crc.update(step.rewards().asByteBuffer());
        crc.update(step.terminated().asByteBuffer());
        crc.update(step.truncated().asByteBuffer());
        boolean any = false;
        for (int row = 0; row < ROWS; row++) {
          ended[row] = step.ended(row);
          if (ended[row]) {
            any = true;
            ends++;
            put(crc, step.finalObservations().row(row));
          }
        }
        if (any && mode == AutoresetMode.DISABLED) {
          put(crc, envs.reset(Reset.unseeded(), ended).observations());
        }
        if (t % REPORTED == REPORTED - 1) {
          ours.add("%08x %d".formatted(crc.getValue(), ends));
        }
      }
    }
    assertThat(ours).hasSize(steps / REPORTED).isEqualTo(theirs);
    assertThat(ends).isGreaterThan(50);
  }

  private static void put(CRC32 crc, Batch batch) {
    for (int leaf = 0; leaf < batch.layout().size(); leaf++) {
      crc.update(batch.leaf(leaf).asByteBuffer());
    }
  }

  private static void put(CRC32 crc, Value value) {
    for (int leaf = 0; leaf < value.layout().size(); leaf++) {
      crc.update(value.leaf(leaf).asByteBuffer());
    }
  }

  /** Writes the action of a row at step t, the same rule as in native.py; returns the next leaf. */
  private static int fill(Space space, Value value, int leaf, int t, int row, int k) {
    int draw = 7 * t + t / 5 + 3 * row + k;
    switch (space) {
      case Dict dict -> {
        int next = leaf;
        int i = 0;
        for (Space child : dict.spaces().values()) {
          next = fill(child, value, next, t, row, k + i++);
        }
        return next;
      }
      case Tuple tuple -> {
        int next = leaf;
        int i = 0;
        for (Space child : tuple.spaces()) {
          next = fill(child, value, next, t, row, k + i++);
        }
        return next;
      }
      case Discrete discrete ->
          DType.INT64.setLong(value.leaf(leaf), 0, discrete.start() + draw % discrete.n());
      case MultiDiscrete many -> {
        for (int i = 0; i < many.nvec().size(); i++) {
          DType.INT64.setLong(
              value.leaf(leaf), i, many.start().get(i) + (draw + i) % many.nvec().get(i));
        }
      }
      case MultiBinary binary -> {
        for (int i = 0; i < binary.shape().getFirst(); i++) {
          DType.INT8.setLong(value.leaf(leaf), i, (draw + i) % 2);
        }
      }
      case Box box -> {
        long elements = box.leaves().getFirst().elements();
        for (int i = 0; i < elements; i++) {
          double part = (draw + i) % 101 / 100.0;
          box.dtype()
              .setDouble(value.leaf(leaf), i, box.low(i) + (box.high(i) - box.low(i)) * part);
        }
      }
      case Text _ -> throw new AssertionError("no test acts with text");
    }
    return leaf + 1;
  }
}
