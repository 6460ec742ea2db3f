package org.umwelt.kernels.attention;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.Arrays;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.umwelt.kernels.random.RandomStream;

class AttentionPatternTest {
  /** Whether each row of Q sees each row of K, from the runs. */
  private static boolean[][] seen(AttentionPattern pattern) {
    boolean[][] seen = new boolean[pattern.queryRows()][pattern.keyRows()];
    for (int query = 0; query < pattern.queries(); query++) {
      for (int key = pattern.from(query); key < pattern.to(query); key++) {
        seen[pattern.queryRow(query)][pattern.keyRow(key)] = true;
      }
    }
    return seen;
  }

  private static boolean[][] seenByKeys(AttentionPattern pattern) {
    boolean[][] seen = new boolean[pattern.queryRows()][pattern.keyRows()];
    for (int key = 0; key < pattern.keys(); key++) {
      for (int query = pattern.seenFrom(key); query < pattern.seenTo(key); query++) {
        seen[pattern.queryRow(query)][pattern.keyRow(key)] = true;
      }
    }
    return seen;
  }

  private static int[] numbers(RandomStream random, int count, int from, int to) {
    return random.ints(count, from, to).toArray();
  }

  private static Set<Integer> visited(AttentionPattern.Tiles tiles, int row) {
    Set<Integer> visited = new TreeSet<>();
    for (int i = tiles.starts()[row]; i < tiles.starts()[row + 1]; i++) {
      assertThat(visited.add(tiles.visited()[i])).isTrue();
    }
    return visited;
  }

  /** Hundreds of small cases, any buckets, positions in any order, against the definition. */
  @ParameterizedTest
  @EnumSource(Causality.class)
  void runsAndTilesAreThoseOfTheDefinition(Causality causality) {
    RandomStream random = new RandomStream(5, causality.name().length());
    for (int round = 0; round < 300; round++) {
      int queries = random.nextInt(0, 41);
      int keys = random.nextInt(0, 41);
      int buckets = random.nextInt(1, 7);
      boolean sorted = random.nextBoolean();
      int[] queryPositions = numbers(random, queries, 0, 45);
      int[] keyPositions = numbers(random, keys, 0, 45);
      if (sorted) {
        Arrays.sort(queryPositions);
        Arrays.sort(keyPositions);
      }
      int[] queryBuckets = numbers(random, queries, -1, buckets);
      int[] keyBuckets = numbers(random, keys, -1, buckets);

      AttentionPattern pattern =
          AttentionPattern.of(queryPositions, queryBuckets, keyPositions, keyBuckets, causality);

      boolean[][] expected = new boolean[queries][keys];
      long pairs = 0;
      for (int i = 0; i < queries; i++) {
        for (int j = 0; j < keys; j++) {
          boolean inOrder =
              switch (causality) {
                case NONE -> true;
                case SELF -> queryPositions[i] >= keyPositions[j];
                case STRICT -> queryPositions[i] > keyPositions[j];
              };
          expected[i][j] = queryBuckets[i] >= 0 && queryBuckets[i] == keyBuckets[j] && inOrder;
          pairs += expected[i][j] ? 1 : 0;
        }
      }
      assertThat(seen(pattern)).isDeepEqualTo(expected);
      assertThat(seenByKeys(pattern)).isDeepEqualTo(expected);
      assertThat(pattern.pairs()).isEqualTo(pairs);
      assertTiles(pattern, random.nextInt(1, 9), random.nextInt(1, 9));
    }
  }

  private static void assertTiles(AttentionPattern pattern, int queryTile, int keyTile) {
    AttentionPattern.Tiles tiles = pattern.tiles(queryTile, keyTile);
    AttentionPattern.Tiles seenTiles = pattern.seenTiles(keyTile, queryTile);
    int rows = Math.ceilDiv(pattern.queries(), queryTile);
    int columns = Math.ceilDiv(pattern.keys(), keyTile);
    assertThat(tiles.starts()).hasSize(rows + 1);
    assertThat(seenTiles.starts()).hasSize(columns + 1);
    assertThat(tiles.count()).isEqualTo(seenTiles.count());
    for (int row = 0; row < rows; row++) {
      Set<Integer> expected = new TreeSet<>();
      for (int query = row * queryTile;
          query < Math.min((row + 1) * queryTile, pattern.queries());
          query++) {
        for (int key = pattern.from(query); key < pattern.to(query); key++) {
          expected.add(key / keyTile);
        }
      }
      Set<Integer> visited = visited(tiles, row);
      assertThat(visited).isEqualTo(expected);
      for (int column = 0; column < columns; column++) {
        assertThat(visited(seenTiles, column).contains(row)).isEqualTo(visited.contains(column));
      }
    }
  }

