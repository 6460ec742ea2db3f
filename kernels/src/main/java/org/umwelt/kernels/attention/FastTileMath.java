package org.umwelt.kernels.attention;

/** Finds the fastest {@link TileMath} this JVM was started for. */
final class FastTileMath {
  private static final System.Logger LOG = System.getLogger(FastTileMath.class.getName());
  private static final TileMath FASTEST = choose();

  private FastTileMath() {}

  static TileMath find() {
    return FASTEST;
  }

  private static TileMath choose() {
    if (ModuleLayer.boot().findModule("jdk.incubator.vector").isPresent()) {
      return new VectorTileMath();
    }
    LOG.log(
        System.Logger.Level.WARNING,
        "attention computes in plain loops; start the JVM with --add-modules jdk.incubator.vector to make it several times faster");
    return new PlainTileMath();
  }
}
