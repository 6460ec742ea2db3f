package org.umwelt.agents.cluster;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.net.ServerSocket;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.umwelt.agents.jobs.EngineOptions;
import org.umwelt.agents.jobs.Engines;
import org.umwelt.agents.jobs.JobRunner;
import org.umwelt.agents.jobs.JobRunnerContract;
import org.umwelt.kernels.settings.BadRequestException;

/** Spark in this process. */
class SparkJobRunnerTest extends JobRunnerContract {
  @Override
  protected JobRunner open(Path folder) throws IOException {
    WorkerPath.write(folder);
    return Engines.open("spark:local[2]", new EngineOptions(2, folder));
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "local[0]", "yarn", "spark://", "spark://host", "spark://host:99999"})
  void anotherMasterIsRefused(String master) {
    assertThatThrownBy(() -> MasterAddress.parse(master))
        .isInstanceOf(BadRequestException.class)
        .hasMessageContaining("expected");
  }

  @Test
  void aMasterThatDoesNotAnswerIsSaidAtOnce() throws IOException {
    int free;
    try (ServerSocket socket = new ServerSocket(0)) {
      free = socket.getLocalPort();
    }
    String engine = "spark:spark://127.0.0.1:" + free;
    assertThatThrownBy(() -> Engines.open(engine, new EngineOptions(1, Path.of("."))))
        .isInstanceOf(IOException.class)
        .hasMessageContaining("no Spark master answers at spark://127.0.0.1:" + free);
  }

  @ParameterizedTest
  @CsvSource({"1, 2, 1", "16, 2, 16", "130, 2, 17", "10000, 2, 157", "40, 16, 40"})
  void batchesAreLargeWhereThereAreManyJobs(int jobs, int cores, int batches) {
    assertThat(SparkJobRunner.batches(jobs, cores)).isEqualTo(batches);
  }
}
