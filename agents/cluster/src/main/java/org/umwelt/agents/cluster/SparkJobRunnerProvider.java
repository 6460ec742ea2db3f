package org.umwelt.agents.cluster;

import java.io.IOException;
import org.umwelt.agents.jobs.EngineOptions;
import org.umwelt.agents.jobs.JobRunner;
import org.umwelt.agents.jobs.JobRunnerProvider;

/** The engines {@code spark:MASTER}. */
public final class SparkJobRunnerProvider implements JobRunnerProvider {
  @Override
  public String name() {
    return "spark";
  }

  @Override
  public JobRunner open(String argument, EngineOptions options) throws IOException {
    return SparkJobRunner.open(MasterAddress.parse(argument), options);
  }
}
