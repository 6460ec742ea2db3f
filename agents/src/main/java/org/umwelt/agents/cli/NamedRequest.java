package org.umwelt.agents.cli;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.ServiceLoader;
import java.util.TreeMap;
import java.util.function.Consumer;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.umwelt.kernels.settings.Setting;
import org.umwelt.kernels.settings.Settings;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** The words of commands that run something by name: NAME, its settings, --json. */
final class NamedRequest {
  @Spec(Spec.Target.MIXEE)
  private CommandSpec spec;

  @Parameters(
      index = "0",
      arity = "0..1",
      paramLabel = "NAME",
      description = "Which; all are listed without.")
  @Nullable String name;

  @Parameters(
      index = "1..*",
      paramLabel = "key=value",
      description = "Settings; a word without a key is the first setting.")
  private List<String> words = new ArrayList<>();

  @Option(names = "--json", description = "One JSON object on stdout.")
  boolean json;

  /** Returns the service that is asked for; null where none is, and then all have been listed. */
  <T> @Nullable T find(
      String kind,
      ServiceLoader<T> loader,
      Function<T, String> names,
      Function<T, String> summary) {
    List<T> all = Services.sorted(loader, names);
    if (name == null) {
      Services.print(
          spec.commandLine().getOut(),
          json,
          new TreeMap<>(Map.of(kind + "s", Services.named(all, names, summary))));
      return null;
    }
    return Services.find(kind, name, all, names);
  }

  /** Returns the settings that are asked for. */
  Settings settings(List<Setting> declared) {
    return settings(declared, Map.of());
  }

  /** Returns the settings that are asked for, over values from elsewhere. */
  Settings settings(List<Setting> declared, Map<String, String> below) {
    Map<String, String> values = new LinkedHashMap<>(below);
    values.putAll(Services.values(title(), declared, words));
    return new Settings(title(), declared, values);
  }

  /** Returns where a service tells what it is doing: stderr, a line at a time. */
  Consumer<String> progress() {
    return line -> spec.commandLine().getErr().println(title() + ": " + line);
  }

  private String title() {
    return spec.name() + " " + name;
  }
}
