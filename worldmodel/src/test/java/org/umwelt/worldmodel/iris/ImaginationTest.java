package org.umwelt.worldmodel.iris;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.bytedeco.javacpp.PointerScope;
import org.bytedeco.pytorch.NoGradGuard;
import org.bytedeco.pytorch.Tensor;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.umwelt.kernels.nn.Sampler;
import org.umwelt.kernels.random.RandomStream;
import org.umwelt.kernels.tensor.Compute;
import org.umwelt.kernels.tensor.Tensors;

class ImaginationTest {
  private static final int K = SmallWorlds.K;
  private static IrisWorld world;

  @BeforeAll
  static void build() {
    world = SmallWorlds.formula(SmallWorlds.sizes(20));
  }

  @AfterAll
  static void close() {
    world.close();
  }

  /** What was imagined: per step rewards, ends and the tokens of the frame that followed. */
  private record Story(List<long[]> rewards, List<boolean[]> ends, List<long[]> tokens) {
    Story() {
      this(new ArrayList<>(), new ArrayList<>(), new ArrayList<>());
    }

    void assertSameAs(Story other) {
      assertThat(rewards).hasSameSizeAs(other.rewards);
      for (int t = 0; t < rewards.size(); t++) {
        assertThat(rewards.get(t))
            .as("rewards of step %d", t)
            .containsExactly(other.rewards.get(t));
        assertThat(ends.get(t)).as("ends of step %d", t).containsExactly(other.ends.get(t));
        assertThat(tokens.get(t)).as("tokens of step %d", t).containsExactly(other.tokens.get(t));
      }
    }
  }

  private static RandomStream[] streams(int first, int rows) {
    RandomStream[] random = new RandomStream[rows];
    Arrays.setAll(random, row -> new RandomStream(17, first + row));
    return random;
  }

  private static Tensor start(int first, int rows) {
    long[] all = SmallWorlds.numbers(4, 100 * K, SmallWorlds.VOCABULARY);
    return Tensors.of(Compute.CPU, Arrays.copyOfRange(all, first * K, (first + rows) * K), rows, K);
  }

  private static Tensor action(int t, int first, int rows) {
    long[] all = SmallWorlds.numbers(100 + t, 100, SmallWorlds.ACTIONS);
    return Tensors.of(Compute.CPU, Arrays.copyOfRange(all, first, first + rows), rows);
  }

  /** Imagines; the last step asks for no next frame. */
  private static Story imagine(Sampler sampler, int first, int rows, int horizon) {
    Story story = new Story();
    imagine(sampler, first, rows, horizon, story);
    return story;
  }

  /** Imagines, and returns how often the first row forgot. */
  private static long imagine(Sampler sampler, int first, int rows, int horizon, Story story) {
    try (PointerScope _ = new PointerScope();
        Imagination imagination =
            new Imagination(world.tokenizer(), world.worldModel(), sampler, streams(first, rows))) {
      imagination.reset(start(first, rows));
      for (int t = 0; t < horizon; t++) {
        Imagination.Outcome outcome = imagination.step(action(t, first, rows), t < horizon - 1);
        story.rewards.add(outcome.rewards());
        story.ends.add(outcome.ends());
        story.tokens.add(Tensors.longs(imagination.tokens()));
      }
      return imagination.forgotten(0);
    }
  }

  /**
   * The reference's environment, token by token: 17 passes of one token each, and where the
   * sequence is full, a new one that begins with the present frame.
   */
  private static final class PlainWorld implements AutoCloseable {
    private final WorldModel model = world.worldModel();
    private final Sampler sampler;
    private final RandomStream[] random;
    private final KeyValueCache cache;
    private Tensor tokens;
    private int refills;

    PlainWorld(Sampler sampler, RandomStream[] random, Tensor start) {
      this.sampler = sampler;
      this.random = random;
      cache = model.cache(random.length);
      tokens = start;
      model.forward(tokens, cache, null);
    }

