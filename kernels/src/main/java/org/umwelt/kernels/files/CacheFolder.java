package org.umwelt.kernels.files;

import java.nio.file.Path;

/** Where what can be had again is kept between runs. */
public final class CacheFolder {
  private CacheFolder() {}

  /**
   * Returns the folder for one kind of thing, {@code $XDG_CACHE_HOME/umwelt/<name>} or {@code
   * ~/.cache/umwelt/<name>}; it may not be there yet.
   */
  public static Path of(String name) {
    String caches = System.getenv("XDG_CACHE_HOME");
    Path cache =
        caches == null || caches.isBlank()
            ? Path.of(System.getProperty("user.home"), ".cache")
            : Path.of(caches);
    return cache.resolve("umwelt").resolve(name);
  }
}
