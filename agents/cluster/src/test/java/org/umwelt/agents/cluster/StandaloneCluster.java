package org.umwelt.agents.cluster;

import java.io.File;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/** A stand-alone Spark cluster on loopback, made of the jars on the class path. */
final class StandaloneCluster implements AutoCloseable {
  private static final String HOST = "127.0.0.1";

  private final Path home;
  private final int port;
  private final List<Process> processes = new ArrayList<>();

  StandaloneCluster(Path folder, int workers) throws IOException, InterruptedException {
    home = folder.resolve("spark");
    Path jars = Files.createDirectories(home.resolve("jars"));
    Files.writeString(home.resolve("RELEASE"), "Spark from single jars\n");
    for (String entry : System.getProperty("java.class.path").split(File.pathSeparator, -1)) {
      Path jar = Path.of(entry);
      String name = String.valueOf(jar.getFileName());
      if (name.endsWith(".jar") && !name.startsWith("umwelt-") && Files.exists(jar)) {
        Files.createSymbolicLink(jars.resolve(name), jar);
      }
    }
    try (ServerSocket socket = new ServerSocket(0)) {
      port = socket.getLocalPort();
    }
    start("org.apache.spark.deploy.master.Master", "--host", HOST, "--port", "" + port);
    awaitMaster();
    for (int worker = 0; worker < workers; worker++) {
      start(
          "org.apache.spark.deploy.worker.Worker",
          "--host",
          HOST,
          "--cores",
          "1",
          "--memory",
          "1g",
          "--work-dir",
          folder.resolve("work" + worker).toString(),
          url());
    }
  }

  private void start(String type, String... arguments) throws IOException {
    List<String> words = new ArrayList<>();
    words.add(System.getProperty("java.home") + "/bin/java");
    words.addAll(List.of("-Xmx256m", "-Dspark.master.ui.port=0", "-Dspark.worker.ui.port=0"));
    words.addAll(List.of("-cp", home.resolve("jars") + "/*", type));
    words.addAll(List.of(arguments));
    ProcessBuilder builder =
        new ProcessBuilder(words)
            .redirectErrorStream(true)
            .redirectOutput(home.resolve("log" + processes.size()).toFile());
    builder.environment().put("JAVA_HOME", System.getProperty("java.home"));
    builder.environment().put("SPARK_HOME", home.toString());
    builder.environment().put("SPARK_LOCAL_IP", HOST);
    builder.environment().put("SPARK_SCALA_VERSION", "2.13");
    processes.add(builder.start());
  }

  private void awaitMaster() throws InterruptedException {
    while (processes.getFirst().isAlive()) {
      try (Socket socket = new Socket()) {
        socket.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), port));
        return;
      } catch (IOException _) {
        Thread.sleep(50);
      }
    }
    throw new IllegalStateException("the master has ended; see " + home.resolve("log0"));
  }

  String url() {
    return "spark://%s:%d".formatted(HOST, port);
  }

  /** Kills a worker and the executors it has started, without a word to anybody. */
  void killWorker(int worker) {
    kill(processes.get(worker + 1));
  }

  private static void kill(Process process) {
    List<ProcessHandle> below;
    try (Stream<ProcessHandle> all = process.descendants()) {
      below = all.toList();
    }
    process.destroyForcibly();
    below.forEach(ProcessHandle::destroyForcibly);
  }

  @Override
  public void close() throws IOException {
    processes.reversed().forEach(StandaloneCluster::kill);
    try (Stream<Path> links = Files.list(home.resolve("jars"))) {
      for (Path link : links.toList()) {
        Files.delete(link);
      }
    }
  }
}
