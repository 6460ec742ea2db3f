package org.umwelt.viewer.samples;

import org.umwelt.physics.lattice.MeasurementSeries;
import org.umwelt.physics.lattice.RunningEstimates;
import org.umwelt.viewer.loop.Work;

/** Computes, some times a second, what the latest measurements say. */
final class Analysis implements Work {
  private static final double MOST_PER_SECOND = 4;

  /** Share of a processor it may take. */
  private static final double SHARE = 0.25;

  private final LatticeDisplay display;
  private long analysed = -1;
  private double seconds;

  Analysis(LatticeDisplay display) {
    this.display = display;
  }

  @Override
  public boolean step() throws InterruptedException {
    long start = System.nanoTime();
    if (display.series().total() != analysed) {
      MeasurementSeries latest = display.series().copy();
      analysed = latest.total();
      if (latest.count() >= 2) {
        display.tell(RunningEstimates.of(latest, display.lattice(), display.action()));
      }
    }
    seconds = (System.nanoTime() - start) / 1e9;
    return true;
  }

  @Override
  public double stepsPerSecond() {
    return Math.min(MOST_PER_SECOND, SHARE / seconds);
  }

  @Override
  public void close() {}
}
