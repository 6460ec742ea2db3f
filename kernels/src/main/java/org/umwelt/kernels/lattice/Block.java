package org.umwelt.kernels.lattice;

/** What a thread needs beside the fields, for as many sites as stay in the first cache. */
final class Block {
  /** Sites of a block, at most. */
  static final int SITES = 1024;

  private static final ThreadLocal<Block> OF_THREAD = ThreadLocal.withInitial(Block::new);

  /** Sums of neighbours. */
  final double[] around = new double[SITES];

  // Of sites that are updated, one behind the other:

  /** Their numbers. */
  final int[] site = new int[SITES];

  /** Where what is counted goes. */
  final int[] slot = new int[SITES];

  /** What is counted. */
  final double[] count = new double[SITES];

  /** Their values. */
  final double[] phi = new double[SITES];

  /** Sums of their neighbours. */
  final double[] near = new double[SITES];

  /** Random words, two in one: the first of them in the upper half. */
  final long[] first = new long[SITES];

  final long[] second = new long[SITES];

  /** What is between the steps of a computation. */
  final double[] next = new double[SITES];

  final double[] change = new double[SITES];

  private double[] ring = {};

  private Block() {}

  /** Returns numbers that stay in the second cache, at least so many; what they were is lost. */
  double[] ring(int count) {
    if (ring.length < count) {
      ring = new double[count];
    }
    return ring;
  }

  /** Returns that of the thread. */
  static Block ofThread() {
    return OF_THREAD.get();
  }
}
