package org.umwelt.viewer.plots;

import java.nio.IntBuffer;
import java.util.Arrays;
import javafx.scene.Scene;
import javafx.scene.image.ImageView;
import javafx.scene.image.PixelBuffer;
import javafx.scene.image.PixelFormat;
import javafx.scene.image.WritableImage;
import javafx.scene.layout.Region;
import org.jspecify.annotations.Nullable;

/**
 * Shows {@link Pixels} as large as its place allows, by a whole factor where they can be enlarged,
 * so that every pixel is a square. Of the FX thread.
 */
public final class PictureTile extends Region {
  private final Pixels pixels;
  private final ImageView view = new ImageView();
  private @Nullable PixelBuffer<IntBuffer> buffer;
  private int width;
  private int height;
  private int[] argb = {};

  /** Creates a tile of pictures that are yet to come. */
  public PictureTile(Pixels pixels) {
    this.pixels = pixels;
    getChildren().add(view);
    setMinSize(16, 16);
  }

  /**
   * Shows the newest picture.
   *
   * @return whether there was a new one
   */
  public boolean refresh() {
    return pixels.take(this);
  }

  /** Returns what is shown. */
  public Pixels pixels() {
    return pixels;
  }

  /** Returns width over height of the picture; 1 before the first. */
  public double aspect() {
    return height == 0 ? 1 : (double) width / height;
  }

  void show(int newWidth, int newHeight, int[] newArgb) {
    if (newWidth != width || newHeight != height) {
      width = newWidth;
      height = newHeight;
      argb = new int[width * height];
      requestLayout();
    }
    System.arraycopy(newArgb, 0, argb, 0, argb.length);
    draw();
  }

  /** Draws the picture by the factor that fits. JavaFX would blur what it enlarges. */
  private void draw() {
    if (width == 0 || height == 0) {
      view.setImage(null);
      buffer = null;
      return;
    }
    double density = density();
    double scale = Math.min(getWidth() / width, getHeight() / height) * density;
    int factor = (int) Math.max(1, Math.floor(scale));
    int bufferWidth = width * factor;
    PixelBuffer<IntBuffer> target = buffer;
    if (target == null
        || target.getWidth() != bufferWidth
        || target.getHeight() != height * factor) {
      target =
          new PixelBuffer<>(
              bufferWidth,
              height * factor,
              IntBuffer.allocate(bufferWidth * height * factor),
              PixelFormat.getIntArgbPreInstance());
      buffer = target;
      view.setImage(new WritableImage(target));
    }
    enlarge(target.getBuffer().array(), factor);
    target.updateBuffer(_ -> null);
    double shownWidth = (scale < 1 ? Math.max(1, width * scale) : bufferWidth) / density;
    double shownHeight = (scale < 1 ? Math.max(1, height * scale) : height * factor) / density;
    view.setFitWidth(shownWidth);
    view.setFitHeight(shownHeight);
    view.relocate(
        snapPositionX((getWidth() - shownWidth) / 2),
        snapPositionY((getHeight() - shownHeight) / 2));
  }

  /** Returns how many pixels of the screen one of the window is. */
  private double density() {
    Scene scene = getScene();
    return scene == null || scene.getWindow() == null ? 1 : scene.getWindow().getOutputScaleX();
  }

  private void enlarge(int[] to, int factor) {
    if (factor == 1) {
      System.arraycopy(argb, 0, to, 0, argb.length);
      return;
    }
    int rowLength = width * factor;
    for (int y = 0; y < height; y++) {
      int row = y * factor * rowLength;
      for (int x = 0; x < width; x++) {
        Arrays.fill(to, row + x * factor, row + (x + 1) * factor, argb[y * width + x]);
      }
      for (int copy = 1; copy < factor; copy++) {
        System.arraycopy(to, row, to, row + copy * rowLength, rowLength);
      }
    }
  }

  /**
   * Returns by which factor pixels are enlarged; 1 where the picture is shown smaller than it is.
   */
  public int factor() {
    return buffer == null || width == 0 ? 1 : buffer.getWidth() / width;
  }

  @Override
  protected void layoutChildren() {
    if (width > 0) {
      draw();
    }
  }

  @Override
  protected double computePrefWidth(double forHeight) {
    return Math.max(64, width);
  }

  @Override
  protected double computePrefHeight(double forWidth) {
    return Math.max(64, height);
  }
}
