package org.umwelt.kernels.lattice;

/** Finds the fastest {@link LatticeMath} once. */
final class FastLatticeMath {
  static final LatticeMath FASTEST = choose();

  private FastLatticeMath() {}

  private static LatticeMath choose() {
    if (ModuleLayer.boot().findModule("jdk.incubator.vector").isPresent()) {
      return new VectorLatticeMath();
    }
    System.getLogger(LatticeMath.class.getName())
        .log(
            System.Logger.Level
                .DEBUG, // small lattices are moved everywhere; umwelt list kernels says so too
            "sweeping lattices in plain loops; start the JVM with --add-modules jdk.incubator.vector to make that several times faster");
    return new PlainLatticeMath();
  }
}
