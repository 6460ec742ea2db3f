package org.umwelt.envs.gym;

import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.SequencedMap;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.umwelt.envs.AutoresetMode;
import org.umwelt.envs.Reset;
import org.umwelt.envs.VectorEnvironment;
import org.umwelt.envs.registry.Environments;
import org.umwelt.envs.spaces.Discrete;
import org.umwelt.kernels.bench.Benchmark;
import org.umwelt.kernels.bench.Measurement;
import org.umwelt.kernels.random.RandomStream;
import org.umwelt.kernels.settings.BadRequestException;
import org.umwelt.kernels.settings.Setting;
import org.umwelt.kernels.settings.Settings;

/**
 * {@code umwelt bench gym}: environment steps per second through the bridge, both ways, against
 * Gymnasium's vector environments in Python itself.
 *
 * <p>CartPole and Pong are stepped from Java in one process against {@code SyncVectorEnv}, and in
 * several against {@code AsyncVectorEnv}; Python steps our Catch against Gymnasium's CartPole. What
 * Java's steps cost where everything goes through Py4J stands beside. Contenders take turns within
 * each round; the first round of each is not counted. Random actions, resets included.
 */
public final class GymBenchmark implements Benchmark {
  private static final double CARTPOLE_GOAL = 0.9;
  private static final double PONG_GOAL = 0.95;
  private static final double CATCH_GOAL = 5;
  private static final int ACTION_ROUNDS = 1024;
  private static final String CARTPOLE = "CartPole-v1";
  private static final String PONG = "ALE/Pong-v5";
  private static final String CATCH = "umwelt/Catch-v0";

  /** What a peer in Python answers through Py4J alone: actions i64 [n] in, all results out. */
  interface Stepper {
    /** Steps once. */
    byte[] step(byte[] actions);
  }

  /** Something that takes vector steps. */
  private interface Contender extends AutoCloseable {
    /** Takes k vector steps and returns the seconds. */
    double run(int steps) throws IOException;

    @Override
    void close();
  }

  /** One contender with its environment steps per second in every round. */
  private record Course(String name, Contender contender, int size, int steps, List<Double> rates) {
    void measure(boolean counts) throws IOException {
      double rate = size * (double) steps / contender.run(steps);
      if (counts) {
        rates.add(rate);
      }
    }
  }

  @Override
  public String name() {
    return "gym";
  }

  @Override
  public String summary() {
    return "steps/s through the bridge to Gymnasium, both ways, against its own vector environments";
  }

  @Override
  public List<Setting> settings() {
    return List.of(
        Setting.integer("rounds", 7, 5, 1000, "Interleaved rounds that count."),
        Setting.integer("cartpole", 64, 1, 4096, "How many CartPoles and Catches."),
        Setting.integer("pong", 8, 1, 1024, "How many Pongs."),
        Setting.integer(
            "workers",
            Runtime.getRuntime().availableProcessors(),
            1,
            1024,
            "Python processes where there are several, and threads of Catch."),
        Setting.integer("steps", 400, 10, 1_000_000, "Vector steps of CartPole per round."));
  }

  /**
   * {@inheritDoc}
   *
   * @throws BadRequestException where no Python has Gymnasium, py4j and ale-py
   */
  @Override
  public List<Measurement> run(Settings settings, Consumer<String> progress) {
    int poles = settings.intValue("cartpole");
    int pongs = settings.intValue("pong");
    int workers = settings.intValue("workers");
    int steps = settings.intValue("steps");
    int rounds = settings.intValue("rounds");
    SequencedMap<String, Course> courses = new LinkedHashMap<>();
    try {
      progress.accept("starting the contenders");
      for (String id : List.of(CARTPOLE, PONG)) {
        int size = id.equals(CARTPOLE) ? poles : pongs;
        int few = id.equals(CARTPOLE) ? steps : Math.max(5, steps / 4);
        add(courses, id + " one", new FromJava("gym:" + id, size, 1), size, few);
        add(courses, id + " sync", PythonPeer.start("sync", id, size, "{}"), size, few);
        add(courses, id + " several", new FromJava("gym:" + id, size, workers), size, few);
        add(courses, id + " async", PythonPeer.start("async", id, size, "{}"), size, few);
        add(courses, id + " py4j", new ThroughPy4j(id, size), size, Math.max(5, few / 4));
      }
      for (String copy : List.of("false", "true")) {
        String arguments = "{\"copy\":%s,\"threads\":%d}".formatted(copy, workers);
        add(
            courses,
            "catch " + copy,
            PythonPeer.start("umwelt", CATCH, poles, arguments),
            poles,
            4 * steps);
      }
      for (int round = 0; round <= rounds; round++) {
        for (Course course : courses.values()) {
          course.measure(round > 0);
        }
        progress.accept(round == 0 ? "warmed up" : "round %d of %d".formatted(round, rounds));
      }
      return measurements(courses, poles, pongs, workers);
    } catch (IOException e) {
      throw new BadRequestException("the Python side failed (%s)".formatted(e.getMessage()), e);
    } finally {
      courses.values().forEach(course -> course.contender().close());
    }
  }

