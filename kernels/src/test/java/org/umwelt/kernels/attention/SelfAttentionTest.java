package org.umwelt.kernels.attention;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.Collections;
import java.util.List;
import java.util.stream.Stream;
import org.bytedeco.javacpp.PointerScope;
import org.bytedeco.pytorch.Scalar;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.umwelt.kernels.nn.Checkpoint;
import org.umwelt.kernels.nn.Init;
import org.umwelt.kernels.nn.Layer;
import org.umwelt.kernels.nn.Parameters;
import org.umwelt.kernels.parallel.WorkerTeam;
import org.umwelt.kernels.random.RandomStream;
import org.umwelt.kernels.tensor.Compute;
import org.umwelt.kernels.tensor.Tensors;

class SelfAttentionTest {
  private static final WorkerTeam TEAM = new WorkerTeam(2);
  private static final long KEY = 5;

  @AfterAll
  static void close() {
    TEAM.close();
  }

  static Stream<Sparsity> sparsities() {
    return Stream.of(new Sparsity.Dense(), new Sparsity.Hashing(4), new Sparsity.Dropping(0.4));
  }

  private static Tensor normal(long seed, long... shape) {
    RandomStream random = new RandomStream(seed);
    int count = 1;
    for (long size : shape) {
      count *= (int) size;
    }
    float[] values = new float[count];
    for (int i = 0; i < count; i++) {
      values[i] = (float) random.nextGaussian();
    }
    return Tensors.of(Compute.CPU, values, shape).set_requires_grad(true);
  }

  /** Attention by LibTorch's operations on a matrix of queries by keys. */
  private static Tensor dense(List<AttentionPattern> patterns, Tensor q, Tensor k, Tensor v) {
    int n = (int) q.size(2);
    int m = (int) k.size(2);
    float[] seen = new float[patterns.size() * n * m];
    for (int i = 0; i < patterns.size(); i++) {
      AttentionPattern pattern = patterns.get(i);
      for (int query = 0; query < pattern.queries(); query++) {
        for (int key = pattern.from(query); key < pattern.to(query); key++) {
          seen[(i * n + pattern.queryRow(query)) * m + pattern.keyRow(key)] = 1;
        }
      }
    }
    Tensor mask = Tensors.of(Compute.CPU, seen, q.size(0), q.size(1), n, m);
    Tensor products = Tensors.scale(q.matmul(k.transpose(2, 3)), 1 / Math.sqrt(q.size(3)));
    Tensor weights = products.exp().mul(mask);
    Tensor total =
        weights
            .sum(new long[] {-1}, true, new org.bytedeco.pytorch.ScalarTypeOptional())
            .clamp_min(new Scalar(1e-30));
    return weights.div(total).matmul(v);
  }

  @ParameterizedTest
  @MethodSource("sparsities")
  void gradientsEqualThoseOfLibTorchOnAMatrix(Sparsity sparsity) {
    try (PointerScope _ = new PointerScope()) {
      Tensor[] ours = {normal(1, 2, 3, 19, 8), normal(2, 2, 3, 19, 8), normal(3, 2, 3, 19, 5)};
      Tensor[] theirs = {normal(1, 2, 3, 19, 8), normal(2, 2, 3, 19, 8), normal(3, 2, 3, 19, 5)};
      List<AttentionPattern> patterns = sparsity.patterns(ours[0], ours[1], Causality.SELF, KEY);
      Tensor weight = normal(4, 2, 3, 19, 5).detach();
      FlashAttention kernel = new FlashAttention(8, 5, 1 / Math.sqrt(8), TEAM);

      Tensor y = TensorAttention.attend(kernel, patterns, ours[0], ours[1], ours[2]);
      y.mul(weight).sum().backward();
      Tensor z = dense(patterns, theirs[0], theirs[1], theirs[2]);
      z.mul(weight).sum().backward();

      assertClose(y, z);
      for (int i = 0; i < 3; i++) {
        assertClose(ours[i].grad(), theirs[i].grad());
      }
    }
  }

