package org.umwelt.viewer.samples;

import javafx.scene.Node;
import org.umwelt.viewer.plots.Palette;

/** One picture of what is sampled; its methods are called on the FX thread and return at once. */
interface SamplePanel {
  /** Returns what is shown; always the same node. */
  Node node();

  /** Takes the colours of the theme. */
  void setPalette(Palette colours);

  /** Draws what changed since the last call. */
  void refresh();
}
