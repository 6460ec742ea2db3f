package org.umwelt.kernels.tile;

/** Finds the fastest {@link TileMath} once. */
final class FastTileMath {
  static final TileMath FASTEST = choose();

  private FastTileMath() {}

  private static TileMath choose() {
    if (ModuleLayer.boot().findModule("jdk.incubator.vector").isPresent()) {
      return new VectorTileMath();
    }
    System.getLogger(TileMath.class.getName())
        .log(
            System.Logger.Level.WARNING,
            "computing in plain loops; start the JVM with --add-modules jdk.incubator.vector to make attention and matrix products several times faster");
    return new PlainTileMath();
  }
}
