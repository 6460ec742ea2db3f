package org.umwelt.kernels.lattice;

/**
 * Arithmetic on pieces of a field that fit the cache. Every number is computed by the same
 * operations in the same order, wherever in a piece it stands and whatever computes it, so results
 * have the same bits for any division into pieces.
 */
interface LatticeMath {
  /** Returns the fastest this JVM was started for. */
  static LatticeMath fastest() {
    return FastLatticeMath.FASTEST;
  }

  /** Computes sum[at + i] = x[a + i] + x[b + i] for i below n. */
  void pair(double[] x, int a, int b, double[] sum, int at, int n);

  /** Computes sum[at + i] += x[a + i] + x[b + i] for i below n. */
  void addPair(double[] x, int a, int b, double[] sum, int at, int n);

  /**
   * Computes what {@link org.umwelt.kernels.lattice.device.QuarticKickKernel} does for n sites.
   *
   * @param at where momentum and field begin
   * @param around sums of neighbours, from 0
   */
  void kick(
      double[] momentum,
      double[] field,
      int at,
      int n,
      double[] around,
      double[] couplings,
      double step);

  /** Computes field += step * momentum for n numbers. */
  void drift(double[] field, double[] momentum, int at, int n, double step);

  /** In the place of a pair of neighbours: all are summed up. */
  int NONE = -1;

  /**
   * Computes what {@link org.umwelt.kernels.lattice.device.QuarticLeapfrogKernel} does for n sites.
   *
   * @param momentumAt where the momentum of the first site is
   * @param driftedAt where its field goes
   * @param at where its field is
   * @param around sums of all neighbours but one pair
   * @param from where those begin
   * @param next where in field the neighbours behind begin, or {@link #NONE}
   * @param previous and those before
   */
  void leapfrog(
      double[] momentum,
      int momentumAt,
      double[] drifted,
      int driftedAt,
      double[] field,
      int at,
      int n,
      double[] around,
      int from,
      int next,
      int previous,
      double[] couplings,
      double kick,
      double drift);

  /** Returns the part of H on n sites; see {@link #kick}. */
  double energy(
      double[] momentum, double[] field, int at, int n, double[] around, double[] couplings);

  /**
   * Draws normal numbers for n pairs; see {@link
   * org.umwelt.kernels.lattice.device.NormalKernel#draw}.
   *
   * @param block whose numbers are overwritten
   * @param pair the first
   * @param cosines where in out those go, n of them
   * @param sines and those
   * @param m how many of these there are, at most n
   */
  void normals(
      Block block,
      int pair,
      int chain,
      int[] place,
      double[] out,
      int cosines,
      int n,
      int sines,
      int m);

  /**
   * Proposes and decides updates of n sites of a block and counts those accepted; see {@link
   * org.umwelt.kernels.lattice.device.QuarticMetropolisKernel#update}.
   */
  void metropolis(Block block, int n, int chain, int[] place, double[] couplings);

  /**
   * Reflects n sites; see {@link org.umwelt.kernels.lattice.device.QuarticReflectionKernel#update}
   * and {@link #metropolis}.
   */
  void reflect(Block block, int n, int chain, int[] place, double[] couplings);
}
