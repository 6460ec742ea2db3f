package org.umwelt.physics.lattice;

import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.function.Consumer;
import org.bytedeco.pytorch.global.torch;
import org.jspecify.annotations.Nullable;
import org.umwelt.kernels.backend.Backend;
import org.umwelt.kernels.backend.CpuBackend;
import org.umwelt.kernels.bench.Benchmark;
import org.umwelt.kernels.bench.CpuClock;
import org.umwelt.kernels.bench.Measurement;
import org.umwelt.kernels.parallel.WorkerTeam;
import org.umwelt.kernels.random.Philox;
import org.umwelt.kernels.settings.BadRequestException;
import org.umwelt.kernels.settings.Setting;
import org.umwelt.kernels.settings.Settings;
import org.umwelt.kernels.tensor.Compute;
import org.umwelt.physics.lattice.NumPyPeer.Cost;

/**
 * {@code umwelt bench phi4}: site updates a second of the leapfrog and of Metropolis, on the
 * processor.
 *
 * <p>The leapfrog is measured against the same in NumPy and in LibTorch, from the same start, and
 * all must end in the same field before anything is timed; Metropolis against NumPy, which must
 * make the same decisions from the same random numbers. Field and momentum read and written at
 * every step are compared with what copying moves with the same threads, read and written; what
 * processors fetch in order to overwrite it is counted on neither side. Several steps are taken in
 * one walk through a large lattice, so less is moved than that, and the share may exceed 1. Rounds
 * are interleaved, each in another order.
 */
public final class Phi4Benchmark implements Benchmark {
  private static final double M2 = -1;
  private static final double LAMBDA = 1;
  private static final int STEPS = 10; // of a trajectory
  private static final double STEP = 0.02;
  private static final double WIDTH = 1;
  private static final double TOLERANCE = 1e-10;
  private static final int BYTES = 4 * Double.BYTES; // that an update moves
  private static final double SLICE = 0.2; // seconds of a side in a round
  private static final double NUMPY_GOAL = 10;
  private static final double LIBTORCH_GOAL = 4;
  private static final double ROOFLINE_GOAL = 0.6;
  private static final double SCALING_GOAL = 0.9; // of the number of threads

  @Override
  public String name() {
    return "phi4";
  }

  @Override
  public String summary() {
    return "phi^4 site updates/s, leapfrog and Metropolis, against NumPy, LibTorch and memory";
  }

  @Override
  public List<Setting> settings() {
    String wanted = System.getenv("UMWELT_PYTHON");
    return List.of(
        Setting.text(
            "lattice", "64x64,512x512,32x32x32,16x16x16x16", "Several are joined by commas."),
        Setting.text("large", "8192x8192", "A lattice larger than the last cache; empty for none."),
        Setting.integer("threads", 2, 1, 256, "Threads of all sides but NumPy, which has one."),
        Setting.text(
            "python",
            wanted == null || wanted.isBlank() ? "python3" : wanted,
            "Python with NumPy; empty for none."),
        Setting.number(
            "warm_up",
            20,
            0,
            1000,
            "Seconds before the rounds that count; sweeps in vectors compile late."),
        Setting.integer("rounds", 7, 5, 1000, "Interleaved rounds that count."));
  }

  @Override
  public List<Measurement> run(Settings settings, Consumer<String> progress) {
    List<Measurement> all = new ArrayList<>();
    List<Lattice> lattices = new ArrayList<>(lattices(settings, "lattice"));
    int compared = lattices.size();
    lattices.addAll(lattices(settings, "large"));
    int threads = settings.intValue("threads");
    Compute.of("cpu"); // which sets the number of threads, once
    int before = torch.get_num_threads();
    torch.set_num_threads(threads);
    try (Backend backend = new CpuBackend(threads);
        WorkerTeam team = new WorkerTeam(threads)) {
      for (int i = 0; i < lattices.size(); i++) {
        Lattice lattice = lattices.get(i);
        requireRoom(lattice, i < compared ? 30 : 8);
        Phi4 action = Phi4.mass(lattice.dimensions(), M2, LAMBDA);
        Optional<NumPyPeer> numpy =
            i < compared ? NumPyPeer.start(settings.text("python"), action) : Optional.empty();
        try (NumPyPeer running = numpy.orElse(null);
            Course course =
                new Course(lattice, action, i < compared, running, backend, team, settings)) {
          all.addAll(course.run(progress));
        }
      }
    } catch (IOException e) {
      throw new BadRequestException("the Python side failed (%s)".formatted(e.getMessage()), e);
    } finally {
      torch.set_num_threads(before);
    }
    return all;
  }

