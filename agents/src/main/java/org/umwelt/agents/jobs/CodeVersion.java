package org.umwelt.agents.jobs;

import java.io.File;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Enumeration;
import java.util.HexFormat;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import java.util.zip.ZipEntry;
import java.util.zip.ZipFile;

/**
 * The version of the code that evaluates: a hash of Umwelt's own classes and resources below the
 * viewer, and of the names of the native libraries that compute, versions included.
 *
 * <p>The same for class folders and for jars, and whoever hands out the jobs.
 *
 * @param digest 64 hexadecimal digits
 */
public record CodeVersion(String digest) {
  private static final String OWN = "org/umwelt/";

  /** What shows results or hands out jobs, and has no part in them. */
  private static final List<String> WITHOUT_PART =
      List.of("org/umwelt/viewer/", "org/umwelt/agents/cluster/");

  private static final Pattern COMPUTES =
      Pattern.compile("(ale|javacpp|openblas|pytorch|onnxruntime)-.*\\.jar");

  /** Computed when first asked for. */
  private static final class Current {
    static final CodeVersion VALUE = of(System.getProperty("java.class.path"));
  }

  /** Returns the version of the code on this process's class path. */
  public static CodeVersion get() {
    return Current.VALUE;
  }

  static CodeVersion of(String classPath) {
    SortedMap<String, String> contents = new TreeMap<>();
    for (String entry : classPath.split(File.pathSeparator, -1)) {
      Path path = Path.of(entry);
      String name = String.valueOf(path.getFileName());
      if (COMPUTES.matcher(name).matches()) {
        contents.put(name, "");
      }
      try {
        if (Files.isDirectory(path.resolve(OWN))) {
          addFolder(path, contents);
        } else if (name.startsWith("umwelt-") && name.endsWith(".jar") && Files.exists(path)) {
          addJar(path, contents);
        }
      } catch (IOException e) {
        throw new UncheckedIOException("cannot read the code in " + path, e);
      }
    }
    StringBuilder all = new StringBuilder();
    contents.forEach((name, hash) -> all.append(name).append(' ').append(hash).append('\n'));
    return new CodeVersion(sha256(all.toString().getBytes(StandardCharsets.UTF_8)));
  }

  private static void addFolder(Path folder, SortedMap<String, String> contents)
      throws IOException {
    List<Path> files;
    try (Stream<Path> walk = Files.walk(folder.resolve(OWN))) {
      files = walk.filter(Files::isRegularFile).toList();
    }
    for (Path file : files) {
      String name = folder.relativize(file).toString().replace(File.separatorChar, '/');
      if (hasPart(name)) {
        contents.putIfAbsent(name, sha256(Files.readAllBytes(file)));
      }
    }
  }

  private static void addJar(Path jar, SortedMap<String, String> contents) throws IOException {
    try (ZipFile zip = new ZipFile(jar.toFile())) {
      for (Enumeration<? extends ZipEntry> entries = zip.entries(); entries.hasMoreElements(); ) {
        ZipEntry entry = entries.nextElement();
        if (!entry.isDirectory() && hasPart(entry.getName())) {
          try (InputStream in = zip.getInputStream(entry)) {
            contents.putIfAbsent(entry.getName(), sha256(in.readAllBytes()));
          }
        }
      }
    }
  }

  private static boolean hasPart(String name) {
    return name.startsWith(OWN) && WITHOUT_PART.stream().noneMatch(name::startsWith);
  }

  /** Returns the SHA-256 in hexadecimal digits. */
  static String sha256(byte[] bytes) {
    try {
      return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(bytes));
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every JDK has SHA-256", e);
    }
  }
}
