package org.umwelt.physics.lattice;

import java.io.DataInput;
import java.io.DataOutput;
import java.io.IOException;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;
import org.umwelt.kernels.random.RandomStream;

/**
 * Markov chains of fields on one lattice, side by side.
 *
 * <p>Everything random is a function of (seed, chain, site, step), where the step counts what was
 * done so far; so a state is the fields and the step, and chains do not depend on each other.
 */
public final class Chains {
  private static final int MOST_NUMBERS = 1 << 30;
  private static final int STEP_BITS = 40;
  private static final int MOST_CHAINS = 1 << 20;
  private static final int ALL = MOST_CHAINS; // in the place of a chain: what they have in common

  private final Lattice lattice;
  private final Phi4 action;
  private final int count;
  private final long seed;
  private final double[] fields; // (chains, sites)
  private int @Nullable [] neighbours; // (sites, 2 d)
  private long step;

  /**
   * Creates chains that start from independent normal numbers, as wide as a site without
   * neighbours.
   *
   * @param count how many, at least 1
   */
  public Chains(Lattice lattice, Phi4 action, int count, long seed) {
    if (lattice.dimensions() != action.dimensions() || count < 1) {
      throw new IllegalArgumentException(
          "expected an action in %d dimensions and at least 1 chain, got %s and %d"
              .formatted(lattice.dimensions(), action, count));
    }
    this.lattice = lattice;
    this.action = action;
    this.count = count;
    this.seed = seed;
    long numbers = (long) count * lattice.sites();
    long links = 2L * lattice.dimensions() * lattice.sites();
    if (numbers > MOST_NUMBERS || links > MOST_NUMBERS || count > MOST_CHAINS) {
      throw new IllegalArgumentException(
          "expected at most %,d chains, %,d numbers and as many links, got %,d chains of a lattice %s; take fewer or a smaller one"
              .formatted(MOST_CHAINS, MOST_NUMBERS, count, lattice));
    }
    fields = new double[(int) numbers];
    // As wide as the distribution of a site without neighbours, in the units of the action.
    double wide = Math.sqrt(new OneSite(action.quadratic(), action.quartic()).moment(2));
    long first = nextStep();
    for (int chain = 0; chain < count; chain++) {
      RandomStream random = random(first, chain);
      for (int site = 0; site < lattice.sites(); site++) {
        fields[chain * lattice.sites() + site] = wide * random.nextGaussian();
      }
    }
  }

  /** Returns the lattice. */
  public Lattice lattice() {
    return lattice;
  }

  /** Returns the action. */
  public Phi4 action() {
    return action;
  }

  /** Returns how many chains there are. */
  public int count() {
    return count;
  }

  /** Returns the seed. */
  public long seed() {
    return seed;
  }

  /** Returns the fields themselves, [chains, sites]. */
  public double[] fields() {
    return fields;
  }

  /** Returns the neighbours of every site, [sites, 2 d]. */
  public synchronized int[] neighbours() {
    if (neighbours == null) {
      neighbours = new int[2 * lattice.dimensions() * lattice.sites()];
      int at = 0;
      for (int site = 0; site < lattice.sites(); site++) {
        for (int mu = 0; mu < lattice.dimensions(); mu++) {
          neighbours[at++] = lattice.next(site, mu);
          neighbours[at++] = lattice.previous(site, mu);
        }
      }
    }
    return neighbours;
  }

  /** Returns a copy of the field of a chain. */
  public double[] field(int chain) {
    return Arrays.copyOfRange(fields, chain * lattice.sites(), (chain + 1) * lattice.sites());
  }

  /** Writes what names the random numbers of kernels at a step: seed and step, low words first. */
  void place(long step, int[] place) {
    place[0] = (int) seed;
    place[1] = (int) (seed >>> Integer.SIZE);
    place[2] = (int) step;
    place[3] = (int) (step >>> Integer.SIZE);
  }

  /** Returns the number of the next thing to be done, which names its random numbers. */
  long nextStep() {
    return step++;
  }

  /**
   * Returns random numbers of a chain at a step, under a key of their own: kernels have that of the
   * seed.
   */
  RandomStream random(long step, int chain) {
    return new RandomStream(~seed, ((long) chain << STEP_BITS) | step);
  }

  /** Returns random numbers of a step that all chains share. */
  RandomStream common(long step) {
    return random(step, ALL);
  }

  /** Writes what tells these chains from others, the step and all fields. */
  public void writeState(DataOutput out) throws IOException {
    out.writeInt(count);
    out.writeInt(lattice.sites());
    out.writeLong(seed);
    out.writeLong(step);
    for (double phi : fields) {
      out.writeDouble(phi);
    }
  }

  /**
   * Goes on where chains of the same shape and seed stood when they wrote their state. Nothing is
   * changed where that fails.
   *
   * @throws IOException where the state is of others, or cut off
   */
  public void readState(DataInput in) throws IOException {
    int chainsThere = in.readInt();
    int sitesThere = in.readInt();
    long seedThere = in.readLong();
    if (chainsThere != count || sitesThere != lattice.sites() || seedThere != seed) {
      throw new IOException(
          "expected the state of %d chains of %d sites and seed %d, found %d, %d and %d; start over or ask for those"
              .formatted(count, lattice.sites(), seed, chainsThere, sitesThere, seedThere));
    }
    long stepThere = in.readLong();
    double[] there = new double[fields.length];
    for (int i = 0; i < there.length; i++) {
      there[i] = in.readDouble();
    }
    step = stepThere;
    System.arraycopy(there, 0, fields, 0, there.length);
  }
}
