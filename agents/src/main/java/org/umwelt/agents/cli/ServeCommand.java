package org.umwelt.agents.cli;

import java.io.IOException;
import java.util.concurrent.Callable;
import org.umwelt.envs.gym.EnvironmentServer;
import picocli.CommandLine.Command;
import picocli.CommandLine.ExitCode;

/** {@code umwelt serve}: what the Python package umwelt starts. */
@Command(
    name = "serve",
    hidden = true,
    mixinStandardHelpOptions = true,
    description = "Serves environments to the Python package umwelt, which starts this.")
final class ServeCommand implements Callable<Integer> {
  @Override
  public Integer call() throws IOException {
    EnvironmentServer.serve(System.in, System.out);
    return ExitCode.OK;
  }
}