  private static List<Lattice> lattices(Settings settings, String name) {
    String text = settings.text(name);
    try {
      return text.isEmpty()
          ? List.of()
          : Arrays.stream(text.split(",", -1))
              .map(one ->
                  new Lattice(
                      Arrays.stream(one.strip().split("x", -1))
                          .mapToInt(Integer::parseInt)
                          .toArray()))
              .toList();
    } catch (IllegalArgumentException _) {
      throw new BadRequestException(
          "bench phi4: expected %s to be lattices such as 64x64 joined by commas, got %s"
              .formatted(name, text));
    }
  }

  private static void requireRoom(Lattice lattice, int arrays) {
    long needed = (long) arrays * Double.BYTES * lattice.sites();
    long there = Runtime.getRuntime().maxMemory();
    if (needed > there) {
      throw new BadRequestException(
          "bench phi4: expected room for %s, which takes %d MiB, found %d MiB; take a smaller one, as with large=4096x4096, or set UMWELT_JAVA_OPTS=-Xmx%dm"
              .formatted(lattice, needed >> 20, there >> 20, (needed >> 20) + 512));
    }
  }

  /** Does work so many times. */
  @FunctionalInterface
  private interface Side {
    Cost run(int times) throws IOException;
  }

  private static Side timed(Runnable work) {
    return times -> {
      double cpu = CpuClock.seconds();
      long start = System.nanoTime();
      for (int i = 0; i < times; i++) {
        work.run();
      }
      return new Cost((System.nanoTime() - start) / 1e9, CpuClock.seconds() - cpu);
    };
  }

  /** One lattice. */
  private static final class Course implements AutoCloseable {
    private final Lattice lattice;
    private final boolean compared;
    private final @Nullable NumPyPeer numpy;
    private final int threads;
    private final int rounds;
    private final double warmUp;
    private final Backend single = new CpuBackend(1);
    private final Chains chains;
    private final HybridMonteCarlo hmc;
    private final List<AutoCloseable> open = new ArrayList<>();
    private final Map<String, Side> sides = new LinkedHashMap<>();
    private final Map<String, Integer> times = new LinkedHashMap<>();
    private final Map<String, Double> work = new LinkedHashMap<>(); // updates or bytes of one time
    private final Map<String, List<Double>> rates = new LinkedHashMap<>();
    private final Map<String, List<Double>> cpuRates = new LinkedHashMap<>();

    Course(
        Lattice lattice,
        Phi4 action,
        boolean compared,
        @Nullable NumPyPeer numpy,
        Backend backend,
        WorkerTeam team,
        Settings settings)
        throws IOException {
      this.lattice = lattice;
      this.compared = compared;
      this.numpy = numpy;
      threads = team.threads();
      rounds = settings.intValue("rounds");
      warmUp = settings.number("warm_up");
      chains = new Chains(lattice, action, 1, 1);
      hmc = leapfrog(chains, backend);
      side("leapfrog", STEPS, timed(() -> hmc.integrate(STEPS)));
      copy(team);
      if (compared) {
        compare(action, backend);
      }
    }

    private HybridMonteCarlo leapfrog(Chains chains, Backend backend) {
      HybridMonteCarlo leapfrog =
          new HybridMonteCarlo(chains, HybridMonteCarlo.Integrator.LEAPFROG, STEP, STEPS, backend);
      open.add(leapfrog);
      return leapfrog;
    }

    private void side(String name, double perSite, Side side) {
      sides.put(name, side);
      work.put(name, perSite * lattice.sites());
    }

