package org.umwelt.viewer;

import java.nio.file.Path;
import java.util.List;
import org.umwelt.kernels.settings.Setting;

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

  /** Returns the {@code key=value} words it takes on the command line. */
  default List<Setting> settings() {
    return List.of();
  }

  /** Makes the room, on the FX thread, when it is first gone to. */
  Room make(Shell shell);
}
