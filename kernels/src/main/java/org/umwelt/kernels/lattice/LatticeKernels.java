package org.umwelt.kernels.lattice;

import java.util.List;
import org.umwelt.kernels.backend.Kernel;
import org.umwelt.kernels.backend.KernelProvider;
import org.umwelt.kernels.lattice.device.DriftKernel;
import org.umwelt.kernels.lattice.device.QuarticKickKernel;
import org.umwelt.kernels.lattice.device.QuarticMetropolisKernel;

/** The kernels of this package. */
public final class LatticeKernels implements KernelProvider {
  /** Metropolis updates of one colour; see {@link QuarticMetropolisKernel#update}. */
  public static final Kernel METROPOLIS =
      Kernel.of(
          "quartic-metropolis",
          "Metropolis updates of a field with a quartic action, one colour",
          QuarticMetropolisKernel.class,
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
    return List.of(METROPOLIS, KICK, DRIFT);
  }
}
