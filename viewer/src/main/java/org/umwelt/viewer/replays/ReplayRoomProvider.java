package org.umwelt.viewer.replays;

import java.nio.file.Path;
import java.util.List;
import org.umwelt.envs.dataset.Dataset;
import org.umwelt.kernels.settings.Setting;
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
    return Dataset.isAt(path);
  }

  @Override
  public List<Setting> settings() {
    return List.of(
        Setting.integer("episode", 0, 0, Integer.MAX_VALUE, "Which episode is shown first."),
        Setting.integer("step", 0, 0, Integer.MAX_VALUE, "Which step of it."),
        Setting.text("beside", "", "A second run, shown beside at the same seed."),
        Setting.text("value_of", "", "Agent whose value is drawn."));
  }

  @Override
  public Room make(Shell shell) {
    return new ReplayRoom(shell);
  }
}
