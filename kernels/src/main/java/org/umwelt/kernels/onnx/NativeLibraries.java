package org.umwelt.kernels.onnx;

import ai.onnxruntime.OrtEnvironment;
import java.io.IOException;
import java.io.InputStream;
import java.net.URL;
import java.net.URLConnection;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.CodeSource;
import java.util.List;
import org.umwelt.kernels.files.AtomicFile;
import org.umwelt.kernels.files.CacheFolder;

/**
 * Unpacks the native libraries of ONNX Runtime once, in place of at every start, which takes a
 * fifth of a second and leaves them behind where a process is killed.
 */
final class NativeLibraries {
  /** By which ONNX Runtime is told where they are. */
  private static final String PROPERTY = "onnxruntime.native.path";

  private static final String RESOURCES = "/ai/onnxruntime/native/linux-x64/";
  private static final String PROVIDERS = "libonnxruntime_providers_shared.so"; // of GPU builds
  private static final List<String> LIBRARIES =
      List.of("libonnxruntime.so", "libonnxruntime4j_jni.so");

  private NativeLibraries() {}

  /** Unpacks them where that can be done; elsewhere ONNX Runtime does as it always does. */
  static void unpack() {
    CodeSource source = OrtEnvironment.class.getProtectionDomain().getCodeSource();
    boolean known =
        "Linux".equals(System.getProperty("os.name"))
            && "amd64".equals(System.getProperty("os.arch"));
    if (System.getProperty(PROPERTY) != null
        || !known
        || source == null
        || OrtEnvironment.class.getResource(RESOURCES + PROVIDERS) != null) {
      return;
    }
    Path jar = Path.of(source.getLocation().getPath()).getFileName();
    Path folder = CacheFolder.of("native").resolve(String.valueOf(jar)); // has the version
    try {
      Files.createDirectories(folder);
      for (String library : LIBRARIES) {
        unpack(library, folder.resolve(library));
      }
      System.setProperty(PROPERTY, folder.toString());
    } catch (IOException _) {
      // A folder that cannot be written costs time, nothing else.
    }
  }

  private static void unpack(String library, Path file) throws IOException {
    URL resource = OrtEnvironment.class.getResource(RESOURCES + library);
    if (resource == null) {
      throw new IOException("no " + library);
    }
    URLConnection connection = resource.openConnection();
    if (Files.exists(file) && Files.size(file) == connection.getContentLengthLong()) {
      return;
    }
    try (InputStream in = connection.getInputStream()) {
      AtomicFile.write(file, in.readAllBytes());
    }
  }
}
