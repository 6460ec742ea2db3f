package org.umwelt.worldmodel.iris;

import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.SequencedMap;
import org.bytedeco.pytorch.Tensor;
import org.umwelt.kernels.nn.Parameters;
import org.umwelt.kernels.tensor.Tensors;
import org.umwelt.kernels.weights.StoredTensor;

/**
 * Weights that are a formula of a salt and the parameter's name, so that two implementations can be
 * compared without exchanging files.
 *
 * <p>Number j of name s is u(s, j) in [0, 1): SplitMix64 at position j + 1 behind the FNV-1a-64
 * hash of {@code salt:s}, its upper 53 bits.
 */
public final class FormulaWeights {
  private static final long FNV_OFFSET = 0xcbf29ce484222325L;
  private static final long FNV_PRIME = 0x100000001b3L;
  private static final long GOLDEN_GAMMA = 0x9E3779B97F4A7C15L;

  private final String salt;

  /** Creates the weights of a salt. */
  public FormulaWeights(String salt) {
    this.salt = salt;
  }

  /** Returns the hash the numbers of a name start from. */
  public long hash(String name) {
    long hash = FNV_OFFSET;
    for (byte octet : (salt + ":" + name).getBytes(StandardCharsets.UTF_8)) {
      hash = (hash ^ (octet & 0xFF)) * FNV_PRIME;
    }
    return hash;
  }

  /** Returns u(name, 0), ..., u(name, count - 1). */
  public double[] uniform(String name, int count) {
    long hash = hash(name);
    double[] values = new double[count];
    for (int j = 0; j < count; j++) {
      long z = hash + (j + 1) * GOLDEN_GAMMA;
      z = (z ^ (z >>> 30)) * 0xBF58476D1CE4E5B9L;
      z = (z ^ (z >>> 27)) * 0x94D049BB133111EBL;
      z ^= z >>> 31;
      values[j] = (z >>> 11) * 0x1.0p-53;
    }
    return values;
  }

  /** Fills every parameter by its name. */
  public void fill(Parameters parameters) {
    Map<String, StoredTensor> values = new LinkedHashMap<>();
    parameters.named().forEach((name, tensor) -> values.put(name, tensor(name, tensor)));
    parameters.load(values, "formula");
  }

  /** Returns the values of a parameter in the shape of {@code like}. */
  public StoredTensor tensor(String name, Tensor like) {
    return tensor(name, Tensors.shape(like).stream().mapToLong(Long::longValue).toArray());
  }

  /** Returns the values of a parameter. */
  public StoredTensor tensor(String name, long... shape) {
    long count = 1;
    for (long size : shape) {
      count *= size;
    }
    double[] uniform = uniform(name, Math.toIntExact(count));
    double scale = scale(name, shape, count);
    double shift = shape.length == 1 && name.endsWith("weight") ? 1 : 0;
    float[] values = new float[uniform.length];
    for (int j = 0; j < values.length; j++) {
      values[j] = (float) (shift + scale * (2 * uniform[j] - 1));
    }
    return StoredTensor.of(values, shape);
  }

  private static double scale(String name, long[] shape, long count) {
    if (name.startsWith("tokenizer.lpips.lin")) {
      return 1.0 / count;
    }
    if (shape.length == 1) {
      return 0.1;
    }
    if (name.equals("tokenizer.embedding.weight")) {
      return 1;
    }
    if (name.contains("embedding_tables.") || name.contains("pos_emb.")) {
      return 0.5;
    }
    double fan = (double) count / shape[0];
    return Math.sqrt((name.startsWith("tokenizer.lpips.") ? 6 : 3) / fan);
  }

  /** Returns weights for {@link Lpips} by name; those of the last layers are positive. */
  public SequencedMap<String, StoredTensor> lpips(Map<String, long[]> shapes) {
    SequencedMap<String, StoredTensor> values = new LinkedHashMap<>();
    shapes.forEach((name, shape) -> {
      StoredTensor tensor = tensor(name, shape);
      if (name.startsWith("tokenizer.lpips.lin")) {
        float[] positive = tensor.toFloats();
        for (int j = 0; j < positive.length; j++) {
          positive[j] = Math.abs(positive[j]);
        }
        tensor = StoredTensor.of(positive, shape);
      }
      values.put(name, tensor);
    });
    return values;
  }
}
