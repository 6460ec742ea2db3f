package org.umwelt.worldmodel.language;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.Arrays;
import java.util.Map;
import org.bytedeco.javacpp.PointerScope;
import org.bytedeco.pytorch.NoGradGuard;
import org.bytedeco.pytorch.Tensor;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.umwelt.kernels.nn.Parameters;
import org.umwelt.kernels.parallel.WorkerTeam;
import org.umwelt.kernels.random.RandomStream;
import org.umwelt.kernels.settings.BadRequestException;
import org.umwelt.kernels.tensor.Compute;
import org.umwelt.kernels.tensor.Tensors;

class LanguageModelTest {
  private static final int VOCABULARY = 50;
  private static final int LENGTH = 40;
  private static final long KEY = 9;

  private static LanguageModelConfig config(AttentionMethod attention, boolean checkpointing) {
    return new LanguageModelConfig(VOCABULARY, LENGTH, 2, 2, 16, attention, 4, 0.4, checkpointing);
  }

  /** A model and its parameters. */
  private record Built(Parameters parameters, LanguageModel model) implements AutoCloseable {
    static Built of(AttentionMethod attention, boolean checkpointing) {
      Parameters parameters = Parameters.fresh(Compute.CPU, 3);
      return new Built(
          parameters,
          new LanguageModel(parameters, config(attention, checkpointing), new WorkerTeam(1)));
    }

    @Override
    public void close() {
      parameters.close();
    }
  }

  private static Batch batch(int count, int length) {
    RandomStream random = new RandomStream(8);
    return new Batch(
        count,
        length,
        random.longs((long) count * length, 0, VOCABULARY).toArray(),
        random.longs((long) count * length, 0, VOCABULARY).toArray());
  }

  @ParameterizedTest
  @EnumSource
  void logitsHaveTheirShapeAndNoneDependsOnALaterToken(AttentionMethod attention) {
    try (PointerScope _ = new PointerScope();
        Built built = Built.of(attention, false)) {
      Batch batch = batch(2, LENGTH);
      long[] changed = batch.tokens().clone();
      changed[LENGTH + 30] = (changed[LENGTH + 30] + 1) % VOCABULARY; // in the second sequence
      Tensor before = built.model().logits(batch, KEY);
      Tensor after = built.model().logits(new Batch(2, LENGTH, changed, batch.targets()), KEY);

      assertThat(Tensors.shape(before)).containsExactly(2L, (long) LENGTH, (long) VOCABULARY);
      float[] a = Tensors.floats(before);
      float[] b = Tensors.floats(after);
      int first = (LENGTH + 30) * VOCABULARY;
      assertThat(Arrays.copyOf(b, first)).containsExactly(Arrays.copyOf(a, first));
      assertThat(Arrays.copyOfRange(b, first, first + VOCABULARY))
          .isNotEqualTo(Arrays.copyOfRange(a, first, first + VOCABULARY));
    }
  }

  @ParameterizedTest
  @EnumSource
  void freshModelKnowsNothing(AttentionMethod attention) {
    try (PointerScope _ = new PointerScope();
        Built built = Built.of(attention, false)) {
      LanguageModel.Score score = built.model().score(batch(8, LENGTH), KEY);

      assertThat(score.scored()).isEqualTo(8 * LENGTH);
      // The embedding is the head, so what a token is makes its own logit the largest, about 2.
      assertThat(score.nats() / score.scored()).isCloseTo(Math.log(VOCABULARY), within(0.4));
      // 6.4 are expected, 2.5 the standard deviation.
      assertThat(score.right()).isLessThan(17);
    }
  }

