package org.umwelt.agents;

import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.ServiceLoader;
import org.jspecify.annotations.Nullable;
import org.umwelt.kernels.settings.BadRequestException;
import org.umwelt.kernels.settings.Suggestions;

/** Finds agents by name or by file. */
public final class Agents {
  private Agents() {}

  /** Returns every agent that has a name, sorted. */
  public static List<AgentEntry> entries() {
    List<AgentEntry> entries = new ArrayList<>();
    for (AgentProvider provider : ServiceLoader.load(AgentProvider.class)) {
      entries.addAll(provider.entries());
    }
    entries.sort(Comparator.comparing(AgentEntry::name));
    return entries;
  }

  /**
   * Finds an agent.
   *
   * @param text {@code name}, {@code name:argument}, or the path of a file
   * @throws BadRequestException where there is none
   */
  public static AgentFactory find(String text) {
    int colon = text.indexOf(':');
    String name = colon < 0 ? text : text.substring(0, colon);
    List<AgentEntry> entries = entries();
    for (AgentEntry entry : entries) {
      if (entry.name().equals(name)) {
        return make(entry, colon < 0 ? "" : text.substring(colon + 1));
      }
    }
    Path file = existing(text);
    if (file != null) {
      return open(file);
    }
    throw new BadRequestException(
        "unknown agent %s: no such name%s and no such file (it takes %s, or a file)"
            .formatted(
                text,
                Suggestions.didYouMean(name, entries.stream().map(AgentEntry::name).toList()),
                String.join(", ", entries.stream().map(AgentEntry::usage).toList())));
  }

  private static AgentFactory make(AgentEntry entry, String argument) {
    if (entry.argument().isEmpty() != argument.isEmpty()) {
      throw new BadRequestException(
          "agent %s: expected %s, got %s"
              .formatted(
                  entry.name(),
                  entry.usage(),
                  argument.isEmpty() ? entry.name() : entry.name() + ":" + argument));
    }
    return entry.factory().apply(argument);
  }

  private static @Nullable Path existing(String text) {
    try {
      Path file = Path.of(text);
      return !text.isBlank() && Files.exists(file) ? file : null;
    } catch (InvalidPathException _) {
      return null;
    }
  }

  private static AgentFactory open(Path file) {
    for (AgentProvider provider : ServiceLoader.load(AgentProvider.class)) {
      AgentFactory factory = provider.open(file);
      if (factory != null) {
        return factory;
      }
    }
    throw new BadRequestException(
        "%s holds no agent this program can read; a list of actions is given as actions:%s"
            .formatted(file, file));
  }
}
