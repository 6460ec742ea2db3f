package org.umwelt.viewer;

import java.util.logging.Level;
import java.util.logging.Logger;
import javafx.application.Platform;
import org.umwelt.kernels.settings.BadRequestException;

/** Starts JavaFX. */
public final class Toolkit {
  /** Held, because a logger nobody holds forgets its level. */
  private static final Logger JAVAFX = Logger.getLogger("javafx");

  private Toolkit() {}

  /**
   * Has windows drawn in memory, in software, where nothing else was asked for by {@code
   * -Dglass.platform} and {@code -Dprism.order}; before the start.
   */
  public static void withoutDisplay() {
    setIfAbsent("glass.platform", "Headless");
    setIfAbsent("prism.order", "sw");
  }

  /** Returns whether windows are drawn in memory, and so are as large as they ask for. */
  static boolean isWithoutDisplay() {
    return "Headless".equals(System.getProperty("glass.platform"));
  }

  private static void setIfAbsent(String property, String value) {
    if (System.getProperty(property) == null) {
      System.setProperty(property, value);
    }
  }

  /**
   * Starts the FX thread, which goes on until {@link Platform#exit}.
   *
   * @param first what it does first
   * @throws BadRequestException where no window can be opened
   */
  public static void start(Runnable first) {
    JAVAFX.setLevel(Level.SEVERE); // it warns of the class path, where it works as well
    System.setProperty("java.awt.headless", "true"); // pictures are written by AWT, without windows
    Platform.setImplicitExit(false);
    try {
      Platform.startup(first);
    } catch (UnsupportedOperationException e) {
      throw new BadRequestException("cannot open a window: " + e.getMessage(), e);
    }
  }
}
