package org.umwelt.kernels.nn;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.bytedeco.javacpp.PointerScope;
import org.bytedeco.pytorch.BoolOptional;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.TensorArrayRefOptional;
import org.bytedeco.pytorch.global.torch;
import org.junit.jupiter.api.Test;
import org.umwelt.kernels.tensor.Compute;
import org.umwelt.kernels.tensor.Tensors;

class CustomGradientTest {
  private static Tensor leaf(float... values) {
    return Tensors.of(Compute.CPU, values, values.length).set_requires_grad(true);
  }

  /** x y^2, with a backward pass of its own. */
  private static Tensor product(Tensor x, Tensor y) {
    Tensor a = CustomGradient.saved(x);
    Tensor b = CustomGradient.saved(y);
    return CustomGradient.apply(
        Tensors.noGrad(() -> x.mul(y).mul(y)),
        gradient -> List.of(gradient.mul(b).mul(b), Tensors.scale(gradient.mul(a).mul(b), 2)),
        x,
        y);
  }

  @Test
  void gradientsFlowThroughItAsThroughLibTorchsOwn() {
    try (PointerScope _ = new PointerScope()) {
      Tensor x = leaf(1, 2, 3);
      Tensor y = leaf(-1, 0.5f, 4);
      // Both inputs come from other operations and are used elsewhere too.
      Tensor a = x.exp();
      Tensor b = y.sin();
      product(a, product(a, b)).add(a).sum().backward();
      Tensor x2 = leaf(1, 2, 3);
      Tensor y2 = leaf(-1, 0.5f, 4);
      Tensor a2 = x2.exp();
      Tensor b2 = y2.sin();
      Tensor inner = a2.mul(b2).mul(b2);
      a2.mul(inner).mul(inner).add(a2).sum().backward();

      assertThat(torch.allclose(x.grad(), x2.grad())).isTrue();
      assertThat(torch.allclose(y.grad(), y2.grad())).isTrue();
    }
  }

  @Test
  void anInfiniteInputDoesNotReachTheOutputByTheLink() {
    try (PointerScope _ = new PointerScope()) {
      Tensor x = leaf(Float.POSITIVE_INFINITY, Float.NaN);
      Tensor y = CustomGradient.apply(leaf(1, 2).detach(), g -> List.of(g), x);

      y.sum().backward();

      assertThat(Tensors.floats(y)).containsExactly(1, 2);
      assertThat(Tensors.floats(x.grad())).containsExactly(1, 1);
    }
  }

  @Test
  void aMissingGradientIsZeroAndOtherInputsAreLeftAlone() {
    try (PointerScope _ = new PointerScope()) {
      Tensor x = leaf(1, 2);
      Tensor constant = leaf(3, 4).detach();

      Tensor y =
          CustomGradient.apply(leaf(5, 6).detach(), g -> Arrays.asList(null, g), x, constant);
      y.sum().backward();

      assertThat(Tensors.floats(x.grad())).containsExactly(0, 0);
      assertThat(constant.grad().defined()).isFalse();
    }
  }

  @Test
  void moreThanAHundredMayWaitAtOnceAndScopesWithinMayClose() {
    try (PointerScope _ = new PointerScope()) {
      Tensor x = leaf(1, 1);
      Tensor y = x;
      for (int i = 0; i < 200; i++) {
        Tensor before = y;
        y = Tensors.tidy(() -> product(before, leaf(1, 1).detach()));
        System.gc();
      }
      y.sum().backward();

      assertThat(Tensors.floats(x.grad())).containsExactly(1, 1);
    }
  }

  @Test
  void aFailedBackwardPassMakesTheGradientsNaN() {
    try (PointerScope _ = new PointerScope()) {
      Tensor x = leaf(1, 2);
      Tensor y =
          CustomGradient.apply(
              leaf(1).detach(),
              _ -> {
                throw new IllegalArgumentException("no such gradient");
              },
              x);

      y.backward();

      assertThat(Tensors.floats(x.grad())).containsOnly(Float.NaN);
    }
  }

