package org.umwelt.worldmodel.iris;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.bytedeco.javacpp.Pointer;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.umwelt.envs.AutoresetMode;
import org.umwelt.envs.Environment;
import org.umwelt.envs.Reset;
import org.umwelt.envs.StepBatch;
import org.umwelt.envs.VectorEnvironment;
import org.umwelt.envs.registry.Environments;
import org.umwelt.envs.vector.ParallelVectorEnvironment;
import org.umwelt.kernels.random.RandomStream;
import org.umwelt.kernels.settings.BadRequestException;

class ImaginedVectorEnvironmentTest {
  private static final int ROWS = 4;

  @TempDir private Path folder;
  private String id;

  @BeforeEach
  void write() {
    id = "imagine:" + TinyIris.write(folder.resolve("agent.safetensors")) + "?horizon=9";
  }

  private VectorEnvironment singles(AutoresetMode mode) {
    List<Environment> environments = new ArrayList<>();
    for (int row = 0; row < ROWS; row++) {
      environments.add(Environments.make(id));
    }
    return new ParallelVectorEnvironment(environments, 1, mode);
  }

  private static void act(RandomStream random, VectorEnvironment a, VectorEnvironment b) {
    for (int row = 0; row < ROWS; row++) {
      a.singleActionSpace().sample(random, a.actions().row(row));
      b.actions().row(row).copyFrom(a.actions().row(row));
    }
  }

  private static void assertSame(StepBatch found, StepBatch expected, String when) {
    for (int row = 0; row < ROWS; row++) {
      String where = "row " + row + " " + when;
      assertThat(found.reward(row)).as(where).isEqualTo(expected.reward(row));
      assertThat(found.terminated(row)).as(where).isEqualTo(expected.terminated(row));
      assertThat(found.truncated(row)).as(where).isEqualTo(expected.truncated(row));
      assertThat(found.row(row).observation().sameBytes(expected.row(row).observation()))
          .as(where)
          .isTrue();
      assertThat(found.row(row).info().sameBytes(expected.row(row).info())).as(where).isTrue();
      assertThat(
              found.finalObservations().row(row).sameBytes(expected.finalObservations().row(row)))
          .as(where)
          .isTrue();
      assertThat(found.finalInfos().row(row).sameBytes(expected.finalInfos().row(row)))
          .as(where)
          .isTrue();
    }
  }

  private static boolean[] ended(StepBatch steps) {
    boolean[] ended = new boolean[ROWS];
    for (int row = 0; row < ROWS; row++) {
      ended[row] = steps.ended(row);
    }
    return ended;
  }

  @ParameterizedTest
  @EnumSource
  void rowsAreSinglesWithTheSameSeeds(AutoresetMode mode) {
    int ends = 0;
    boolean uneven = false;
    try (VectorEnvironment vector = ImaginedVectorEnvironment.make(id, ROWS, mode);
        VectorEnvironment singles = singles(mode)) {
      assertSame(vector.reset(Reset.seeded(3)), singles.reset(Reset.seeded(3)), "after the reset");
      RandomStream random = new RandomStream(8);
      for (int t = 0; t < 40; t++) {
        act(random, vector, singles);
        StepBatch expected = singles.step();
        assertSame(vector.step(), expected, "after step " + t);
        boolean[] mask = ended(expected);
        int count = 0;
        for (boolean end : mask) {
          count += end ? 1 : 0;
        }
        ends += count;
        uneven |= count > 0 && count < ROWS;
        if (mode == AutoresetMode.DISABLED && count > 0) {
          singles.reset(Reset.unseeded(), mask);
          assertSame(vector.reset(Reset.unseeded(), mask), expected, "after reset " + t);
        }
      }
    }
    assertThat(ends).isGreaterThan(ROWS);
    assertThat(uneven).isTrue();
  }

  @Test
  void maskedSeedsAreRowNumbersOnTopAndOtherRowsStay() {
    boolean[] mask = {false, true, false, true};
    try (VectorEnvironment vector =
            ImaginedVectorEnvironment.make(id, ROWS, AutoresetMode.SAME_STEP);
        VectorEnvironment singles = singles(AutoresetMode.SAME_STEP)) {
      vector.reset(Reset.unseeded(), mask);
      singles.reset(Reset.unseeded(), mask);
      assertSame(vector.steps(), singles.steps(), "after the first reset");
      assertThatThrownBy(vector::step)
          .isInstanceOf(IllegalStateException.class)
          .hasMessageContaining("row 0")
          .hasMessageContaining("reset it first");
      vector.reset(Reset.unseeded(), new boolean[] {true, false, true, false});
      singles.reset(Reset.unseeded(), new boolean[] {true, false, true, false});
      RandomStream random = new RandomStream(1);
      for (int t = 0; t < 10; t++) {
        act(random, vector, singles);
        singles.step();
        assertSame(vector.step(), singles.steps(), "after step " + t);
        if (t == 4) {
          vector.reset(Reset.seeded(11), mask);
          singles.reset(Reset.seeded(11), mask);
          assertSame(vector.steps(), singles.steps(), "after the masked reset");
        }
      }
    }
  }

  @Test
  void wrongUseIsNamedAndChangesNothing() {
    try (VectorEnvironment vector =
            ImaginedVectorEnvironment.make(id, ROWS, AutoresetMode.SAME_STEP);
        VectorEnvironment untouched =
            ImaginedVectorEnvironment.make(id, ROWS, AutoresetMode.SAME_STEP)) {
      assertThatThrownBy(vector::step).isInstanceOf(IllegalStateException.class);
      vector.reset(Reset.seeded(1));
      untouched.reset(Reset.seeded(1));
      vector.actions().row(2).setLong(3);
      assertThatThrownBy(vector::step)
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessageStartingWith("row 2: ")
          .hasMessageContaining("expected an action in Discrete(3), got 3");
      assertThatThrownBy(() -> vector.reset(Reset.seeded(1), new boolean[3]))
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessageContaining("mask of length 4, got 3");
      act(new RandomStream(1), vector, untouched);
      assertSame(vector.step(), untouched.step(), "after the first legal step");
    }
    assertThatThrownBy(() -> ImaginedVectorEnvironment.make(id, 0, AutoresetMode.SAME_STEP))
        .isInstanceOf(BadRequestException.class);
    assertThatThrownBy(
            () -> ImaginedVectorEnvironment.make("umwelt/Catch-v0", 1, AutoresetMode.SAME_STEP))
        .isInstanceOf(BadRequestException.class)
        .hasMessageContaining("expected an id imagine:PATH, got umwelt/Catch-v0");
  }

  @Test
  void nothingLeaks() {
    try (VectorEnvironment vector =
        ImaginedVectorEnvironment.make(id, ROWS, AutoresetMode.SAME_STEP)) {
      vector.reset(Reset.seeded(1));
      vector.step();
      System.gc(); // what building the networks left to the collector must not go meanwhile
      long started = Pointer.totalCount();
      for (int t = 0; t < 200; t++) {
        vector.step();
      }
      assertThat(Pointer.totalCount()).isLessThanOrEqualTo(started);
    }
  }
}
