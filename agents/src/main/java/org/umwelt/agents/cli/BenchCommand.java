package org.umwelt.agents.cli;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.PrintWriter;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.SequencedMap;
import java.util.ServiceLoader;
import java.util.concurrent.Callable;
import org.umwelt.kernels.bench.Benchmark;
import org.umwelt.kernels.bench.Measurement;
import org.umwelt.kernels.settings.Settings;
import picocli.CommandLine.Command;
import picocli.CommandLine.ExitCode;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
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

  @Mixin private NamedRequest request;

  @Override
  public Integer call() {
    PrintWriter out = spec.commandLine().getOut();
    Benchmark benchmark =
        request.find(
            "benchmark", ServiceLoader.load(Benchmark.class), Benchmark::name, Benchmark::summary);
    if (benchmark == null) {
      return ExitCode.OK;
    }
    Settings settings = request.settings(benchmark.settings());
    List<Measurement> measurements = benchmark.run(settings, request.progress());
    if (request.json) {
      out.println(toJson(settings, measurements));
    } else {
      print(out, measurements);
    }
    return ExitCode.OK;
  }

  private ObjectNode toJson(Settings settings, List<Measurement> measurements) {
    ObjectNode result = JsonNodeFactory.instance.objectNode();
    result.put("benchmark", request.name);
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
              goal == null ? "-" : String.format(Locale.ROOT, "%.3g", goal),
              peer == null ? "-" : peer));
    }
    Services.table(out, rows);
    SequencedMap<String, List<String>> notes = new LinkedHashMap<>(); // quantities by note
    for (Measurement measurement : measurements) {
      if (!measurement.note().isEmpty()) {
        notes
            .computeIfAbsent(measurement.note(), _ -> new ArrayList<>())
            .add(measurement.quantity());
      }
    }
    notes.forEach((note, quantities) ->
        out.println(
            quantities.getFirst()
                + (quantities.size() > 1 ? " and %d more".formatted(quantities.size() - 1) : "")
                + ": "
                + note));
  }

  private static String figure(double value) {
    return String.format(Locale.ROOT, Math.abs(value) >= 100 ? "%,.0f" : "%.3f", value);
  }
}
