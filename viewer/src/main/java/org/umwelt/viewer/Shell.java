package org.umwelt.viewer;

import java.nio.file.Path;
import java.util.function.Consumer;
import javafx.beans.property.ReadOnlyObjectProperty;
import javafx.stage.Window;
import org.umwelt.viewer.plots.Palette;

/** What the window offers its rooms. */
public interface Shell {
  /** Shows one line about what went wrong; by any thread. */
  void problem(String line);

  /** Shows one line about what was done; by any thread. */
  void note(String line);

  /** Returns the colours of the theme. */
  ReadOnlyObjectProperty<Palette> palette();

  /** Goes to a room and opens a path there; on the FX thread. */
  void open(String room, Path path);

  /**
   * Asks for a folder, in a dialog; on the FX thread.
   *
   * @param title says of what
   * @param start where the dialog begins, if that is a folder
   * @param then is told what was chosen, if anything was
   */
  void chooseFolder(String title, Path start, Consumer<Path> then);

  /** Returns the window, for dialogs. */
  Window window();
}
