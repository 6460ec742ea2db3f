package org.umwelt.kernels.attention;

import java.util.Arrays;
import org.umwelt.kernels.parallel.WorkerTeam;
import org.umwelt.kernels.tile.TileMath;

/**
 * Exact attention on the processor, tile by tile, so that no matrix of queries by keys exists: Dao,
 * "FlashAttention-2", arXiv 2307.08691, over the runs of an {@link AttentionPattern}.
 *
 * <p>Numbers are float32 and so are sums. The backward pass computes the weights again from the
 * logarithms of their sums. Results do not depend on the number of threads: what threads add
 * together is added in a fixed order. Beside inputs and outputs a call takes the memory of some
 * copies of them, O(N).
 */
public final class FlashAttention implements AttentionKernel {
  private static final int TILE = 128;

  /** Partial sums of the gradient of the queries, each of its own share of the key tiles. */
  private static final int SHARES = 4;

  private final TileMath math;
  private final WorkerTeam team;
  private final int size;
  private final int valueSize;
  private final float scale;
  private final int width; // d, rounded up to whole vectors
  private final int valueWidth;

  /**
   * Creates the attention of heads of one size.
   *
   * @param size d
   * @param valueSize e
   * @param scale of the products; usually 1 / sqrt(d)
   * @param team computes; not closed here
   */
  public FlashAttention(int size, int valueSize, double scale, WorkerTeam team) {
    this(size, valueSize, scale, team, TileMath.fastest());
  }

  FlashAttention(int size, int valueSize, double scale, WorkerTeam team, TileMath math) {
    this.math = math;
    this.team = team;
    this.size = size;
    this.valueSize = valueSize;
    this.scale = (float) scale;
    width = Math.ceilDiv(size, math.lanes()) * math.lanes();
    valueWidth = Math.ceilDiv(valueSize, math.lanes()) * math.lanes();
  }

  @Override
  public int size() {
    return size;
  }

  @Override
  public int valueSize() {
    return valueSize;
  }

  @Override
  public String description() {
    return "cpu, " + math.description();
  }

  @Override
  public void forward(
      AttentionPattern pattern, Head q, Head k, Head v, Head output, Head logSumExp) {
    int queryTiles = Math.ceilDiv(pattern.queries(), TILE);
    int keyTiles = Math.ceilDiv(pattern.keys(), TILE);
    float[] keys = new float[keyTiles * TILE * width]; // per tile [d, TILE]
    float[] values = new float[keyTiles * TILE * valueWidth]; // [N_k, e]
    team.run(
        keyTiles,
        tile -> {
          int first = tile * TILE;
          float[] rows = new float[TILE * width];
          packKeys(pattern, first, k, size, width, rows, 0);
          transpose(rows, width, size, keys, first * width);
          packKeys(pattern, first, v, valueSize, valueWidth, values, first * valueWidth);
        });
    AttentionPattern.Tiles tiles = pattern.tiles(TILE, TILE);
    clear(pattern, output, logSumExp);
    team.run(
        queryTiles,
        item -> {
          int tile = queryTiles - 1 - item; // under a causal pattern the last ones are the longest
          forwardTile(pattern, tile, tiles, q, keys, values, output, logSumExp);
        });
  }

  private void clear(AttentionPattern pattern, Head output, Head logSumExp) {
    if (pattern.queries() < pattern.queryRows()) {
      int rows = pattern.queryRows();
      Arrays.fill(output.values(), output.at(), output.at() + rows * valueSize, 0);
      Arrays.fill(
          logSumExp.values(), logSumExp.at(), logSumExp.at() + rows, Float.NEGATIVE_INFINITY);
    }
  }

