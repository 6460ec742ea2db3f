package org.umwelt.viewer.runs;

import java.nio.file.Path;
import java.util.List;
import org.umwelt.agents.runs.RunCatalogue;
import org.umwelt.kernels.settings.Setting;
import org.umwelt.viewer.Room;
import org.umwelt.viewer.RoomProvider;
import org.umwelt.viewer.Shell;

/** Offers the room. */
public final class RunsRoomProvider implements RoomProvider {
  /** How far below a folder a run may be for the folder to be opened here. */
  private static final int DEPTH = 3;

  @Override
  public String name() {
    return "Runs";
  }

  @Override
  public String summary() {
    return "List runs, overlay their metrics, compare their settings";
  }

  @Override
  public boolean opens(Path path) {
    return RunCatalogue.holdsRuns(path, DEPTH);
  }

  @Override
  public List<Setting> settings() {
    return List.of(
        Setting.text("root", "", "Folder below which runs are listed."),
        Setting.text("metric", "", "Metric that is drawn."),
        Setting.text(
            "selected", "", "Runs that are selected: folders below the root, with commas between."),
        Setting.text("filter", "", "Words that all of the listed runs have."));
  }

  @Override
  public Room make(Shell shell) {
    return new RunsRoom(shell);
  }
}
