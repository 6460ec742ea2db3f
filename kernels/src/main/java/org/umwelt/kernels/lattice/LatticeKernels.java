package org.umwelt.kernels.lattice;

import java.util.List;
import org.umwelt.kernels.backend.Kernel;
import org.umwelt.kernels.backend.KernelProvider;
import org.umwelt.kernels.lattice.device.DriftKernel;
import org.umwelt.kernels.lattice.device.NormalKernel;
import org.umwelt.kernels.lattice.device.QuarticEnergyKernel;
import org.umwelt.kernels.lattice.device.QuarticHeatBathKernel;
import org.umwelt.kernels.lattice.device.QuarticKickKernel;
import org.umwelt.kernels.lattice.device.QuarticLeapfrogKernel;
import org.umwelt.kernels.lattice.device.QuarticMetropolisKernel;
import org.umwelt.kernels.lattice.device.QuarticReflectionKernel;

/** The kernels of this package. */
public final class LatticeKernels implements KernelProvider {
  /** Metropolis updates of one colour; see {@link QuarticMetropolisKernel#update}. */
  public static final Kernel METROPOLIS =
      Kernel.of(
              "quartic-metropolis",
              "Metropolis updates of a field with a quartic action, one colour",
              QuarticMetropolisKernel.class,
              "update")
          .tuned(QuarticSweeps::metropolis);

  /** Exact heat bath of one colour; see {@link QuarticHeatBathKernel#update}. */
  public static final Kernel HEAT_BATH =
      Kernel.of(
          "quartic-heat-bath",
          "exact heat bath of a field with a quartic action, one colour",
          QuarticHeatBathKernel.class,
          "update");

  /** Over-relaxation of one colour; see {@link QuarticReflectionKernel#update}. */
  public static final Kernel REFLECTION =
      Kernel.of(
              "quartic-reflection",
              "over-relaxation of a field with a quartic action, one colour",
              QuarticReflectionKernel.class,
              "update")
          .tuned(QuarticSweeps::reflect);

  /** A kick; see {@link QuarticKickKernel#kick}. */
  public static final Kernel KICK =
      Kernel.of(
              "quartic-kick",
              "momentum - step * force of a quartic action",
              QuarticKickKernel.class,
              "kick")
          .tuned(QuarticSweeps::kick);

  /** A drift; see {@link DriftKernel#drift}. */
  public static final Kernel DRIFT =
      Kernel.of("drift", "field + step * momentum", DriftKernel.class, "drift")
          .tuned(QuarticSweeps::drift);

  /** A kick and a drift; see {@link QuarticLeapfrogKernel#leapfrog}. */
  public static final Kernel LEAPFROG =
      Kernel.of(
              "quartic-leapfrog",
              "a kick by a quartic action and the drift behind it",
              QuarticLeapfrogKernel.class,
              "leapfrog")
          .tuned(QuarticLeapfrog::one)
          .tunedSequence(QuarticLeapfrog::several);

  /** The energy of fields and momenta; see {@link QuarticEnergyKernel#energy}. */
  public static final Kernel ENERGY =
      Kernel.of(
              "quartic-energy",
              "momentum^2 / 2 + quartic action, in partial sums",
              QuarticEnergyKernel.class,
              "energy")
          .tuned(QuarticSweeps::energy);

  /** Normal numbers; see {@link NormalKernel#draw}. */
  public static final Kernel NORMAL =
      Kernel.of("normal-numbers", "independent normal numbers", NormalKernel.class, "draw")
          .tuned(QuarticSweeps::normals);

  @Override
  public List<Kernel> kernels() {
    return List.of(METROPOLIS, HEAT_BATH, REFLECTION, KICK, DRIFT, LEAPFROG, ENERGY, NORMAL);
  }
}
