package org.umwelt.viewer.live;

import java.util.Arrays;
import java.util.List;
import org.umwelt.kernels.settings.Setting;
import org.umwelt.viewer.Room;
import org.umwelt.viewer.RoomProvider;
import org.umwelt.viewer.Shell;
import org.umwelt.viewer.loop.Speed;

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
  public List<Setting> settings() {
    RolloutRequest first = LiveRoom.FIRST;
    return List.of(
        Setting.text("env", first.environment(), "Environment."),
        Setting.text("agent", first.agent(), "Agent, its file, or keyboard."),
        Setting.integer("seed", first.seed(), 0, Long.MAX_VALUE, "Seed of the first episode."),
        Setting.integer("count", first.count(), 1, RolloutRequest.MOST, "Environments."),
        Setting.choice(
            "speed",
            Speed.ONE.word(),
            Arrays.stream(Speed.values()).map(Speed::word).toList(),
            "Next to real time."));
  }

  @Override
  public Room make(Shell shell) {
    return new LiveRoom(shell);
  }
}
