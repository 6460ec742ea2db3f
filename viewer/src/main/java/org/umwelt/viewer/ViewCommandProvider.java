package org.umwelt.viewer;

import org.umwelt.agents.cli.CommandProvider;

/** Adds {@code umwelt view}. */
public final class ViewCommandProvider implements CommandProvider {
  @Override
  public Object command() {
    return new ViewCommand();
  }
}
