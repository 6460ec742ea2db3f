package org.umwelt.agents.cli;

import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;
import org.umwelt.agents.evaluation.ReturnStatistics;
import org.umwelt.agents.suites.SuiteEvaluation;
import org.umwelt.agents.suites.SuiteResult;
import org.umwelt.agents.suites.SuiteRun;

/** The result of a suite for people to read. */
final class SuiteTable {
  private final SuiteRun.Outcome outcome;
  private final Path run;

  SuiteTable(SuiteRun.Outcome outcome, Path run) {
    this.outcome = outcome;
    this.run = run;
  }

  void print(PrintWriter out) {
    SuiteResult result = outcome.result();
    List<List<String>> rows = new ArrayList<>();
    rows.add(List.of("agent", "environment", "episodes", "mean", "IQM", "95% interval", "human"));
    for (SuiteEvaluation one : result.evaluations()) {
      ReturnStatistics all = one.statistics();
      rows.add(
          List.of(
              one.agent(),
              one.environment(),
              Integer.toString(one.returns().values().stream().mapToInt(s -> s.length).sum()),
              EvaluationTable.number(all.mean()),
              EvaluationTable.number(all.iqm()),
              "[%s, %s]"
                  .formatted(
                      EvaluationTable.number(all.iqmInterval().low()),
                      EvaluationTable.number(all.iqmInterval().high())),
              one.humanNormalised().stream()
                  .mapToObj(EvaluationTable::number)
                  .collect(Collectors.joining())));
    }
    Services.table(out, rows);
    out.println();
    result
        .agents()
        .forEach(agent ->
            out.println(
                "%s: human-normalised mean %s, median %s, IQM %s over %d games"
                    .formatted(
                        agent.agent(),
                        EvaluationTable.number(agent.mean()),
                        EvaluationTable.number(agent.median()),
                        EvaluationTable.number(agent.iqm()),
                        agent.games())));
    out.println(
        String.format(
            Locale.ROOT,
            "%,d jobs%s, %.1f s, run %s",
            result.jobs(),
            outcome.missing() == 0 ? "" : ", %,d missing".formatted(outcome.missing()),
            result.seconds(),
            run));
  }
}
