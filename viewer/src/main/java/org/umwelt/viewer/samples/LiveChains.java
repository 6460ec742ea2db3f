package org.umwelt.viewer.samples;

import java.util.List;
import java.util.Locale;
import javafx.beans.value.ObservableIntegerValue;
import org.umwelt.agents.phi4.Phi4Sampler;
import org.umwelt.kernels.settings.BadRequestException;
import org.umwelt.kernels.settings.Settings;
import org.umwelt.viewer.loop.Loop;
import org.umwelt.viewer.loop.Work;

/** Chains of the phi^4 lattice that are drawn while they are looked at. */
final class LiveChains implements SampleModel {
  /** Sites in all chains: more would make a sweep take longer than a window may to close. */
  private static final int MOST_SITES = 1 << 21;

  private static final double SPEED_SECONDS = 1; // over which sweeps are counted

  private final Phi4Sampler sampler;
  private final LatticeDisplay display;
  private final String title;
  private long countedSweeps;
  private long countedFrom = System.nanoTime();
  private volatile double sweepsPerSecond = Double.NaN;
  private volatile long sweeps;

  private LiveChains(Phi4Sampler sampler, String words) {
    this.sampler = sampler;
    display =
        new LatticeDisplay(
            sampler.chains().lattice(),
            sampler.chains().action(),
            sampler.updateNames(),
            sampler.observables().series(),
            sampler.measureEvery());
    title =
        "phi^4 on %s, %s, seed %d: %s"
            .formatted(
                sampler.chains().lattice(), words, sampler.chains().seed(), sampler.summary());
  }

  /**
   * Starts chains.
   *
   * @throws BadRequestException where the settings do not go together
   */
  static LiveChains open(Settings settings) {
    Phi4Sampler sampler = Phi4Sampler.open(settings);
    int numbers = sampler.chains().fields().length;
    if (numbers > MOST_SITES) {
      sampler.close();
      throw new BadRequestException(
          "expected at most %,d sites in all chains that are watched, got %,d; take fewer chains or a smaller lattice, or draw them with umwelt sample phi4"
              .formatted(MOST_SITES, numbers));
    }
    return new LiveChains(sampler, settings.text("sampler"));
  }

  @Override
  public boolean step() {
    if (sampler.sweep()) {
      display.remember(sampler.observables()::latest);
    }
    if (!sampler.isBurningIn()) {
      display.acceptance().append(sampler.accepted());
    }
    sweeps = sampler.sweeps();
    display.paintWanted(sampler.chains().fields());
    long now = System.nanoTime();
    double seconds = (now - countedFrom) / 1e9;
    if (seconds > SPEED_SECONDS) {
      sweepsPerSecond = (sweeps - countedSweeps) / seconds;
      countedSweeps = sweeps;
      countedFrom = now;
    }
    return true;
  }

  @Override
  public void settle() {
    display.paint(sampler.chains().fields());
  }

  @Override
  public double stepsPerSecond() {
    return 1; // the pace counts sweeps
  }

  @Override
  public Work analysis() {
    return new Analysis(display);
  }

  @Override
  public List<SamplePanel> panels(Loop loop, ObservableIntegerValue chain) {
    return LatticePanels.of(display, loop, chain, this::settle, "sweep");
  }

  @Override
  public int chains() {
    return display.series().chains();
  }

  @Override
  public String title() {
    return title;
  }

  @Override
  public String progress() {
    long done = sweeps;
    if (done <= sampler.burnIn()) {
      return String.format(Locale.ROOT, "burn-in, sweep %,d of %,d", done, sampler.burnIn());
    }
    String speed =
        Double.isNaN(sweepsPerSecond)
            ? ""
            : String.format(Locale.ROOT, ", %,.0f sweeps/s", sweepsPerSecond);
    return String.format(
        Locale.ROOT,
        "sweep %,d behind burn-in, %s%s",
        done - sampler.burnIn(),
        LatticePanels.measured(display.series()),
        speed);
  }

  @Override
  public boolean isDrawn() {
    return true;
  }

  @Override
  public void close() {
    sampler.close();
  }
}