    /** Copies as much as a field, each thread a part. */
    private void copy(WorkerTeam team) {
      int sites = lattice.sites();
      double[] from = chains.fields().clone();
      double[] to = new double[sites];
      int part = Math.ceilDiv(sites, threads);
      side(
          "copy",
          2 * Double.BYTES,
          timed(() ->
              team.run(
                  threads,
                  i -> {
                    int at = Math.min(sites, i * part);
                    System.arraycopy(from, at, to, at, Math.min(part, sites - at));
                  })));
    }

    private void compare(Phi4 action, Backend backend) throws IOException {
      hmc.refresh();
      double[] field = chains.field(0);
      double[] momentum = hmc.momentum().clone();
      hmc.integrate(STEPS);
      double[] end = Arrays.copyOf(chains.fields(), 2 * lattice.sites());
      System.arraycopy(hmc.momentum(), 0, end, lattice.sites(), lattice.sites());

      LibTorchLeapfrog libtorch = new LibTorchLeapfrog(lattice, action, field, momentum);
      open.add(libtorch);
      libtorch.leapfrog(STEPS, STEP);
      expectSame("LibTorch", libtorch.state(), end);
      side("LibTorch leapfrog", STEPS, timed(() -> libtorch.leapfrog(STEPS, STEP)));

      Chains swept = new Chains(lattice, action, 1, 2);
      Metropolis metropolis = new Metropolis(swept, WIDTH, backend);
      open.add(metropolis);
      if (numpy != null) {
        numpy.load(lattice, field, momentum);
        numpy.leapfrog(1, STEPS, STEP);
        expectSame(numpy.version(), numpy.state(), end);
        expectSameDecisions(swept, metropolis, numpy);
        side("NumPy leapfrog", STEPS, times -> numpy.leapfrog(times, STEPS, STEP));
        side("NumPy Metropolis", 1, count -> numpy.metropolis(count, WIDTH));
      }
      side("Metropolis", 1, timed(() -> metropolis.apply(swept)));

      Chains trajectories = new Chains(lattice, action, 1, 3);
      HybridMonteCarlo whole = leapfrog(trajectories, backend);
      side("trajectories", STEPS, timed(() -> whole.apply(trajectories)));

      HybridMonteCarlo one = leapfrog(new Chains(lattice, action, 1, 4), single);
      side("one chain", STEPS, timed(() -> one.integrate(STEPS)));
      HybridMonteCarlo several = leapfrog(new Chains(lattice, action, threads, 4), backend);
      side("chains", STEPS * (double) threads, timed(() -> several.integrate(STEPS)));
    }

    private static void expectSame(String peer, double[] theirs, double[] ours) {
      for (int i = 0; i < ours.length; i++) {
        if (!(Math.abs(theirs[i] - ours[i]) <= TOLERANCE)) {
          throw new IllegalStateException(
              "expected %s to end in our field, found %s and %s at %d"
                  .formatted(peer, theirs[i], ours[i], i));
        }
      }
    }

    /** Sweeps once on both sides, with our random numbers. */
    private void expectSameDecisions(Chains swept, Metropolis metropolis, NumPyPeer numpy)
        throws IOException {
      int sites = lattice.sites();
      int[] place = new int[4];
      swept.place(swept.nextStep() + 1, place);
      double[] proposals = new double[sites];
      double[] decisions = new double[sites];
      int[] words = new int[4];
      for (int site = 0; site < sites; site++) {
        Philox.block(site, 0, place[2], place[3], place[0], place[1], words);
        proposals[site] = uniform(words[0], words[1]);
        decisions[site] = uniform(words[2], words[3]);
      }
      numpy.load(lattice, swept.field(0), new double[sites]);
      numpy.metropolis(WIDTH, proposals, decisions);
      metropolis.apply(swept);
      expectSame(
          numpy.version() + " Metropolis", Arrays.copyOf(numpy.state(), sites), swept.field(0));
    }

    private static double uniform(int high, int low) {
      return (high & 0xFFFFFFFFL) * 0x1p-32 + (low & 0x1FFFFF) * 0x1p-53;
    }

