package org.umwelt.viewer.samples;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.umwelt.agents.phi4.Phi4Recording;
import org.umwelt.kernels.settings.Setting;
import org.umwelt.viewer.Room;
import org.umwelt.viewer.RoomProvider;
import org.umwelt.viewer.Shell;

/** Offers the room. */
public final class SamplesRoomProvider implements RoomProvider {
  static final String NAME = "Samples";

  @Override
  public String name() {
    return NAME;
  }

  @Override
  public String summary() {
    return "Watch Markov chains of a lattice field, with what they say";
  }

  @Override
  public boolean opens(Path path) {
    return Phi4Recording.isIn(path);
  }

  @Override
  public List<Setting> settings() {
    List<Setting> all = new ArrayList<>(Phi4Controls.settings());
    all.add(
        Setting.choice(
            "speed",
            SamplesRoom.FIRST_PACE.word(),
            Arrays.stream(Pace.values()).map(Pace::word).toList(),
            "Sweeps per second."));
    all.add(
        Setting.integer(
            "chain", 0, 0, Phi4Controls.MOST_CHAINS, "Whose field is shown; 0 for all."));
    return all;
  }

  @Override
  public Room make(Shell shell) {
    return new SamplesRoom(shell);
  }
}
