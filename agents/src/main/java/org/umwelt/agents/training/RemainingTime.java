package org.umwelt.agents.training;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.OptionalDouble;
import java.util.function.IntPredicate;
import java.util.stream.IntStream;
import org.umwelt.kernels.bench.Measurement;

/**
 * How much time a training has left: the median of its last typical epochs times the epochs to
 * come.
 *
 * <p>Before the first typical epoch of this session nothing is claimed; an earlier session may have
 * run on another machine. A median does not see what only one epoch in many does, such as an
 * evaluation.
 */
public final class RemainingTime {
  private static final int WINDOW = 5;
  private static final int MINUTE = 60;
  private static final int HOUR = 60 * MINUTE;
  private static final int DAY = 24 * HOUR;

  private final int epochs;
  private final IntPredicate typical;
  private final Deque<Double> recent = new ArrayDeque<>();
  private int finished;

  /**
   * Starts without an estimate.
   *
   * @param finishedBefore how many epochs earlier sessions finished
   * @param epochs how many the whole training has
   * @param typical whether an epoch costs what those to come will cost
   */
  public RemainingTime(int finishedBefore, int epochs, IntPredicate typical) {
    this.finished = finishedBefore;
    this.epochs = epochs;
    this.typical = typical;
  }

  /** Returns how many epochs the whole training has. */
  public int epochs() {
    return epochs;
  }

  /** Adds the next epoch, which took so many seconds, its checkpoint included. */
  public void finished(double seconds) {
    finished++;
    if (typical.test(finished)) {
      recent.addLast(seconds);
      if (recent.size() > WINDOW) {
        recent.removeFirst();
      }
    }
  }

  /**
   * Returns how many seconds are left; empty where no estimate is possible yet.
   *
   * @param intoEpoch seconds since the last epoch was finished
   */
  public OptionalDouble seconds(double intoEpoch) {
    if (finished >= epochs) {
      return OptionalDouble.of(0);
    }
    if (recent.isEmpty()) {
      return OptionalDouble.empty();
    }
    double epoch = Measurement.median(List.copyOf(recent));
    // An epoch that takes longer than its share does not shorten those to come.
    return OptionalDouble.of((epochs - finished) * epoch - Math.min(intoEpoch, epoch));
  }

  /**
   * Returns how much is left in words, or from when on that can be said.
   *
   * @param intoEpoch seconds since the last epoch was finished
   */
  public String text(double intoEpoch) {
    OptionalDouble seconds = seconds(intoEpoch);
    if (seconds.isPresent()) {
      return "about %s left".formatted(inWords(Math.round(seconds.getAsDouble())));
    }
    return IntStream.rangeClosed(finished + 1, epochs)
        .filter(typical)
        .mapToObj("time left unknown until epoch %d is done"::formatted)
        .findFirst()
        .orElse("time left unknown");
  }

  /** Returns a duration in the two units that matter. */
  public static String inWords(long seconds) {
    if (seconds < 2 * MINUTE) {
      return seconds + " s";
    }
    if (seconds < 2 * HOUR) {
      return seconds / MINUTE + " min";
    }
    if (seconds < 2 * DAY) {
      return "%d h %d min".formatted(seconds / HOUR, seconds % HOUR / MINUTE);
    }
    return "%d d %d h".formatted(seconds / DAY, seconds % DAY / HOUR);
  }
}
