package org.umwelt.viewer.runs;

import java.nio.file.Path;
import java.util.List;
import javafx.beans.property.ObjectProperty;
import javafx.beans.property.SimpleObjectProperty;
import org.umwelt.agents.runs.RunSummary;

/** A row of the table: one run, whose summary changes. Of the FX thread. */
final class RunRow {
  private final Path root;
  private final Path path;
  private final String name;
  private final ObjectProperty<RunSummary> summary;
  private String searched;

  RunRow(Path root, RunSummary first) {
    this.root = root;
    path = first.path();
    name = RunText.name(root, path);
    summary = new SimpleObjectProperty<>(first);
    searched = RunText.searched(root, first);
  }

  Path path() {
    return path;
  }

  String name() {
    return name;
  }

  RunSummary run() {
    return summary.get();
  }

  ObjectProperty<RunSummary> summary() {
    return summary;
  }

  /** Takes what the run is now; returns whether that is something else. */
  boolean set(RunSummary now) {
    if (now.equals(summary.get())) {
      return false;
    }
    searched = RunText.searched(root, now);
    summary.set(now);
    return true;
  }

  /** Returns whether every one of some words in small letters is in it. */
  boolean has(List<String> words) {
    return words.stream().allMatch(searched::contains);
  }
}