  @Test
  void secondDerivativesAreNaN() {
    try (PointerScope _ = new PointerScope()) {
      Tensor x = leaf(1, 2);
      Tensor y = CustomGradient.apply(leaf(1).detach(), g -> List.of(g), x);

      y.backward(leaf(1).detach(), new BoolOptional(true), true, new TensorArrayRefOptional());

      assertThat(Tensors.floats(x.grad())).containsOnly(Float.NaN);
    }
  }

  @Test
  void refusesToWorkWithoutAScope() {
    Tensor x = leaf(1);

    assertThatThrownBy(() -> product(x, x)).hasMessageContaining("PointerScope");
  }

  @Test
  void nothingIsRecordedWithoutNeed() {
    try (PointerScope _ = new PointerScope()) {
      Tensor constant = leaf(2).detach();
      assertThat(product(constant, constant).requires_grad()).isFalse();
      Tensor x = leaf(2);
      assertThat(Tensors.noGrad(() -> product(x, x)).requires_grad()).isFalse();
    }
  }

  @Test
  void aCheckpointGivesTheSameBitsAndComputesTwice() {
    float[][] plain = gradients(false, new AtomicInteger());
    AtomicInteger calls = new AtomicInteger();
    float[][] checkpointed = gradients(true, calls);

    assertThat(checkpointed).isDeepEqualTo(plain);
    assertThat(calls.get()).isEqualTo(2 * 3);
  }

  @Test
  void whatIsComputedAgainIsFreedBeforeTheBackwardPassGoesOn() {
    try (PointerScope _ = new PointerScope()) {
      List<Tensor> saved = new ArrayList<>();
      Layer layer =
          z -> {
            Tensor kept = CustomGradient.saved(z);
            saved.add(kept);
            return CustomGradient.apply(
                Tensors.noGrad(() -> z.square()),
                gradient -> List.of(Tensors.scale(gradient.mul(kept), 2)),
                z);
          };
      Tensor x = leaf(1, 2);
      Checkpoint.of(layer).forward(Checkpoint.of(layer).forward(x)).sum().backward();

      assertThat(Tensors.floats(x.grad())).containsExactly(4, 32); // of x^4
      assertThat(saved).hasSize(4);
      assertThat(saved.subList(2, 4)).allMatch(one -> one.isNull());
    }
  }

  @Test
  void aScopeOfItsOwnKeepsWhatOneShardNeeds() {
    try (PointerScope _ = new PointerScope()) {
      Tensor x = leaf(1, 2);
      List<Tensor> saved = new ArrayList<>();
      try (PointerScope shard = new PointerScope()) {
        CustomGradient.keepIn(
            shard,
            () -> {
              saved.add(CustomGradient.saved(x));
              product(x, x).sum().backward();
            });
      }
      assertThat(saved).allMatch(one -> one.isNull());
      assertThat(Tensors.floats(x.grad())).containsExactly(3, 12);
    }
  }

  @Test
  void aCheckpointNeedsAnInputThatLearns() {
    try (PointerScope _ = new PointerScope()) {
      Tensor constant = leaf(1).detach();
      assertThatThrownBy(() -> Checkpoint.of(z -> z.exp()).forward(constant))
          .hasMessageContaining("to require gradients");
      assertThat(Tensors.noGrad(() -> Checkpoint.of(z -> z.exp()).forward(constant)).item_float())
          .isEqualTo((float) Math.E);
    }
  }

  private static float[][] gradients(boolean checkpointed, AtomicInteger calls) {
    try (PointerScope _ = new PointerScope();
        Parameters parameters = Parameters.fresh(Compute.CPU, 1)) {
      Tensor x = leaf(1, -2, 3, 0.5f);
      Tensor y = x;
      for (int i = 0; i < 3; i++) {
        Linear first = new Linear(parameters.in("first" + i), 4, 8);
        Linear second = new Linear(parameters.in("second" + i), 8, 4);
        Layer block =
            z -> {
              calls.incrementAndGet();
              return z.add(second.forward(first.forward(z).tanh()));
            };
        y = (checkpointed ? Checkpoint.of(block) : block).forward(y);
      }
      parameters.zeroGradients();
      y.square().sum().backward();
      return new float[][] {Tensors.floats(x.grad()), Tensors.floats(parameters.gradients())};
    }
  }
}
