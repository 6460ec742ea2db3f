package org.umwelt.agents.cli;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import org.umwelt.agents.report.RunIndex;
import picocli.CommandLine.Command;
import picocli.CommandLine.ExitCode;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code umwelt index}: a database of the runs below a folder. */
@Command(
    name = "index",
    mixinStandardHelpOptions = true,
    description = {
      "Make ROOT/index.duckdb from the run folders below ROOT, for questions in SQL.",
      "Tables: runs, results, evaluations. It can be made anew at any time."
    })
final class IndexCommand implements Callable<Integer> {
  private static final int EVERY = 1000;

  @Spec private CommandSpec spec;

  @Parameters(paramLabel = "ROOT", arity = "0..1", description = "${DEFAULT-VALUE} by default.")
  private Path root = Path.of("runs");

  @Option(names = "--json", description = "Print one JSON object.")
  private boolean json;

  @Override
  public Integer call() throws IOException {
    PrintWriter err = spec.commandLine().getErr();
    RunIndex.Size size =
        RunIndex.make(
            root,
            read -> {
              if (read % EVERY == 0) {
                err.println("umwelt: %d runs read".formatted(read));
              }
            });
    Path file = root.resolve(RunIndex.FILE);
    PrintWriter out = spec.commandLine().getOut();
    if (json) {
      out.println(
          JsonNodeFactory.instance
              .objectNode()
              .put("index", file.toString())
              .put("runs", size.runs())
              .put("evaluations", size.evaluations()));
    } else {
      out.println("%d runs, %d evaluations".formatted(size.runs(), size.evaluations()));
      out.println(
          "duckdb %s \"SELECT agent, env, mean_return FROM evaluations ORDER BY mean_return DESC\""
              .formatted(file));
    }
    return ExitCode.OK;
  }
}
