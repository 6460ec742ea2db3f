package org.umwelt.agents.media;

import java.io.IOException;
import java.util.List;
import java.util.function.IntConsumer;
import org.umwelt.envs.dataset.Dataset;
import org.umwelt.envs.dataset.Episode;
import org.umwelt.envs.spaces.Value;

/**
 * The steps of an episode as comma-separated values, one line per step.
 *
 * <p>Columns: {@code step} t; {@code action} (or {@code action[0]}, ... where it has several
 * numbers); {@code reward}; {@code return}, the sum of rewards of steps 0 to t; {@code terminated}
 * and {@code truncated} as 0 or 1; then every number of the info the step returned.
 */
public final class StepTable {
  private StepTable() {}

  /**
   * Writes the steps {@code first..last}.
   *
   * @param progress told the number of every step written
   */
  public static void write(
      Dataset dataset, Episode episode, int first, int last, Appendable out, IntConsumer progress)
      throws IOException {
    Value action = Value.allocate(dataset.description().actionSpace());
    Value info = Value.allocate(dataset.description().infoSpace());
    List<NumberColumn> actions = NumberColumn.of("action", dataset.description().actionSpace());
    List<NumberColumn> infos = NumberColumn.of("", dataset.description().infoSpace());
    StringBuilder line = new StringBuilder("step");
    actions.forEach(column -> field(line, column.name()));
    line.append(",reward,return,terminated,truncated");
    infos.forEach(column -> field(line, column.name()));
    out.append(line).append('\n');
    double total = 0;
    for (int t = 0; t <= last; t++) {
      total += episode.reward(t);
      if (t < first) {
        continue;
      }
      episode.action(t, action);
      episode.info(t + 1, info);
      line.setLength(0);
      line.append(t);
      actions.forEach(column -> field(line, column.text(action)));
      field(line, Double.toString(episode.reward(t)));
      field(line, Double.toString(total));
      line.append(episode.terminated(t) ? ",1" : ",0");
      line.append(episode.truncated(t) ? ",1" : ",0");
      infos.forEach(column -> field(line, column.text(info)));
      out.append(line).append('\n');
      progress.accept(t);
    }
  }

  private static void field(StringBuilder line, String text) {
    boolean plain = text.chars().noneMatch(c -> c == ',' || c == '"' || c == '\n' || c == '\r');
    line.append(',').append(plain ? text : "\"" + text.replace("\"", "\"\"") + "\"");
  }
}
