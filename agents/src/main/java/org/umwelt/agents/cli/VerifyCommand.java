package org.umwelt.agents.cli;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.PrintWriter;
import java.util.ArrayList;
import java.util.List;
import java.util.ServiceLoader;
import java.util.concurrent.Callable;
import org.umwelt.kernels.settings.Settings;
import org.umwelt.kernels.verification.Check;
import org.umwelt.kernels.verification.Verification;
import picocli.CommandLine.Command;
import picocli.CommandLine.ExitCode;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/** {@code umwelt verify}: compares an implementation with its exact oracles. */
@Command(
    name = "verify",
    mixinStandardHelpOptions = true,
    description = {
      "Compare an implementation with its exact oracles.",
      "Without NAME: what can be verified."
    })
final class VerifyCommand implements Callable<Integer> {
  @Spec private CommandSpec spec;

  @Mixin private NamedRequest request;

  @Override
  public Integer call() {
    PrintWriter out = spec.commandLine().getOut();
    Verification verification =
        request.find(
            "verification",
            ServiceLoader.load(Verification.class),
            Verification::name,
            Verification::summary);
    if (verification == null) {
      return ExitCode.OK;
    }
    Settings settings = request.settings(verification.settings());
    List<Check> checks = verification.run(settings, request.progress());
    boolean passed = !checks.isEmpty() && checks.stream().allMatch(Check::passed);
    if (request.json) {
      ObjectNode result = JsonNodeFactory.instance.objectNode();
      result.put("verification", request.name);
      ObjectNode used = result.putObject("settings");
      settings.resolved().forEach(used::put);
      result.put("passed", passed);
      ArrayNode rows = result.putArray("checks");
      for (Check check : checks) {
        rows.addObject()
            .put("quantity", check.quantity())
            .put("expected", check.expected())
            .put("found", check.found())
            .put("tolerance", check.tolerance())
            .put("passed", check.passed());
      }
      out.println(result);
    } else {
      List<List<String>> rows = new ArrayList<>();
      rows.add(List.of("", "quantity", "expected", "found", "tolerance"));
      for (Check check : checks) {
        rows.add(
            List.of(
                check.passed() ? "ok" : "FAIL",
                check.quantity(),
                check.expected(),
                check.found(),
                check.tolerance()));
      }
      Services.table(out, rows);
      long failed = checks.stream().filter(check -> !check.passed()).count();
      out.println("%d compared, %d differ".formatted(checks.size(), failed));
    }
    return passed ? ExitCode.OK : ExitCode.SOFTWARE;
  }
}
