package org.umwelt.physics.lattice;

import java.util.Arrays;
import java.util.EnumMap;
import java.util.Map;
import java.util.stream.LongStream;
import org.bytedeco.javacpp.DoublePointer;
import org.bytedeco.javacpp.PointerScope;
import org.bytedeco.pytorch.StringViewOptional;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch;
import org.umwelt.kernels.tensor.Compute;
import org.umwelt.kernels.tensor.Tensors;

/**
 * Masses of modes, A(k) = khat^2 + M^2 with khat^2 the sum of 4 sin^2(k / 2), in the place of the
 * unit masses of momenta: slow modes become light, so that all move at about the same pace.
 * Batrouni, Katz, Kronfeld, Lepage, Svetitsky, Wilson, Phys. Rev. D 32 (1985) 2736.
 *
 * <p>A free field with m2 = M^2 moves at one pace exactly, omega^2 = 2 hopping.
 */
final class FourierMass implements AutoCloseable {
  /** A power of A. */
  enum Power {
    /** Makes momenta of independent normal numbers. */
    ROOT(0.5),
    /** Makes those again of momenta. */
    INVERSE_ROOT(-0.5),
    /** Makes velocities of momenta. */
    INVERSE(-1);

    private final double exponent;

    Power(double exponent) {
      this.exponent = exponent;
    }
  }

  private final long[] lengths;
  private final long[] axes;
  private final long[] batch; // (chains, L, ..)
  private final Map<Power, Tensor> factors = new EnumMap<>(Power.class); // (L, .., L / 2 + 1)

  /**
   * Prepares masses for some chains.
   *
   * @param square M^2, positive
   */
  FourierMass(Chains chains, double square) {
    if (!(square > 0)) {
      throw new IllegalArgumentException("expected a positive M^2, got " + square);
    }
    Lattice lattice = chains.lattice();
    lengths = Arrays.stream(lattice.shape()).asLongStream().toArray();
    axes = LongStream.rangeClosed(1, lengths.length).toArray();
    batch = LongStream.concat(LongStream.of(chains.count()), LongStream.of(lengths)).toArray();
    for (Power power : Power.values()) {
      factors.put(power, factor(lattice, square, power.exponent));
    }
  }

  /** The last axis of a transform of real numbers has half the modes, which stand for the rest. */
  private static Tensor factor(Lattice lattice, double square, double exponent) {
    int last = lattice.dimensions() - 1;
    int half = lattice.length(last) / 2 + 1;
    long[] shape = Arrays.stream(lattice.shape()).asLongStream().toArray();
    shape[last] = half;
    double[] numbers = new double[lattice.sites() / lattice.length(last) * half];
    int at = 0;
    for (int mode = 0; mode < lattice.sites(); mode++) {
      if (lattice.coordinate(mode, last) < half) {
        double mass = square;
        for (int mu = 0; mu <= last; mu++) {
          double sine = Math.sin(Math.PI * lattice.coordinate(mode, mu) / lattice.length(mu));
          mass += 4 * sine * sine;
        }
        numbers[at++] = Math.pow(mass, exponent);
      }
    }
    try (PointerScope _ = new PointerScope()) {
      return Tensors.keep(
          torch
              .from_blob(
                  new DoublePointer(numbers), shape, Compute.CPU.options(torch.ScalarType.Double))
              .clone());
    }
  }

  /**
   * Multiplies every mode by a power of its mass.
   *
   * @param from [chains, sites]
   * @param to receives the result; may be the same
   */
  void apply(Power power, double[] from, double[] to) {
    try (PointerScope _ = new PointerScope()) {
      Tensor x =
          torch.from_blob(
              new DoublePointer(from), batch, Compute.CPU.options(torch.ScalarType.Double));
      Tensor modes = torch.fft_rfftn(x, lengths, axes, new StringViewOptional());
      modes.mul_(factors.get(power));
      torch
          .fft_irfftn(modes, lengths, axes, new StringViewOptional())
          .contiguous()
          .data_ptr_double()
          .get(to);
    }
  }

  @Override
  public void close() {
    factors.values().forEach(Tensors::release);
  }
}