  @ParameterizedTest
  @EnumSource
  void gradientEqualsACentralDifferenceAlongARandomDirection(AttentionMethod attention) {
    try (Built built = Built.of(attention, false)) {
      boolean hashing = attention == AttentionMethod.HASH;
      Batch batch = batch(hashing ? 1 : 2, 12);
      gradients(built, batch);
      try (PointerScope _ = new PointerScope();
          NoGradGuard _ = new NoGradGuard()) {
        Tensor values = built.parameters().values();
        RandomStream random = new RandomStream(5);
        float[] numbers = new float[(int) values.numel()];
        for (int i = 0; i < numbers.length; i++) {
          numbers[i] = (float) random.nextGaussian();
        }
        Tensor direction = Tensors.of(Compute.CPU, numbers, numbers.length);
        double slope = Tensors.number(built.parameters().gradients().mul(direction).sum());
        double step = hashing ? 5e-5 : 5e-4; // so small a step flips no hash here
        Tensor start = values.clone();
        values.copy_(Tensors.addScaled(start, direction, step));
        double above = built.model().score(batch, KEY).nats();
        values.copy_(Tensors.addScaled(start, direction, -step));
        double below = built.model().score(batch, KEY).nats();

        // Losses of 50 to 100 are rounded to 4e-6 or 8e-6, twice, over 1e-4 or 1e-3.
        assertThat((above - below) / (2 * step))
            .isCloseTo(slope, within((hashing ? 0.15 : 0.03) + 2e-3 * Math.abs(slope)));
        assertThat(Math.abs(slope)).isGreaterThan(1);
      }
    }
  }

  private static float[] gradients(Built built, Batch batch) {
    built.parameters().zeroGradients();
    try (PointerScope _ = new PointerScope()) {
      built.model().loss(batch, KEY).backward();
    }
    return Tensors.floats(built.parameters().gradients());
  }

  @ParameterizedTest
  @EnumSource
  void checkpointingGivesTheSameBits(AttentionMethod attention) {
    Batch batch = batch(2, LENGTH);
    try (Built kept = Built.of(attention, false);
        Built computedAgain = Built.of(attention, true)) {
      assertThat(gradients(computedAgain, batch)).containsExactly(gradients(kept, batch));
    }
  }

  @Test
  void manyPredictionsMadeInChunksAreThoseMadeAtOnce() {
    Batch batch = batch(110, LENGTH); // 4400 of at most 4096 at once
    try (PointerScope _ = new PointerScope();
        Built built = Built.of(AttentionMethod.DENSE, false)) {
      double whole = Tensors.number(built.model().loss(batch, KEY));
      double parts =
          Tensors.number(built.model().loss(batch.rows(0, 50), KEY))
              + Tensors.number(built.model().loss(batch.rows(50, 110), KEY));
      assertThat(whole).isCloseTo(parts, within(1e-5 * parts));
      assertThat(built.model().score(batch, KEY).nats()).isCloseTo(parts, within(1e-5 * parts));

      float[] gradient = gradients(built, batch);
      float[] first = gradients(built, batch.rows(0, 50));
      float[] second = gradients(built, batch.rows(50, 110));
      for (int i = 0; i < gradient.length; i++) {
        assertThat((double) gradient[i])
            .isCloseTo((double) first[i] + second[i], within(1e-3 + 1e-4 * Math.abs(gradient[i])));
      }
    }
  }

  @Test
  void denseEqualsLibTorchWithTheSameParameters() {
    Batch batch = batch(2, LENGTH);
    try (PointerScope _ = new PointerScope();
        Built ours = Built.of(AttentionMethod.DENSE, false);
        Built theirs = Built.of(AttentionMethod.LIBTORCH, false)) {
      assertThat(ours.parameters().named().keySet())
          .isEqualTo(theirs.parameters().named().keySet())
          .contains("wte.weight", "wpe.weight", "h.1.attn.c_attn.weight", "h.0.mlp.c_proj.bias");
      assertClose(
          Tensors.floats(ours.model().logits(batch, KEY)),
          Tensors.floats(theirs.model().logits(batch, KEY)),
          1e-5);
      assertClose(gradients(ours, batch), gradients(theirs, batch), 1e-4);
    }
  }

  private static void assertClose(float[] found, float[] expected, double tolerance) {
    for (int i = 0; i < found.length; i++) {
      assertThat((double) found[i])
          .isCloseTo(expected[i], within(tolerance * (1 + Math.abs(expected[i]))));
    }
  }

