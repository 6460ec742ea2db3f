package org.umwelt.agents.doctor;

import com.sun.management.HotSpotDiagnosticMXBean;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import org.bytedeco.ale.ALEInterface;
import org.bytedeco.ffmpeg.global.avcodec;
import org.bytedeco.ffmpeg.global.avutil;
import org.bytedeco.javacpp.Loader;
import org.umwelt.envs.atari.RomLibrary;
import org.umwelt.envs.gym.GymBridge;
import org.umwelt.envs.gym.GymException;
import org.umwelt.envs.python.PythonInterpreters;
import org.umwelt.kernels.backend.Backends;
import org.umwelt.kernels.onnx.OnnxSession;
import org.umwelt.kernels.settings.BadRequestException;

/** Examines everything Umwelt can use on this machine. */
public final class Doctor {
  private static final Runtime.Version OLDEST_JDK = Runtime.Version.parse("25.0.3");
  private static final int PYTHON_SECONDS = 30;
  private static final List<String> PYTHON_PACKAGES =
      List.of("gymnasium", "py4j", "ale_py", "minari");

  private Doctor() {}

  /** Returns one finding per subject; reads only. */
  public static List<Finding> examine() {
    List<Finding> findings = new ArrayList<>();
    findings.add(jdk());
    findings.add(compactHeaders());
    findings.add(
        Finding.ok(
            "machine",
            "%d processors, heap up to %d MiB, %s %s"
                .formatted(
                    Runtime.getRuntime().availableProcessors(),
                    Runtime.getRuntime().maxMemory() >> 20,
                    System.getProperty("os.name"),
                    System.getProperty("os.arch"))));
    findings.add(ale());
    findings.add(roms());
    findings.add(video());
    findings.add(onnx());
    findings.add(python());
    findings.add(gymnasium());
    findings.add(tornado());
    return findings;
  }

  private static Finding jdk() {
    Runtime.Version version = Runtime.version();
    return version.compareTo(OLDEST_JDK) >= 0
        ? Finding.ok("JDK", version.toString())
        : Finding.broken(
            "JDK",
            version + ", expected at least " + OLDEST_JDK,
            "install a newer one and set JAVA_HOME; older JDK 25 corrupts data under G1");
  }

  private static Finding compactHeaders() {
    HotSpotDiagnosticMXBean vm = ManagementFactory.getPlatformMXBean(HotSpotDiagnosticMXBean.class);
    boolean on = Boolean.parseBoolean(vm.getVMOption("UseCompactObjectHeaders").getValue());
    return on
        ? Finding.broken(
            "JVM flags",
            "compact object headers are on",
            "remove -XX:+UseCompactObjectHeaders; it corrupts strings on JDK 25")
        : Finding.ok("JVM flags", "compact object headers are off");
  }

  private static Finding ale() {
    try {
      Loader.load(ALEInterface.class);
      return Finding.ok("Atari emulator", "native library loads");
    } catch (LinkageError | RuntimeException e) {
      return Finding.absent(
          "Atari emulator",
          "native library does not load: " + e.getMessage(),
          "build with -Djavacpp.platform=<this platform>, such as macosx-arm64");
    }
  }

  private static Finding roms() {
    RomLibrary.Status status = RomLibrary.status();
    String found =
        "%d of %d in %s"
            .formatted(
                status.total() - status.missing().size(),
                status.total(),
                status.folders().stream().map(Path::toString).collect(Collectors.joining(", ")));
    if (!status.complete()) {
      return Finding.absent(
          "Atari ROMs",
          found,
          "scripts/umwelt doctor --fix fetches them with pip (the first use of a game does too), or"
              + " set ALE_ROMS_DIR");
    }
    return Finding.ok(
        "Atari ROMs",
        status.different().isEmpty()
            ? found + ", checksums agree"
            : found + ", another dump of " + String.join(", ", status.different()));
  }

  private static Finding video() {
    try {
      Loader.load(avcodec.class);
      return avcodec.avcodec_find_encoder_by_name("libopenh264") == null
          ? Finding.absent("video encoder", "FFmpeg has no libopenh264", "export to GIF or PNG")
          : Finding.ok("video encoder", "FFmpeg " + avutil.av_version_info().getString());
    } catch (LinkageError | RuntimeException e) {
      return Finding.absent(
          "video encoder", "FFmpeg does not load: " + e.getMessage(), "export to GIF or PNG");
    }
  }

  private static Finding onnx() {
    try {
      return Finding.ok("ONNX Runtime", OnnxSession.version());
    } catch (LinkageError | RuntimeException e) {
      return Finding.absent(
          "ONNX Runtime",
          "native library does not load: " + e.getMessage(),
          "nothing to do unless agents in ONNX are wanted; it has Linux, macOS and Windows builds");
    }
  }

  private static Finding python() {
    String program = PythonInterpreters.candidates().getFirst();
    String script =
        """
        import sys, importlib.util as u
        print(sys.version.split()[0], *[m for m in sys.argv[1:] if u.find_spec(m)])
        """;
    List<String> command = new ArrayList<>(List.of(program, "-c", script));
    command.addAll(PYTHON_PACKAGES);
    String mend =
        "set UMWELT_PYTHON to a Python 3.10 or newer; only Gymnasium's environments and comparisons"
            + " with Python need it";
    try {
      String output = output(new ProcessBuilder(command)).strip();
      return Character.isDigit(output.isEmpty() ? ' ' : output.charAt(0))
          ? Finding.ok(
              "Python",
              output.contains(" ")
                  ? output.replaceFirst(" ", " with ")
                  : output + " (none of " + String.join(", ", PYTHON_PACKAGES) + ")")
          : Finding.absent("Python", program + " does not run", mend);
    } catch (IOException e) {
      return Finding.absent("Python", program + " not found", mend);
    }
  }

  private static Finding gymnasium() {
    try {
      return Finding.ok("Gymnasium bridge", GymBridge.versions());
    } catch (BadRequestException | GymException e) {
      return Finding.absent(
          "Gymnasium bridge",
          String.valueOf(e.getMessage()).replaceFirst("(?s)[;\\n].*", ""),
          "scripts/umwelt doctor --fix makes a Python of its own; ids gym:<id> need it");
    }
  }

  private static Finding tornado() {
    Backends.Found tornado =
        Backends.all().stream()
            .filter(found -> found.name().equals("tornado"))
            .findFirst()
            .orElseThrow();
    String reason = tornado.availability().reason();
    return tornado.availability().available()
        ? Finding.ok("TornadoVM kernels", "on " + reason)
        : Finding.absent(
            "TornadoVM kernels",
            reason,
            "nothing to do unless a GPU is wanted; kernels run on the CPU");
  }

  private static String output(ProcessBuilder command) throws IOException {
    Process process = command.redirectErrorStream(true).start();
    try {
      process.getOutputStream().close();
      // What it says fits into the pipe, so it can be waited for first; reading knows no patience.
      if (!process.waitFor(PYTHON_SECONDS, TimeUnit.SECONDS)) {
        throw new IOException(command.command().getFirst() + " did not finish");
      }
      return new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IOException(e);
    } finally {
      process.destroyForcibly();
    }
  }
}
