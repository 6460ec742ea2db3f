package org.umwelt.physics.lattice;

import org.umwelt.kernels.random.RandomStream;

/**
 * The cluster algorithm on the signs of the field: Swendsen, Wang, Phys. Rev. Lett. 58 (1987) 86.
 *
 * <p>Links whose ends have one sign are closed with probability 1 - exp(-4 hopping phi phi'), each
 * of two parallel links by itself; every cluster of closed links gets a random sign. Sizes of the
 * field never change, so it needs company.
 */
public final class SwendsenWang implements Update {
  @Override
  public String name() {
    return "swendsen-wang";
  }

  @Override
  public double apply(Chains chains) {
    int sites = chains.lattice().sites();
    int degree = 2 * chains.lattice().dimensions();
    double strength = 4 * chains.action().hopping();
    double[] fields = chains.fields();
    int[] neighbours = chains.neighbours();
    int[] root = new int[sites];
    long step = chains.nextStep();
    for (int chain = 0; chain < chains.count(); chain++) {
      RandomStream random = chains.random(step, chain);
      int from = chain * sites;
      for (int site = 0; site < sites; site++) {
        root[site] = site;
      }
      for (int site = 0; site < sites; site++) {
        for (int k = 0; k < degree; k += 2) { // forward alone: each link once
          int other = neighbours[site * degree + k];
          double product = fields[from + site] * fields[from + other];
          if (product > 0 && random.nextDouble() < -Math.expm1(-strength * product)) {
            int a = find(root, site);
            int b = find(root, other);
            root[Math.max(a, b)] = Math.min(a, b);
          }
        }
      }
      boolean[] flip = new boolean[sites];
      for (int site = 0; site < sites; site++) {
        int cluster = find(root, site);
        if (cluster == site) { // the first site of its cluster
          flip[site] = random.nextBoolean();
        }
        if (flip[cluster]) {
          fields[from + site] = -fields[from + site];
        }
      }
    }
    return 1;
  }

  /** Returns the first site of a cluster, and shortens the way to it. */
  private static int find(int[] root, int site) {
    int at = site;
    while (root[at] != at) {
      root[at] = root[root[at]];
      at = root[at];
    }
    return at;
  }
}
