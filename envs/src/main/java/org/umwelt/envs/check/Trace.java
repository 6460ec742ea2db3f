package org.umwelt.envs.check;

import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalInt;
import java.util.zip.CRC32C;
import org.umwelt.envs.Environment;
import org.umwelt.envs.Reset;
import org.umwelt.envs.Step;
import org.umwelt.envs.spaces.Value;
import org.umwelt.kernels.random.RandomStream;

/**
 * What an environment wrote while it was driven by a fixed sequence of actions, with an unseeded
 * reset wherever an episode ended; observations and infos as check sums.
 */
final class Trace {
  /** One of the things written at each reset and step. */
  enum Part {
    OBSERVATIONS,
    REWARDS,
    FLAGS,
    INFOS,
    FRAMES
  }

  /** One number for each part, equal where the part is. */
  private record Moment(long observation, long reward, long flags, long info, long frames) {
    long get(Part part) {
      return switch (part) {
        case OBSERVATIONS -> observation;
        case REWARDS -> reward;
        case FLAGS -> flags;
        case INFOS -> info;
        case FRAMES -> frames;
      };
    }
  }

  private final Environment environment;
  private final Step out;
  private final List<Moment> moments = new ArrayList<>();

  /** Starts an empty trace of an environment. */
  Trace(Environment environment) {
    this.environment = environment;
    this.out = Step.allocate(environment);
  }

  /** Resets the environment. */
  Trace reset(Reset reset) {
    environment.reset(reset, out);
    note();
    return this;
  }

  /** Steps the environment with sampled actions, resetting it where an episode ends. */
  Trace play(long actionSeed, int steps) {
    RandomStream random = new RandomStream(actionSeed);
    Value action = Value.allocate(environment.actionSpace());
    for (int t = 0; t < steps; t++) {
      environment.actionSpace().sample(random, action);
      environment.step(action, out);
      note();
      if (out.ended()) {
        reset(Reset.unseeded());
      }
    }
    return this;
  }

  private void note() {
    moments.add(
        new Moment(
            checkSum(out.observation()),
            Double.doubleToRawLongBits(out.reward()),
            (out.terminated() ? 1 : 0) | (out.truncated() ? 2 : 0),
            checkSum(out.info()),
            environment.episodeFrames()));
  }

  private static long checkSum(Value value) {
    CRC32C sum = new CRC32C();
    for (int leaf = 0; leaf < value.layout().size(); leaf++) {
      MemorySegment tensor = value.leaf(leaf);
      sum.update(tensor.asByteBuffer());
    }
    return sum.getValue();
  }

  /** Returns the first reset or step, from 0, at which a part differs from another trace's. */
  OptionalInt firstDifference(Trace other, Part part) {
    int common = Math.min(moments.size(), other.moments.size());
    for (int i = 0; i < common; i++) {
      if (moments.get(i).get(part) != other.moments.get(i).get(part)) {
        return OptionalInt.of(i);
      }
    }
    return moments.size() == other.moments.size() ? OptionalInt.empty() : OptionalInt.of(common);
  }
}
