package org.umwelt.viewer.plots;

/**
 * Numbers on a grid on their way from a simulation's thread to the window: one, or for arrows two,
 * per cell. Safe for use by several threads.
 */
public final class Field {
  /** Writes the numbers of a grid. */
  @FunctionalInterface
  public interface Writer {
    /** Writes {@code components * height * width} numbers: component by component, row-major. */
    void write(float[] values);
  }

  private int components = 1;
  private int width;
  private int height;
  private float[] values = {};
  private boolean fresh;
  private volatile boolean wanted = true;

  /** Returns whether the last numbers were taken, so that others would be seen. */
  public boolean isWanted() {
    return wanted;
  }

  /**
   * Replaces the numbers.
   *
   * @param newComponents 1 for a scalar; 2 for a vector, to the right and down
   */
  public synchronized void write(int newComponents, int newWidth, int newHeight, Writer writer) {
    components = newComponents;
    width = newWidth;
    height = newHeight;
    int size = newComponents * newWidth * newHeight;
    if (values.length != size) {
      values = new float[size];
    }
    writer.write(values);
    fresh = true;
    wanted = false;
  }

  /** Hands the numbers over where they are new. */
  synchronized boolean take(HeatMap map) {
    if (!fresh) {
      return false;
    }
    fresh = false;
    wanted = true;
    map.show(components, width, height, values);
    return true;
  }
}
