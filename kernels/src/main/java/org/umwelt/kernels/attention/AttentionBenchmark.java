package org.umwelt.kernels.attention;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import java.util.function.DoublePredicate;
import java.util.stream.IntStream;
import org.bytedeco.javacpp.PointerScope;
import org.bytedeco.pytorch.BoolOptional;
import org.bytedeco.pytorch.DoubleOptional;
import org.bytedeco.pytorch.NoGradGuard;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.TensorArrayRefOptional;
import org.bytedeco.pytorch.TensorOptional;
import org.bytedeco.pytorch.global.torch;
import org.umwelt.kernels.attention.AttentionKernel.Head;
import org.umwelt.kernels.bench.Benchmark;
import org.umwelt.kernels.bench.CpuClock;
import org.umwelt.kernels.bench.Measurement;
import org.umwelt.kernels.parallel.WorkerTeam;
import org.umwelt.kernels.random.RandomStream;
import org.umwelt.kernels.settings.BadRequestException;
import org.umwelt.kernels.settings.Setting;
import org.umwelt.kernels.settings.Settings;
import org.umwelt.kernels.tensor.Compute;
import org.umwelt.kernels.tensor.Tensors;

/**
 * {@code umwelt bench attention}: causal attention of this package, dense and sparse, against
 * LibTorch's dense one, {@code scaled_dot_product_attention} with {@code is_causal}, which never
 * makes the matrix of weights either.
 *
 * <p>As many heads as threads. LibTorch computes each head on a thread of its own with one thread
 * inside, which is the best it does here; ours takes head after head, all threads in each. Sparse
 * attention includes hashing, sorting and gathering. Rounds are interleaved, and the first is not
 * counted.
 */
public final class AttentionBenchmark implements Benchmark {
  private static final String PEER = "LibTorch scaled_dot_product_attention, dense causal";

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
        Setting.integer("rounds", 5, 5, 1000, "Interleaved rounds that count."));
  }

  @Override
  public List<Measurement> run(Settings settings, Consumer<String> progress) {
    List<Measurement> all = new ArrayList<>();
    try (WorkerTeam team = new WorkerTeam(settings.intValue("threads"))) {
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
        all.addAll(new Course(settings, (int) length, team).run(progress));
      }
    }
    return all;
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
  private record Cost(double wall, double cpu) {}

  private interface Side {
    void compute(boolean backward);
  }

  /** One length of sequence. */
  private static final class Course {
    private final int length;
    private final int size;
    private final int rounds;
    private final WorkerTeam team;
    private final FlashAttention flash;
    private final float[][][] inputs; // per head q, k, v and the gradient of the output
    private final float[][][] results; // output, log-sum-exp, three gradients
    private final Map<String, Side> sides = new LinkedHashMap<>();
    private final RandomStream random = new RandomStream(1);

    Course(Settings settings, int length, WorkerTeam team) {
      this.length = length;
      this.team = team;
      size = settings.intValue("size");
      rounds = settings.intValue("rounds");
      flash = new FlashAttention(size, size, 1 / Math.sqrt(size), team);
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
      sides.put("dense", backward -> ours(_ -> causal(), backward));
      for (double buckets : numbers(settings, "buckets")) {
        sides.put(
            "%d buckets".formatted((int) buckets),
            backward -> ours(head -> hashed(head, (int) buckets), backward));
      }
      for (double share : numbers(settings, "drop")) {
        sides.put(
            "%.0f %% dropped".formatted(100 * share),
            backward -> ours(_ -> dropping(share), backward));
      }
    }

    private interface Patterns {
      AttentionPattern of(int head);
    }

    private AttentionPattern causal() {
      return AttentionPattern.causal(length, Causality.SELF);
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

    private void ours(Patterns patterns, boolean backward) {
      for (int head = 0; head < inputs.length; head++) {
        AttentionPattern pattern = patterns.of(head);
        Head q = Head.of(inputs[head][0]);
        Head k = Head.of(inputs[head][1]);
        Head v = Head.of(inputs[head][2]);
        Head output = Head.of(results[head][0]);
        Head logSumExp = Head.of(results[head][1]);
        flash.forward(pattern, q, k, v, output, logSumExp);
        if (backward) {
          flash.backward(
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
    }

    private void theirs(boolean backward) {
      team.run(
          inputs.length,
          head -> {
            try (PointerScope _ = new PointerScope()) {
              if (backward) {
                attend(head, true)
                    .backward(
                        tensor(inputs[head][3]),
                        new BoolOptional(false),
                        false,
                        new TensorArrayRefOptional());
              } else {
                try (NoGradGuard _ = new NoGradGuard()) {
                  attend(head, false);
                }
              }
            }
          });
    }

    private Tensor attend(int head, boolean gradients) {
      Tensor[] qkv =
          IntStream.range(0, 3)
              .mapToObj(i -> tensor(inputs[head][i]).set_requires_grad(gradients))
              .toArray(Tensor[]::new);
      return torch.scaled_dot_product_attention(
          qkv[0], qkv[1], qkv[2], new TensorOptional(), 0, true, new DoubleOptional(), false);
    }

    private Tensor tensor(float[] values) {
      return Tensors.of(Compute.CPU, values, 1, 1, length, size);
    }

    private static Cost measure(Runnable work) {
      double cpu = CpuClock.seconds();
      long start = System.nanoTime();
      work.run();
      return new Cost((System.nanoTime() - start) / 1e9, CpuClock.seconds() - cpu);
    }

    List<Measurement> run(Consumer<String> progress) {
      Map<String, List<Cost>> ours = new LinkedHashMap<>();
      Map<String, List<Cost>> theirs = new LinkedHashMap<>();
      for (int round = 0; round <= rounds; round++) {
        progress.accept("%d tokens, round %d of %d".formatted(length, round, rounds));
        for (boolean backward : new boolean[] {false, true}) {
          String pass = backward ? "forward and backward" : "forward";
          Cost peer = measure(() -> theirs(backward));
          for (Map.Entry<String, Side> side : sides.entrySet()) {
            String quantity = "%d tokens, %s, %s".formatted(length, side.getKey(), pass);
            Cost own = measure(() -> side.getValue().compute(backward));
            if (round > 0) {
              ours.computeIfAbsent(quantity, _ -> new ArrayList<>()).add(own);
              theirs.computeIfAbsent(quantity, _ -> new ArrayList<>()).add(peer);
            }
          }
        }
      }
      List<Measurement> all = new ArrayList<>();
      ours.forEach((quantity, costs) -> {
        List<Cost> peers = theirs.getOrDefault(quantity, List.of());
        all.add(measurement(quantity, "s", costs, peers, true));
        all.add(measurement(quantity, "CPU s", costs, peers, false));
      });
      return all;
    }

    private Measurement measurement(
        String quantity, String unit, List<Cost> ours, List<Cost> theirs, boolean wall) {
      return new Measurement(
          quantity,
          unit,
          ours.stream().map(cost -> wall ? cost.wall() : cost.cpu()).toList(),
          PEER,
          theirs.stream().map(cost -> wall ? cost.wall() : cost.cpu()).toList(),
          null,
          "size %d, %d heads and threads, %s".formatted(size, team.threads(), flash.description()));
    }
  }
}
