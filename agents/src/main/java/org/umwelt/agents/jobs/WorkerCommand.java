package org.umwelt.agents.jobs;

import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/**
 * How a worker process is started: with the JVM, the flags and the class path of this one.
 *
 * @param java the program {@code java}
 * @param flags of the JVM
 * @param classPath of the worker
 * @param folder working directory, against which agents' files are named
 */
public record WorkerCommand(Path java, List<String> flags, String classPath, Path folder) {

  /** Flags that concern one process, or would have workers open what another has open. */
  private static final List<String> OWN =
      List.of(
          "-agentlib", "-agentpath", "-javaagent", "-Xrun", "-XX:ErrorFile", "-Djava.class.path");

  /** Copies the list. */
  public WorkerCommand {
    flags = List.copyOf(flags);
  }

  /**
   * Returns the command for workers on this machine.
   *
   * @param crashes folder for the report of a JVM that crashes
   */
  public static WorkerCommand here(Path crashes) {
    List<String> flags = new ArrayList<>();
    ManagementFactory.getRuntimeMXBean().getInputArguments().stream()
        .filter(flag -> OWN.stream().noneMatch(flag::startsWith))
        .forEach(flags::add);
    // Those set by the command line, such as where the ROMs are.
    System.getProperties().stringPropertyNames().stream()
        .filter(name -> name.startsWith("umwelt."))
        .sorted()
        .forEach(name -> flags.add("-D%s=%s".formatted(name, System.getProperty(name))));
    // One thread plays, so one collects.
    flags.addAll(List.of("-XX:+UseSerialGC", "-XX:-UsePerfData", "-XX:-CreateCoredumpOnCrash"));
    flags.add("-XX:ErrorFile=" + crashes.toAbsolutePath().resolve("crash-%p.log"));
    return new WorkerCommand(
        Path.of(System.getProperty("java.home"), "bin", "java"),
        flags,
        System.getProperty("java.class.path"),
        Path.of("").toAbsolutePath());
  }

  /** Returns the words of the command. */
  List<String> words() {
    List<String> words = new ArrayList<>();
    if (Files.isExecutable(Path.of("/bin/sh"))) {
      // Ctrl-C goes to every process of a terminal; workers leave it to whoever started them.
      words.addAll(List.of("/bin/sh", "-c", "trap '' INT; exec \"$0\" \"$@\""));
    }
    words.add(java.toString());
    words.addAll(flags);
    Stream.of("-cp", classPath, JobWorker.class.getName()).forEach(words::add);
    return words;
  }
}
