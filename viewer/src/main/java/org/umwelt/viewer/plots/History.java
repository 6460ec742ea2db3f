package org.umwelt.viewer.plots;

import java.util.Arrays;

/**
 * The last rows of a table that grows: a ring of numbers, written by a simulation and read by a
 * plot.
 *
 * <p>Row r of the whole history, counted from 0, has one number per column; NaN where there is
 * none. Safe for use by several threads; appending allocates nothing.
 */
public final class History {
  private final int columns;
  private final int capacity;
  private final float[] ring; // [capacity, columns]
  private long rows;
  private long version;

  /**
   * Creates an empty history.
   *
   * @param columns numbers in a row, at least 1
   * @param capacity rows that are kept, at least 2
   */
  public History(int columns, int capacity) {
    if (columns < 1 || capacity < 2) {
      throw new IllegalArgumentException(
          "expected at least 1 column and 2 rows, got %d and %d".formatted(columns, capacity));
    }
    this.columns = columns;
    this.capacity = capacity;
    this.ring = new float[columns * capacity];
  }

  /** Returns how many numbers a row has. */
  public int columns() {
    return columns;
  }

  /** Returns how many rows are kept. */
  public int capacity() {
    return capacity;
  }

  /** Appends a row. */
  public synchronized void append(double... row) {
    if (row.length != columns) {
      throw new IllegalArgumentException(
          "expected %d numbers, got %d".formatted(columns, row.length));
    }
    int at = (int) (rows % capacity) * columns;
    for (int column = 0; column < columns; column++) {
      ring[at + column] = (float) row[column];
    }
    rows++;
    version++;
  }

  /** Forgets every row. */
  public synchronized void clear() {
    Arrays.fill(ring, 0);
    rows = 0;
    version++;
  }

  /** Returns a number that changes with every change. */
  public synchronized long version() {
    return version;
  }

  /** Returns how many rows were appended, those that are forgotten included. */
  public synchronized long rows() {
    return rows;
  }

  /** Returns the number of the oldest row that is kept. */
  public synchronized long firstRow() {
    return Math.max(0, rows - capacity);
  }

  /**
   * Copies the rows that are kept, oldest first.
   *
   * @param into at least capacity times columns long
   * @return the number of the first row copied; {@link #rows} as it was then, less this, are copied
   */
  synchronized Span copy(float[] into) {
    long first = Math.max(0, rows - capacity);
    int count = (int) (rows - first);
    int split = (int) (first % capacity);
    int head = Math.min(count, capacity - split);
    System.arraycopy(ring, split * columns, into, 0, head * columns);
    System.arraycopy(ring, 0, into, head * columns, (count - head) * columns);
    return new Span(first, count);
  }

  /** Rows {@code first} to {@code first + count - 1}. */
  record Span(long first, int count) {}
}