    void step(Tensor action, boolean wantsNext, Story story) {
      if (cache.length() + (wantsNext ? 17 : 1) > 340) {
        cache.clear();
        model.forward(tokens, cache, null);
        refills++;
      }
      Tensor output = pass(action);
      long[] rewards = choose(model.rewardLogits(output));
      story.rewards.add(Arrays.stream(rewards).map(reward -> reward - 1).toArray());
      long[] ends = choose(model.endLogits(output));
      boolean[] ended = new boolean[ends.length];
      for (int row = 0; row < ends.length; row++) {
        ended[row] = ends[row] == 1;
      }
      story.ends.add(ended);
      if (wantsNext) {
        List<Tensor> frame = new ArrayList<>();
        for (int k = 0; k < K; k++) {
          Tensor token = Tensors.of(Compute.CPU, choose(model.observationLogits(output)), rows());
          frame.add(token);
          output = pass(token);
        }
        tokens = Tensors.stack(frame, 1);
      }
      story.tokens.add(Tensors.longs(tokens));
    }

    private long rows() {
      return random.length;
    }

    private Tensor pass(Tensor token) {
      return model.forward(token.view(-1, 1), cache, null).select(1, 0);
    }

    private long[] choose(Tensor logits) {
      return Tensors.longs(sampler.choose(logits, random));
    }

    @Override
    public void close() {
      cache.close();
    }
  }

  private static int plain(Sampler sampler, int rows, int horizon, Story story) {
    try (PointerScope _ = new PointerScope();
        NoGradGuard _ = new NoGradGuard();
        PlainWorld plain = new PlainWorld(sampler, streams(0, rows), start(0, rows))) {
      for (int t = 0; t < horizon; t++) {
        plain.step(action(t, 0, rows), t < horizon - 1, story);
      }
      return plain.refills;
    }
  }

  @ParameterizedTest
  @CsvSource({"1, 0", "2, 0", "20, 0", "21, 1", "22, 1", "40, 2"})
  void joinedPassesImagineWhatSeparateOnesDo(int horizon, int refills) {
    for (Sampler sampler : List.of(Sampler.categorical(), Sampler.greedy())) {
      Story expected = new Story();
      assertThat(plain(sampler, 2, horizon, expected)).isEqualTo(refills);
      Story story = new Story();
      assertThat(imagine(sampler, 0, 2, horizon, story)).isEqualTo(refills);
      story.assertSameAs(expected);
    }
  }

  @Test
  void withoutCacheTheSameIsImagined() {
    WorldModel model = world.worldModel();
    int horizon = 5;
    Story expected = new Story();
    try (PointerScope _ = new PointerScope();
        NoGradGuard _ = new NoGradGuard()) {
      RandomStream[] random = streams(0, 2);
      Tensor history = start(0, 2);
      for (int t = 0; t < horizon; t++) {
        history = Tensors.cat(List.of(history, action(t, 0, 2).view(-1, 1)), 1);
        Tensor output = last(model.forward(history, null, null));
        long[] rewards =
            Tensors.longs(Sampler.categorical().choose(model.rewardLogits(output), random));
        long[] ends = Tensors.longs(Sampler.categorical().choose(model.endLogits(output), random));
        expected.rewards.add(Arrays.stream(rewards).map(reward -> reward - 1).toArray());
        expected.ends.add(new boolean[] {ends[0] == 1, ends[1] == 1});
        for (int k = 0; k < K && t < horizon - 1; k++) {
          Tensor logits = model.observationLogits(last(model.forward(history, null, null)));
          Tensor token = Sampler.categorical().choose(logits, random).view(-1, 1);
          history = Tensors.cat(List.of(history, token), 1);
        }
        long frame = t < horizon - 1 ? history.size(1) - K : history.size(1) - K - 1;
        expected.tokens.add(Tensors.longs(history.narrow(1, frame, K)));
      }
    }
    imagine(Sampler.categorical(), 0, 2, horizon).assertSameAs(expected);
  }

  private static Tensor last(Tensor output) {
    return output.select(1, output.size(1) - 1);
  }

