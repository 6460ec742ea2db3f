package org.umwelt.agents.jobs;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.ServiceLoader;
import org.umwelt.kernels.settings.BadRequestException;
import org.umwelt.kernels.settings.Suggestions;

/** Finds engines by name. */
public final class Engines {
  /** The engine of worker processes on this machine. */
  public static final String LOCAL = "local";

  private static final String SPARK = "spark";

  private Engines() {}

  /**
   * Starts an engine.
   *
   * @param engine {@code local}, or a name and an argument joined by a colon
   * @throws BadRequestException where there is no such engine, or its argument is wrong
   * @throws IOException where it cannot be reached or started
   */
  public static JobRunner open(String engine, EngineOptions options) throws IOException {
    int colon = engine.indexOf(':');
    String name = colon < 0 ? engine : engine.substring(0, colon);
    String argument = colon < 0 ? "" : engine.substring(colon + 1);
    List<String> names = new ArrayList<>(List.of(LOCAL, SPARK));
    for (JobRunnerProvider provider : ServiceLoader.load(JobRunnerProvider.class)) {
      if (provider.name().equals(name)) {
        return provider.open(argument, options);
      }
      names.add(provider.name());
    }
    if (!name.equals(LOCAL)) {
      throw new BadRequestException(
          name.equals(SPARK)
              ? "engine %s: Spark is not built in; scripts/umwelt builds it where --engine spark:MASTER is given (by hand: mvn -Pcluster package)"
                  .formatted(engine)
              : "unknown engine %s%s (there are local and spark:MASTER)"
                  .formatted(engine, Suggestions.didYouMean(name, names)));
    }
    if (!argument.isEmpty()) {
      throw new BadRequestException(
          "expected --engine local, got %s; --workers says how many processes".formatted(engine));
    }
    return new LocalJobRunner(options);
  }
}