  private static void add(
      SequencedMap<String, Course> courses, String name, Contender contender, int size, int steps) {
    courses.put(name, new Course(name, contender, size, steps, new ArrayList<>()));
  }

  private static List<Measurement> measurements(
      SequencedMap<String, Course> courses, int poles, int pongs, int workers) {
    List<Measurement> all = new ArrayList<>();
    for (String id : List.of(CARTPOLE, PONG)) {
      int size = id.equals(CARTPOLE) ? poles : pongs;
      double goal = id.equals(CARTPOLE) ? CARTPOLE_GOAL : PONG_GOAL;
      all.add(
          against(
              courses,
              "%s x %d from Java, 1 process".formatted(id, size),
              id + " one",
              "SyncVectorEnv",
              id + " sync",
              goal));
      all.add(
          against(
              courses,
              "%s x %d from Java, %d processes".formatted(id, size, workers),
              id + " several",
              "AsyncVectorEnv, %d processes".formatted(size),
              id + " async",
              goal));
      all.add(
          against(
              courses,
              "%s x %d from Java, all through Py4J".formatted(id, size),
              id + " py4j",
              "SyncVectorEnv",
              id + " sync",
              null));
    }
    all.add(
        against(
            courses,
            "%s x %d from Python, views".formatted(CATCH, poles),
            "catch false",
            CARTPOLE + " SyncVectorEnv",
            CARTPOLE + " sync",
            CATCH_GOAL));
    all.add(
        against(
            courses,
            "%s x %d from Python, copies".formatted(CATCH, poles),
            "catch true",
            CARTPOLE + " SyncVectorEnv",
            CARTPOLE + " sync",
            null));
    return all;
  }

  private static Measurement against(
      SequencedMap<String, Course> courses,
      String quantity,
      String ours,
      String peer,
      String theirs,
      @Nullable Double goal) {
    return new Measurement(
        quantity, "steps/s", rates(courses, ours), peer, rates(courses, theirs), goal, "");
  }

  private static List<Double> rates(SequencedMap<String, Course> courses, String name) {
    Course course = courses.get(name);
    if (course == null) {
      throw new IllegalStateException(name);
    }
    return course.rates();
  }

  private static long[] draw(long n, int size) {
    RandomStream random = new RandomStream(0);
    long[] drawn = new long[ACTION_ROUNDS * size];
    for (int i = 0; i < drawn.length; i++) {
      drawn[i] = random.nextLong(n);
    }
    return drawn;
  }

  /** Java steps through the bridge. */
  private static final class FromJava implements Contender {
    private final VectorEnvironment envs;
    private final long[] drawn;

    FromJava(String id, int size, int workers) {
      envs = Environments.makeVector(id, size, workers, AutoresetMode.NEXT_STEP);
      envs.reset(Reset.seeded(0));
      drawn = draw(((Discrete) envs.singleActionSpace()).n(), size);
    }

    @Override
    public double run(int steps) {
      MemorySegment actions = envs.actions().leaf(0);
      long start = System.nanoTime();
      for (int step = 0; step < steps; step++) {
        int from = step % ACTION_ROUNDS * envs.size();
        MemorySegment.copy(drawn, from, actions, ValueLayout.JAVA_LONG, 0, envs.size());
        envs.step();
      }
      return (System.nanoTime() - start) * 1e-9;
    }

    @Override
    public void close() {
      envs.close();
    }
  }

  /** Java steps {@code SyncVectorEnv} with actions and results as bytes through Py4J. */
  private static final class ThroughPy4j implements Contender {
    private final PythonPeer peer;
    private final Stepper stepper;
    private final byte[] actions;

    ThroughPy4j(String id, int size) throws IOException {
      peer = PythonPeer.start("py4j", id, size, "{}");
      stepper = peer.connect(Stepper.class);
      actions = new byte[Long.BYTES * size];
    }

    @Override
    public double run(int steps) {
      long start = System.nanoTime();
      for (int step = 0; step < steps; step++) {
        for (int row = 0; row < actions.length / Long.BYTES; row++) {
          actions[row * Long.BYTES] = (byte) ((step + row) % 2);
        }
        stepper.step(actions);
      }
      return (System.nanoTime() - start) * 1e-9;
    }

    @Override
    public void close() {
      peer.close();
    }
  }

  /** {@code peer.py}, which steps by itself. */
  private static final class PythonPeer implements Contender {
    private final BenchmarkPeer process;

    private PythonPeer(BenchmarkPeer process) {
      this.process = process;
    }

    static PythonPeer start(String kind, String id, int size, String arguments) throws IOException {
      return new PythonPeer(BenchmarkPeer.start(kind, id, size, arguments));
    }

    <T> T connect(Class<T> type) {
      return process.connect(type);
    }

    @Override
    public double run(int steps) throws IOException {
      return process.run(steps);
    }

    @Override
    public void close() {
      process.close();
    }
  }
}
