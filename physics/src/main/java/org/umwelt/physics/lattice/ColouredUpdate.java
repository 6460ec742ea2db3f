package org.umwelt.physics.lattice;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import org.umwelt.kernels.backend.Backend;
import org.umwelt.kernels.backend.Call;
import org.umwelt.kernels.backend.Kernel;
import org.umwelt.kernels.backend.Launch;
import org.umwelt.kernels.backend.Work;

/**
 * Updates of every site, colour by colour, so that no two neighbours move at once: two colours
 * where every length is even, a few more elsewhere.
 */
abstract class ColouredUpdate implements Update {
  private final Chains chains;
  private final double[] couplings;
  private final int[] place = new int[4];
  private final List<Launch> launches = new ArrayList<>();
  private final List<int[]> counts = new ArrayList<>();

  /**
   * Prepares a kernel for each colour.
   *
   * @param kernel takes field, a count per update, colour, neighbours, couplings, place, updates
   *     per chain, sites and degree
   * @param width the fourth coupling, behind hopping, quadratic and quartic
   */
  ColouredUpdate(Kernel kernel, Chains chains, double width, Backend backend) {
    this.chains = chains;
    Phi4 action = chains.action();
    couplings = new double[] {action.hopping(), action.quadratic(), action.quartic(), width};
    place[0] = (int) chains.seed();
    place[1] = (int) (chains.seed() >>> 32);
    int sites = chains.lattice().sites();
    int degree = 2 * chains.lattice().dimensions();
    for (int[] colour : colours(chains.neighbours(), sites, degree)) {
      int[] count = new int[chains.count() * colour.length];
      counts.add(count);
      launches.add(
          backend.prepare(
              Call.of(
                  kernel,
                  Work.range(count.length),
                  chains.fields(),
                  count,
                  colour,
                  chains.neighbours(),
                  couplings,
                  place,
                  colour.length,
                  sites,
                  degree)));
    }
  }

  /** Returns the sites of each colour; each site has the first that no neighbour has. */
  static List<int[]> colours(int[] neighbours, int sites, int degree) {
    int[] colourOf = new int[sites];
    Arrays.fill(colourOf, -1);
    int colours = 0;
    for (int site = 0; site < sites; site++) {
      boolean[] taken = new boolean[degree + 1];
      for (int k = 0; k < degree; k++) {
        int other = colourOf[neighbours[site * degree + k]];
        if (other >= 0) {
          taken[other] = true;
        }
      }
      int colour = 0;
      while (taken[colour]) {
        colour++;
      }
      colourOf[site] = colour;
      colours = Math.max(colours, colour + 1);
    }
    List<int[]> all = new ArrayList<>();
    for (int colour = 0; colour < colours; colour++) {
      int wanted = colour;
      all.add(IntStream.range(0, sites).filter(site -> colourOf[site] == wanted).toArray());
    }
    return all;
  }

  /** Updates every site of every chain and returns the mean of what the kernel counts. */
  final double sweep(Chains same) {
    if (!same.equals(chains)) {
      throw new IllegalArgumentException("expected the chains this was prepared for");
    }
    long step = chains.nextStep();
    place[2] = (int) step;
    place[3] = (int) (step >>> 32);
    long sum = 0;
    for (int i = 0; i < launches.size(); i++) {
      launches.get(i).run();
      for (int one : counts.get(i)) {
        sum += one;
      }
    }
    return (double) sum / chains.fields().length;
  }

  /** Returns the numbers the kernel reads: hopping, quadratic, quartic, width. */
  final double[] couplings() {
    return couplings;
  }

  @Override
  public final void close() {
    launches.forEach(Launch::close);
  }
}
