package org.umwelt.envs.vector;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.umwelt.envs.AllocatedBytes;
import org.umwelt.envs.AutoresetMode;
import org.umwelt.envs.CountingEnvironment;
import org.umwelt.envs.Environment;
import org.umwelt.envs.Reset;
import org.umwelt.envs.VectorEnvironment;
import org.umwelt.envs.wrappers.FrameStack;
import org.umwelt.envs.wrappers.RecordStatistics;
import org.umwelt.envs.wrappers.RewardClip;
import org.umwelt.envs.wrappers.StickyAction;
import org.umwelt.envs.wrappers.TimeLimit;
import org.umwelt.kernels.random.RandomStream;

class AllocationTest {
  @ParameterizedTest
  @EnumSource(
      value = AutoresetMode.class,
      names = {"SAME_STEP", "NEXT_STEP"})
  void steppingAVectorThroughAllWrappersAllocatesNothing(AutoresetMode mode) {
    List<Environment> environments = new ArrayList<>();
    for (int row = 0; row < 8; row++) {
      environments.add(
          new RecordStatistics(
              new FrameStack(
                  RewardClip.sign(
                      new TimeLimit(new StickyAction(new CountingEnvironment(9 + row), 0.25), 12)),
                  4)));
    }
    RandomStream random = new RandomStream(1);
    TransitionFilter filter = new TransitionFilter(mode, 8);
    try (VectorEnvironment envs = new ParallelVectorEnvironment(environments, 2, mode)) {
      envs.reset(Reset.seeded(1));
      long bytes =
          AllocatedBytes.perRound(() -> {
            for (int t = 0; t < 10_000; t++) { // about 800 episodes a row
              for (int row = 0; row < 8; row++) {
                envs.singleActionSpace().sample(random, envs.actions().row(row));
              }
              filter.afterStep(envs.step());
            }
          });

      assertThat(bytes).isZero();
    }
  }

  @Test
  void theMeasureSeesAllocationsOfTheCallerAndOfWorkers() {
    byte[][] sink = new byte[2][];
    try (var team = new org.umwelt.kernels.parallel.WorkerTeam(2)) {
      // Two long items, so that the helper takes one of them at least in most rounds; the caller's
      // share alone is already seen.
      long bytes =
          AllocatedBytes.perRound(() -> {
            for (int i = 0; i < 100; i++) {
              team.run(2, item -> sink[item] = new byte[1 << 16]);
            }
          });

      assertThat(bytes).isGreaterThanOrEqualTo(200L << 16);
    }
    assertThat(sink[0]).hasSize(1 << 16);
  }
}
