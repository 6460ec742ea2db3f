package org.umwelt.agents.phi4;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.Closeable;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.umwelt.agents.runs.RunFolder;
import org.umwelt.kernels.files.NumpyFile;
import org.umwelt.kernels.files.NumpyReader;
import org.umwelt.kernels.settings.BadRequestException;
import org.umwelt.kernels.settings.Settings;
import org.umwelt.physics.lattice.Lattice;
import org.umwelt.physics.lattice.MeasurementSeries;
import org.umwelt.physics.lattice.Phi4;
import org.umwelt.physics.lattice.RunningEstimates;

/**
 * What {@code umwelt sample phi4} has left in a folder so far, read also while it goes on. Not
 * thread-safe, but for {@link #series}.
 */
public final class Phi4Recording implements Closeable {
  /** Rows that are read at once. */
  private static final int MOST_ROWS = 1000;

  private static final String METRICS = "metrics.jsonl";
  private static final String ACCEPTANCE = "/acceptance";
  private static final ObjectMapper JSON = new ObjectMapper();

  private final Path folder;
  private final Phi4Config config;
  private final Map<String, String> asked;
  private final NumpyReader measurements;
  private final MeasurementSeries series;
  private @Nullable NumpyReader configurations;
  private long next; // row of the measurements
  private long metricsBytes;

  private Phi4Recording(
      Path folder, Settings settings, Phi4Config config, NumpyReader measurements) {
    this.folder = folder;
    this.config = config;
    asked = settings.given();
    this.measurements = measurements;
    List<MeasurementSeries.Column> columns = new ArrayList<>();
    for (NumpyFile.Field field : measurements.layout().fields()) {
      columns.add(new MeasurementSeries.Column(field.name(), field.width()));
    }
    series =
        new MeasurementSeries(
            columns, config.chains(), RunningEstimates.measurementsToKeep(config.chains()));
  }

  /** Returns whether a folder holds measurements of a sampling. */
  public static boolean isIn(Path folder) {
    return Files.isRegularFile(folder.resolve(Phi4Run.MEASUREMENTS));
  }

  /**
   * Opens the run in a folder.
   *
   * @throws BadRequestException where there is none, or one of something else
   */
  public static Phi4Recording open(Path folder) throws IOException {
    if (!isIn(folder)) {
      throw new BadRequestException(
          "expected the run of a sampling with %s in %s; umwelt sample phi4 --out DIR makes one"
              .formatted(Phi4Run.MEASUREMENTS, folder));
    }
    JsonNode json = RunFolder.config(folder);
    String experiment = json.path("experiment").asText();
    if (!experiment.equals("phi4")) {
      throw new BadRequestException(
          "expected a run of umwelt sample phi4 in %s, found one of %s"
              .formatted(folder, experiment.isEmpty() ? "nothing known" : experiment));
    }
    Settings settings = Phi4Config.read(json);
    Phi4Config config = Phi4Config.of(settings);
    NumpyReader reader = NumpyReader.open(folder.resolve(Phi4Run.MEASUREMENTS));
    try {
      requireFit(folder, config, reader.layout());
      return new Phi4Recording(folder, settings, config, reader);
    } catch (RuntimeException e) {
      reader.close();
      throw e;
    }
  }

  private static void requireFit(Path folder, Phi4Config config, NumpyFile.Layout layout) {
    List<String> names = layout.fields().stream().map(NumpyFile.Field::name).toList();
    if (!names.containsAll(List.of("M", "phi^2", "phi^4", "neighbour", "C"))
        || !layout.shape().equals(List.of(config.chains()))) {
      throw new BadRequestException(
          "expected measurements of %d chains in %s, found %s of shape %s; the run is damaged"
              .formatted(config.chains(), folder, names, layout.shape()));
    }
  }

