package org.umwelt.agents.cli;

import java.util.concurrent.Callable;
import org.umwelt.envs.registry.EnvironmentEntry;
import org.umwelt.envs.registry.Environments;
import picocli.CommandLine.Command;
import picocli.CommandLine.ExitCode;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/** {@code umwelt list}: what there is, one line each. */
@Command(name = "list", description = "What there is, one line each.")
final class ListCommand implements Callable<Integer> {
  @Spec private CommandSpec spec;

  @Override
  public Integer call() {
    for (EnvironmentEntry entry : Environments.entries()) {
      spec.commandLine().getOut().println(entry.id() + "  " + entry.summary());
    }
    return ExitCode.OK;
  }
}
