package org.umwelt.viewer.replays;

import java.nio.file.Files;
import java.nio.file.Path;
import org.umwelt.viewer.Room;
import org.umwelt.viewer.RoomProvider;
import org.umwelt.viewer.Shell;

/** Offers the room. */
public final class ReplayRoomProvider implements RoomProvider {
  @Override
  public String name() {
    return "Replays";
  }

  @Override
  public String summary() {
    return "Look at recorded episodes step by step";
  }

  @Override
  public boolean opens(Path path) {
    return Files.isDirectory(path);
  }

  @Override
  public Room make(Shell shell) {
    return new ReplayRoom(shell);
  }
}
