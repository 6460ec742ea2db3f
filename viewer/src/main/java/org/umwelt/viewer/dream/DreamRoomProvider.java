package org.umwelt.viewer.dream;

import java.nio.file.Path;
import java.util.List;
import org.umwelt.kernels.settings.Setting;
import org.umwelt.kernels.settings.Settings;
import org.umwelt.viewer.Room;
import org.umwelt.viewer.RoomProvider;
import org.umwelt.viewer.Shell;
import org.umwelt.worldmodel.iris.SavedIris;

/** Offers the room. */
public final class DreamRoomProvider implements RoomProvider {
  private static final List<Setting> SETTINGS =
      List.of(
          Setting.text("run", "", "A run of umwelt train iris, a checkpoint or its file."),
          Setting.text("env", "", "Real environment; the one of the run where empty."),
          Setting.integer("seed", 0, 0, Long.MAX_VALUE, "Seed of the real episode and the dream."),
          Setting.integer(
              "real_steps", 5, 0, DreamRequest.MOST_REAL_STEPS, "Played before the dream begins."),
          Setting.number("temperature", 1, 0.001, 1000, "Of what is imagined."),
          Setting.number("policy_temperature", 0.5, 0.001, 1000, "Of the policy's actions."),
          Setting.number(
              "fraction",
              0.5,
              0.001,
              0.999,
              "Of the way from reconstructions to unrelated frames, at which a dream has parted."),
          Setting.text("next", "policy", "Who acts: policy, keyboard, or the number of an action."),
          Setting.bool("follow", true, "Whether reality is played along with the dream."),
          Setting.integer("futures", 6, 1, DreamControls.MOST_FUTURES, "Imagined at once."),
          Setting.integer("horizon", 12, 1, DreamControls.MOST_HORIZON, "Steps of futures."),
          Setting.integer("steps", 0, 0, DreamSession.MOST_STEPS, "Dreamt by itself at the start."),
          Setting.integer(
              "from",
              -1,
              -1,
              DreamSession.MOST_STEPS,
              "Step whose futures are imagined at the start; -1 for none."),
          Setting.bool("branch", false, "Whether reality branches off behind these steps."),
          Setting.bool("play", false, "Whether the dream then goes on by itself."));

  /** Returns the settings where none are given. */
  static Settings defaults() {
    return new Settings("room Dream", SETTINGS, Settings.parse("room Dream", List.of()));
  }

  @Override
  public String name() {
    return "Dream";
  }

  @Override
  public String summary() {
    return "See what a trained world model imagines, and where it parts from reality";
  }

  @Override
  public boolean opens(Path path) {
    return SavedIris.isAt(path);
  }

  @Override
  public List<Setting> settings() {
    return SETTINGS;
  }

  @Override
  public Room make(Shell shell) {
    return new DreamRoom(shell);
  }
}
