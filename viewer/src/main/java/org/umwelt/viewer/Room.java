package org.umwelt.viewer;

import java.nio.file.Path;
import javafx.scene.Node;
import org.umwelt.kernels.settings.Settings;

/**
 * One room of the window. Its methods are called on the FX thread and must return at once: what
 * takes time belongs on a thread of the room's own.
 */
public interface Room extends AutoCloseable {

  /** Returns what the room shows; always the same node. */
  Node view();

  /** Draws what changed since the last call; called up to 60 times a second while it is visible. */
  void refresh();

  /** Is told that the room came into view or left it. */
  default void visible(boolean isVisible) {}

  /** Shows what is at a path, a run or a data set; what is wrong with it is told by the shell. */
  default void open(Path path) {}

  /** Does what the command line asks for; called once, after {@link #open}. */
  default void set(Settings settings) {}

  /** Ends everything the room started, within a second. */
  @Override
  void close();
}
