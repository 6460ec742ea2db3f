package org.umwelt.agents.cli;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.PrintWriter;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.ServiceLoader;
import java.util.TreeMap;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import org.umwelt.kernels.bench.Benchmark;
import org.umwelt.kernels.bench.Measurement;
import org.umwelt.kernels.settings.Settings;
import picocli.CommandLine.Command;
import picocli.CommandLine.ExitCode;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code umwelt bench}: measures speed as a ratio against a named peer, both in one run. */
@Command(
    name = "bench",
    mixinStandardHelpOptions = true,
    description = {
      "Measure speed as a ratio against a named peer, both in one run.",
      "Without NAME: what can be measured."
    })
final class BenchCommand implements Callable<Integer> {
  @Spec private CommandSpec spec;

  @Parameters(index = "0", arity = "0..1", paramLabel = "NAME", description = "What to measure.")
  private @Nullable String name;

  @Parameters(
      index = "1..*",
      paramLabel = "key=value",
      description = "Settings; a word without a key is the first setting.")
  private List<String> words = new ArrayList<>();

  @Option(names = "--json", description = "One JSON object on stdout.")
  private boolean json;

  @Override
  public Integer call() {
    PrintWriter out = spec.commandLine().getOut();
    List<Benchmark> all = Services.sorted(ServiceLoader.load(Benchmark.class), Benchmark::name);
    if (name == null) {
      Services.print(
          out,
          json,
          new TreeMap<>(
              Map.of("benchmarks", Services.named(all, Benchmark::name, Benchmark::summary))));
      return ExitCode.OK;
    }
    Benchmark benchmark = Services.find("benchmark", name, all, Benchmark::name);
    Settings settings = Services.settings("bench " + name, benchmark.settings(), words);
    List<Measurement> measurements =
        benchmark.run(
            settings, line -> spec.commandLine().getErr().println("bench " + name + ": " + line));
    if (json) {
      out.println(toJson(settings, measurements));
    } else {
      print(out, measurements);
    }
    return ExitCode.OK;
  }

  private ObjectNode toJson(Settings settings, List<Measurement> measurements) {
    ObjectNode result = JsonNodeFactory.instance.objectNode();
    result.put("benchmark", name);
    result.put("processors", Runtime.getRuntime().availableProcessors());
    ObjectNode used = result.putObject("settings");
    settings.resolved().forEach(used::put);
    ArrayNode rows = result.putArray("measurements");
    for (Measurement measurement : measurements) {
      ObjectNode row = rows.addObject();
      row.put("quantity", measurement.quantity()).put("unit", measurement.unit());
      row.put("median", Measurement.median(measurement.ours()));
      measurement.ours().forEach(row.putArray("rounds")::add);
      if (measurement.peer() != null) {
        row.put("peer", measurement.peer());
        row.put("peer_median", Measurement.median(measurement.theirs()));
        measurement.theirs().forEach(row.putArray("peer_rounds")::add);
        row.put("ratio", measurement.ratio());
      }
      if (measurement.goal() != null) {
        row.put("goal", measurement.goal());
      }
      if (!measurement.note().isEmpty()) {
        row.put("note", measurement.note());
      }
    }
    return result;
  }

  private static void print(PrintWriter out, List<Measurement> measurements) {
    List<List<String>> rows = new ArrayList<>();
    rows.add(List.of("quantity", "unit", "median", "rounds", "ratio", "goal", "peer"));
    for (Measurement measurement : measurements) {
      String peer = measurement.peer();
      Double goal = measurement.goal();
      rows.add(
          List.of(
              measurement.quantity(),
              measurement.unit(),
              figure(Measurement.median(measurement.ours())),
              Integer.toString(measurement.ours().size()),
              peer == null ? "-" : String.format(Locale.ROOT, "%.3f", measurement.ratio()),
              goal == null ? "-" : goal.toString(),
              peer == null ? "-" : peer));
    }
    Services.table(out, rows);
    measurements.stream()
        .filter(measurement -> !measurement.note().isEmpty())
        .forEach(measurement -> out.println(measurement.quantity() + ": " + measurement.note()));
  }

  private static String figure(double value) {
    return String.format(Locale.ROOT, Math.abs(value) >= 100 ? "%,.0f" : "%.3f", value);
  }
}
