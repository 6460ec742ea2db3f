package org.umwelt.physics.lattice;

import java.util.List;
import org.umwelt.kernels.random.RandomStream;

/**
 * The single-cluster algorithm on the signs of the field: U. Wolff, Phys. Rev. Lett. 62 (1989) 361;
 * the embedded Ising model of Brower and Tamayo, ibid. 1087.
 *
 * <p>From a random site a cluster grows over links whose ends have one sign, each with probability
 * 1 - exp(-4 hopping phi phi'); the cluster changes sign. Sizes of the field never change, so it
 * needs company.
 */
public final class Wolff implements Update {
  private final int clusters;
  private double[] improved = {}; // (chains)
  private double work; // share of the sites that was flipped

  /**
   * Creates it.
   *
   * @param clusters that are grown in one application
   */
  public Wolff(int clusters) {
    if (clusters < 1) {
      throw new IllegalArgumentException("expected at least 1 cluster, got " + clusters);
    }
    this.clusters = clusters;
  }

  @Override
  public String name() {
    return "wolff";
  }

  @Override
  public double apply(Chains chains) {
    int sites = chains.lattice().sites();
    int degree = 2 * chains.lattice().dimensions();
    int[] cluster = new int[sites];
    long step = chains.nextStep();
    improved = new double[chains.count()];
    work = 0;
    for (int chain = 0; chain < chains.count(); chain++) {
      RandomStream random = chains.random(step, chain);
      for (int i = 0; i < clusters; i++) {
        int size = flip(chains, chain * sites, degree, cluster, random);
        double sum = 0; // of |phi| over the cluster
        for (int k = 0; k < size; k++) {
          sum += Math.abs(chains.fields()[chain * sites + cluster[k]]);
        }
        improved[chain] += sum * sum / size / clusters;
        work += (double) size / sites / chains.count();
      }
    }
    return 1;
  }

  /** Returns the share of the sites that was in clusters, each counted. */
  @Override
  public double work() {
    return work;
  }

  /**
   * Returns the improved estimator of the susceptibility V M^2, with less variance: the mean of
   * (sum of |phi| over a cluster)^2 / its size.
   */
  @Override
  public List<Measured> measured() {
    return List.of(new Measured("chi_improved", chain -> improved[chain]));
  }

  /**
   * Grows a cluster, whose sites change sign as they join it.
   *
   * @param cluster receives its sites
   * @return how many there are
   */
  private static int flip(Chains chains, int from, int degree, int[] cluster, RandomStream random) {
    double[] fields = chains.fields();
    int[] neighbours = chains.neighbours();
    double strength = 4 * chains.action().hopping();
    int seed = random.nextInt(cluster.length);
    cluster[0] = seed;
    fields[from + seed] = -fields[from + seed];
    int size = 1;
    for (int next = 0; next < size; next++) {
      int site = cluster[next];
      double phi = -fields[from + site]; // as it was

      for (int k = 0; k < degree; k++) {
        int other = neighbours[site * degree + k];
        double product = phi * fields[from + other]; // negative where it has joined already
        if (product > 0 && random.nextDouble() < -Math.expm1(-strength * product)) {
          cluster[size++] = other;
          fields[from + other] = -fields[from + other];
        }
      }
    }
    return size;
  }
}