  @Test
  void whatIsKeptStandsInTheOrderOfTheSequence() {
    AttentionPattern pattern =
        AttentionPattern.dropping(
            new boolean[] {true, false, true, true},
            new boolean[] {false, true, true, false},
            Causality.SELF);
    assertThat(pattern.queries()).isEqualTo(3);
    assertThat(pattern.keys()).isEqualTo(2);
    assertThat(new int[] {pattern.queryRow(0), pattern.queryRow(1), pattern.queryRow(2)})
        .containsExactly(0, 2, 3);
    assertThat(new int[] {pattern.to(0), pattern.to(1), pattern.to(2)}).containsExactly(0, 2, 2);
  }

  @Test
  void oneBucketIsCausalAndPermutedBucketsSeeTheSame() {
    RandomStream random = new RandomStream(8);
    int[] queries = numbers(random, 60, 0, 5);
    int[] keys = numbers(random, 60, 0, 5);
    int[] permutation = {3, 0, 4, 1, 2};
    int[] otherQueries = Arrays.stream(queries).map(bucket -> permutation[bucket]).toArray();
    int[] otherKeys = Arrays.stream(keys).map(bucket -> permutation[bucket]).toArray();
    assertThat(seen(AttentionPattern.hashed(otherQueries, otherKeys, Causality.SELF)))
        .isDeepEqualTo(seen(AttentionPattern.hashed(queries, keys, Causality.SELF)));
    assertThat(AttentionPattern.causal(60, Causality.SELF).pairs()).isEqualTo(60 * 61 / 2);
    assertThat(AttentionPattern.causal(60, Causality.STRICT).pairs()).isEqualTo(60 * 59 / 2);
    assertThat(AttentionPattern.full(7, 9).pairs()).isEqualTo(63);
    int[] distinct = new int[60];
    Arrays.setAll(distinct, row -> row);
    assertThat(AttentionPattern.hashed(distinct, distinct, Causality.STRICT).pairs()).isZero();
  }

  /** Means over draws of the exact number of tiles; dense causal attention visits 8256. */
  @ParameterizedTest
  @CsvSource({"2, 4224", "4, 2209", "8, 1201", "16, 699", "32, 448", "64, 323"})
  void hashedAttentionVisitsFewTiles(int buckets, double expected) {
    int draws = 5;
    double sum = 0;
    for (int draw = 0; draw < draws; draw++) {
      int[] hashes = numbers(new RandomStream(draw, buckets), 16_384, 0, buckets);
      sum += AttentionPattern.hashed(hashes, hashes, Causality.SELF).tiles(128, 128).count();
    }
    assertThat(sum / draws).isCloseTo(expected, within(0.02 * expected));
    assertThat(AttentionPattern.causal(16_384, Causality.SELF).tiles(128, 128).count())
        .isEqualTo(8256);
  }

  @Test
  void nonsenseIsRefused() {
    int[] one = {0};
    assertThatThrownBy(() -> AttentionPattern.hashed(new int[] {-2}, one, Causality.SELF))
        .hasMessage("expected buckets from -1 (dropped) to 1048575, got -2 in row 0");
    assertThatThrownBy(() -> AttentionPattern.of(one, one, one, new int[2], Causality.SELF))
        .hasMessage("expected a bucket for every position, got 1 for 1 queries and 2 for 1 keys");
    assertThatThrownBy(() -> AttentionPattern.full(1, 1).tiles(0, 4))
        .hasMessage("expected tiles of at least 1 by 1, got 0 by 4");
  }
}
