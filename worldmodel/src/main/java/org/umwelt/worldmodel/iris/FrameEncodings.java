package org.umwelt.worldmodel.iris;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import org.bytedeco.javacpp.PointerScope;
import org.bytedeco.pytorch.Tensor;
import org.umwelt.kernels.parallel.WorkerTeam;
import org.umwelt.kernels.tensor.Compute;
import org.umwelt.kernels.tensor.Tensors;
import org.umwelt.worldmodel.replay.ReplayBuffer;

/**
 * Tokens and reconstructions of the frames of a replay, each computed once until the tokenizer
 * changes.
 *
 * <p>Frames are encoded in passes of a fixed number of frames, so that a frame's tokens do not
 * depend on which others it is asked for with, and a cached value is the value that would be
 * computed again.
 */
public final class FrameEncodings implements AutoCloseable {
  private final ReplayBuffer replay;
  private final Tokenizer tokenizer;
  private final Compute compute;
  private final WorkerTeam team;
  private final int framesPerPass;
  private final boolean caching;
  private final int mostReconstructions;
  private final Map<Long, long[]> tokens = new HashMap<>();
  private final Map<Long, Tensor> reconstructions = new HashMap<>();

  /**
   * Creates an empty cache.
   *
   * @param framesPerPass how many frames are encoded or decoded at once
   * @param caching whether values are kept
   * @param mostReconstructions how many are kept; the others are decoded again whenever they are
   *     needed
   */
  public FrameEncodings(
      ReplayBuffer replay,
      Tokenizer tokenizer,
      Compute compute,
      WorkerTeam team,
      int framesPerPass,
      boolean caching,
      int mostReconstructions) {
    this.replay = replay;
    this.tokenizer = tokenizer;
    this.compute = compute;
    this.team = team;
    this.framesPerPass = framesPerPass;
    this.caching = caching;
    this.mostReconstructions = mostReconstructions;
  }

  /** Forgets everything, because the tokenizer has changed. */
  public void clear() {
    tokens.clear();
    reconstructions.values().forEach(Tensors::release);
    reconstructions.clear();
  }

  /**
   * Returns frames as the networks take them, [n, 3, h, w] in [0, 1].
   *
   * @param numbers of the replay's frames; -1 for a black one
   */
  public Tensor frames(long... numbers) {
    return Pixels.tensor(
        compute,
        numbers.length,
        replay.shape().height(),
        replay.shape().width(),
        memory -> replay.copyFrames(numbers, memory));
  }

  /**
   * Returns the tokens of frames, int64 [n, K].
   *
   * @param numbers of the replay's frames; -1 for a black one
   */
  public Tensor tokens(long... numbers) {
    Map<Long, long[]> known = encode(numbers);
    int k = tokenizer.config().tokens();
    long[] all = new long[numbers.length * k];
    for (int i = 0; i < numbers.length; i++) {
      System.arraycopy(Objects.requireNonNull(known.get(numbers[i])), 0, all, i * k, k);
    }
    return Tensors.of(compute, all, numbers.length, k);
  }

  private Map<Long, long[]> encode(long[] numbers) {
    Map<Long, long[]> known = caching ? tokens : new HashMap<>();
    long[] missing = missing(numbers, known.keySet());
    int passes = Math.ceilDiv(missing.length, framesPerPass);
    long[][] found = new long[passes][];
    team.run(
        passes,
        pass -> {
          try (PointerScope _ = new PointerScope()) {
            found[pass] = Tensors.longs(tokenizer.tokens(frames(passOf(missing, pass))));
          }
        });
    int k = tokenizer.config().tokens();
    for (int i = 0; i < missing.length; i++) {
      int from = i % framesPerPass * k;
      known.put(missing[i], Arrays.copyOfRange(found[i / framesPerPass], from, from + k));
    }
    return known;
  }

  /**
   * Returns what the policy sees of frames: decoded tokens limited to [0, 1], [n, 3, h, w].
   *
   * @param numbers of the replay's frames; -1 for a black one
   */
  public Tensor reconstructions(long... numbers) {
    Map<Long, long[]> encoded = encode(numbers);
    Map<Long, Tensor> known = new HashMap<>();
    for (long number : numbers) {
      Tensor kept = reconstructions.get(number);
      if (kept != null) {
        known.put(number, kept);
      }
    }
    long[] missing = missing(numbers, known.keySet());
    int passes = Math.ceilDiv(missing.length, framesPerPass);
    Tensor[] found = new Tensor[passes];
    int k = tokenizer.config().tokens();
    team.run(
        passes,
        pass -> {
          try (PointerScope _ = new PointerScope()) {
            long[] frames = passOf(missing, pass);
            long[] codes = new long[frames.length * k];
            for (int i = 0; i < frames.length; i++) {
              long[] code = encoded.get(frames[i]);
              System.arraycopy(
                  code == null ? new long[k] : code, 0, codes, i * k, k); // null: fills up the pass
            }
            found[pass] =
                Tensors.keep(tokenizer.decodeTokens(Tensors.of(compute, codes, frames.length, k)));
          }
        });
    try (PointerScope _ = new PointerScope()) {
      for (int i = 0; i < missing.length; i++) {
        Tensor one = Tensors.keep(found[i / framesPerPass].select(0, i % framesPerPass).clone());
        known.put(missing[i], one);
      }
    }
    List<Tensor> all = new ArrayList<>();
    for (long number : numbers) {
      all.add(Objects.requireNonNull(known.get(number)));
    }
    Tensor result = Tensors.stack(all, 0);
    for (long number : missing) {
      Tensor one = Objects.requireNonNull(known.get(number));
      if (caching && reconstructions.size() < mostReconstructions) {
        reconstructions.put(number, one);
      } else {
        Tensors.release(one);
      }
    }
    for (Tensor pass : found) {
      Tensors.release(pass);
    }
    return result;
  }

  private static long[] missing(long[] numbers, Set<Long> known) {
    Set<Long> distinct = new LinkedHashSet<>();
    for (long number : numbers) {
      if (!known.contains(number)) {
        distinct.add(number);
      }
    }
    return distinct.stream().mapToLong(Long::longValue).toArray();
  }

  /** Returns the frames of a pass, filled up with black ones. */
  private long[] passOf(long[] frames, int pass) {
    int from = pass * framesPerPass;
    long[] numbers = new long[framesPerPass];
    Arrays.fill(numbers, -1);
    System.arraycopy(frames, from, numbers, 0, Math.min(framesPerPass, frames.length - from));
    return numbers;
  }

  @Override
  public void close() {
    clear();
  }
}
