package org.umwelt.agents.jobs;

import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class LocalJobRunnerTest extends JobRunnerContract {
  @TempDir private Path work;

  @Override
  protected JobRunner open(Path folder) throws IOException {
    return Engines.open("local", new EngineOptions(2, folder));
  }

  @Test
  void workersThatDoNotStartAreAnErrorOfTheRun() {
    WorkerCommand here = WorkerCommand.here(work);
    WorkerCommand wrong =
        new WorkerCommand(here.java(), List.of("-XX:NoSuchFlag"), here.classPath(), here.folder());
    Job job = new Job("random", "test/Walk-v0", 1, 0, 1);
    KeyedJob asked = new KeyedJob(JobKey.of(job, "", ""), job);
    try (WorkerSlot slot = new WorkerSlot(wrong)) {
      assertThatThrownBy(() -> slot.run(() -> asked, _ -> {}))
          .isInstanceOf(IOException.class)
          .hasMessageContaining("worker processes do not start")
          .hasMessageContaining("NoSuchFlag");
    }
  }
}
