package org.umwelt.kernels.attention;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.Consumer;
import java.util.function.DoublePredicate;
import java.util.function.IntFunction;
import org.umwelt.kernels.attention.AttentionKernel.Head;
import org.umwelt.kernels.backend.Backend;
import org.umwelt.kernels.backend.Backends;
import org.umwelt.kernels.bench.Benchmark;
import org.umwelt.kernels.bench.CpuClock;
import org.umwelt.kernels.bench.Measurement;
import org.umwelt.kernels.parallel.WorkerTeam;
import org.umwelt.kernels.random.RandomStream;
import org.umwelt.kernels.settings.BadRequestException;
import org.umwelt.kernels.settings.Setting;
import org.umwelt.kernels.settings.Settings;

/**
 * {@code umwelt bench attention}: causal attention of this package, dense and sparse, against
 * LibTorch's dense one, {@code scaled_dot_product_attention} with {@code is_causal}, which never
 * makes the matrix of weights either.
 *
 * <p>As many heads as threads. LibTorch computes each head on a thread of its own with one thread
 * inside, which is the best it does here; ours takes head after head, all threads in each. Sparse
 * attention includes hashing, sorting and gathering. Rounds are interleaved, each in another order,
 * and those of the first seconds are not counted: loops are still being compiled there. On a back
 * end other than the processor, ours is {@link DeviceAttention}.
 */
public final class AttentionBenchmark implements Benchmark {
  private static final String PEER = "LibTorch scaled_dot_product_attention, dense causal";
  private static final String PEAK = "LibTorch matmul, the same threads";
  private static final int FORWARD_PRODUCTS = 2; // of matrices
  private static final int BACKWARD_PRODUCTS = 5; // the weights again, and four gradients

  /** What is aimed at, as a share of the peer's time. */
  private static final Map<String, Double> GOALS =
      Map.of(
          "2048 tokens, dense, forward and backward", 1.2,
          "4096 tokens, dense, forward and backward", 1.2,
          "8192 tokens, dense, forward and backward", 1.2,
          "16384 tokens, dense, forward and backward", 1.2,
          "8192 tokens, 16 buckets, forward and backward", 1 / 2.0,
          "16384 tokens, 16 buckets, forward and backward", 1 / 3.3,
          "8192 tokens, 50 % dropped, forward and backward", 1 / 2.5);

  @Override
  public String name() {
    return "attention";
  }

  @Override
  public String summary() {
    return "causal attention, dense, hashed and dropping, against LibTorch's dense attention";
  }

  @Override
  public List<Setting> settings() {
    return List.of(
        Setting.text("length", "2048,4096,8192", "Tokens; several joined by commas."),
        Setting.text("buckets", "16,64", "Of hashed attention, each even; empty for none."),
        Setting.text("drop", "0.3,0.5,0.7,0.8", "Share of queries and of keys dropped."),
        Setting.integer("size", 64, 1, 256, "Numbers in a query, a key and a value."),
        Setting.integer("threads", 2, 1, 256, "Threads, and heads."),
        Backends.setting().withDefault("cpu"),
        Setting.number(
            "warm_up", 5, 0, 1000, "Seconds of rounds before those that count; at least one."),
        Setting.integer("rounds", 5, 5, 1000, "Interleaved rounds that count."));
  }

  @Override
  public List<Measurement> run(Settings settings, Consumer<String> progress) {
    List<Measurement> all = new ArrayList<>();
    int threads = settings.intValue("threads");
    try (WorkerTeam team = new WorkerTeam(threads);
        Backend backend = Backends.open(settings.text("backend"), threads);
        AttentionKernel kernel = kernel(backend, settings.intValue("size"), team)) {
      double[] lengths = numbers(settings, "length");
      require(
          settings, "length", lengths, "whole numbers of at least 1", AttentionBenchmark::counts);
      require(
          settings,
          "buckets",
          numbers(settings, "buckets"),
          "even numbers of at least 2",
          buckets -> counts(buckets / 2));
      require(
          settings,
          "drop",
          numbers(settings, "drop"),
          "numbers from 0 to 1",
          share -> share >= 0 && share <= 1);
      for (double length : lengths) {
        all.addAll(new Course(settings, (int) length, team, kernel).run(progress));
      }
    }
    return all;
  }