  private void forwardTile(
      AttentionPattern pattern,
      int tile,
      AttentionPattern.Tiles tiles,
      Head q,
      float[] keys,
      float[] values,
      Head output,
      Head logSumExp) {
    int first = tile * TILE;
    int rows = Math.min(TILE, pattern.queries() - first);
    int height = Math.ceilDiv(rows, TileMath.ROWS) * TileMath.ROWS;
    float[] queries = new float[TILE * width];
    packQueries(pattern, first, q, size, width, scale, queries, 0);
    float[] products = new float[TILE * TILE];
    float[] sums = new float[TILE * valueWidth];
    float[] max = new float[rows];
    float[] total = new float[rows];
    Arrays.fill(max, Float.NEGATIVE_INFINITY);
    for (int i = tiles.starts()[tile]; i < tiles.starts()[tile + 1]; i++) {
      int keyTile = tiles.visited()[i];
      int key = keyTile * TILE;
      math.multiply(
          height,
          TILE,
          size,
          queries,
          0,
          width,
          1,
          keys,
          keyTile * TILE * width,
          TILE,
          products,
          0,
          TILE,
          false);
      for (int r = 0; r < rows; r++) {
        int at = r * TILE;
        int from = at + Math.clamp(pattern.from(first + r) - key, 0, TILE);
        int to = at + Math.clamp(pattern.to(first + r) - key, 0, TILE);
        if (from >= to) {
          Arrays.fill(products, at, at + TILE, 0);
          continue;
        }
        float largest = math.maximum(products, from, to);
        if (largest > max[r]) {
          float shrink = (float) Math.exp(max[r] - largest);
          total[r] *= shrink;
          math.scale(sums, r * valueWidth, (r + 1) * valueWidth, shrink);
          max[r] = largest;
        }
        total[r] += math.exponentials(products, from, to, max[r]);
        Arrays.fill(products, at, from, 0);
        Arrays.fill(products, to, at + TILE, 0);
      }
      math.multiply(
          height,
          valueWidth,
          Math.min(TILE, pattern.keys() - key),
          products,
          0,
          TILE,
          1,
          values,
          key * valueWidth,
          valueWidth,
          sums,
          0,
          valueWidth,
          true);
    }
    for (int r = 0; r < rows; r++) {
      int row = pattern.queryRow(first + r);
      float divisor = total[r] == 0 ? 1 : total[r];
      for (int c = 0; c < valueSize; c++) {
        output.values()[output.at() + row * valueSize + c] = sums[r * valueWidth + c] / divisor;
      }
      logSumExp.values()[logSumExp.at() + row] = max[r] + (float) Math.log(total[r]);
    }
  }

  @Override
  public void backward(
      AttentionPattern pattern,
      Head q,
      Head k,
      Head v,
      Head output,
      Head logSumExp,
      Head gradient,
      Head qGradient,
      Head kGradient,
      Head vGradient) {
    int queryTiles = Math.ceilDiv(pattern.queries(), TILE);
    int keyTiles = Math.ceilDiv(pattern.keys(), TILE);
    float[] queries = new float[queryTiles * TILE * width];
    float[] outer = new float[queryTiles * TILE * valueWidth]; // gradient of the output
    float[] shifts = new float[queryTiles * TILE]; // log-sum-exp
    float[] means = new float[queryTiles * TILE]; // D, the mean of dP under P
    team.run(
        queryTiles,
        tile -> {
          int first = tile * TILE;
          packQueries(pattern, first, q, size, width, scale, queries, first * width);
          packQueries(
              pattern, first, gradient, valueSize, valueWidth, 1, outer, first * valueWidth);
          for (int place = first; place < Math.min(first + TILE, pattern.queries()); place++) {
            int row = pattern.queryRow(place);
            shifts[place] = logSumExp.values()[logSumExp.at() + row];
            float mean = 0;
            for (int c = 0; c < valueSize; c++) {
              mean +=
                  output.values()[output.at() + row * valueSize + c]
                      * gradient.values()[gradient.at() + row * valueSize + c];
            }
            means[place] = mean;
          }
        });
    AttentionPattern.Tiles tiles = pattern.seenTiles(TILE, TILE);
    int shares = Math.max(1, Math.min(SHARES, keyTiles));
    float[][] partial = new float[shares][];
    Arrays.fill(kGradient.values(), kGradient.at(), kGradient.at() + pattern.keyRows() * size, 0);
    Arrays.fill(
        vGradient.values(), vGradient.at(), vGradient.at() + pattern.keyRows() * valueSize, 0);
    team.run(
        shares,
        share -> {
          partial[share] = new float[queryTiles * TILE * width];
          KeyTile keyTile = new KeyTile(pattern, tiles, queries, outer, shifts, means);
          for (int tile = share; tile < keyTiles; tile += shares) {
            keyTile.backward(tile, k, v, kGradient, vGradient, partial[share]);
          }
        });
    Arrays.fill(qGradient.values(), qGradient.at(), qGradient.at() + pattern.queryRows() * size, 0);
    team.run(
        queryTiles,
        tile -> {
          int end = Math.min((tile + 1) * TILE, pattern.queries());
          for (int place = tile * TILE; place < end; place++) {
            int at = qGradient.at() + pattern.queryRow(place) * size;
            for (int c = 0; c < size; c++) {
              float sum = 0;
              for (float[] share : partial) {
                sum += share[place * width + c];
              }
              qGradient.values()[at + c] = scale * sum;
            }
          }
        });
  }

  /** Computes the gradients that one tile of keys brings, with buffers of its own. */
  private final class KeyTile {
    private final AttentionPattern pattern;
    private final AttentionPattern.Tiles tiles;
    private final float[] queries;
    private final float[] outer;
    private final float[] shifts;
    private final float[] means;
    private final float[] keys = new float[TILE * width];
    private final float[] keysTransposed = new float[TILE * width];
    private final float[] values = new float[TILE * valueWidth];
    private final float[] valuesTransposed = new float[TILE * valueWidth];
    private final float[] weights = new float[TILE * TILE];
    private final float[] slopes = new float[TILE * TILE];
    private final float[] keySums = new float[TILE * width];
    private final float[] valueSums = new float[TILE * valueWidth];

