package org.umwelt.envs.dataset;

import java.util.List;
import org.umwelt.envs.Environment;
import org.umwelt.envs.Reset;
import org.umwelt.envs.Step;
import org.umwelt.envs.spaces.Box;
import org.umwelt.envs.spaces.DType;
import org.umwelt.envs.spaces.Dict;
import org.umwelt.envs.spaces.Discrete;
import org.umwelt.envs.spaces.MultiBinary;
import org.umwelt.envs.spaces.MultiDiscrete;
import org.umwelt.envs.spaces.Space;
import org.umwelt.envs.spaces.Text;
import org.umwelt.envs.spaces.Tuple;
import org.umwelt.envs.spaces.Value;
import org.umwelt.kernels.random.RandomStream;

/** A world of any spaces whose observations and infos are samples; it ends after some steps. */
final class SampledWorld implements Environment {
  private final Space observationSpace;
  private final Space actionSpace;
  private final Dict infoSpace;
  private final int length;
  private final RandomStream random = new RandomStream(0);
  private int steps;

  SampledWorld(Space observationSpace, Space actionSpace, Dict infoSpace, int length) {
    this.observationSpace = observationSpace;
    this.actionSpace = actionSpace;
    this.infoSpace = infoSpace;
    this.length = length;
  }

  /** Returns a world of 64x64 RGB pictures of noise. */
  static SampledWorld pictures(int length) {
    return new SampledWorld(
        Box.image(64, 64, 3), Discrete.of(4), Dict.empty().with("lives", Discrete.of(6)), length);
  }

  /** Returns a world of the smallest pictures. */
  static SampledWorld smallPictures(int length) {
    return new SampledWorld(Box.image(32, 32), Discrete.of(4), Dict.empty(), length);
  }

  /** Returns a world of few numbers. */
  static SampledWorld states(int length) {
    return new SampledWorld(
        Box.of(DType.FLOAT32, Double.NEGATIVE_INFINITY, Double.POSITIVE_INFINITY, 4),
        Box.of(DType.FLOAT64, -1, 1, 2),
        Dict.empty()
            .with("energy", Box.of(DType.FLOAT64, 0, Double.POSITIVE_INFINITY))
            .with("force", Box.of(DType.FLOAT32, -1, 1, 3)),
        length);
  }

  /** Returns a world that draws its spaces from a seed. */
  static SampledWorld ofSeed(long seed) {
    RandomStream random = new RandomStream(seed);
    Dict info = Dict.empty();
    for (int key = random.nextInt(3); key > 0; key--) {
      info = info.with("key" + key, space(random, 1));
    }
    return new SampledWorld(space(random, 2), space(random, 1), info, random.nextInt(40));
  }

  private static Space space(RandomStream random, int depth) {
    return switch (random.nextInt(depth > 0 ? 7 : 5)) {
      case 0 -> box(random);
      case 1 -> new Discrete(1 + random.nextInt(9), random.nextInt(5) - 2);
      case 2 -> MultiDiscrete.of(2L, 3L, 1L + random.nextInt(4));
      case 3 -> new MultiBinary(List.of(1 + random.nextInt(4), 3));
      case 4 -> new Text(0, 1 + random.nextInt(6), "abcßä€");
      case 5 ->
          Dict.empty().with("left", space(random, depth - 1)).with("a", space(random, depth - 1));
      default -> new Tuple(List.of(space(random, depth - 1), space(random, depth - 1)));
    };
  }

  private static Box box(RandomStream random) {
    List<DType> dtypes = List.of(DType.values());
    DType dtype = dtypes.get(random.nextInt(dtypes.size()));
    Integer[] shape = new Integer[random.nextInt(4)];
    for (int axis = 0; axis < shape.length; axis++) {
      shape[axis] = 1 + random.nextInt(40);
    }
    return dtype.isFloat()
        ? Box.of(dtype, Double.NEGATIVE_INFINITY, Double.POSITIVE_INFINITY, shape)
        : Box.of(dtype, 0, dtype == DType.BOOL ? 1 : 100, shape);
  }

  @Override
  public Space observationSpace() {
    return observationSpace;
  }

  @Override
  public Space actionSpace() {
    return actionSpace;
  }

  @Override
  public Dict infoSpace() {
    return infoSpace;
  }

  @Override
  public void reset(Reset reset, Step out) {
    random.restart(reset.seed().orElse(0), 1);
    steps = 0;
    write(out, 0);
  }

  @Override
  public void step(Value action, Step out) {
    steps++;
    write(out, random.nextDouble());
  }

  private void write(Step out, double reward) {
    observationSpace.sample(random, out.observation());
    infoSpace.sample(random, out.info());
    out.set(reward, steps == length && length % 2 == 0, steps == length && length % 2 == 1);
  }

  @Override
  public long episodeFrames() {
    return steps;
  }

  @Override
  public void close() {}

  DatasetDescription description() {
    return DatasetDescription.of("umwelt/sampled-v0", "test/Sampled-v0?length=3", "random", this);
  }

  /** Plays an episode of random actions into a recorder, without finishing it. */
  void play(EpisodeRecorder recorder, long seed) {
    Step step = Step.allocate(this);
    Value action = Value.allocate(actionSpace);
    RandomStream choice = new RandomStream(seed, 2);
    reset(Reset.seeded(seed), step);
    recorder.reset(step);
    for (int t = 0; t < length; t++) {
      actionSpace.sample(choice, action);
      step(action, step);
      recorder.append(action, step);
    }
  }

  /** Records an episode whose seed is 100 more than its index. */
  EpisodeSummary record(DatasetWriter writer, int index) {
    try (EpisodeRecorder recorder = writer.record(index, 100 + index)) {
      play(recorder, 100 + index);
      return recorder.finish();
    }
  }
}
