package org.umwelt.agents.phi4;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.umwelt.agents.plots.Plot;
import org.umwelt.agents.sampling.EstimateTable;
import org.umwelt.agents.training.EpochLog;
import org.umwelt.agents.training.Trainer;
import org.umwelt.agents.training.TrainingStopped;
import org.umwelt.kernels.backend.Backend;
import org.umwelt.kernels.backend.Backends;
import org.umwelt.kernels.files.AtomicFile;
import org.umwelt.kernels.random.RandomStream;
import org.umwelt.kernels.settings.Settings;
import org.umwelt.physics.lattice.Chains;
import org.umwelt.physics.lattice.Lattice;
import org.umwelt.physics.lattice.Measurement;
import org.umwelt.physics.lattice.Phi4;
import org.umwelt.physics.lattice.Sampler;
import org.umwelt.physics.statistics.Estimate;
import org.umwelt.physics.statistics.GammaMethod;

/** One block for every sampler on every lattice, each by itself, and then the plot. */
final class SlowingDownRun implements Trainer {
  private static final String STATE = "points.json";
  private static final String PLOT = "slowing-down.png";
  private static final int BURN_IN_PART = 5; // one sweep in so many
  private static final ObjectMapper MAPPER = new ObjectMapper();

  private final Settings values;
  private final int[] sizes;
  private final double[] lambdas;
  private final String[] samplers;
  private final Path folder;
  private final Backend backend;
  private ArrayNode points = MAPPER.createArrayNode(); // in the order of the blocks

  SlowingDownRun(Settings values, int[] sizes, double[] lambdas, Path folder) {
    this.values = values;
    this.sizes = sizes;
    this.lambdas = lambdas;
    this.folder = folder;
    samplers = values.text("samplers").split(",", -1);
    backend = Backends.open(values.text("backend"), values.intValue("threads"));
    try {
      for (int point = 0; point < samplers.length * sizes.length; point++) {
        sampler(point, chains(point)).close(); // refuses what cannot be sampled before anything is
      }
    } catch (RuntimeException e) {
      backend.close();
      throw e;
    }
  }

  private Chains chains(int point) {
    int at = point % sizes.length;
    return new Chains(
        Lattice.cube(2, sizes[at]),
        Phi4.mass(2, values.number("m2"), lambdas[at]),
        values.intValue("chains"),
        RandomStream.deriveSeed(values.integer("seed"), point));
  }

  private Sampler sampler(int point, Chains chains) {
    return Sampler.of(samplers[point / sizes.length].strip(), chains, backend);
  }

  @Override
  public int epochs() {
    return samplers.length * sizes.length;
  }

  @Override
  public boolean typical(int epoch) {
    return false; // large lattices take longer than small ones
  }

  @Override
  public List<String> preamble() {
    return List.of(
        "%d samplers on %d lattices, %s chains of %s sweeps each on %s (%s)"
            .formatted(
                samplers.length,
                sizes.length,
                values.text("chains"),
                values.text("sweeps"),
                backend.name(),
                backend.device()));
  }