  private static AttentionKernel kernel(Backend backend, int size, WorkerTeam team) {
    double scale = 1 / Math.sqrt(size);
    return backend.name().equals("cpu")
        ? new FlashAttention(size, size, scale, team)
        : new DeviceAttention(backend, size, size, scale);
  }

  private static double[] numbers(Settings settings, String name) {
    String text = settings.text(name);
    try {
      return text.isEmpty()
          ? new double[0]
          : Arrays.stream(text.split(",", -1)).mapToDouble(Double::parseDouble).toArray();
    } catch (NumberFormatException _) {
      throw new BadRequestException(
          "bench attention: expected %s to be numbers joined by commas, got %s"
              .formatted(name, text));
    }
  }

  private static boolean counts(double number) {
    return number >= 1 && number == Math.rint(number) && number < 1 << 24;
  }

  private static void require(
      Settings settings, String name, double[] numbers, String what, DoublePredicate holds) {
    if (!Arrays.stream(numbers).allMatch(holds)) {
      throw new BadRequestException(
          "bench attention: expected %s to be %s joined by commas, got %s"
              .formatted(name, what, settings.text(name)));
    }
  }

  /** Seconds of the wall and of all threads. */
  private record Cost(double wall, double cpu) {
    static Cost of(Runnable work) {
      double cpu = CpuClock.seconds();
      long start = System.nanoTime();
      work.run();
      return new Cost((System.nanoTime() - start) / 1e9, CpuClock.seconds() - cpu);
    }
  }

  /**
   * Attention of one kind.
   *
   * @param name of the kind
   * @param patterns of the heads, anew for every pass
   */
  private record Side(String name, IntFunction<AttentionPattern> patterns) {}

  /** One length of sequence. */
  private static final class Course {
    private final int length;
    private final int size;
    private final int rounds;
    private final boolean goals; // whether this is what they were set for
    private final double warmUp;
    private final WorkerTeam team;
    private final AttentionKernel kernel;
    private final float[][][] inputs; // per head q, k, v and the gradient of the output
    private final float[][][] results; // output, log-sum-exp, three gradients
    private final List<Side> sides = new ArrayList<>();
    private final RandomStream random = new RandomStream(1);
    private final Map<String, List<Cost>> ours = new LinkedHashMap<>();
    private final Map<String, List<Cost>> theirs = new LinkedHashMap<>();
    private final Map<String, List<Double>> speeds = new LinkedHashMap<>();
    private final List<Double> peaks = new ArrayList<>();

    Course(Settings settings, int length, WorkerTeam team, AttentionKernel kernel) {
      this.length = length;
      this.team = team;
      this.kernel = kernel;
      size = settings.intValue("size");
      rounds = settings.intValue("rounds");
      goals = kernel instanceof FlashAttention && size == 64 && team.threads() == 2;
      warmUp = settings.number("warm_up");
      int heads = team.threads();
      inputs = new float[heads][4][length * size];
      results = new float[heads][5][length * size];
      for (float[][] head : inputs) {
        for (float[] one : head) {
          for (int i = 0; i < one.length; i++) {
            one[i] = (float) random.nextGaussian();
          }
        }
      }
      sides.add(new Side("dense", _ -> AttentionPattern.causal(length, Causality.SELF)));
      for (double buckets : numbers(settings, "buckets")) {
        sides.add(
            new Side("%d buckets".formatted((int) buckets), head -> hashed(head, (int) buckets)));
      }
      for (double share : numbers(settings, "drop")) {
        sides.add(new Side("%.0f %% dropped".formatted(100 * share), _ -> dropping(share)));
      }
    }

    private AttentionPattern hashed(int head, int buckets) {
      AngularHash hash = new AngularHash(size, buckets, random);
      return AttentionPattern.hashed(
          hash.hash(inputs[head][0]), hash.hash(inputs[head][1]), Causality.SELF);
    }

    private AttentionPattern dropping(double share) {
      boolean[] queries = new boolean[length];
      boolean[] keys = new boolean[length];
      for (int i = 0; i < length; i++) {
        queries[i] = random.nextDouble() >= share;
        keys[i] = random.nextDouble() >= share;
      }
      return AttentionPattern.dropping(queries, keys, Causality.SELF);
    }

