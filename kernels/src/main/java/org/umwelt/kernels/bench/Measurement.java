package org.umwelt.kernels.bench;

import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/**
 * One measured quantity, ours and perhaps a peer's, one value per interleaved round.
 *
 * @param quantity what was measured
 * @param unit of the values
 * @param ours our values, one per round
 * @param peer name of the peer; null where there is none
 * @param theirs the peer's values, one per round; empty where there is no peer
 * @param goal the ratio aimed at; null where none is set
 * @param note what a reader must know, such as why a peer is missing; may be empty
 */
public record Measurement(
    String quantity,
    String unit,
    List<Double> ours,
    @Nullable String peer,
    List<Double> theirs,
    @Nullable Double goal,
    String note) {

  /** Copies the lists. */
  public Measurement {
    ours = List.copyOf(ours);
    theirs = List.copyOf(theirs);
  }

  /** Returns a quantity of ours that has no peer. */
  public static Measurement alone(String quantity, String unit, List<Double> ours, String note) {
    return new Measurement(quantity, unit, ours, null, List.of(), null, note);
  }

  /**
   * Returns the median over the rounds of ours over theirs; NaN where there is no peer.
   *
   * <p>Both sides of a round are measured next to each other, so a machine whose speed drifts
   * between rounds does not move the ratio as it moves the medians.
   */
  public double ratio() {
    return median(
        IntStream.range(0, Math.min(ours.size(), theirs.size()))
            .mapToObj(round -> ours.get(round) / theirs.get(round))
            .toList());
  }

  /** Returns the median; the mean of the middle two for an even count. */
  public static double median(List<Double> values) {
    double[] sorted = values.stream().mapToDouble(Double::doubleValue).sorted().toArray();
    if (sorted.length == 0) {
      return Double.NaN;
    }
    int middle = sorted.length / 2;
    return sorted.length % 2 == 1
        ? sorted[middle]
        : Arrays.stream(sorted, middle - 1, middle + 1).average().orElseThrow();
  }
}
