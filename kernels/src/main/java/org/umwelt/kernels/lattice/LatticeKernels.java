package org.umwelt.kernels.lattice;

import java.util.List;
import org.umwelt.kernels.backend.Kernel;
import org.umwelt.kernels.backend.KernelProvider;
import org.umwelt.kernels.lattice.device.DriftKernel;
import org.umwelt.kernels.lattice.device.QuarticHeatBathKernel;
import org.umwelt.kernels.lattice.device.QuarticKickKernel;
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
          "update");

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
          "update");

  /** A kick; see {@link QuarticKickKernel#kick}. */
  public static final Kernel KICK =
      Kernel.of(
          "quartic-kick",
          "momentum - step * force of a quartic action",
          QuarticKickKernel.class,
          "kick");

  /** A drift; see {@link DriftKernel#drift}. */
  public static final Kernel DRIFT =
      Kernel.of("drift", "field + step * momentum", DriftKernel.class, "drift");

  @Override
  public List<Kernel> kernels() {
    return List.of(METROPOLIS, HEAT_BATH, REFLECTION, KICK, DRIFT);
  }
}
