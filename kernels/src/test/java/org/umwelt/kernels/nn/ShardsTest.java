package org.umwelt.kernels.nn;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import org.bytedeco.javacpp.PointerScope;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.umwelt.kernels.parallel.WorkerTeam;
import org.umwelt.kernels.tensor.Compute;
import org.umwelt.kernels.tensor.Tensors;

class ShardsTest {
  private static final int BATCH = 12;
  private static final int IN = 7;

  private static Layer model(Parameters parameters) {
    return Layer.sequence(
        new Linear(parameters.in("0"), IN, 16), torch::silu, new Linear(parameters.in("1"), 16, 3));
  }

  /** Mean over the batch, so that a shard's part is a sum over its rows divided by the batch. */
  private static Tensor loss(Layer model, Tensor x) {
    return Tensors.scale(model.forward(x).square().sum(), 1.0 / BATCH);
  }

  private static Tensor batch() {
    return FiniteDifferences.normal(6, BATCH, IN);
  }

  private static float[] gradients(int workers, int shards) {
    try (PointerScope _ = new PointerScope();
        WorkerTeam team = new WorkerTeam(workers);
        Parameters parameters = Parameters.fresh(Compute.CPU, 5)) {
      model(parameters);
      Tensor x = batch();
      int rows = BATCH / shards;
      try (Shards<Layer> all = new Shards<>(parameters, team, ShardsTest::model)) {
        for (int times = 0; times < 2; times++) { // what an update leaves behind does not count
          all.gradients(
              shards,
              (model, shard) -> loss(model, x.narrow(0, (long) shard * rows, rows)).backward());
        }
        return Tensors.floats(parameters.gradients());
      }
    }
  }

  private static float[] wholeBatch() {
    try (PointerScope _ = new PointerScope();
        Parameters parameters = Parameters.fresh(Compute.CPU, 5)) {
      Layer model = model(parameters);
      parameters.zeroGradients();
      loss(model, batch()).backward();
      return Tensors.floats(parameters.gradients());
    }
  }

  @ParameterizedTest
  @CsvSource({"1, 1", "1, 4", "2, 1", "2, 2", "2, 4", "2, 12", "3, 2", "3, 3", "3, 4", "3, 6"})
  void sumOverShardsIsTheGradientOfTheWholeBatchInEveryRunBitForBit(int workers, int shards) {
    float[] expected = wholeBatch();
    float[] found = gradients(workers, shards);
    for (int i = 0; i < expected.length; i++) {
      assertThat(found[i]).isCloseTo(expected[i], within(1e-6f));
    }
    for (int run = 0; run < 5; run++) {
      assertThat(gradients(workers, shards)).containsExactly(found);
    }
  }

  @Test
  void whatAShardThrowsIsThrownAndTheNextUpdateIsWhole() {
    try (PointerScope _ = new PointerScope();
        WorkerTeam team = new WorkerTeam(2);
        Parameters parameters = Parameters.fresh(Compute.CPU, 5)) {
      model(parameters);
      Tensor x = batch();
      try (Shards<Layer> all = new Shards<>(parameters, team, ShardsTest::model)) {
        assertThatThrownBy(() ->
                all.gradients(
                    4,
                    (model, shard) -> {
                      loss(model, x).backward();
                      if (shard == 1) {
                        throw new IllegalStateException("on purpose");
                      }
                    }))
            .hasMessage("on purpose");
        all.gradients(1, (model, shard) -> loss(model, x).backward());
        assertThat(Tensors.floats(parameters.gradients())).containsExactly(wholeBatch());
      }
    }
  }

  @Test
  void stepOfTheOptimiserReachesEveryReplica() {
    try (PointerScope _ = new PointerScope();
        WorkerTeam team = new WorkerTeam(2);
        Parameters parameters = Parameters.fresh(Compute.CPU, 5)) {
      Layer original = model(parameters);
      Tensor x = batch();
      try (Adam adam = new Adam(parameters, 0.1, 0, 10);
          Shards<Layer> all = new Shards<>(parameters, team, ShardsTest::model)) {
        all.gradients(2, (model, shard) -> loss(model, x).backward());
        adam.step();
        float[] expected = Tensors.floats(original.forward(x));
        all.gradients(
            2,
            (model, shard) ->
                assertThat(Tensors.floats(model.forward(x))).containsExactly(expected));
      }
    }
  }
}
