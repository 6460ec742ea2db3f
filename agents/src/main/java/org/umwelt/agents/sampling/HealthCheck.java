package org.umwelt.agents.sampling;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.Locale;
import org.umwelt.physics.statistics.Estimate;

/**
 * What must hold of every correct run.
 *
 * @param name what is checked
 * @param found in words
 * @param passed whether it holds
 */
public record HealthCheck(String name, String found, boolean passed) {
  private static final double MOST_ERRORS = 4;

  /** Returns whether a mean is within 4 standard errors of what an identity says. */
  public static HealthCheck identity(String name, Estimate estimate, double expected) {
    double pull = estimate.pull(expected);
    return new HealthCheck(
        name,
        String.format(Locale.ROOT, "%s, pull %.2f", estimate.concise(), pull),
        Math.abs(pull) < MOST_ERRORS);
  }

  /** Returns whether the chains are long enough for the autocorrelation of a mean. */
  public static HealthCheck length(String name, Estimate estimate) {
    return new HealthCheck(
        name,
        String.format(
            Locale.ROOT,
            "%,.0f autocorrelation times a chain, tau_int %.1f",
            (double) estimate.samples() / estimate.chains() / estimate.tauInt(),
            estimate.tauInt()),
        estimate.converged());
  }

  /** Adds it to the checks of a result. */
  public void put(ArrayNode checks) {
    ObjectNode node = checks.addObject();
    node.put("check", name).put("found", found).put("passed", passed);
  }
}
