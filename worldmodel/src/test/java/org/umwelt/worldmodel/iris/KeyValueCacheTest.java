package org.umwelt.worldmodel.iris;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import org.bytedeco.javacpp.PointerScope;
import org.bytedeco.pytorch.NoGradGuard;
import org.bytedeco.pytorch.Tensor;
import org.junit.jupiter.api.Test;
import org.umwelt.kernels.tensor.Compute;
import org.umwelt.kernels.tensor.Tensors;

class KeyValueCacheTest {
  private static final int K = 4;

  private static Tensor tokens(long... numbers) {
    return Tensors.of(Compute.CPU, numbers, 1, numbers.length);
  }

  @Test
  void rowsOfDifferentLengthSeeOnlyWhatIsTheirs() {
    Tensor next = Tensors.of(Compute.CPU, new long[] {5, 1, 7, 2}, 2, 2); // a token, an action
    Tensor more = Tensors.of(Compute.CPU, new long[] {9, 11}, 2, 1);
    Tensor longRow = tokens(3, 1, 4, 1, 2, 6, 5, 3); // a block and three tokens
    Tensor shortRow = tokens(2, 7, 1); // three tokens
    try (PointerScope _ = new PointerScope();
        NoGradGuard _ = new NoGradGuard();
        IrisWorld world = new IrisWorld(Compute.CPU, TinyIris.SIZES, 0)) {
      world.load(TinyIris.weights(), "test");
      WorldModel model = world.worldModel();
      assertThat(model.tokensPerFrame()).isEqualTo(K);
      try (KeyValueCache both = model.cache(2);
          KeyValueCache first = model.cache(1);
          KeyValueCache second = model.cache(1)) {
        model.forward(longRow, first, null);
        model.forward(shortRow, second, null);
        both.replace(new int[] {0}, first);
        both.replace(new int[] {1}, second);
        assertThat(both.length(0)).isEqualTo(8);
        assertThat(both.length(1)).isEqualTo(3);
        for (Tensor input : new Tensor[] {next, more}) {
          Tensor found = model.forward(input, both, null);
          for (int row = 0; row < 2; row++) {
            Tensor alone = model.forward(input.narrow(0, row, 1), row == 0 ? first : second, null);
            assertThat(Tensors.number(found.narrow(0, row, 1).sub(alone).abs().max()))
                .isCloseTo(0, within(2e-6));
          }
        }
        both.clear();
        assertThat(both.length()).isZero();
      }
    }
  }
}
