package org.umwelt.agents.cli;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.io.PrintWriter;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import org.umwelt.agents.doctor.Doctor;
import org.umwelt.agents.doctor.Finding;
import org.umwelt.agents.doctor.Finding.Condition;
import org.umwelt.envs.atari.RomLibrary;
import org.umwelt.envs.gym.GymBridge;
import org.umwelt.envs.gym.GymException;
import org.umwelt.envs.python.PrivatePython;
import org.umwelt.kernels.settings.BadRequestException;
import picocli.CommandLine.Command;
import picocli.CommandLine.ExitCode;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code umwelt doctor}: what works on this machine, and how to mend what does not. */
@Command(
    name = "doctor",
    mixinStandardHelpOptions = true,
    description = "What works on this machine, and how to mend what does not.")
final class DoctorCommand implements Callable<Integer> {
  @Spec private CommandSpec spec;

  @Option(
      names = "--fix",
      description =
          "Mend what can be mended: fetches the Atari ROMs, makes a Python for ids gym:<id>.")
  private boolean fix;

  @Option(names = "--json", description = "One JSON object on stdout.")
  private boolean json;

  @Override
  public Integer call() {
    PrintWriter out = spec.commandLine().getOut();
    boolean mended = !fix || mend();
    List<Finding> findings = Doctor.examine();
    boolean healthy =
        findings.stream().noneMatch(finding -> finding.condition() == Condition.BROKEN);
    if (json) {
      ObjectNode result = JsonNodeFactory.instance.objectNode();
      result.put("healthy", healthy);
      ArrayNode rows = result.putArray("findings");
      for (Finding finding : findings) {
        rows.addObject()
            .put("subject", finding.subject())
            .put("condition", finding.condition().name().toLowerCase(Locale.ROOT))
            .put("found", finding.found())
            .put("mend", finding.mend());
      }
      out.println(result);
    } else {
      Services.table(
          out,
          findings.stream()
              .map(finding ->
                  List.of(
                      finding.condition().name().toLowerCase(Locale.ROOT),
                      finding.subject(),
                      finding.mend().isEmpty()
                          ? finding.found()
                          : finding.found() + "; to mend: " + finding.mend()))
              .toList());
    }
    return healthy && mended ? ExitCode.OK : ExitCode.SOFTWARE;
  }

  private boolean mend() {
    boolean roms = fetchRoms();
    boolean python = makePython();
    return roms && python;
  }

  /**
   * Returns whether the ROMs are there now; what is in the way is no wrong request, so no exit 2.
   */
  private boolean fetchRoms() {
    PrintWriter err = spec.commandLine().getErr();
    try {
      return RomLibrary.fetch(line -> err.println("doctor: " + line)).complete();
    } catch (BadRequestException e) {
      err.println("umwelt: " + e.getMessage());
      return false;
    }
  }

  /** Returns whether environments of Gymnasium can be made now. */
  private boolean makePython() {
    PrintWriter err = spec.commandLine().getErr();
    try {
      GymBridge.versions();
      return true;
    } catch (BadRequestException | GymException _) {
      // Whatever Pythons there are, one of its own is made.
    }
    try {
      PrivatePython.install(line -> err.println("doctor: " + line));
      return true;
    } catch (IOException e) {
      err.println("umwelt: no Python for gym:<id> could be made: " + e.getMessage());
      return false;
    }
  }
}
