package org.umwelt.agents.iris;

import static org.assertj.core.api.Assertions.assertThat;

import java.lang.foreign.ValueLayout;
import org.bytedeco.javacpp.PointerScope;
import org.bytedeco.pytorch.Tensor;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.umwelt.envs.Environment;
import org.umwelt.envs.Reset;
import org.umwelt.envs.Step;
import org.umwelt.envs.spaces.Value;
import org.umwelt.kernels.nn.Adam;
import org.umwelt.kernels.nn.Parameters;
import org.umwelt.kernels.tensor.Compute;
import org.umwelt.kernels.tensor.Tensors;
import org.umwelt.worldmodel.iris.Pixels;
import org.umwelt.worldmodel.iris.ReconstructionLoss;
import org.umwelt.worldmodel.iris.Tokenizer;
import org.umwelt.worldmodel.iris.TokenizerConfig;

/** The tokenizer at the paper's sizes learns four frames by heart. */
@Tag("slow")
class LearningTest {
  private static final int FRAMES = 4;
  private static final int STEPS = 50;

  private static Tensor frames() {
    byte[] pixels = new byte[FRAMES * 64 * 64 * 3];
    try (Environment environment = IrisEnvironments.make("umwelt/Catch-v0")) {
      Step step = Step.allocate(environment);
      Value action = Value.allocate(environment.actionSpace());
      environment.reset(Reset.seeded(0), step);
      for (int i = 0; i < FRAMES; i++) {
        byte[] one = step.observation().tensor().toArray(ValueLayout.JAVA_BYTE);
        System.arraycopy(one, 0, pixels, i * one.length, one.length);
        for (int t = 0; t < 7; t++) {
          action.setLong(i % 3);
          environment.step(action, step);
        }
      }
    }
    return Pixels.tensor(
        Compute.CPU,
        FRAMES,
        64,
        64,
        memory -> memory.copyFrom(java.lang.foreign.MemorySegment.ofArray(pixels)));
  }

  /** The reference gets from 0.795 to 0.046 with four frames of Breakout. */
  @Test
  void reconstructionOfFourFramesIsLearnedInFiftySteps() {
    try (PointerScope _ = new PointerScope();
        Parameters parameters = Parameters.fresh(Compute.CPU, 1)) {
      Tokenizer tokenizer = new Tokenizer(parameters.in("tokenizer"), TokenizerConfig.paper());
      Tensor frames = frames();
      double l1 = Double.NaN;
      try (Adam adam = new Adam(parameters, 1e-4, 0, 10)) {
        for (int step = 0; step <= STEPS; step++) {
          try (PointerScope _ = new PointerScope()) {
            Tokenizer.Pass pass = tokenizer.train(frames);
            Tensor loss =
                ReconstructionLoss.l1()
                    .terms(frames, pass.reconstruction(), null)
                    .sequencedValues()
                    .getFirst();
            l1 = Tensors.number(loss);
            parameters.zeroGradients();
            loss.add(pass.codebook()).add(pass.commitment()).backward();
            adam.step();
          }
        }
      }
      assertThat(l1).isLessThan(0.06); // 0.026 with this seed
    }
  }
}
