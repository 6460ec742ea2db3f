package org.umwelt.viewer.samples;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import javafx.beans.value.ObservableIntegerValue;
import org.umwelt.agents.phi4.Phi4Recording;
import org.umwelt.physics.lattice.Measurement;
import org.umwelt.viewer.loop.Loop;
import org.umwelt.viewer.loop.Work;

/** The run of a sampling, followed while it is written; a configuration of it is shown. */
final class RecordedChains implements SampleModel {
  /** How often is looked for more. */
  private static final double LOOKS_PER_SECOND = 4;

  /** Shows the newest configuration. */
  static final long NEWEST = -1;

  private final Path folder;
  private final Phi4Recording recording;
  private final LatticeDisplay display;
  private boolean isBehind = true;
  private boolean closed;
  private double[] fields = {};
  private long shownIndex = NEWEST;
  private volatile long configurations;
  private volatile long wanted = NEWEST;
  private volatile String shown = "no configuration yet";

  private RecordedChains(Path folder, Phi4Recording recording) {
    this.folder = folder;
    this.recording = recording;
    display =
        new LatticeDisplay(
            recording.lattice(),
            recording.action(),
            recording.updateNames(),
            recording.series(),
            recording.measureEvery());
  }

  /**
   * Opens a run.
   *
   * @throws org.umwelt.kernels.settings.BadRequestException where a folder holds none
   */
  static RecordedChains open(Path folder) throws IOException {
    return new RecordedChains(folder, Phi4Recording.open(folder));
  }

  @Override
  public boolean step() throws IOException {
    int width = recording.series().width();
    isBehind =
        recording.read(row -> display.remember(chain -> Measurement.read(row, chain * width))) > 0;
    List<double[]> accepted = new ArrayList<>();
    if (recording.readAcceptance(accepted::add)) {
      display.acceptance().clear();
      accepted.forEach(display.acceptance()::append);
    }
    configurations = recording.configurations();
    show();
    return true;
  }

  /** Shows the configuration that is wanted. */
  private void show() throws IOException {
    long count = configurations;
    long index = wanted == NEWEST ? count - 1 : Math.min(wanted, count - 1);
    if (index < 0 || closed) {
      return;
    }
    if (index != shownIndex) {
      fields = recording.configuration(index);
      shownIndex = index;
      shown =
          String.format(
              Locale.ROOT,
              "configuration %,d of %,d, of measurement %,d",
              index + 1,
              count,
              (index + 1) * recording.keepEvery());
      display.paint(fields);
    } else {
      display.paintWanted(fields);
    }
  }

  @Override
  public void settle() {
    if (fields.length > 0) {
      display.paint(fields);
    }
  }

  /** Shows another configuration from now on, or {@link #NEWEST}. */
  void want(long index, Loop loop) {
    wanted = index;
    loop.submit(this::show);
  }

  /** Returns how many configurations there are. */
  long configurations() {
    return configurations;
  }

  /** Returns which configuration is shown, in words. */
  String shown() {
    return shown;
  }

  @Override
  public double stepsPerSecond() {
    return isBehind ? Loop.UNLIMITED : LOOKS_PER_SECOND;
  }

  @Override
  public Work analysis() {
    return new Analysis(display);
  }

  @Override
  public List<SamplePanel> panels(Loop loop, ObservableIntegerValue chain) {
    List<SamplePanel> panels =
        new ArrayList<>(LatticePanels.of(display, loop, chain, this::settle, "block"));
    panels.set(0, new ConfigurationPanel(panels.getFirst(), this, loop));
    return panels;
  }

  @Override
  public int chains() {
    return display.series().chains();
  }

  @Override
  public String title() {
    return "run %s: phi^4 on %s".formatted(folder, recording.summary());
  }

  @Override
  public String progress() {
    return String.format(
        Locale.ROOT,
        "%s of %,d",
        LatticePanels.measured(display.series()),
        recording.measurements());
  }

  @Override
  public Map<String, String> asked() {
    return recording.asked();
  }

  @Override
  public boolean isDrawn() {
    return false;
  }

  @Override
  public void close() throws IOException {
    closed = true;
    recording.close();
  }
}
