package org.umwelt.agents.phi4;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.BufferedInputStream;
import java.io.BufferedOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.SequencedMap;
import org.jspecify.annotations.Nullable;
import org.umwelt.agents.sampling.EstimateTable;
import org.umwelt.agents.sampling.HealthCheck;
import org.umwelt.agents.training.EpochLog;
import org.umwelt.agents.training.Trainer;
import org.umwelt.agents.training.TrainingStopped;
import org.umwelt.kernels.files.AtomicFile;
import org.umwelt.kernels.files.NumpyFile;
import org.umwelt.physics.lattice.Chains;
import org.umwelt.physics.lattice.Measurement;
import org.umwelt.physics.lattice.Observables;
import org.umwelt.physics.lattice.Sampler;
import org.umwelt.physics.lattice.Update;
import org.umwelt.physics.statistics.Estimate;

/**
 * Chains of the phi^4 lattice: blocks of burn-in, in which the sizes of proposals are adapted,
 * blocks of measured sweeps, and a last one that draws the plots.
 */
final class Phi4Run implements Trainer {
  private static final String STATE = "chains.bin";
  static final String MEASUREMENTS = "measurements.npy";
  static final String CONFIGURATIONS = "configurations.npy";
  private static final String PLOTS = "plots";

  /** What a block is meant to cost, a second or so: site updates. */
  private static final double BLOCK_UPDATES = 3e7;

  private static final int LEAST_BLOCKS = 10;
  private static final int MOST_BLOCKS = 10_000;
  private static final int MOST_KEPT = 1 << 26; // numbers, half a gigabyte
  private static final long MOST_NUMBERS = 1L << 28; // of measurements, which are held in memory

  private final Phi4Config config;
  private final Path folder;
  private final Phi4Sampler drawn;
  private final Chains chains;
  private final Sampler sampler;
  private final Observables observables;
  private final int burnInBlocks;
  private final int blocks; // of measurements
  private final double[] accepted; // of each update, summed over measured sweeps
  private @Nullable NumpyFile measurements;
  private @Nullable NumpyFile configurations;
  private @Nullable SequencedMap<String, Estimate> estimates;
  private int measuredSweeps;
  private double sweepSeconds;

  Phi4Run(Phi4Config config, Path folder) {
    this.config = config;
    this.folder = folder;
    drawn = new Phi4Sampler(config, Integer.MAX_VALUE);
    chains = drawn.chains();
    sampler = drawn.sampler();
    observables = drawn.observables();
    try {
      requireThatItFits();
    } catch (RuntimeException e) {
      drawn.close();
      throw e;
    }
    accepted = new double[sampler.updates().size()];
    burnInBlocks = blocks(config.burnIn(), config.burnIn());
    blocks = blocks(config.measurements() * config.measureEvery(), config.measurements());
  }

  private void requireThatItFits() {
    if (config.keepEvery() > 0 && chains.fields().length > MOST_KEPT) {
      throw new IllegalArgumentException(
          "expected at most %,d numbers in a configuration of all chains, got %,d; keep none (keep=0) or take a smaller lattice or fewer chains"
              .formatted(MOST_KEPT, chains.fields().length));
    }
    int width = observables.series().width();
    long numbers = (long) config.measurements() * config.chains() * width;
    if (numbers > MOST_NUMBERS) {
      throw new IllegalArgumentException(
          "expected at most %,d numbers from measurements, got %,d of %d chains with %d each; measure more rarely (measure=), take fewer sweeps or chains"
              .formatted(MOST_NUMBERS, config.measurements(), config.chains(), width));
    }
  }

  /**
   * Returns into how many blocks sweeps are divided; the result does not depend on it.
   *
   * @param most there can be
   */
  private int blocks(int sweeps, int most) {
    double updates = (double) sweeps * chains.fields().length;
    int blocks = (int) Math.clamp(updates / BLOCK_UPDATES, LEAST_BLOCKS, MOST_BLOCKS);
    return Math.min(blocks, most);
  }

  @Override
  public int epochs() {
    return burnInBlocks + blocks + 1;
  }

  @Override
  public boolean typical(int epoch) {
    return epoch <= burnInBlocks + blocks;
  }

  @Override
  public List<String> preamble() {
    List<String> lines = new ArrayList<>();
    lines.add("lattice: %s, %d chains".formatted(config.lattice(), config.chains()));
    lines.add("action: " + config.couplings());
    lines.add(
        "sampler: %s on %s (%s)"
            .formatted(sampler.name(), drawn.backend().name(), drawn.backend().device()));
    if (config.keepEvery() > 0) {
      long kept = config.measurements() / config.keepEvery();
      lines.add(
          "configurations: %,d of each chain, %,d MB"
              .formatted(kept, kept * chains.fields().length * Double.BYTES / 1_000_000));
    }
    return lines;
  }