  @Test
  void rowsDoNotKnowOfEachOther() {
    Story together = imagine(Sampler.categorical(), 0, 5, 23);
    for (int row = 0; row < 5; row++) {
      Story alone = imagine(Sampler.categorical(), row, 1, 23);
      for (int t = 0; t < 23; t++) {
        assertThat(alone.rewards().get(t)).containsExactly(together.rewards().get(t)[row]);
        assertThat(alone.ends().get(t)).containsExactly(together.ends().get(t)[row]);
        assertThat(alone.tokens().get(t))
            .containsExactly(Arrays.copyOfRange(together.tokens().get(t), row * K, (row + 1) * K));
      }
    }
    assertThat(
            together.ends().stream()
                .flatMap(ends -> java.util.stream.IntStream.range(0, 5).mapToObj(row -> ends[row])))
        .contains(true, false); // nothing stops at an end
    assertThat(together.rewards().stream().flatMapToLong(Arrays::stream).boxed())
        .contains(-1L, 0L, 1L);
  }

  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void resetForgetsWhatWasImagined(boolean wantsNext) {
    try (PointerScope _ = new PointerScope();
        Imagination imagination =
            new Imagination(
                world.tokenizer(), world.worldModel(), Sampler.greedy(), streams(0, 2))) {
      imagination.reset(start(2, 2));
      imagination.step(action(0, 0, 2), wantsNext);
      imagination.reset(start(0, 2));
      Imagination.Outcome outcome = imagination.step(action(0, 0, 2), true);
      Story fresh = imagine(Sampler.greedy(), 0, 2, 2);
      assertThat(outcome.rewards()).containsExactly(fresh.rewards().getFirst());
      assertThat(Tensors.longs(imagination.tokens())).containsExactly(fresh.tokens().getFirst());
    }
  }

  @Test
  void followingWhatWasImaginedLeadsWhereItLed() {
    int horizon = 23; // the model forgets on the way
    Story expected = imagine(Sampler.greedy(), 0, 2, horizon);
    try (PointerScope _ = new PointerScope();
        Imagination imagination =
            new Imagination(
                world.tokenizer(), world.worldModel(), Sampler.greedy(), streams(0, 2))) {
      for (int known : new int[] {1, 5, 20, 21, 22}) {
        imagination.reset(start(0, 2));
        for (int t = 0; t < known; t++) {
          imagination.follow(
              action(t, 0, 2), Tensors.of(Compute.CPU, expected.tokens().get(t), 2, K));
        }
        assertThat(Tensors.longs(imagination.tokens()))
            .containsExactly(expected.tokens().get(known - 1));
        for (int t = known; t < horizon; t++) {
          Imagination.Outcome outcome = imagination.step(action(t, 0, 2), t < horizon - 1);
          assertThat(outcome.rewards()).containsExactly(expected.rewards().get(t));
          assertThat(outcome.ends()).containsExactly(expected.ends().get(t));
          assertThat(Tensors.longs(imagination.tokens())).containsExactly(expected.tokens().get(t));
        }
      }
    }
  }

  @Test
  void framesAreTheDecodedTokensAndTheStartIsACopy() {
    try (PointerScope _ = new PointerScope();
        Imagination imagination =
            new Imagination(
                world.tokenizer(), world.worldModel(), Sampler.greedy(), streams(0, 1))) {
      assertThatThrownBy(imagination::frames).isInstanceOf(IllegalStateException.class);
      Tensor start = start(0, 1).clone();
      float[] expected = Tensors.floats(world.tokenizer().decodeTokens(start));
      imagination.reset(start);
      start.zero_();
      assertThat(Tensors.floats(imagination.frames())).containsExactly(expected);
      assertThat(imagination.frames().requires_grad()).isFalse();
    }
  }

  @Test
  void nothingIsDroppedInImagination() {
    // With a dropout of 0.9 the outputs would differ from pass to pass.
    IrisWorld.Sizes sizes =
        new IrisWorld.Sizes(
            SmallWorlds.TOKENIZER, new WorldModelConfig(20, 2, 2, 32, 0.9), SmallWorlds.ACTIONS);
    try (IrisWorld dropping = SmallWorlds.formula(sizes);
        PointerScope _ = new PointerScope();
        Imagination imagination =
            new Imagination(
                dropping.tokenizer(), dropping.worldModel(), Sampler.greedy(), streams(0, 2))) {
      imagination.reset(start(0, 2));
      Story plain = imagine(Sampler.greedy(), 0, 2, 4);
      for (int t = 0; t < 3; t++) {
        imagination.step(action(t, 0, 2), true);
        assertThat(Tensors.longs(imagination.tokens())).containsExactly(plain.tokens().get(t));
      }
    }
  }
}
