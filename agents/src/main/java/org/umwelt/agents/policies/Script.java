package org.umwelt.agents.policies;

import org.umwelt.envs.spaces.Value;

/** Plays one embedded game from its info values; remembers nothing. */
@FunctionalInterface
interface Script {
  /** Returns the action for the present info. */
  long act(Value info);
}
