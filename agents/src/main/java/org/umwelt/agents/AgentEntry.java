package org.umwelt.agents;

import java.util.function.Function;

/**
 * One agent that can be asked for by name.
 *
 * @param name as written on the command line, before the colon
 * @param argument what stands after the colon, in words such as {@code FILE}; empty where nothing
 *     may stand there
 * @param summary one line for {@code umwelt list}
 * @param factory makes a factory from the argument; may throw {@link
 *     org.umwelt.kernels.settings.BadRequestException}
 */
public record AgentEntry(
    String name, String argument, String summary, Function<String, AgentFactory> factory) {

  /** Returns an entry that takes no argument. */
  public static AgentEntry named(String name, String summary, AgentFactory factory) {
    return new AgentEntry(name, "", summary, _ -> factory);
  }

  /** Returns how it is asked for, such as {@code actions:FILE}. */
  public String usage() {
    return argument.isEmpty() ? name : name + ":" + argument;
  }
}