    /** Computes all heads and returns how many pairs of a query and a key were seen. */
    private long ours(Side side, boolean backward) {
      long pairs = 0;
      for (int head = 0; head < inputs.length; head++) {
        AttentionPattern pattern = side.patterns.apply(head);
        pairs += pattern.pairs();
        Head q = Head.of(inputs[head][0]);
        Head k = Head.of(inputs[head][1]);
        Head v = Head.of(inputs[head][2]);
        Head output = Head.of(results[head][0]);
        Head logSumExp = Head.of(results[head][1]);
        kernel.forward(pattern, q, k, v, output, logSumExp);
        if (backward) {
          kernel.backward(
              pattern,
              q,
              k,
              v,
              output,
              logSumExp,
              Head.of(inputs[head][3]),
              Head.of(results[head][2]),
              Head.of(results[head][3]),
              Head.of(results[head][4]));
        }
      }
      return pairs;
    }

    /** Measures a side; the sums of a product and an addition of each pair count as work. */
    private Cost measure(Side side, boolean backward, String quantity, boolean counts) {
      long[] pairs = new long[1];
      Cost cost = Cost.of(() -> pairs[0] = ours(side, backward));
      if (counts) {
        int products = backward ? FORWARD_PRODUCTS + BACKWARD_PRODUCTS : FORWARD_PRODUCTS;
        double operations = 2.0 * products * size * pairs[0];
        speeds
            .computeIfAbsent(quantity, _ -> new ArrayList<>())
            .add(operations / cost.wall() / 1e9);
      }
      return cost;
    }

    List<Measurement> run(Consumer<String> progress) {
      try (LibTorchAttention peer = new LibTorchAttention(inputs, length, size, team)) {
        long start = System.nanoTime();
        progress.accept("%d tokens, warming up".formatted(length));
        do {
          round(0, false, peer);
          round(0, true, peer);
          peer.matrixProductSpeed();
        } while (System.nanoTime() - start < 1e9 * warmUp);
        for (int round = 1; round <= rounds; round++) {
          progress.accept("%d tokens, round %d of %d".formatted(length, round, rounds));
          peaks.add(peer.matrixProductSpeed());
          round(round, false, peer);
          round(round, true, peer);
        }
      }
      List<Measurement> all = new ArrayList<>();
      ours.forEach((quantity, costs) -> {
        List<Cost> peers = theirs.getOrDefault(quantity, List.of());
        all.add(measurement(quantity, costs, peers, true));
        all.add(measurement(quantity, costs, peers, false));
        all.add(
            new Measurement(
                quantity,
                "GFLOP/s",
                speeds.getOrDefault(quantity, List.of()),
                PEAK,
                peaks,
                null,
                "pairs that are seen; the ratio is the share of the peak"));
      });
      return all;
    }

    /** Measures every side once, the peer among them, each round in another order; 0 warms up. */
    private void round(int round, boolean backward, LibTorchAttention peer) {
      String pass = backward ? "forward and backward" : "forward";
      Map<String, Cost> costs = new LinkedHashMap<>();
      Cost their = null;
      for (int i = 0; i <= sides.size(); i++) {
        int turn = (i + round) % (sides.size() + 1);
        if (turn == sides.size()) {
          their = Cost.of(() -> peer.compute(backward));
        } else {
          Side side = sides.get(turn);
          String quantity = "%d tokens, %s, %s".formatted(length, side.name, pass);
          costs.put(quantity, measure(side, backward, quantity, round > 0));
        }
      }
      if (round > 0) {
        for (Side side : sides) {
          String quantity = "%d tokens, %s, %s".formatted(length, side.name, pass);
          ours.computeIfAbsent(quantity, _ -> new ArrayList<>())
              .add(Objects.requireNonNull(costs.get(quantity)));
          theirs
              .computeIfAbsent(quantity, _ -> new ArrayList<>())
              .add(Objects.requireNonNull(their));
        }
      }
    }

    private Measurement measurement(
        String quantity, List<Cost> ours, List<Cost> theirs, boolean wall) {
      return new Measurement(
          quantity,
          wall ? "s" : "CPU s",
          ours.stream().map(cost -> wall ? cost.wall() : cost.cpu()).toList(),
          PEER,
          theirs.stream().map(cost -> wall ? cost.wall() : cost.cpu()).toList(),
          wall && goals ? GOALS.get(quantity) : null,
          "size %d, %d heads and threads; %s against the peer on the processor"
              .formatted(size, team.threads(), kernel.description()));
    }
  }
}
