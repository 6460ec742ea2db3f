package org.umwelt.envs.lattice;

import java.io.DataInput;
import java.io.DataOutput;
import java.io.IOException;
import java.util.Arrays;
import org.umwelt.physics.lattice.Chains;
import org.umwelt.physics.lattice.Measurement;
import org.umwelt.physics.statistics.Estimate;
import org.umwelt.physics.statistics.GammaMethod;

/** What was measured of the chains behind each action of an episode. */
final class SampleHistory {
  private static final int M2 = 0;
  private static final int PHI2 = 1;
  private static final int VIRIAL = 2;
  private static final int QUANTITIES = 3;
  private static final int FIRST_CAPACITY = 64;
  private static final double INDEPENDENT = 0.5; // autocorrelation time of independent samples

  private final double[][][] series; // (quantities, chains, actions), and room behind
  private int count;

  SampleHistory(int chains) {
    series = new double[QUANTITIES][chains][FIRST_CAPACITY];
  }

  void add(Chains chains) {
    for (int chain = 0; chain < chains.count(); chain++) {
      Measurement one = Measurement.of(chains, chain);
      double[] values = {
        one.magnetisation() * one.magnetisation(), one.phi2(), one.virial(chains.action())
      };
      for (int quantity = 0; quantity < QUANTITIES; quantity++) {
        double[] old = series[quantity][chain];
        if (count == old.length) {
          series[quantity][chain] = Arrays.copyOf(old, 2 * count);
        }
        series[quantity][chain][count] = values[quantity];
      }
    }
    count++;
  }

  private Estimate estimate(int quantity) {
    double[][] chains = new double[series[quantity].length][];
    for (int chain = 0; chain < chains.length; chain++) {
      chains[chain] = Arrays.copyOf(series[quantity][chain], count);
    }
    return GammaMethod.mean(chains);
  }

  /**
   * What the chains are worth so far.
   *
   * @param effectiveSampleSize of the worse of M^2 and phi^2: as many independent samples would
   *     give the same error; more than there are samples is not counted, and a quantity that never
   *     changed has none
   * @param tauM2 autocorrelation time of M^2, in actions
   * @param tauPhi2 that of phi^2
   * @param virial mean of what is 1 on average
   * @param virialError its standard error, infinite with fewer than two samples
   */
  record Worth(
      double effectiveSampleSize,
      double tauM2,
      double tauPhi2,
      double virial,
      double virialError) {}

  Worth worth() {
    if (count < 2) {
      double virial =
          count == 0 ? 1 : Arrays.stream(series[VIRIAL]).mapToDouble(v -> v[0]).average().orElse(1);
      return new Worth(0, INDEPENDENT, INDEPENDENT, virial, Double.POSITIVE_INFINITY);
    }
    Estimate m2 = estimate(M2);
    Estimate phi2 = estimate(PHI2);
    Estimate virial = estimate(VIRIAL);
    return new Worth(
        Math.min(effective(m2), effective(phi2)),
        m2.tauInt(),
        phi2.tauInt(),
        virial.value(),
        virial.error());
  }

  private static double effective(Estimate estimate) {
    return estimate.error() > 0
        ? estimate.samples() / (2 * Math.max(estimate.tauInt(), INDEPENDENT))
        : 0;
  }

  void writeState(DataOutput out) throws IOException {
    out.writeInt(count);
    for (double[][] quantity : series) {
      for (double[] chain : quantity) {
        for (int i = 0; i < count; i++) {
          out.writeDouble(chain[i]);
        }
      }
    }
  }

  void readState(DataInput in) throws IOException {
    count = in.readInt();
    for (double[][] quantity : series) {
      for (int chain = 0; chain < quantity.length; chain++) {
        quantity[chain] = new double[Math.max(FIRST_CAPACITY, count)];
        for (int i = 0; i < count; i++) {
          quantity[chain][i] = in.readDouble();
        }
      }
    }
  }
}
