package org.umwelt.physics.lattice;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import org.umwelt.kernels.backend.Backend;
import org.umwelt.kernels.backend.Call;
import org.umwelt.kernels.backend.Launch;
import org.umwelt.kernels.backend.Work;
import org.umwelt.kernels.lattice.LatticeKernels;

/**
 * Metropolis updates of every site: phi + width * uniform(-1, 1), accepted with min(1, exp(-change
 * of S)).
 *
 * <p>Sites are updated colour by colour, so that no two neighbours move at once: two colours where
 * every length is even, a few more elsewhere.
 */
public final class Metropolis implements Update {
  private static final double AIM = 0.5;
  private static final double SPEED = 0.5;

  private final Chains chains;
  private final double[] couplings;
  private final int[] place = new int[4];
  private final List<Launch> launches = new ArrayList<>();
  private final List<int[]> accepted = new ArrayList<>();

  /**
   * Prepares updates of some chains.
   *
   * @param width of proposals, positive
   * @param backend not closed here
   */
  public Metropolis(Chains chains, double width, Backend backend) {
    if (!(width > 0)) {
      throw new IllegalArgumentException("expected a positive width, got " + width);
    }
    this.chains = chains;
    Phi4 action = chains.action();
    couplings = new double[] {action.hopping(), action.quadratic(), action.quartic(), width};
    place[0] = (int) chains.seed();
    place[1] = (int) (chains.seed() >>> 32);
    int sites = chains.lattice().sites();
    int degree = 2 * chains.lattice().dimensions();
    for (int[] colour : colours(chains.neighbours(), sites, degree)) {
      int[] flags = new int[chains.count() * colour.length];
      accepted.add(flags);
      launches.add(
          backend.prepare(
              Call.of(
                  LatticeKernels.METROPOLIS,
                  Work.range(flags.length),
                  chains.fields(),
                  flags,
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

  @Override
  public String name() {
    return "metropolis";
  }

  @Override
  public double apply(Chains same) {
    if (!same.equals(chains)) {
      throw new IllegalArgumentException("expected the chains this was prepared for");
    }
    long step = chains.nextStep();
    place[2] = (int) step;
    place[3] = (int) (step >>> 32);
    long count = 0;
    for (int i = 0; i < launches.size(); i++) {
      launches.get(i).run();
      for (int one : accepted.get(i)) {
        count += one;
      }
    }
    return (double) count / chains.fields().length;
  }

  @Override
  public void adapt(double share) {
    couplings[3] *= Math.exp(SPEED * (share - AIM));
  }

  @Override
  public double size() {
    return couplings[3];
  }

  @Override
  public void close() {
    launches.forEach(Launch::close);
  }
}
