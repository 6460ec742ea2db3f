package org.umwelt.viewer;

import atlantafx.base.theme.PrimerDark;
import atlantafx.base.theme.PrimerLight;
import org.umwelt.viewer.plots.Palette;

/** How the window looks. */
public enum Theme {
  /** Dark text on white. */
  LIGHT(Palette.LIGHT),
  /** Light text on near black. */
  DARK(Palette.DARK);

  private final Palette palette;

  Theme(Palette palette) {
    this.palette = palette;
  }

  Palette palette() {
    return palette;
  }

  String stylesheet() {
    return this == LIGHT
        ? new PrimerLight().getUserAgentStylesheet()
        : new PrimerDark().getUserAgentStylesheet();
  }

  Theme other() {
    return this == LIGHT ? DARK : LIGHT;
  }
}