  /** Returns where a share of a count ends; all counts together are the whole. */
  private static int share(int count, int part, int parts) {
    return (int) ((long) count * part / parts);
  }

  @Override
  public void epoch(int epoch, EpochLog log) throws IOException {
    if (epoch <= burnInBlocks) {
      burnIn(epoch, log);
    } else if (epoch <= burnInBlocks + blocks) {
      measure(epoch - burnInBlocks, log);
    } else {
      log.progress("analysis", 0, 1);
      SequencedMap<String, Estimate> estimates = estimates();
      Path plots = Files.createDirectories(folder.resolve(PLOTS));
      new Phi4Plots(config, observables, estimates).write(plots);
      for (HealthCheck check : health(estimates)) {
        if (!check.passed()) {
          log.note("CAUTION, %s: %s".formatted(check.name(), check.found()));
        }
      }
    }
  }

  /** Returns the means, when all is measured. */
  private SequencedMap<String, Estimate> estimates() {
    if (estimates == null) {
      estimates = observables.estimates();
    }
    return estimates;
  }

  private void burnIn(int block, EpochLog log) {
    int from = share(config.burnIn(), block - 1, burnInBlocks);
    int to = share(config.burnIn(), block, burnInBlocks);
    for (int sweep = from; sweep < to; sweep++) {
      progress(log, "burn-in sweep", sweep, config.burnIn());
      sampler.burnIn(1);
    }
    for (Update update : sampler.updates()) {
      if (!Double.isNaN(update.size())) {
        scalar(log, update.name() + "/size", update.size());
      }
    }
  }

  private void measure(int block, EpochLog log) throws IOException {
    NumpyFile rows = measurements();
    int from = share(config.measurements(), block - 1, blocks);
    int to = share(config.measurements(), block, blocks);
    double[] before = accepted.clone();
    double seconds = sweepSeconds;
    double m2 = 0;
    double action = 0;
    for (int i = from; i < to; i++) {
      progress(log, "measurement", i, config.measurements());
      long start = System.nanoTime();
      for (int sweep = 0; sweep < config.measureEvery(); sweep++) {
        double[] shares = sampler.sweep();
        for (int k = 0; k < shares.length; k++) {
          accepted[k] += shares[k];
        }
        measuredSweeps++;
      }
      sweepSeconds += (System.nanoTime() - start) / 1e9;
      rows.append(observables.measure());
      for (int chain = 0; chain < config.chains(); chain++) {
        Measurement one = observables.latest(chain);
        m2 += one.magnetisation() * one.magnetisation();
        action += one.actionDensity(config.action());
      }
      if (config.keepEvery() > 0 && (i + 1) % config.keepEvery() == 0) {
        configurations().append(chains.fields());
      }
    }
    int sweeps = (to - from) * config.measureEvery();
    double count = (double) (to - from) * config.chains();
    scalar(log, "M^2", m2 / count);
    scalar(log, "action", action / count);
    for (int k = 0; k < accepted.length; k++) {
      scalar(log, drawn.updateNames().get(k) + "/acceptance", (accepted[k] - before[k]) / sweeps);
    }
    scalar(log, "sweeps_per_second", sweeps * config.chains() / (sweepSeconds - seconds));
  }

  private static void progress(EpochLog log, String phase, int done, int total) {
    if (log.isStopped()) {
      throw new TrainingStopped();
    }
    log.progress(phase, done, total);
  }

  private static void scalar(EpochLog log, String tag, double value) {
    log.scalar("phi4/" + tag, value);
  }

  private NumpyFile.Layout measurementLayout() {
    List<NumpyFile.Field> fields =
        observables.columns().stream()
            .map(column -> new NumpyFile.Field(column.name(), column.width()))
            .toList();
    return new NumpyFile.Layout(fields, List.of(config.chains()));
  }

  private NumpyFile.Layout configurationLayout() {
    List<Integer> shape = new ArrayList<>(List.of(config.chains()));
    for (int length : config.lattice().shape()) {
      shape.add(length);
    }
    return new NumpyFile.Layout(List.of(), shape);
  }

  private NumpyFile measurements() throws IOException {
    if (measurements == null) {
      measurements = NumpyFile.create(folder.resolve(MEASUREMENTS), measurementLayout());
    }
    return measurements;
  }

