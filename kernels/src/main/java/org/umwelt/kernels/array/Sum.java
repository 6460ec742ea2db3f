package org.umwelt.kernels.array;

import org.umwelt.kernels.array.device.SumKernel;
import org.umwelt.kernels.backend.Backend;
import org.umwelt.kernels.backend.Call;
import org.umwelt.kernels.backend.Kernel;
import org.umwelt.kernels.backend.Work;
import org.umwelt.kernels.parallel.WorkerTeam;

/** The sum of an array of float32, the same for any number of threads. */
public final class Sum {
  /** The kernel: x, partial sums, how many numbers x has. */
  public static final Kernel KERNEL =
      Kernel.of("sum", "sum of float32, in partial sums", SumKernel.class, "sum")
          .tuned(Sum::onProcessor);

  private static final int GROUPS = 64;
  private static final int LANES = 16; // sums side by side, so that processors add vectors

  private Sum() {}

  /** Returns the sum of all elements. */
  public static double of(Backend backend, float[] x) {
    float[] partial = new float[GROUPS];
    backend.run(Call.of(KERNEL, Work.groups(GROUPS, SumKernel.GROUP), x, partial, x.length));
    double sum = 0;
    for (float one : partial) {
      sum += one;
    }
    return sum;
  }

  private static void onProcessor(WorkerTeam team, Object[] arguments) {
    float[] x = (float[]) arguments[0];
    float[] partial = (float[]) arguments[1];
    int count = (int) arguments[2];
    int piece = Math.ceilDiv(count, partial.length);
    team.run(
        partial.length,
        i -> partial[i] = sum(x, Math.min(count, i * piece), Math.min(count, (i + 1) * piece)));
  }

  private static float sum(float[] x, int from, int to) {
    float[] sums = new float[LANES];
    int i = from;
    for (; i + LANES <= to; i += LANES) {
      for (int lane = 0; lane < LANES; lane++) {
        sums[lane] += x[i + lane];
      }
    }
    double sum = 0;
    for (; i < to; i++) {
      sum += x[i];
    }
    for (float lane : sums) {
      sum += lane;
    }
    return (float) sum;
  }
}
