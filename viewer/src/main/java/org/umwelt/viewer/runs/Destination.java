package org.umwelt.viewer.runs;

import java.nio.file.Files;
import org.umwelt.agents.runs.RunSummary;

/** In which room a run is looked at. */
final class Destination {
  private Destination() {}

  /** Returns the name of the room; empty where none shows more than this one. */
  static String of(RunSummary run) {
    if (run.kind().equals("sampling")) {
      return "Samples";
    }
    if (run.kind().equals("training") && run.experiment().startsWith("iris")) {
      return "Dream";
    }
    return Files.isDirectory(run.path().resolve("episodes")) ? "Replays" : "";
  }
}
