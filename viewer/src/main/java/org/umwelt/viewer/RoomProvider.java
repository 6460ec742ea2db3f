package org.umwelt.viewer;

import java.nio.file.Path;

/** Makes a room; found through {@link java.util.ServiceLoader}. */
public interface RoomProvider {
  /** Returns the name in the navigation, one word. */
  String name();

  /** Returns what the room is for, in one line. */
  String summary();

  /** Returns whether the room is the one for what is at a path that a user opens. */
  default boolean opens(Path path) {
    return false;
  }

  /** Makes the room, on the FX thread, when it is first gone to. */
  Room make(Shell shell);
}
