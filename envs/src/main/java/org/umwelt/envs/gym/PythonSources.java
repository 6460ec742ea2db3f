package org.umwelt.envs.gym;

import java.io.IOException;
import java.net.JarURLConnection;
import java.net.URI;
import java.net.URISyntaxException;
import java.net.URL;
import java.nio.file.Path;
import java.util.Objects;

/** Where the Python package {@code umwelt_bridge} lies: beside our classes, or in their jar. */
final class PythonSources {
  private static final String ANY_FILE = "python/umwelt_bridge/start.py";

  private PythonSources() {}

  /**
   * Returns what Python's path must hold: a folder, or a folder inside a jar, from which Python
   * imports as from any zip file.
   */
  static String path() {
    URL url = Objects.requireNonNull(PythonSources.class.getResource(ANY_FILE), ANY_FILE);
    try {
      if (url.openConnection() instanceof JarURLConnection jar) {
        Path file = Path.of(jar.getJarFileURL().toURI());
        return packageParent(Path.of(file.toString(), jar.getEntryName()));
      }
      return packageParent(Path.of(URI.create(url.toString())));
    } catch (URISyntaxException | IOException e) {
      throw new IllegalStateException("no path to " + url, e);
    }
  }

  private static String packageParent(Path file) {
    return file.resolve("../..").normalize().toString();
  }
}