  @Override
  public void epoch(int epoch, EpochLog log) throws IOException {
    int sweeps = values.intValue("sweeps");
    Chains chains = chains(epoch - 1);
    double[][] squares = new double[chains.count()][sweeps];
    try (Sampler sampler = sampler(epoch - 1, chains)) {
      int burnIn = sweeps / BURN_IN_PART;
      for (int sweep = 0; sweep < burnIn + sweeps; sweep++) {
        if (log.isStopped()) {
          throw new TrainingStopped();
        }
        log.progress(
            "%s on %s, sweep".formatted(sampler.name(), chains.lattice()), sweep, burnIn + sweeps);
        if (sweep < burnIn) {
          sampler.burnIn(1);
          continue;
        }
        sampler.sweep();
        for (int chain = 0; chain < chains.count(); chain++) {
          double m = Measurement.of(chains, chain).magnetisation();
          squares[chain][sweep - burnIn] = m * m;
        }
      }
      Estimate m2 = GammaMethod.mean(squares);
      ObjectNode point = points.addObject();
      point.put("sampler", sampler.name());
      point.put("size", chains.lattice().length(0));
      point.put("lambda", lambdas[(epoch - 1) % sizes.length]);
      EstimateTable.number(point, "M^2", m2.value());
      EstimateTable.number(point, "M^2_error", m2.error());
      EstimateTable.number(point, "tau_int", m2.tauInt());
      EstimateTable.number(point, "tau_int_error", m2.tauIntError());
      point.put("converged", m2.converged());
      log.scalar("slowing/%s/%s".formatted(sampler.name(), chains.lattice()), m2.tauInt());
      log.note(
          "%s on %s: tau_int %.2f +- %.2f%s"
              .formatted(
                  sampler.name(),
                  chains.lattice(),
                  m2.tauInt(),
                  m2.tauIntError(),
                  m2.converged() ? "" : ", CAUTION: too few sweeps for it"));
    }
    if (epoch == epochs()) {
      plot();
    }
  }

  /** Returns the points of a sampler: size, autocorrelation time and its error. */
  private double[][] of(int sampler) {
    double[][] columns = new double[3][sizes.length];
    for (int i = 0; i < sizes.length; i++) {
      JsonNode point = points.get(sampler * sizes.length + i);
      columns[0][i] = point.path("size").asDouble();
      columns[1][i] = point.path("tau_int").asDouble();
      columns[2][i] = point.path("tau_int_error").asDouble();
    }
    return columns;
  }

  private void plot() throws IOException {
    Plot plot =
        new Plot("Critical slowing down of M^2, phi^4 in 2 dimensions", "L", "tau_int in sweeps")
            .logarithmic()
            .logarithmicX();
    for (int i = 0; i < samplers.length; i++) {
      double[][] columns = of(i);
      plot.points(
          "%s, z = %s".formatted(samplers[i], exponent(columns).concise()),
          columns[0],
          columns[1],
          columns[2]);
    }
    plot.write(Files.createDirectories(folder.resolve("plots")).resolve(PLOT));
  }

  /** Fits log tau = z log L + constant, weighted by the errors; z with its error. */
  static Estimate exponent(double[][] columns) {
    double sum = 0;
    double x = 0;
    double y = 0;
    double xx = 0;
    double xy = 0;
    for (int i = 0; i < columns[0].length; i++) {
      double relative = columns[2][i] / columns[1][i];
      double weight = 1 / (relative * relative);
      double logSize = Math.log(columns[0][i]);
      double logTime = Math.log(columns[1][i]);
      sum += weight;
      x += weight * logSize;
      y += weight * logTime;
      xx += weight * logSize * logSize;
      xy += weight * logSize * logTime;
    }
    double determinant = sum * xx - x * x;
    return new Estimate(
        (sum * xy - x * y) / determinant,
        Math.sqrt(sum / determinant),
        0.5,
        0,
        0,
        columns[0].length,
        1);
  }

  @Override
  public void save(Path checkpoint) throws IOException {
    AtomicFile.write(checkpoint.resolve(STATE), points + "\n");
  }

  @Override
  public void load(Path checkpoint) throws IOException {
    points = MAPPER.readValue(checkpoint.resolve(STATE).toFile(), ArrayNode.class);
  }

  @Override
  public ObjectNode result() {
    ObjectNode result = MAPPER.createObjectNode();
    ObjectNode exponents = result.putObject("z");

    for (int i = 0; i < samplers.length; i++) {
      Estimate z = exponent(of(i));
      exponents
          .putObject(samplers[i])
          .put("value", z.value())
          .put("error", z.error())
          .put("text", z.concise());
    }

    result.set("points", points);
    return result;
  }

  @Override
  public void close() {
    backend.close();
  }
}
