package org.umwelt.physics.lattice;

/**
 * What is known exactly of a small lattice.
 *
 * @param logPartitionFunction logarithm of the integral of exp(-S)
 * @param phi2 mean of phi^2
 * @param phi4 mean of phi^4
 * @param neighbour mean of phi(x) phi(x + mu), any direction
 * @param magnetisationSquared mean of M^2, M the mean of the field over the sites
 */
public record ExactObservables(
    double logPartitionFunction,
    double phi2,
    double phi4,
    double neighbour,
    double magnetisationSquared) {}
