package org.umwelt.agents.cli;

/** Adds a command from a higher floor; found through {@link java.util.ServiceLoader}. */
public interface CommandProvider {
  /** Returns an object annotated with picocli's {@code @Command}. */
  Object command();
}