  private NumpyFile configurations() throws IOException {
    if (configurations == null) {
      configurations = NumpyFile.create(folder.resolve(CONFIGURATIONS), configurationLayout());
    }
    return configurations;
  }

  @Override
  public void save(Path checkpoint) throws IOException {
    measurements().publish();
    long kept = 0;
    if (config.keepEvery() > 0) {
      configurations().publish();
      kept = configurations().rows();
    }
    Path file = checkpoint.resolve(STATE);
    try (DataOutputStream out =
        new DataOutputStream(new BufferedOutputStream(Files.newOutputStream(file)))) {
      sampler.writeState(out);
      out.writeInt(measuredSweeps);
      out.writeLong(measurements().rows());
      out.writeLong(kept);
      out.writeDouble(sweepSeconds);
      for (double one : accepted) {
        out.writeDouble(one);
      }
    }
    AtomicFile.sync(file);
  }

  @Override
  public void load(Path checkpoint) throws IOException {
    Path file = checkpoint.resolve(STATE);
    try (DataInputStream in =
        new DataInputStream(new BufferedInputStream(Files.newInputStream(file)))) {
      sampler.readState(in);
      measuredSweeps = in.readInt();
      long rows = in.readLong();
      long fields = in.readLong();
      sweepSeconds = in.readDouble();
      for (int k = 0; k < accepted.length; k++) {
        accepted[k] = in.readDouble();
      }
      measurements = NumpyFile.reopen(folder.resolve(MEASUREMENTS), measurementLayout(), rows);
      if (config.keepEvery() > 0) {
        configurations =
            NumpyFile.reopen(folder.resolve(CONFIGURATIONS), configurationLayout(), fields);
      }
    }
    for (long row = 0; row < measurements.rows(); row++) {
      observables.add(measurements.read(row));
    }
  }

  private List<HealthCheck> health(Map<String, Estimate> estimates) {
    List<HealthCheck> checks = new ArrayList<>();
    checks.add(HealthCheck.identity("virial = 1", estimate(estimates, "virial"), 1));
    checks.add(
        HealthCheck.identity("Schwinger-Dyson = 0", estimate(estimates, "schwinger-dyson"), 0));
    if (estimates.containsKey("exp(-dH)")) {
      checks.add(HealthCheck.identity("<exp(-dH)> = 1", estimate(estimates, "exp(-dH)"), 1));
    }
    checks.add(HealthCheck.identity("<M> = 0", estimate(estimates, "M"), 0));
    for (String name : List.of("M", "|M|", "M^2", "action")) {
      checks.add(HealthCheck.length("chains long enough for " + name, estimate(estimates, name)));
    }
    return checks;
  }

  private static Estimate estimate(Map<String, Estimate> estimates, String name) {
    return Objects.requireNonNull(estimates.get(name), name);
  }

  @Override
  public ObjectNode result() {
    SequencedMap<String, Estimate> estimates = estimates();
    ObjectNode result = JsonNodeFactory.instance.objectNode();
    result.put("lattice", config.lattice().toString());
    result.put("action", config.couplings());
    result.put("sampler", sampler.name());
    result.put("backend", drawn.backend().name());
    result.put("chains", config.chains());
    result.put("measurements", observables.count());
    result.put("measure_every", config.measureEvery());
    List<HealthCheck> checks = health(estimates);
    result.put("converged", checks.stream().allMatch(HealthCheck::passed));
    ArrayNode health = result.putArray("health");
    checks.forEach(check -> check.put(health));
    ArrayNode updates = result.putArray("updates");
    for (int k = 0; k < accepted.length; k++) {
      ObjectNode update = updates.addObject().put("update", drawn.updateNames().get(k));
      update.put("acceptance", accepted[k] / measuredSweeps);
      EstimateTable.number(update, "size", sampler.updates().get(k).size());
    }
    EstimateTable.put(result.putObject("observables"), estimates);
    double chainSweeps = (double) measuredSweeps * config.chains();
    ObjectNode speed = result.putObject("speed");
    speed.put("sweeps_per_second", chainSweeps / sweepSeconds);
    speed.put("site_updates_per_second", chainSweeps * config.lattice().sites() / sweepSeconds);
    return result;
  }

  @Override
  public void close() {
    try {
      if (measurements != null) {
        measurements.close();
      }
      if (configurations != null) {
        configurations.close();
      }
    } catch (IOException _) {
      // What counts is in the files since the last checkpoint.
    }
    drawn.close();
  }
}
