package org.umwelt.agents.cli;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;

/** How long dreams stay with reality, for people to read. */
final class DivergenceTable {
  private final ObjectNode result;
  private final Path run;

  DivergenceTable(ObjectNode result, Path run) {
    this.result = result;
    this.run = run;
  }

  void print(PrintWriter out) {
    JsonNode survival = result.path("survival");
    int steps = survival.size() - 1;
    Services.table(
        out,
        List.of(
            List.of(
                "half the futures stay with reality for",
                "%s of %d steps, 95 %% interval %s to %s"
                    .formatted(
                        result.path("median_horizon"),
                        steps,
                        result.path("median_horizon_low"),
                        result.path("median_horizon_high"))),
            List.of(
                "still with reality behind the last step",
                "%s (%s to %s)"
                    .formatted(
                        percent(survival.get(steps)),
                        percent(result.path("survival_low").get(steps)),
                        percent(result.path("survival_high").get(steps)))),
            List.of(
                "rewards of the real sign",
                percent(result.path("rewards_agree"))
                    + (result.has("rewards_found")
                        ? ", %s of those that are not 0"
                            .formatted(percent(result.path("rewards_found")))
                        : ", none of them other than 0")),
            List.of("ends where the real episode ends", percent(result.path("ends_agree"))),
            List.of(
                "distance of pixels",
                String.format(
                    Locale.ROOT,
                    "reconstruction %.4f, parted at %.4f, unrelated frames %.4f",
                    result.path("distance_reconstruction").asDouble(),
                    result.path("distance_parted").asDouble(),
                    result.path("distance_unrelated").asDouble())),
            List.of(
                "start states, futures of each",
                "%s, %s".formatted(result.path("starts"), result.path("futures"))),
            List.of("run", run.toString())));
  }

  private static String percent(JsonNode share) {
    return String.format(Locale.ROOT, "%.1f %%", 100 * share.asDouble());
  }
}
