package org.umwelt.agents.cli;

import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ServiceLoader;
import org.umwelt.kernels.settings.BadRequestException;
import org.umwelt.kernels.settings.Suggestions;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.ExitCode;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.ScopeType;
import picocli.CommandLine.Spec;

/**
 * The {@code umwelt} command.
 *
 * <p>Exit codes: 0 done, 1 the work failed, 2 the request was wrong (one line on stderr). Results
 * go to stdout, everything else to stderr.
 */
@Command(
    name = "umwelt",
    description = "A reinforcement-learning and simulation workbench.",
    mixinStandardHelpOptions = true,
    version = "umwelt 0.1.0",
    subcommands = {
      BenchCommand.class,
      DoctorCommand.class,
      EvaluateCommand.class,
      ExportCommand.class,
      IndexCommand.class,
      ListCommand.class,
      ReplayCommand.class,
      ReportCommand.class,
      SampleCommand.class,
      ServeCommand.class,
      TrainCommand.class,
      VerifyCommand.class
    })
public final class Main {
  @Spec private CommandSpec spec;

  private Main() {}

  @Option(
      names = "--roms",
      paramLabel = "DIR",
      scope = ScopeType.INHERIT,
      description = "Look for Atari ROMs here first.")
  void roms(Path folder) {
    if (!Files.isDirectory(folder)) {
      throw new ParameterException(
          spec.commandLine(), "expected --roms to be a folder, there is none at " + folder);
    }
    System.setProperty("umwelt.roms", folder.toAbsolutePath().toString());
  }

  /** Runs one command and exits. */
  public static void main(String[] args) {
    System.exit(run(args));
  }

  /** Runs one command and returns its exit code. */
  public static int run(String... args) {
    CommandLine line = new CommandLine(new Main());
    for (CommandProvider provider : ServiceLoader.load(CommandProvider.class)) {
      line.addSubcommand(provider.command());
    }
    line.setCaseInsensitiveEnumValuesAllowed(true);
    line.setParameterExceptionHandler(Main::wrongRequest);
    line.setExecutionExceptionHandler(Main::failed);
    if (args.length == 0) {
      line.usage(line.getOut());
      return ExitCode.OK;
    }
    try {
      return line.execute(args);
    } catch (Error e) { // picocli hands on exceptions only
      return failed(e, line.getErr());
    }
  }

  private static int wrongRequest(ParameterException e, String[] args) {
    CommandLine line = e.getCommandLine();
    String message = e.getMessage();
    if (e instanceof CommandLine.UnmatchedArgumentException unmatched
        && !unmatched.getUnmatched().isEmpty()) {
      String word = unmatched.getUnmatched().getFirst().replaceFirst("^(-[^=]*)=.*", "$1");
      boolean option = word.startsWith("-");
      message =
          "unknown %s %s%s"
              .formatted(
                  option ? "option" : "argument",
                  word,
                  Suggestions.didYouMean(
                      word,
                      option
                          ? line.getCommandSpec().optionsMap().keySet()
                          : line.getSubcommands().keySet()));
    }
    return refuse(
        line.getErr(),
        "%s (%s --help shows what it takes)"
            .formatted(message, line.getCommandSpec().qualifiedName()));
  }

  private static int failed(Exception e, CommandLine line, CommandLine.ParseResult result) {
    return e instanceof BadRequestException
        ? refuse(line.getErr(), String.valueOf(e.getMessage()))
        : failed(e, line.getErr());
  }

  private static int failed(Throwable thrown, PrintWriter err) {
    err.println("umwelt: " + oneLine(thrown));
    if (System.getenv("UMWELT_DEBUG") != null) {
      thrown.printStackTrace(err);
    } else {
      err.println("umwelt: UMWELT_DEBUG=1 shows where it happened");
    }
    return ExitCode.SOFTWARE;
  }

  private static int refuse(PrintWriter err, String message) {
    err.println("umwelt: " + message.strip().replaceAll("\\s*\\R\\s*", " "));
    return ExitCode.USAGE;
  }

  private static String oneLine(Throwable e) {
    String message = e.getMessage();
    String name = e.getClass().getSimpleName();
    return (message == null ? name : name + ": " + message).replaceAll("\\s*\\R\\s*", " ");
  }
}
