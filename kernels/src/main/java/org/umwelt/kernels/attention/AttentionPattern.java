package org.umwelt.kernels.attention;

import java.util.Arrays;

/**
 * Which keys each query of one head sees. Built once per layer and pass, and used by the forward
 * and the backward kernel.
 *
 * <p>A pair is seen where both are kept, their buckets are equal, and their positions are in the
 * order that {@link Causality} asks for (arXiv 2306.01160, sections 3.1 and 3.2). Kept queries and
 * kept keys have places: sorted by bucket, then position, then row. In this order every query sees
 * a run of neighbouring keys, and is seen by every key as part of a run; both ends of the runs
 * never go back from a place to the next. What a kernel skips follows exactly from the runs, for
 * any buckets.
 */
public final class AttentionPattern {
  /** Bucket of a row that neither sees nor is seen. */
  public static final int DROPPED = -1;

  private static final int MOST_BUCKETS = 1 << 20;

  private final int queryRows;
  private final int keyRows;
  private final int[] queries;
  private final int[] keys;
  private final int[] from;
  private final int[] to;
  private final int[] seenFrom;
  private final int[] seenTo;

  private AttentionPattern(Rows queryRows, Rows keyRows, Causality causality) {
    this.queryRows = queryRows.count();
    this.keyRows = keyRows.count();
    queries = queryRows.sorted();
    keys = keyRows.sorted();
    from = new int[queries.length];
    to = new int[queries.length];
    seenFrom = new int[keys.length];
    seenTo = new int[keys.length];
    int key = 0;
    for (int start = 0; start < queries.length; ) {
      int bucket = queryRows.bucket(queries[start]);
      int end = start;
      while (end < queries.length && queryRows.bucket(queries[end]) == bucket) {
        end++;
      }
      while (key < keys.length && keyRows.bucket(keys[key]) < bucket) {
        seenFrom[key] = start;
        seenTo[key++] = start;
      }
      int first = key;
      int last = key; // behind the last key the present query sees
      for (int query = start; query < end; query++) {
        int position = queryRows.position(queries[query]);
        while (last < keys.length
            && keyRows.bucket(keys[last]) == bucket
            && causality.allows(position, keyRows.position(keys[last]))) {
          seenFrom[last] = query;
          seenTo[last++] = end;
        }
        from[query] = first;
        to[query] = last;
      }
      key = last;
      while (key < keys.length && keyRows.bucket(keys[key]) == bucket) { // seen by no query
        seenFrom[key] = end;
        seenTo[key++] = end;
      }
      start = end;
    }
    Arrays.fill(seenFrom, key, keys.length, queries.length);
    Arrays.fill(seenTo, key, keys.length, queries.length);
  }

  /** What is known of the rows of Q, or of K and V. */
  private record Rows(int[] positions, int[] buckets) {
    int count() {
      return positions.length;
    }

    int position(int row) {
      return positions[row];
    }

    int bucket(int row) {
      return buckets[row];
    }

    /** Returns the kept rows by bucket, position and row. */
    int[] sorted() {
      int most = DROPPED;
      boolean ascending = true;
      for (int row = 0; row < positions.length; row++) {
        most = Math.max(most, buckets[row]);
        if (buckets[row] < DROPPED || buckets[row] >= MOST_BUCKETS) {
          throw new IllegalArgumentException(
              "expected buckets from %d (dropped) to %d, got %d in row %d"
                  .formatted(DROPPED, MOST_BUCKETS - 1, buckets[row], row));
        }
        ascending &= row == 0 || positions[row - 1] <= positions[row];
      }
      int[] ends = new int[most + 2]; // of bucket b - 1, at b
      for (int bucket : buckets) {
        if (bucket != DROPPED) {
          ends[bucket + 1]++;
        }
      }
      for (int bucket = 0; bucket <= most; bucket++) {
        ends[bucket + 1] += ends[bucket];
      }
      int[] sorted = new int[ends[most + 1]];
      int[] order = ascending ? null : byPosition();
      for (int i = 0; i < positions.length; i++) {
        int row = order == null ? i : order[i];
        if (buckets[row] != DROPPED) {
          sorted[ends[buckets[row]]++] = row;
        }
      }
      return sorted;
    }

    private int[] byPosition() {
      long[] order = new long[positions.length];
      for (int row = 0; row < order.length; row++) {
        order[row] = (long) positions[row] << Integer.SIZE | row;
      }
      Arrays.sort(order);
      return Arrays.stream(order).mapToInt(packed -> (int) packed).toArray();
    }
  }

  /** Returns the pattern in which every query sees every key. */
  public static AttentionPattern full(int queries, int keys) {
    return of(positions(queries), new int[queries], positions(keys), new int[keys], Causality.NONE);
  }

  /** Returns the pattern of tokens that see what is before them. */
  public static AttentionPattern causal(int tokens, Causality causality) {
    return hashed(new int[tokens], new int[tokens], causality);
  }

  /**
   * Returns the pattern in which dropped queries see nothing and dropped keys are not seen:
   * QK-sparse attention, section 3.1 of the paper. Row i stands at position i.
   */
  public static AttentionPattern dropping(
      boolean[] keptQueries, boolean[] keptKeys, Causality causality) {
    return hashed(buckets(keptQueries), buckets(keptKeys), causality);
  }

