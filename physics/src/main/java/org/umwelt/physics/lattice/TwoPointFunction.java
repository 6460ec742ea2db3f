package org.umwelt.physics.lattice;

import java.util.Arrays;
import java.util.stream.LongStream;
import org.bytedeco.javacpp.DoublePointer;
import org.bytedeco.javacpp.PointerScope;
import org.bytedeco.pytorch.StringViewOptional;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch;
import org.umwelt.kernels.tensor.Compute;

/**
 * The two-point function of a field, G(x) = 1 / V times the sum over y of phi(y) phi(y + x): |phi
 * (k)|^2 / V, transformed back.
 */
public final class TwoPointFunction {
  private TwoPointFunction() {}

  /**
   * Returns the two-point function of every chain.
   *
   * @return [chains, sites]
   */
  public static double[] of(Chains chains) {
    Lattice lattice = chains.lattice();
    int[] shape = lattice.shape();
    long[] lengths = Arrays.stream(shape).asLongStream().toArray();
    long[] axes = LongStream.rangeClosed(1, shape.length).toArray();
    long[] all = LongStream.concat(LongStream.of(chains.count()), LongStream.of(lengths)).toArray();
    double[] result = new double[chains.fields().length];
    try (PointerScope _ = new PointerScope()) {
      Tensor phi = // (chains, L, ..)
          torch.from_blob(
              new DoublePointer(chains.fields()),
              all,
              Compute.CPU.options(torch.ScalarType.Double));
      Tensor modes = torch.fft_rfftn(phi, lengths, axes, new StringViewOptional());
      // Backward, LibTorch divides by V; the square is of one transform too many.
      Tensor power =
          modes.abs().square().div(new org.bytedeco.pytorch.Scalar((double) lattice.sites()));
      Tensor back = torch.fft_irfftn(power, lengths, axes, new StringViewOptional()).contiguous();
      back.data_ptr_double().get(result);
    }
    return result;
  }

  /**
   * Returns G at distances along an axis, the mean over the directions that have the length of the
   * first.
   *
   * @param function of {@link #of}
   * @return for r = 0 to length / 2
   */
  public static double[] onAxis(Lattice lattice, double[] function, int chain) {
    double[] g = new double[lattice.length(0) / 2 + 1];
    int directions = 0;
    for (int mu = 0; mu < lattice.dimensions(); mu++) {
      if (lattice.length(mu) == lattice.length(0)) {
        for (int r = 0; r < g.length; r++) {
          g[r] += function[chain * lattice.sites() + r * lattice.stride(mu)];
        }
        directions++;
      }
    }
    for (int r = 0; r < g.length; r++) {
      g[r] /= directions;
    }
    return g;
  }
}
