package org.umwelt.worldmodel.iris;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import org.bytedeco.javacpp.PointerScope;
import org.bytedeco.pytorch.NoGradGuard;
import org.bytedeco.pytorch.Tensor;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.umwelt.kernels.tensor.Compute;
import org.umwelt.kernels.tensor.Tensors;

/** The networks at the paper's sizes, weights by formula, against the PyTorch reference. */
class PaperSizesTest {
  private static IrisWorld world;

  @BeforeAll
  static void build() {
    FormulaWeights formula = new FormulaWeights("PUBLIC");
    world =
        new IrisWorld(
            Compute.CPU,
            new IrisWorld.Sizes(TokenizerConfig.paper(), WorldModelConfig.paper(), 6),
            0);
    formula.fill(world.tokenizerParameters());
    formula.fill(world.worldModelParameters());
  }

  @AfterAll
  static void close() {
    world.close();
  }

  /** A picture by formula; the reference measured its smallest gap between codes to be 0.0016. */
  @Test
  void tokensAndPictureAreThoseOfTheReference() {
    double[] uniform = new FormulaWeights("PUBLIC").uniform("input.obs", 3 * 64 * 64);
    float[] pixels = new float[uniform.length];
    for (int i = 0; i < pixels.length; i++) {
      pixels[i] = (float) uniform[i];
    }
    try (PointerScope _ = new PointerScope();
        NoGradGuard _ = new NoGradGuard()) {
      Tensor frame = Tensors.of(Compute.CPU, pixels, 1, 3, 64, 64);
      Tokenizer.Encoding encoding = world.tokenizer().encode(frame);
      float[] z = Tensors.floats(encoding.z());
      float[] expected = {-0.344872f, -0.992827f, 0.368955f, 0.058608f};
      for (int c = 0; c < 4; c++) {
        assertThat(z[c * 16]).isCloseTo(expected[c], within(2e-5f));
      }
      assertThat(Tensors.longs(encoding.tokens()))
          .containsExactly(
              437, 95, 366, 397, 471, 239, 8, 471, 136, 276, 72, 281, 30, 230, 425, 177);
      float[] decoded = Tensors.floats(world.tokenizer().decode(encoding.quantised()));
      float[] first = {0.453640f, 0.452873f, 0.417715f, 0.509527f};
      for (int x = 0; x < 4; x++) {
        assertThat(decoded[x]).isCloseTo(first[x], within(2e-5f));
      }
    }
  }

  @Test
  void cacheEqualsTheFullPassWithinTheFifthDigit() {
    try (PointerScope _ = new PointerScope();
        NoGradGuard _ = new NoGradGuard()) {
      Tensor tokens = SmallWorlds.sequence(5, 1, 20, 512, 6);
      WorldModel model = world.worldModel();
      Tensor whole = model.forward(tokens, null, null);
      for (int[] sizes : new int[][] {{1}, {16, 1}, {100, 40}, {3}}) {
        Tensor pieces = WorldModelTest.inPieces(model, tokens, sizes);
        assertThat(Tensors.number(pieces.sub(whole).abs().max())).isLessThan(1e-5);
      }
    }
  }
}
