package org.umwelt.agents;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import org.umwelt.agents.cli.Main;

/** The command line in a process of its own, which can be killed. */
public final class CommandLineProcess {
  private CommandLineProcess() {}

  /**
   * Prepares a process of this JVM's class path, its stderr in its stdout.
   *
   * @param words of the command line
   * @param more words behind them
   */
  public static ProcessBuilder of(List<String> words, String... more) {
    List<String> all =
        new ArrayList<>(
            List.of(
                System.getProperty("java.home") + "/bin/java",
                "--enable-native-access=ALL-UNNAMED",
                "--sun-misc-unsafe-memory-access=allow",
                "-Dorg.bytedeco.javacpp.maxPhysicalBytes=0",
                "-cp",
                System.getProperty("java.class.path"),
                Main.class.getName()));
    all.addAll(words);
    Collections.addAll(all, more);
    ProcessBuilder builder = new ProcessBuilder(all).redirectErrorStream(true);
    builder.environment().put("OMP_WAIT_POLICY", "PASSIVE");
    return builder;
  }
}