  /**
   * Reads what is new, some of it where there is much: call it until it returns 0.
   *
   * @param each is given every row read, [chains, width of the series]
   * @return how many rows were read or left out
   */
  public long read(Consumer<double[]> each) throws IOException {
    long rows = measurements.rows();
    if (rows < next) { // a run that was resumed behind its last checkpoint
      series.clear();
      next = 0;
    }
    long from = next;
    long kept = rows - series.most();
    if (kept > next) {
      series.skip(kept - next);
      next = kept;
    }
    long to = Math.min(rows, next + MOST_ROWS);
    for (; next < to; next++) {
      double[] row = measurements.read(next);
      series.add(row);
      each.accept(row);
    }
    return next - from;
  }

  /**
   * Reads the acceptance of blocks anew where the file has grown.
   *
   * @param each is given, for each block of measurements from the first on, the share of proposals
   *     each update accepted
   * @return whether it has grown
   */
  public boolean readAcceptance(Consumer<double[]> each) throws IOException {
    Path file = folder.resolve(METRICS);
    long bytes = Files.exists(file) ? Files.size(file) : 0;
    if (bytes == metricsBytes) {
      return false;
    }
    metricsBytes = bytes;
    int updates = updateNames().size();
    for (String line : Files.readAllLines(file)) {
      double[] accepted = acceptance(line);
      if (accepted.length == updates) {
        each.accept(accepted);
      }
    }
    return true;
  }

  private static double[] acceptance(String line) {
    try {
      return JSON.readTree(line).properties().stream()
          .filter(entry -> entry.getKey().endsWith(ACCEPTANCE))
          .mapToDouble(entry -> entry.getValue().asDouble())
          .toArray();
    } catch (JsonProcessingException _) {
      return new double[0]; // the last line, half written
    }
  }

  /** Returns how many configurations of every chain there are now. */
  public long configurations() throws IOException {
    Path file = folder.resolve(Phi4Run.CONFIGURATIONS);
    if (configurations == null && Files.exists(file)) {
      configurations = NumpyReader.open(file);
      if (configurations.layout().numbers() != config.chains() * config.lattice().sites()) {
        throw new BadRequestException(
            "expected %d chains of a lattice %s in %s, found shape %s; the run is damaged"
                .formatted(
                    config.chains(), config.lattice(), file, configurations.layout().shape()));
      }
    }
    return configurations == null ? 0 : configurations.rows();
  }

  /**
   * Reads a configuration.
   *
   * @param index from 0, less than {@link #configurations}
   * @return [chains, sites]
   */
  public double[] configuration(long index) throws IOException {
    if (index < 0 || index >= configurations() || configurations == null) {
      throw new IOException("expected a configuration of %s, got %d".formatted(folder, index));
    }
    return configurations.read(index);
  }

  /** Returns what was measured, the latest of it. */
  public MeasurementSeries series() {
    return series;
  }

  /** Returns the lattice. */
  public Lattice lattice() {
    return config.lattice();
  }

  /** Returns the action. */
  public Phi4 action() {
    return config.action();
  }

  /** Returns the updates, by the words the sampler was asked for with. */
  public List<String> updateNames() {
    return List.of(config.sampler().split("\\+"));
  }

  /** Returns how many sweeps lie between two measurements. */
  public int measureEvery() {
    return config.measureEvery();
  }

  /** Returns how many measurements lie between two configurations; 0 where none are kept. */
  public int keepEvery() {
    return config.keepEvery();
  }

  /** Returns how many measurements were asked for. */
  public int measurements() {
    return config.measurements();
  }

  /** Returns the settings of the run by name, without couplings of other conventions. */
  public Map<String, String> asked() {
    return asked;
  }

  /** Returns what was asked for, in one line. */
  public String summary() {
    return "%s, %s, %d chains, seed %d: %s"
        .formatted(
            config.lattice(), config.sampler(), config.chains(), config.seed(), config.couplings());
  }

  @Override
  public void close() throws IOException {
    measurements.close();
    if (configurations != null) {
      configurations.close();
    }
  }
}