  @ParameterizedTest
  @EnumSource(names = {"HASH", "DROP"})
  void anotherKeyDrawsOtherPatternsAndTheSameOneTheSame(AttentionMethod attention) {
    try (PointerScope _ = new PointerScope();
        Built built = Built.of(attention, false)) {
      Batch batch = batch(2, LENGTH);
      double one = built.model().score(batch, 1).nats();
      assertThat(built.model().score(batch, 1).nats()).isEqualTo(one);
      assertThat(built.model().score(batch, 2).nats()).isNotEqualTo(one);
    }
  }

  @Test
  void onlyScoredPositionsCount() {
    try (PointerScope _ = new PointerScope();
        Built built = Built.of(AttentionMethod.DENSE, false)) {
      Batch batch = batch(1, LENGTH);
      double sum = 0;
      for (int i = 0; i < 3; i++) {
        long[] one = new long[LENGTH];
        Arrays.fill(one, Batch.UNSCORED);
        one[7 * i] = batch.targets()[7 * i];
        sum += built.model().score(Batch.of(batch.tokens(), one), KEY).nats();
      }
      long[] three = new long[LENGTH];
      Arrays.fill(three, Batch.UNSCORED);
      for (int i : new int[] {0, 7, 14}) {
        three[i] = batch.targets()[i];
      }
      LanguageModel.Score score = built.model().score(Batch.of(batch.tokens(), three), KEY);
      assertThat(score.scored()).isEqualTo(3);
      assertThat(score.nats()).isCloseTo(sum, within(1e-5));
      Tensor loss = built.model().loss(Batch.of(batch.tokens(), three), KEY);
      assertThat(Tensors.number(loss)).isCloseTo(sum, within(1e-5));
    }
  }

  @Test
  void weightsSpreadAsInThePaperAtItsWidthAndSumsAsMuchAtOthers() {
    assertThat(new LanguageModelConfig(256, 8, 1, 12, 768, AttentionMethod.DENSE, 2, 0, false))
        .satisfies(config -> assertThat(config.initStd()).isEqualTo(0.02));
    assertThat(new LanguageModelConfig(256, 8, 1, 12, 192, AttentionMethod.DENSE, 2, 0, false))
        .satisfies(config -> assertThat(config.initStd()).isEqualTo(0.04));
    LanguageModelConfig config =
        new LanguageModelConfig(256, 8, 8, 2, 64, AttentionMethod.DENSE, 2, 0, false);
    try (PointerScope _ = new PointerScope();
        Parameters parameters = Parameters.fresh(Compute.CPU, 3)) {
      LanguageModel unused = new LanguageModel(parameters, config, new WorkerTeam(1));
      assertThat(unused.attention()).isNotEmpty();
      Map<String, Tensor> named = parameters.named();
      assertThat(named)
          .hasEntrySatisfying(
              "h.3.mlp.c_fc.weight",
              // 16,384 numbers: the standard deviation is known to 0.6 %.
              weight -> assertThat(spread(weight)).isCloseTo(config.initStd(), within(0.002)))
          .hasEntrySatisfying(
              "h.3.mlp.c_proj.weight",
              weight -> assertThat(spread(weight)).isCloseTo(config.initStd() / 4, within(0.0005)));
    }
  }

  private static double spread(Tensor tensor) {
    return Math.sqrt(Tensors.number(tensor.square().mean()));
  }

  @Test
  void refusesSizesThatDoNotGoTogether() {
    assertThatThrownBy(
            () -> new LanguageModelConfig(256, 8, 1, 3, 64, AttentionMethod.DENSE, 16, 0, false))
        .isInstanceOf(BadRequestException.class)
        .hasMessage("expected heads that divide width 64, got 3");
    assertThatThrownBy(
            () -> new LanguageModelConfig(256, 8, 1, 2, 64, AttentionMethod.HASH, 15, 0, false))
        .isInstanceOf(BadRequestException.class)
        .hasMessageContaining("even number of buckets");
    try (PointerScope _ = new PointerScope();
        Built built = Built.of(AttentionMethod.DENSE, false)) {
      assertThatThrownBy(() -> built.model().score(batch(1, LENGTH + 1), KEY))
          .hasMessage("expected at most 40 tokens, got 41");
    }
  }
}
