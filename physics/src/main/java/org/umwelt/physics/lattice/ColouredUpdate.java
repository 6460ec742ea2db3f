package org.umwelt.physics.lattice;

import java.util.ArrayList;
import java.util.List;
import org.umwelt.kernels.backend.Backend;
import org.umwelt.kernels.backend.Call;
import org.umwelt.kernels.backend.Kernel;
import org.umwelt.kernels.backend.Launch;
import org.umwelt.kernels.backend.Work;

/**
 * Updates of every site, colour by colour, so that no two neighbours move at once: two colours
 * where every length is even, three elsewhere; see {@link
 * org.umwelt.kernels.lattice.device.QuarticMetropolisKernel}.
 */
abstract class ColouredUpdate implements Update {
  private final Chains chains;
  private final double[] couplings;
  private final int[] place = new int[4];
  private final List<Launch> launches = new ArrayList<>();
  private final int[] counts; // (chains, rows, half a row), of one colour after the other

  /**
   * Prepares a kernel for each colour.
   *
   * @param kernel takes field, counts, shape, couplings, place, colour, colours, sites and
   *     dimensions
   * @param width the fourth coupling, behind hopping, quadratic and quartic
   */
  ColouredUpdate(Kernel kernel, Chains chains, double width, Backend backend) {
    this.chains = chains;
    Phi4 action = chains.action();
    couplings = new double[] {action.hopping(), action.quadratic(), action.quartic(), width};
    Lattice lattice = chains.lattice();
    int[] shape = lattice.shape();
    int length = shape[shape.length - 1];
    counts = new int[chains.fields().length / length * (length / 2)];
    int colours = lattice.isEven() ? 2 : 3;
    for (int colour = 0; colour < colours; colour++) {
      launches.add(
          backend.prepare(
              Call.of(
                  kernel,
                  Work.range(counts.length),
                  chains.fields(),
                  counts,
                  shape,
                  couplings,
                  place,
                  colour,
                  colours,
                  lattice.sites(),
                  shape.length)));
    }
  }

  /** Updates every site of every chain and returns the mean of what the kernel counts. */
  final double sweep(Chains same) {
    if (!same.equals(chains)) {
      throw new IllegalArgumentException("expected the chains this was prepared for");
    }
    chains.place(chains.nextStep(), place);
    long sum = 0;
    for (Launch launch : launches) {
      launch.run();
      for (int one : counts) {
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
