package org.umwelt.viewer;

import java.util.Objects;
import java.util.concurrent.Callable;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Supplier;
import javafx.scene.control.Label;
import javafx.scene.image.Image;
import javafx.scene.image.ImageView;
import javafx.stage.Stage;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;
import org.testfx.api.FxRobot;
import org.testfx.framework.junit5.ApplicationExtension;
import org.testfx.util.WaitForAsyncUtils;
import org.umwelt.envs.Frame;
import org.umwelt.viewer.plots.PictureTile;

/** What tests of a room share: the window in that room, without a display, and waiting. */
@ExtendWith(ApplicationExtension.class)
@Timeout(120)
public abstract class WindowTest {
  private final String room;
  private @Nullable Viewer viewer;

  /** A test of this room. */
  protected WindowTest(String room) {
    this.room = room;
  }

  /** Opens the window; called by the test's own {@code @Start}, as TestFX looks for none here. */
  protected final void open(Stage stage) {
    Viewer opened = new Viewer(stage, Theme.LIGHT);
    viewer = opened;
    opened.go(room);
    stage.show();
  }

  @AfterEach
  final void close() {
    viewer().close();
  }

  /** Returns the window. */
  protected final Viewer viewer() {
    return Objects.requireNonNull(viewer);
  }

  /** Waits until something holds; fails after half a minute. */
  protected static void await(Callable<Boolean> condition) throws TimeoutException {
    WaitForAsyncUtils.waitFor(30, TimeUnit.SECONDS, condition);
  }

  /** Returns what the FX thread says. */
  protected static <T> T onFx(Supplier<T> what) {
    return WaitForAsyncUtils.waitForAsyncFx(10_000, what::get);
  }

  /** Returns the text of a label. */
  protected static String text(FxRobot robot, String id) {
    return onFx(() -> robot.lookup(id).queryAs(Label.class).getText());
  }

  /** Returns the picture tiles, in order. */
  protected static PictureTile[] tiles(FxRobot robot) {
    return onFx(() ->
        robot.lookup(node -> node instanceof PictureTile).queryAll().stream()
            .map(PictureTile.class::cast)
            .toArray(PictureTile[]::new));
  }

  /** Returns whether what a tile shows on the screen is a frame, pixel for pixel, enlarged. */
  protected static boolean shows(PictureTile tile, Frame expected) {
    return onFx(() -> {
      Image image = ((ImageView) tile.getChildrenUnmodifiable().getFirst()).getImage();
      int factor = tile.factor();
      if (image == null
          || image.getWidth() != expected.width() * factor
          || image.getHeight() != expected.height() * factor) {
        return false;
      }
      for (int y = 0; y < expected.height() * factor; y++) {
        for (int x = 0; x < expected.width() * factor; x++) {
          int at = (y / factor * expected.width() + x / factor) * 3;
          byte[] rgb = expected.rgb();
          int color = ((rgb[at] & 0xff) << 16) | ((rgb[at + 1] & 0xff) << 8) | (rgb[at + 2] & 0xff);
          if ((image.getPixelReader().getArgb(x, y) & 0xffffff) != color) {
            return false;
          }
        }
      }
      return true;
    });
  }
}
