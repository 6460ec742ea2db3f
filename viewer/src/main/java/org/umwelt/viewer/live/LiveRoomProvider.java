package org.umwelt.viewer.live;

import org.umwelt.viewer.Room;
import org.umwelt.viewer.RoomProvider;
import org.umwelt.viewer.Shell;

/** Offers the room. */
public final class LiveRoomProvider implements RoomProvider {
  @Override
  public String name() {
    return "Live";
  }

  @Override
  public String summary() {
    return "Watch an agent act, or play yourself";
  }

  @Override
  public Room make(Shell shell) {
    return new LiveRoom(shell);
  }
}