    List<Measurement> run(Consumer<String> progress) throws IOException {
      progress.accept("%s, warming up".formatted(lattice));
      for (Map.Entry<String, Side> side : sides.entrySet()) {
        long start = System.nanoTime();
        double seconds;
        do {
          seconds = side.getValue().run(1).wall();
        } while (System.nanoTime() - start < 1e9 * warmUp / sides.size());
        times.put(side.getKey(), Math.max(1, (int) (SLICE / seconds)));
      }
      List<String> names = new ArrayList<>(sides.keySet());
      for (int round = 0; round < rounds; round++) {
        progress.accept("%s, round %d of %d".formatted(lattice, round + 1, rounds));
        for (int i = 0; i < names.size(); i++) {
          String name = names.get((i + round) % names.size());
          int count = Objects.requireNonNull(times.get(name));
          Cost cost = Objects.requireNonNull(sides.get(name)).run(count);
          double done = count * Objects.requireNonNull(work.get(name));
          rates.computeIfAbsent(name, _ -> new ArrayList<>()).add(done / cost.wall());
          cpuRates.computeIfAbsent(name, _ -> new ArrayList<>()).add(done / cost.cpu());
        }
      }
      return measurements();
    }

    private List<Measurement> measurements() {
      List<Measurement> all = new ArrayList<>();
      String leapfrog = lattice + ", leapfrog";
      if (compared) {
        against(all, leapfrog, "leapfrog", "NumPy leapfrog", NUMPY_GOAL);
        against(all, leapfrog, "leapfrog", "LibTorch leapfrog", LIBTORCH_GOAL);
      }
      all.add(
          new Measurement(
              leapfrog,
              "bytes/s",
              of(rates, "leapfrog").stream().map(rate -> rate * BYTES).toList(),
              "copy, %d threads".formatted(threads),
              of(rates, "copy"),
              compared ? null : ROOFLINE_GOAL,
              "%d bytes an update, as if every step walked through memory; the ratio is the share of the roofline"
                  .formatted(BYTES)));
      if (compared) {
        all.add(
            Measurement.alone(
                lattice + ", whole trajectories",
                "updates/s",
                of(rates, "trajectories"),
                "%d steps, with new momenta, energies and the decision".formatted(STEPS)));
        if (threads > 1) {
          all.add(
              new Measurement(
                  "%s, leapfrog, %d chains on %d threads".formatted(lattice, threads, threads),
                  "updates/s",
                  of(rates, "chains"),
                  "one chain on one thread",
                  of(rates, "one chain"),
                  SCALING_GOAL * threads,
                  ""));
        }
        against(all, lattice + ", Metropolis", "Metropolis", "NumPy Metropolis", NUMPY_GOAL);
      }
      return all;
    }

    private static List<Double> of(Map<String, List<Double>> rates, String side) {
      return rates.getOrDefault(side, List.of());
    }

    /** Adds what was measured by the wall, and by the processor, which others disturb less. */
    private void against(
        List<Measurement> all, String quantity, String ours, String theirs, double goal) {
      if (!rates.containsKey(theirs)) {
        all.add(
            Measurement.alone(
                quantity,
                "updates/s",
                of(rates, ours),
                "no Python with NumPy (set UMWELT_PYTHON)"));
        return;
      }
      String peer =
          theirs.startsWith("NumPy") && numpy != null
              ? numpy.version() + ", one thread"
              : "LibTorch, %d threads".formatted(threads);
      String note =
          "%d threads, float64; CPU seconds are those of all threads together".formatted(threads);
      all.add(
          new Measurement(
              quantity, "updates/s", of(rates, ours), peer, of(rates, theirs), goal, note));
      all.add(
          new Measurement(
              quantity,
              "updates/CPU s",
              of(cpuRates, ours),
              peer,
              of(cpuRates, theirs),
              null,
              note));
    }

    @Override
    public void close() {
      for (AutoCloseable one : open) {
        try {
          one.close();
        } catch (Exception e) {
          throw new IllegalStateException(e);
        }
      }
      single.close();
    }
  }
}
