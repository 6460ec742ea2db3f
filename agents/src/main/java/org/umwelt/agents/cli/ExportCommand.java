package org.umwelt.agents.cli;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.ServiceLoader;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import org.umwelt.agents.onnx.ExportedModel;
import org.umwelt.agents.onnx.TrainedNetworks;
import org.umwelt.agents.onnx.TrainedNetworksProvider;
import org.umwelt.kernels.onnx.OnnxModel;
import org.umwelt.kernels.onnx.Port;
import org.umwelt.kernels.settings.BadRequestException;
import org.umwelt.kernels.settings.Suggestions;
import picocli.CommandLine.Command;
import picocli.CommandLine.ExitCode;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code umwelt export}: trained networks as files that run without this program. */
@Command(
    name = "export",
    description = {
      "Write trained networks as a file that runs anywhere.",
      "A policy in ONNX is an agent: umwelt evaluate --agent FILE.onnx."
    },
    mixinStandardHelpOptions = true,
    sortOptions = false)
final class ExportCommand implements Callable<Integer> {
  /** What can be written. */
  private enum Format {
    ONNX
  }

  @Spec private CommandSpec spec;

  @Parameters(
      paramLabel = "RUN",
      description = "A training run, a checkpoint, agent.safetensors or a published .pt.")
  private Path path;

  @Option(names = "--format", paramLabel = "onnx", description = "Format; onnx is the only one.")
  private Format format = Format.ONNX;

  @Option(
      names = "--part",
      paramLabel = "PART",
      description =
          "Which networks; the policy by default. IRIS has policy, encoder, decoder, world-model.")
  private @Nullable String part;

  @Option(
      names = "--license",
      paramLabel = "TEXT",
      description = "What may be done with the weights, such as MIT; kept in the file.")
  private String license = "not stated";

  @Option(names = "--out", required = true, paramLabel = "FILE", description = "What to write.")
  private Path out;

  @Option(names = "--force", description = "Replace FILE if it is there.")
  private boolean force;

  @Option(names = "--json", description = "Print one JSON object instead of a table.")
  private boolean json;

  @Override
  public Integer call() throws IOException {
    OutputFile.requireFile(out, force);
    try (TrainedNetworks networks = open()) {
      List<String> parts = List.copyOf(networks.parts().keySet());
      String chosen = part == null ? parts.getFirst() : part;
      if (!parts.contains(chosen)) {
        throw new BadRequestException(
            "--part: expected one of %s, got %s%s"
                .formatted(
                    String.join(", ", parts), chosen, Suggestions.didYouMean(chosen, parts)));
      }
      OnnxModel model = ExportedModel.write(networks, chosen, license);
      model.write(out);
      print(chosen, networks.parts().getOrDefault(chosen, ""), model);
    }
    return ExitCode.OK;
  }

  private TrainedNetworks open() {
    for (TrainedNetworksProvider provider : ServiceLoader.load(TrainedNetworksProvider.class)) {
      Optional<TrainedNetworks> networks = provider.open(path);
      if (networks.isPresent()) {
        return networks.get();
      }
    }
    throw new BadRequestException(
        path
            + ": expected a training run with a checkpoint, a checkpoint, agent.safetensors or a published .pt, found none; umwelt list experiments iris shows what can be trained and exported");
  }

  private void print(String name, String summary, OnnxModel model) {
    PrintWriter stdout = spec.commandLine().getOut();
    if (json) {
      stdout.println(toJson(name, model));
      return;
    }
    stdout.println("%s: %s (%s)".formatted(out, name, summary));
    stdout.println(
        "  ONNX operator set %d, %s, %s"
            .formatted(model.opset(), Recording.bytes(model.size()), model.digest()));
    model.inputs().forEach(port -> stdout.println(line("takes", port)));
    model.outputs().forEach(port -> stdout.println(line("gives", port)));
  }

  private static String line(String what, Port port) {
    return "  %s %s %s".formatted(what, port.name(), port.description());
  }

  private ObjectNode toJson(String name, OnnxModel model) {
    ObjectNode node = JsonNodeFactory.instance.objectNode();
    node.put("file", out.toString());
    node.put("format", format.name().toLowerCase(Locale.ROOT));
    node.put("part", name);
    node.put("opset", model.opset());
    node.put("bytes", model.size());
    node.put("digest", model.digest());
    Map<String, List<Port>> ports = new LinkedHashMap<>();
    ports.put("inputs", model.inputs());
    ports.put("outputs", model.outputs());
    ports.forEach((kind, all) -> {
      ArrayNode array = node.putArray(kind);
      all.forEach(port -> {
        ObjectNode one = array.addObject().put("name", port.name());
        one.put("type", port.type().toString());
        ArrayNode shape = one.putArray("shape");
        port.shape().forEach(shape::add);
      });
    });
    ObjectNode metadata = node.putObject("metadata");
    model.metadata().forEach(metadata::put);
    return node;
  }
}
