package org.umwelt.envs.games;

import com.sun.management.ThreadMXBean;
import java.lang.management.ManagementFactory;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import org.umwelt.envs.AutoresetMode;
import org.umwelt.envs.Environment;
import org.umwelt.envs.Reset;
import org.umwelt.envs.Step;
import org.umwelt.envs.VectorEnvironment;
import org.umwelt.envs.registry.Environments;
import org.umwelt.envs.spaces.Batch;
import org.umwelt.envs.spaces.Value;
import org.umwelt.kernels.bench.Benchmark;
import org.umwelt.kernels.bench.Measurement;
import org.umwelt.kernels.random.RandomStream;
import org.umwelt.kernels.settings.Setting;
import org.umwelt.kernels.settings.Settings;

/**
 * {@code umwelt bench embedded}: how fast the games step with pixels written, and what that
 * allocates on the heap.
 *
 * <p>A single game and a vector on all cores play the same random actions, drawn beforehand; resets
 * count as part of the step that ended the episode. The games take turns within each round.
 */
public final class EmbeddedBenchmark implements Benchmark {
  private static final List<String> IDS = List.of(Catch.ID, GridCatch.ID, Bricks.ID, Dodge.ID);
  private static final int WARM_UP_ROUNDS = 2;
  private static final int DRAWN_ACTIONS = 1 << 12;

  @Override
  public String name() {
    return "embedded";
  }

  @Override
  public String summary() {
    return "steps/s and bytes allocated per step of the embedded games; no peer";
  }

  @Override
  public List<Setting> settings() {
    return List.of(
        Setting.integer("rounds", 5, 5, 1000, "Rounds measured."),
        Setting.integer("steps", 100_000, 1000, 1_000_000_000, "Steps per game and round."),
        Setting.integer("envs", 16, 1, 4096, "Games in the vector."),
        Setting.integer(
            "threads",
            Runtime.getRuntime().availableProcessors(),
            1,
            4096,
            "Threads that step the vector."));
  }

  @Override
  public List<Measurement> run(Settings settings, Consumer<String> progress) {
    int rounds = settings.intValue("rounds");
    long steps = settings.integer("steps");
    int size = settings.intValue("envs");
    int threads = settings.intValue("threads");
    List<Course> courses = new ArrayList<>();
    try {
      for (String id : IDS) {
        courses.add(new SingleCourse(id));
        courses.add(new VectorCourse(id, size, threads));
      }
      for (int round = -WARM_UP_ROUNDS; round < rounds; round++) {
        progress.accept(round < 0 ? "warming up" : "round %d of %d".formatted(round + 1, rounds));
        for (Course course : courses) {
          course.measure(steps, round >= 0);
        }
      }
      return courses.stream().flatMap(course -> course.measurements().stream()).toList();
    } finally {
      courses.forEach(Course::close);
    }
  }

  /** One way of stepping one game, and what it measured. */
  private abstract static class Course implements AutoCloseable {
    private static final ThreadMXBean THREADS = (ThreadMXBean) ManagementFactory.getThreadMXBean();

    private final String id;
    private final String setup;
    private final List<Double> speeds = new ArrayList<>();
    private final List<Double> bytes = new ArrayList<>();

    Course(String id, String setup) {
      this.id = id;
      this.setup = setup;
    }

    /** Takes at least this many steps and returns how many. */
    abstract long play(long steps);

    @Override
    public abstract void close();

    final void measure(long steps, boolean counts) {
      long bytesBefore = THREADS.getTotalThreadAllocatedBytes();
      long start = System.nanoTime();
      long played = play(steps);
      double seconds = (System.nanoTime() - start) / 1e9;
      long allocated = THREADS.getTotalThreadAllocatedBytes() - bytesBefore;
      if (counts) {
        speeds.add(played / seconds);
        bytes.add((double) allocated / played);
      }
    }

    final List<Measurement> measurements() {
      return List.of(
          Measurement.alone(
              "%s, %s: speed".formatted(id, setup), "steps/s", speeds, "pixels written"),
          Measurement.alone(
              "%s, %s: heap".formatted(id, setup), "bytes/step", bytes, "all threads of the JVM"));
    }
  }

  private static Batch drawActions(Environment game) {
    Batch actions = Batch.allocate(game.actionSpace(), DRAWN_ACTIONS);
    RandomStream random = new RandomStream(1);
    for (int i = 0; i < DRAWN_ACTIONS; i++) {
      game.actionSpace().sample(random, actions.row(i));
    }
    return actions;
  }

  private static final class SingleCourse extends Course {
    private final Environment game;
    private final Step out;
    private final Batch actions;

    SingleCourse(String id) {
      super(id, "one game on one core");
      game = Environments.make(id);
      out = Step.allocate(game);
      actions = drawActions(game);
      game.reset(Reset.seeded(1), out);
    }

    @Override
    long play(long steps) {
      for (long t = 0; t < steps; t++) {
        if (out.ended()) {
          game.reset(Reset.unseeded(), out);
        }
        game.step(actions.row((int) (t % DRAWN_ACTIONS)), out);
      }
      return steps;
    }

    @Override
    public void close() {
      game.close();
    }
  }

  private static final class VectorCourse extends Course {
    private final VectorEnvironment games;
    private final Batch actions;

    VectorCourse(String id, int size, int threads) {
      super(id, "%d games on %d threads".formatted(size, threads));
      games = Environments.makeVector(id, size, threads, AutoresetMode.SAME_STEP);
      try (Environment game = Environments.make(id)) {
        actions = drawActions(game);
      }
      games.reset(Reset.seeded(1));
    }

    @Override
    long play(long steps) {
      long played = 0;
      while (played < steps) {
        for (int row = 0; row < games.size(); row++) {
          Value action = actions.row((int) ((played + row) % DRAWN_ACTIONS));
          games.actions().row(row).copyFrom(action);
        }
        games.step();
        played += games.size();
      }
      return played;
    }

    @Override
    public void close() {
      games.close();
    }
  }
}