  private static void assertClose(Tensor found, Tensor expected) {
    float[] a = Tensors.floats(found);
    float[] b = Tensors.floats(expected);
    assertThat(a).hasSameSizeAs(b);
    for (int i = 0; i < a.length; i++) {
      assertThat(a[i]).isCloseTo(b[i], within((float) 2e-5));
    }
  }

  @ParameterizedTest
  @MethodSource("sparsities")
  void gradientsOfTheLayerEqualCentralDifferences(Sparsity sparsity) {
    try (PointerScope _ = new PointerScope();
        Parameters parameters = Parameters.fresh(Compute.CPU, 7)) {
      SelfAttention layer = layer(parameters, false, sparsity, Causality.SELF);
      // The patterns must not change between the points: dropping depends on the key alone, and
      // few hashes flip in so small a step.
      Tensor x = normal(1, 1, 7, 8);
      Tensor direction = Tensors.scale(normal(2, 1, 7, 8).detach(), 1);
      layer.forward(x, KEY).square().sum().backward();
      double slope = Tensors.number(x.grad().mul(direction).sum());
      double step = 2e-3;
      double up = loss(layer, Tensors.addScaled(x.detach(), direction, step));
      double down = loss(layer, Tensors.addScaled(x.detach(), direction, -step));

      assertThat(slope).isCloseTo((up - down) / (2 * step), within(2e-3 * Math.abs(slope) + 2e-3));
    }
  }

  private static double loss(SelfAttention layer, Tensor x) {
    return Tensors.number(Tensors.noGrad(() -> layer.forward(x, KEY).square().sum()));
  }

  private static SelfAttention layer(
      Parameters parameters, boolean shared, Sparsity sparsity, Causality causality) {
    return new SelfAttention(
        parameters,
        8,
        2,
        shared,
        sparsity,
        causality,
        Init.normal(0.5),
        Init.normal(0.5),
        new FlashAttention(4, 4, 0.5, TEAM));
  }

  @ParameterizedTest
  @MethodSource("sparsities")
  void checkpointingGivesTheSameBits(Sparsity sparsity) {
    assertThat(gradients(sparsity, true)).isDeepEqualTo(gradients(sparsity, false));
  }

  private static float[][] gradients(Sparsity sparsity, boolean checkpointed) {
    try (PointerScope _ = new PointerScope();
        Parameters parameters = Parameters.fresh(Compute.CPU, 7)) {
      SelfAttention layer = layer(parameters, true, sparsity, Causality.STRICT);
      Layer block = z -> z.add(layer.forward(z, KEY));
      Tensor x = normal(1, 2, 33, 8);
      parameters.zeroGradients();
      (checkpointed ? Checkpoint.of(block) : block).forward(x).square().sum().backward();
      return new float[][] {Tensors.floats(x.grad()), Tensors.floats(parameters.gradients())};
    }
  }

  @ParameterizedTest
  @MethodSource("sparsities")
  void noTokenSeesALaterOne(Sparsity sparsity) {
    try (PointerScope _ = new PointerScope();
        Parameters parameters = Parameters.fresh(Compute.CPU, 7)) {
      SelfAttention layer = layer(parameters, true, sparsity, Causality.STRICT);
      Tensor x = normal(1, 1, 40, 8).detach();
      Tensor changed = x.clone();
      changed.narrow(1, 30, 10).mul_(new Scalar(-3));

      float[] before = Tensors.floats(layer.forward(x, KEY).narrow(1, 0, 30));
      float[] after = Tensors.floats(layer.forward(changed, KEY).narrow(1, 0, 30));

      assertThat(after).containsExactly(before);
      assertThat(Tensors.floats(layer.forward(changed, KEY)))
          .isNotEqualTo(Tensors.floats(layer.forward(x, KEY)));
    }
  }

  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void denseEqualsLibTorchWithTheSameParameters(boolean shared) {
    try (PointerScope _ = new PointerScope();
        Parameters ours = Parameters.fresh(Compute.CPU, 7);
        Parameters theirs = Parameters.fresh(Compute.CPU, 7)) {
      SelfAttention layer = layer(ours, shared, new Sparsity.Dense(), Causality.SELF);
      SelfAttention peer =
          SelfAttention.libTorch(theirs, 8, 2, shared, Init.normal(0.5), Init.normal(0.5));
      Tensor x = normal(1, 2, 40, 8);
      Tensor z = normal(1, 2, 40, 8);
      ours.zeroGradients();
      theirs.zeroGradients();

      Tensor y = layer.forward(x, KEY);
      y.square().mean().backward();
      Tensor peerY = peer.forward(z, KEY);
      peerY.square().mean().backward();

      assertThat(ours.named().keySet()).isEqualTo(theirs.named().keySet());
      assertClose(y, peerY);
      assertClose(x.grad(), z.grad());
      assertClose(ours.gradients(), theirs.gradients());
    }
  }

