package org.umwelt.agents.report;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.umwelt.agents.cli.Main;
import org.umwelt.kernels.settings.BadRequestException;

final class RunIndexTest {
  @TempDir private Path folder;

  private String ask(String query) throws SQLException {
    try (var database =
            DriverManager.getConnection("jdbc:duckdb:" + folder.resolve(RunIndex.FILE));
        Statement statement = database.createStatement();
        ResultSet rows = statement.executeQuery(query)) {
      assertThat(rows.next()).isTrue();
      return rows.getString(1);
    }
  }

  @Test
  void runsEvaluationsAndDamageAreIndexedAndIndexedAgain() throws IOException, SQLException {
    assertThat(
            Main.run(
                "evaluate",
                "--env",
                "umwelt/Catch-v0?balls=2",
                "--agent",
                "scripted",
                "--episodes",
                "3",
                "--seed",
                "5",
                "--quiet",
                "--out",
                folder.resolve("it's").toString()))
        .isZero();
    Path damaged = Files.createDirectories(folder.resolve("deep").resolve("damaged"));
    Files.writeString(damaged.resolve("result.json"), "{");
    assertThat(RunIndex.make(folder, _ -> {})).isEqualTo(new RunIndex.Size(2, 1));
    assertThat(ask("SELECT agent FROM runs WHERE path = 'it''s' AND state = 'finished'"))
        .isEqualTo("scripted");
    assertThat(ask("SELECT mean_return FROM evaluations")).isEqualTo("2.0");
    assertThat(ask("SELECT episodes FROM evaluations WHERE seed = 5")).isEqualTo("3");
    assertThat(ask("SELECT value FROM results WHERE name = 'mean'")).isEqualTo("2.0");
    assertThat(ask("SELECT path FROM runs WHERE problem <> ''")).isEqualTo("deep/damaged");
    assertThat(ask("SELECT count(*) FROM runs WHERE started > '2020-01-01'")).isEqualTo("1");

    Files.delete(damaged.resolve("result.json"));
    assertThat(Main.run("index", folder.toString())).isZero();
    assertThat(ask("SELECT count(*) FROM runs")).isEqualTo("1");
  }

  @Test
  void aFolderThatIsNotThereIsRefused() {
    assertThatThrownBy(() -> RunIndex.make(folder.resolve("nowhere"), _ -> {}))
        .isInstanceOf(BadRequestException.class)
        .hasMessageContaining("there is no " + folder.resolve("nowhere"));
    assertThat(folder).isEmptyDirectory();
  }
}
