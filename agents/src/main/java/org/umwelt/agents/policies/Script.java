package org.umwelt.agents.policies;

import org.umwelt.envs.spaces.Value;

/** Plays one embedded game from its info values; remembers nothing but the time. */
@FunctionalInterface
interface Script {
  /**
   * Returns the action for the present info.
   *
   * @param step how many actions this episode has seen
   */
  long act(Value info, long step);
}
