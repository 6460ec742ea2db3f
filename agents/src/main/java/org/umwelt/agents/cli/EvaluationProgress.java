package org.umwelt.agents.cli;

import java.io.PrintWriter;
import java.util.Locale;
import org.jspecify.annotations.Nullable;
import org.umwelt.agents.evaluation.EpisodeResult;
import org.umwelt.agents.evaluation.EvaluationListener;

/** Says on stderr how far an evaluation is, its mean return so far and its speed. */
final class EvaluationProgress implements EvaluationListener, AutoCloseable {
  private final PrintWriter err;
  private @Nullable Progress progress;
  private int finished;
  private double sum;
  private long frames;
  private long start;

  EvaluationProgress(PrintWriter err) {
    this.err = err;
  }

  @Override
  public void started(int finishedBefore, int episodes) {
    start = System.nanoTime();
    if (finishedBefore > 0) {
      err.println("evaluate: %d of %d episodes are finished".formatted(finishedBefore, episodes));
    }
    progress = new Progress("evaluate", "episodes", finishedBefore, episodes, err);
  }

  @Override
  public void finished(EpisodeResult episode) {
    finished++;
    sum += episode.totalReward();
    frames += episode.frames();
    if (progress != null) {
      progress.add(1, this::state);
    }
  }

  private String state() {
    return String.format(
        Locale.ROOT,
        "mean return %.4g, %,.0f frames/s",
        sum / finished,
        frames * 1e9 / (System.nanoTime() - start));
  }

  @Override
  public void close() {
    if (progress != null) {
      progress.close();
    }
  }
}
