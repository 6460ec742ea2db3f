package org.umwelt.viewer.plots;

import java.nio.IntBuffer;
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

  /** Creates a tile of pictures that are yet to come. */
  public PictureTile(Pixels pixels) {
    this.pixels = pixels;
    view.setSmooth(false);
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

  void show(int newWidth, int newHeight, int[] argb) {
    if (newWidth == 0 || newHeight == 0) {
      view.setImage(null);
      buffer = null;
      width = 0;
      height = 0;
      return;
    }
    if (buffer == null || width != newWidth || height != newHeight) {
      width = newWidth;
      height = newHeight;
      buffer =
          new PixelBuffer<>(
              width,
              height,
              IntBuffer.allocate(width * height),
              PixelFormat.getIntArgbPreInstance());
      view.setImage(new WritableImage(buffer));
      requestLayout();
    }
    PixelBuffer<IntBuffer> target = buffer;
    target.getBuffer().put(0, argb);
    target.updateBuffer(_ -> null);
  }

  @Override
  protected void layoutChildren() {
    if (width == 0) {
      return;
    }
    double scale = Math.min(getWidth() / width, getHeight() / height);
    if (scale > 1) {
      scale = Math.floor(scale);
    }
    double shownWidth = Math.max(1, width * scale);
    double shownHeight = Math.max(1, height * scale);
    view.setFitWidth(shownWidth);
    view.setFitHeight(shownHeight);
    view.relocate(
        Math.floor((getWidth() - shownWidth) / 2), Math.floor((getHeight() - shownHeight) / 2));
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