  /**
   * Returns the pattern in which queries see keys of their own hash: hash-sparse attention, section
   * 3.2 of the paper. Row i stands at position i.
   */
  public static AttentionPattern hashed(int[] queryHashes, int[] keyHashes, Causality causality) {
    return of(
        positions(queryHashes.length),
        queryHashes,
        positions(keyHashes.length),
        keyHashes,
        causality);
  }

  /**
   * Returns the pattern of rows anywhere in a sequence, such as new queries behind cached keys.
   *
   * @param queryPositions one per row of Q, in any order
   * @param queryBuckets one per row of Q, {@link #DROPPED} or 0 to 1,048,575
   * @param keyPositions one per row of K and V
   * @param keyBuckets one per row of K and V
   */
  public static AttentionPattern of(
      int[] queryPositions,
      int[] queryBuckets,
      int[] keyPositions,
      int[] keyBuckets,
      Causality causality) {
    if (queryPositions.length != queryBuckets.length || keyPositions.length != keyBuckets.length) {
      throw new IllegalArgumentException(
          "expected a bucket for every position, got %d for %d queries and %d for %d keys"
              .formatted(
                  queryBuckets.length,
                  queryPositions.length,
                  keyBuckets.length,
                  keyPositions.length));
    }
    return new AttentionPattern(
        new Rows(queryPositions, queryBuckets), new Rows(keyPositions, keyBuckets), causality);
  }

  private static int[] positions(int rows) {
    int[] positions = new int[rows];
    Arrays.setAll(positions, row -> row);
    return positions;
  }

  private static int[] buckets(boolean[] kept) {
    int[] buckets = new int[kept.length];
    Arrays.setAll(buckets, row -> kept[row] ? 0 : DROPPED);
    return buckets;
  }

  /** Returns how many rows Q has. */
  public int queryRows() {
    return queryRows;
  }

  /** Returns how many rows K and V have. */
  public int keyRows() {
    return keyRows;
  }

  /** Returns how many queries have places; the output of the other rows is 0. */
  public int queries() {
    return queries.length;
  }

  /** Returns how many keys have places. */
  public int keys() {
    return keys.length;
  }

  /** Returns the row of Q of the query at a place. */
  public int queryRow(int place) {
    return queries[place];
  }

  /** Returns the row of K and V of the key at a place. */
  public int keyRow(int place) {
    return keys[place];
  }

  /** Returns the place of the first key that the query at a place sees. */
  public int from(int query) {
    return from[query];
  }

  /** Returns the place behind the last key that the query at a place sees. */
  public int to(int query) {
    return to[query];
  }

  /** Returns the place of the first query that sees the key at a place. */
  public int seenFrom(int key) {
    return seenFrom[key];
  }

  /** Returns the place behind the last query that sees the key at a place. */
  public int seenTo(int key) {
    return seenTo[key];
  }

  /** Returns how many pairs are seen. */
  public long pairs() {
    long pairs = 0;
    for (int query = 0; query < from.length; query++) {
      pairs += to[query] - from[query];
    }
    return pairs;
  }

  /**
   * Returns the tiles of keys that some query of each tile of queries sees, and no others.
   *
   * @param queryTile queries in a tile, the last one may have fewer
   * @param keyTile keys in a tile
   */
  public Tiles tiles(int queryTile, int keyTile) {
    return tiles(from, to, queryTile, keyTile);
  }

  /** Returns the tiles of queries that see some key of each tile of keys. */
  public Tiles seenTiles(int keyTile, int queryTile) {
    return tiles(seenFrom, seenTo, keyTile, queryTile);
  }

  private static Tiles tiles(int[] from, int[] to, int rowTile, int columnTile) {
    if (rowTile < 1 || columnTile < 1) {
      throw new IllegalArgumentException(
          "expected tiles of at least 1 by 1, got %d by %d".formatted(rowTile, columnTile));
    }
    int count = Math.ceilDiv(from.length, rowTile);
    int[] starts = new int[count + 1];
    int[] visited = new int[Math.max(16, 2 * count)];
    int size = 0;
    for (int tile = 0; tile < count; tile++) {
      int next = 0; // no column tile before this one is still to be visited
      for (int row = tile * rowTile; row < Math.min((tile + 1) * rowTile, from.length); row++) {
        if (from[row] < to[row]) {
          int end = Math.ceilDiv(to[row], columnTile);
          for (int column = Math.max(next, from[row] / columnTile); column < end; column++) {
            if (size == visited.length) {
              visited = Arrays.copyOf(visited, 2 * size);
            }
            visited[size++] = column;
            next = column + 1;
          }
        }
      }
      starts[tile + 1] = size;
    }
    return new Tiles(starts, Arrays.copyOf(visited, size));
  }

  /**
   * Which tiles are visited, row tile by row tile.
   *
   * @param starts where the tiles of each row tile begin in {@code visited}, and at the end its
   *     length
   * @param visited column tiles, ascending within a row tile
   */
  public record Tiles(int[] starts, int[] visited) {
    /** Returns how many tiles are visited in all. */
    public int count() {
      return visited.length;
    }
  }
}
