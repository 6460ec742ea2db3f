package org.umwelt.agents;

import java.io.File;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandle;
import java.util.List;
import org.umwelt.envs.Environment;
import org.umwelt.envs.Reset;
import org.umwelt.envs.Step;
import org.umwelt.envs.registry.EnvironmentEntry;
import org.umwelt.envs.registry.EnvironmentProvider;
import org.umwelt.envs.spaces.Box;
import org.umwelt.envs.spaces.DType;
import org.umwelt.envs.spaces.Discrete;
import org.umwelt.envs.spaces.Space;
import org.umwelt.envs.spaces.Value;
import org.umwelt.kernels.random.RandomStream;
import org.umwelt.kernels.settings.Setting;
import org.umwelt.kernels.settings.Settings;

/** Environments small enough to work out by hand. */
public final class TestEnvironments implements EnvironmentProvider {
  @Override
  public List<EnvironmentEntry> entries() {
    return List.of(
        new EnvironmentEntry(
            "test/Walk-v0",
            "a walk of random length; the reward is the action plus noise of the seed",
            List.of(
                Setting.integer("length", 0, 0, 1_000_000, "steps; 0 draws from 1 to 20"),
                Setting.integer("pause", 0, 0, 1000, "milliseconds a step takes"),
                Setting.integer("fail", -1, -1, 1L << 31, "seed of the episode that throws"),
                Setting.integer("crash", -1, -1, 1L << 31, "seed of the episode that ends the JVM"),
                Setting.text("crash_once", "", "file that is made when the JVM is ended once")),
            Walk::new));
  }

  private static final class Walk implements Environment {
    private final Settings settings;
    private final RandomStream random = new RandomStream(0);
    private long seed;
    private long length;
    private long steps;

    Walk(Settings settings) {
      this.settings = settings;
    }

    @Override
    public Space observationSpace() {
      return Box.of(DType.FLOAT64, 0, 1e9, 2);
    }

    @Override
    public Space actionSpace() {
      return Discrete.of(5);
    }

    @Override
    public void reset(Reset reset, Step out) {
      seed = reset.seed().orElse(seed);
      random.restart(seed, 0);
      steps = 0;
      length = settings.integer("length") > 0 ? settings.integer("length") : 1 + random.nextInt(20);
      out.set(0, false, false);
      observe(out);
    }

    @Override
    public void step(Value action, Step out) {
      if (!actionSpace().contains(action)) {
        throw new IllegalArgumentException("expected an action of " + actionSpace());
      }
      if (seed == settings.integer("fail") && steps == 2) {
        throw new IllegalStateException("the walker fell");
      }
      steps++;
      crash();
      pause();
      boolean odd = length % 2 == 1;
      out.set(
          action.asLong() + random.nextDouble(), steps == length && odd, steps == length && !odd);
      observe(out);
    }

    private void crash() {
      String once = settings.text("crash_once");
      if (seed == settings.integer("crash") || (!once.isEmpty() && new File(once).mkdir())) {
        readNowhere();
      }
    }

    /** Ends the JVM as a mistake in native code does. */
    @SuppressWarnings("restricted")
    private static void readNowhere() {
      Linker linker = Linker.nativeLinker();
      MethodHandle length =
          linker.downcallHandle(
              linker.defaultLookup().findOrThrow("strlen"),
              FunctionDescriptor.of(ValueLayout.JAVA_LONG, ValueLayout.ADDRESS));
      try {
        throw new IllegalStateException("read " + (long) length.invokeExact(MemorySegment.NULL));
      } catch (Throwable e) {
        throw new IllegalStateException(e);
      }
    }

    private void pause() {
      try {
        Thread.sleep(settings.integer("pause"));
      } catch (InterruptedException e) {
        throw new IllegalStateException(e);
      }
    }

    private void observe(Step out) {
      DType.FLOAT64.setDouble(out.observation().tensor(), 0, steps);
      DType.FLOAT64.setDouble(out.observation().tensor(), 1, length);
    }

    @Override
    public long episodeFrames() {
      return 4 * steps;
    }

    @Override
    public void close() {}
  }
}