  @Test
  void anotherKeyDrawsOtherPatterns() {
    try (PointerScope _ = new PointerScope();
        Parameters parameters = Parameters.fresh(Compute.CPU, 7)) {
      SelfAttention layer = layer(parameters, true, new Sparsity.Hashing(8), Causality.STRICT);
      Tensor x = normal(1, 1, 40, 8).detach();

      assertThat(torch.equal(layer.forward(x, 1), layer.forward(x, 1))).isTrue();
      assertThat(torch.equal(layer.forward(x, 1), layer.forward(x, 2))).isFalse();
    }
  }

  @Test
  void refusesTensorsAndPatternsThatDoNotFit() {
    try (PointerScope _ = new PointerScope()) {
      FlashAttention kernel = new FlashAttention(8, 5, 1, TEAM);
      Tensor q = normal(1, 1, 2, 6, 8);
      Tensor k = normal(2, 1, 2, 7, 8);
      Tensor v = normal(3, 1, 2, 7, 5);
      List<AttentionPattern> patterns = Collections.nCopies(2, AttentionPattern.full(6, 7));
      assertThatThrownBy(() -> TensorAttention.attend(kernel, patterns, v, k, v))
          .hasMessageContaining("expected q to be float32 [1, 2, 7, 8], got Float [1, 2, 7, 5]");
      assertThatThrownBy(() -> TensorAttention.attend(kernel, patterns, q, q, v))
          .hasMessageContaining("expected v to be float32 [1, 2, 6, 5]");
      assertThatThrownBy(() -> TensorAttention.attend(kernel, patterns.subList(0, 1), q, k, v))
          .hasMessageContaining("a pattern for each of 2 heads");
      List<AttentionPattern> others = Collections.nCopies(2, AttentionPattern.full(7, 7));
      assertThatThrownBy(() -> TensorAttention.attend(kernel, others, q, k, v))
          .hasMessageContaining("patterns of 6 queries and 7 keys, got one of 7 and 7");
    }
    assertThatThrownBy(() -> new Sparsity.Hashing(5)).hasMessageContaining("even number");
    assertThatThrownBy(() -> new Sparsity.Dropping(Double.NaN)).hasMessageContaining("0 to 1");
  }

  @Test
  void refusesHeadsThatDoNotFit() {
    assertThatThrownBy(() ->
            new SelfAttention(
                Parameters.fresh(Compute.CPU, 1),
                10,
                3,
                true,
                new Sparsity.Dense(),
                Causality.SELF,
                Init.normal(1),
                Init.normal(1),
                new FlashAttention(3, 3, 1, TEAM)))
        .hasMessageContaining("multiple of the heads");
    assertThatThrownBy(() ->
            new SelfAttention(
                Parameters.fresh(Compute.CPU, 1),
                8,
                2,
                true,
                new Sparsity.Dense(),
                Causality.SELF,
                Init.normal(1),
                Init.normal(1),
                new FlashAttention(8, 4, 1, TEAM)))
        .hasMessageContaining("a kernel of heads of 4 numbers, got one of 8 and 4");
  }
}
