package org.umwelt.agents.sampling;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.Map;
import org.umwelt.physics.statistics.Estimate;

/** Means with their errors and autocorrelation times as {@code result.json} has them. */
public final class EstimateTable {
  private EstimateTable() {}

  /**
   * Adds means by name: value, error, tau_int with its error and window, in measurements, the
   * effective sample size of a Markov chain, N / (2 tau_int), and whether the chains are long
   * enough for the error to be trusted. What noise leaves undefined is null.
   */
  public static void put(ObjectNode node, Map<String, Estimate> estimates) {
    estimates.forEach((name, estimate) -> {
      ObjectNode one = node.putObject(name);
      number(one, "value", estimate.value());
      number(one, "error", estimate.error());
      number(one, "tau_int", estimate.tauInt());
      number(one, "tau_int_error", estimate.tauIntError());
      one.put("window", estimate.window());
      number(one, "mcmc_effective_sample_size", estimate.effectiveSampleSize());
      one.put("samples", estimate.samples());
      one.put("converged", estimate.converged() && Double.isFinite(estimate.error()));
      one.put("text", estimate.concise());
    });
  }

  /** Adds a number, null where it is not finite, which JSON cannot say. */
  public static void number(ObjectNode node, String name, double value) {
    node.put(name, Double.isFinite(value) ? (Double) value : null);
  }
}
