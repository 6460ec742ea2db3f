package org.umwelt.kernels.attention;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.bytedeco.pytorch.Tensor;
import org.umwelt.kernels.random.RandomStream;
import org.umwelt.kernels.tensor.Tensors;

/** How the heads of a layer choose which keys their queries see, anew for every pass. */
public sealed interface Sparsity {
  /**
   * Returns the patterns of b h heads, row-major.
   *
   * @param q [b, h, t, d]
   * @param k [b, h, t, d], or q itself where keys are queries of another length, whose hashes are
   *     the same
   * @param key names what is drawn at random: the same patterns for the same key and inputs
   */
  List<AttentionPattern> patterns(Tensor q, Tensor k, Causality causality, long key);

  /** Every query sees every key before it. */
  record Dense() implements Sparsity {
    @Override
    public List<AttentionPattern> patterns(Tensor q, Tensor k, Causality causality, long key) {
      int tokens = (int) q.size(2);
      AttentionPattern pattern =
          causality == Causality.NONE
              ? AttentionPattern.full(tokens, tokens)
              : AttentionPattern.causal(tokens, causality);
      AttentionPattern[] all = new AttentionPattern[(int) (q.size(0) * q.size(1))];
      Arrays.fill(all, pattern);
      return List.of(all);
    }
  }

  /**
   * Queries see keys of their own {@link AngularHash}; directions are shared by a batch and drawn
   * for each head (section 3.2 of arXiv 2306.01160).
   *
   * @param buckets even, at least 2
   */
  record Hashing(int buckets) implements Sparsity {
    /** Checks the number. */
    public Hashing {
      if (buckets < 2 || buckets % 2 != 0) {
        throw new IllegalArgumentException(
            "expected an even number of buckets, at least 2, got " + buckets);
      }
    }

    @Override
    public List<AttentionPattern> patterns(Tensor q, Tensor k, Causality causality, long key) {
      int heads = (int) q.size(1);
      int tokens = (int) q.size(2);
      int size = (int) q.size(3);
      AngularHash[] hashes = new AngularHash[heads];
      Arrays.setAll(hashes, h -> new AngularHash(size, buckets, new RandomStream(key, h)));
      float[] queries = Tensors.floats(q); // (b, h, t, d)
      boolean same = k.equals(q);
      float[] keys = same ? queries : Tensors.floats(k); // (b, h, t, d)
      List<AttentionPattern> patterns = new ArrayList<>();
      for (int i = 0; i < q.size(0) * heads; i++) {
        AngularHash hash = hashes[i % heads];
        int from = i * tokens * size;
        int to = from + tokens * size;
        int[] queryHashes = hash.hash(Arrays.copyOfRange(queries, from, to));
        int[] keyHashes = same ? queryHashes : hash.hash(Arrays.copyOfRange(keys, from, to));
        patterns.add(AttentionPattern.hashed(queryHashes, keyHashes, causality));
      }
      return patterns;
    }
  }

  /**
   * Queries and keys are dropped at random, independently, for every head and sequence (section 3.1
   * of arXiv 2306.01160).
   *
   * @param share dropped, from 0 to 1
   */
  record Dropping(double share) implements Sparsity {
    /** Checks the share. */
    public Dropping {
      if (!(share >= 0 && share <= 1)) {
        throw new IllegalArgumentException("expected a share from 0 to 1, got " + share);
      }
    }

    @Override
    public List<AttentionPattern> patterns(Tensor q, Tensor k, Causality causality, long key) {
      int tokens = (int) q.size(2);
      List<AttentionPattern> patterns = new ArrayList<>();
      for (int i = 0; i < q.size(0) * q.size(1); i++) {
        RandomStream random = new RandomStream(key, i);
        patterns.add(
            AttentionPattern.dropping(kept(tokens, random), kept(tokens, random), causality));
      }
      return patterns;
    }

    private boolean[] kept(int tokens, RandomStream random) {
      boolean[] kept = new boolean[tokens];
      for (int i = 0; i < tokens; i++) {
        kept[i] = random.nextDouble() >= share;
      }
      return kept;
    }
  }
}