    KeyTile(
        AttentionPattern pattern,
        AttentionPattern.Tiles tiles,
        float[] queries,
        float[] outer,
        float[] shifts,
        float[] means) {
      this.pattern = pattern;
      this.tiles = tiles;
      this.queries = queries;
      this.outer = outer;
      this.shifts = shifts;
      this.means = means;
    }

    void backward(
        int tile, Head k, Head v, Head kGradient, Head vGradient, float[] queryGradients) {
      int first = tile * TILE;
      int count = Math.min(TILE, pattern.keys() - first);
      packKeys(pattern, first, k, size, width, keys, 0);
      transpose(keys, width, size, keysTransposed, 0);
      packKeys(pattern, first, v, valueSize, valueWidth, values, 0);
      transpose(values, valueWidth, valueSize, valuesTransposed, 0);
      Arrays.fill(keySums, 0);
      Arrays.fill(valueSums, 0);
      for (int i = tiles.starts()[tile]; i < tiles.starts()[tile + 1]; i++) {
        visit(first, tiles.visited()[i] * TILE, queryGradients);
      }
      for (int c = 0; c < count; c++) {
        int row = pattern.keyRow(first + c);
        System.arraycopy(keySums, c * width, kGradient.values(), kGradient.at() + row * size, size);
        System.arraycopy(
            valueSums,
            c * valueWidth,
            vGradient.values(),
            vGradient.at() + row * valueSize,
            valueSize);
      }
    }

    private void visit(int firstKey, int firstQuery, float[] queryGradients) {
      int rows = Math.min(TILE, pattern.queries() - firstQuery);
      int height = Math.ceilDiv(rows, TileMath.ROWS) * TileMath.ROWS;
      int query = firstQuery * width;
      int gradient = firstQuery * valueWidth;
      math.multiply(
          height,
          TILE,
          size,
          queries,
          query,
          width,
          1,
          keysTransposed,
          0,
          TILE,
          weights,
          0,
          TILE,
          false);
      math.multiply(
          height,
          TILE,
          valueSize,
          outer,
          gradient,
          valueWidth,
          1,
          valuesTransposed,
          0,
          TILE,
          slopes,
          0,
          TILE,
          false);
      for (int r = 0; r < rows; r++) {
        int place = firstQuery + r;
        int at = r * TILE;
        int from = at + Math.clamp(pattern.from(place) - firstKey, 0, TILE);
        int to = at + Math.clamp(pattern.to(place) - firstKey, 0, TILE);
        if (from >= to) {
          from = at + TILE;
          to = from;
        } else {
          math.exponentials(weights, from, to, shifts[place]);
          math.weigh(slopes, from, to, means[place], weights, from);
        }
        Arrays.fill(weights, at, from, 0);
        Arrays.fill(weights, to, at + TILE, 0);
        Arrays.fill(slopes, at, from, 0);
        Arrays.fill(slopes, to, at + TILE, 0);
      }
      math.multiply(
          TILE,
          valueWidth,
          rows,
          weights,
          0,
          1,
          TILE,
          outer,
          gradient,
          valueWidth,
          valueSums,
          0,
          valueWidth,
          true); // dV = P^T dO
      math.multiply(
          TILE, width, rows, slopes, 0, 1, TILE, queries, query, width, keySums, 0, width,
          true); // dK = dS^T Q
      math.multiply(
          height,
          width,
          TILE,
          slopes,
          0,
          TILE,
          1,
          keys,
          0,
          width,
          queryGradients,
          query,
          width,
          true); // dQ = dS K
    }
  }

  /** Gathers the rows of a tile of queries, scaled. */
  private static void packQueries(
      AttentionPattern pattern,
      int first,
      Head from,
      int size,
      int width,
      float scale,
      float[] to,
      int toAt) {
    int rows = Math.min(TILE, pattern.queries() - first);
    for (int r = 0; r < rows; r++) {
      int row = from.at() + pattern.queryRow(first + r) * size;
      for (int c = 0; c < size; c++) {
        to[toAt + r * width + c] = scale * from.values()[row + c];
      }
    }
  }

  /** Gathers the rows of a tile of keys or values; what the tile has no key for becomes 0. */
  private static void packKeys(
      AttentionPattern pattern, int first, Head from, int size, int width, float[] to, int toAt) {
    int count = Math.min(TILE, pattern.keys() - first);
    for (int c = 0; c < count; c++) {
      int row = from.at() + pattern.keyRow(first + c) * size;
      System.arraycopy(from.values(), row, to, toAt + c * width, size);
    }
    Arrays.fill(to, toAt + count * width, toAt + TILE * width, 0);
  }

  /** [TILE, width] to [size, TILE]. */
  private static void transpose(float[] from, int width, int size, float[] to, int toAt) {
    for (int c = 0; c < size; c++) {
      for (int r = 0; r < TILE; r++) {
        to[toAt + c * TILE + r] = from[r * width + c];
      }
    }
  }
}
