package org.umwelt.viewer;

import atlantafx.base.theme.PrimerDark;
import atlantafx.base.theme.PrimerLight;
import org.umwelt.viewer.plots.Palette;

/** How the window looks. */
public enum Theme {
  /** Dark text on white. */
  LIGHT,
  /** Light text on near black. */
  DARK;

  Palette palette() {
    return this == LIGHT ? Palette.LIGHT : Palette.DARK;
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
