package org.umwelt.viewer.samples;

import java.util.List;
import java.util.Map;
import javafx.beans.value.ObservableIntegerValue;
import org.umwelt.viewer.loop.Loop;
import org.umwelt.viewer.loop.Work;

/** Something that is sampled, or was and is read again; a step of the work is one sweep. */
interface SampleModel extends Work {
  /** Returns the work that computes figures from what was drawn so far, for a thread of its own. */
  Work analysis();

  /**
   * Makes the panels, on the FX thread; the first is shown larger than the others.
   *
   * @param loop steps this work
   * @param chain which chain's field is shown, from 1; 0 for all
   */
  List<SamplePanel> panels(Loop loop, ObservableIntegerValue chain);

  /** Returns how many chains there are. */
  int chains();

  /** Returns what it is, in one line. */
  String title();

  /** Returns how far it is, in one line; called by any thread. */
  String progress();

  /** Returns the settings it was made with; empty where the controls say them already. */
  default Map<String, String> asked() {
    return Map.of();
  }

  /** Returns whether new samples are drawn, rather than read. */
  boolean isDrawn();
}
