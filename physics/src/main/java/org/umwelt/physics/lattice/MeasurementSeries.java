package org.umwelt.physics.lattice;

import java.util.Arrays;
import java.util.List;
import java.util.function.DoubleUnaryOperator;

/**
 * What was measured of chains, one measurement after the other: all, or the latest so many of
 * chains that go on for ever. Safe for use by several threads.
 */
public final class MeasurementSeries {
  private static final int FIRST_CAPACITY = 2; // measurements
  private static final int SHIFT_PART = 4; // of what is kept: what is moved at once

  private final List<Column> columns;
  private final int width;
  private final int most;
  private final double[][] rows; // per chain (measurements, width), and room before and behind
  private int first;
  private int count;
  private long total;

  /**
   * A quantity, or several of a kind, among the numbers of one measurement.
   *
   * @param name as in {@link ObservableMeans} where there is a mean of that name
   * @param width how many numbers
   */
  public record Column(String name, int width) {}

  /**
   * Creates an empty series.
   *
   * @param columns what a measurement of a chain consists of, in order
   * @param chains how many
   * @param most measurements of each chain that are kept, at least 2
   */
  public MeasurementSeries(List<Column> columns, int chains, int most) {
    if (chains < 1 || most < 2) {
      throw new IllegalArgumentException(
          "expected at least 1 chain and 2 measurements, got %d and %d".formatted(chains, most));
    }
    this.columns = List.copyOf(columns);
    this.most = most;
    width = columns.stream().mapToInt(Column::width).sum();
    rows = new double[chains][FIRST_CAPACITY * width];
  }

  /** Returns what a measurement of a chain consists of. */
  public List<Column> columns() {
    return columns;
  }

  /** Returns how many numbers a measurement of a chain has. */
  public int width() {
    return width;
  }

  /** Returns how many chains there are. */
  public int chains() {
    return rows.length;
  }

  /** Returns how many measurements of each chain are kept at most. */
  public int most() {
    return most;
  }

  /**
   * Adds a measurement of every chain; the oldest is forgotten where there are too many.
   *
   * @param measured [chains, width]
   */
  public synchronized void add(double[] measured) {
    if (measured.length != rows.length * width) {
      throw new IllegalArgumentException(
          "expected %d chains of %d numbers, got %d numbers"
              .formatted(rows.length, width, measured.length));
    }
    if (count == most) {
      first++;
      count--;
    }
    if ((first + count) * (long) width == rows[0].length) {
      makeRoom();
    }
    for (int chain = 0; chain < rows.length; chain++) {
      System.arraycopy(measured, chain * width, rows[chain], (first + count) * width, width);
    }
    count++;
    total++;
  }

  private void makeRoom() {
    boolean shift = first >= Math.max(1, most / SHIFT_PART);
    for (int chain = 0; chain < rows.length; chain++) {
      double[] to =
          shift ? rows[chain] : new double[Math.multiplyExact(2 * (first + count), width)];
      System.arraycopy(rows[chain], first * width, to, 0, count * width);
      rows[chain] = to;
    }
    first = 0;
  }

  /** Counts measurements that were made and are not kept; what was kept is forgotten. */
  public synchronized void skip(long measurements) {
    first = 0;
    count = 0;
    total += measurements;
  }

  /** Forgets everything. */
  public synchronized void clear() {
    first = 0;
    count = 0;
    total = 0;
  }

  /** Returns how many measurements of each chain are kept. */
  public synchronized int count() {
    return count;
  }

  /** Returns how many measurements of each chain were added, those forgotten included. */
  public synchronized long total() {
    return total;
  }

  /** Returns what is kept now, and goes on by itself. */
  public synchronized MeasurementSeries copy() {
    MeasurementSeries copy = new MeasurementSeries(columns, rows.length, most);
    for (int chain = 0; chain < rows.length; chain++) {
      copy.rows[chain] =
          Arrays.copyOfRange(
              rows[chain], first * width, Math.max(first + count, FIRST_CAPACITY) * width);
    }
    copy.count = count;
    copy.total = total;
    return copy;
  }

  /**
   * Returns a series of each chain, [chains, measurements].
   *
   * @param name of a column
   * @param index which of its numbers
   */
  public double[][] of(String name, int index) {
    return of(name, index, value -> value);
  }

  /** Returns a function of a series of each chain. */
  double[][] of(String name, int index, DoubleUnaryOperator function) {
    int at = 0;
    for (Column column : columns) {
      if (column.name().equals(name) && index < column.width()) {
        return column(at + index, function);
      }
      at += column.width();
    }
    throw new IllegalArgumentException(
        "expected one of %s, got %s(%d)".formatted(columns, name, index));
  }

  private synchronized double[][] column(int column, DoubleUnaryOperator function) {
    double[][] all = new double[rows.length][count];
    for (int chain = 0; chain < rows.length; chain++) {
      for (int i = 0; i < count; i++) {
        all[chain][i] = function.applyAsDouble(rows[chain][(first + i) * width + column]);
      }
    }
    return all;
  }
}
