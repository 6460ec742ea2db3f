package org.umwelt.agents.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.umwelt.agents.CommandLineProcess;
import org.umwelt.kernels.random.RandomStream;

/** Suites in processes of their own, which are killed or find the disk full. */
@Tag("slow")
class SuiteProcessTest {
  private static final int JOBS = 120;

  @TempDir private Path folder;
  private Path suite;

  @BeforeEach
  void write() throws IOException {
    suite = folder.resolve("suite.yaml");
    Files.writeString(
        suite,
        """
        agents: [random, noop]
        environments: ["test/Walk-v0?length=20&pause=1"]
        seeds: ["1..60"]
        episodes: 2
        """);
  }

  private ProcessBuilder process(String out, String... more) {
    return CommandLineProcess.of(
        List.of("evaluate", "--suite", suite.toString(), "--out", folder.resolve(out).toString()),
        more);
  }

  private String result(String out) throws IOException {
    ObjectNode result =
        (ObjectNode) new ObjectMapper().readTree(folder.resolve(out + "/result.json").toFile());
    assertThat(result.path("jobs").asInt()).isEqualTo(JOBS);
    result.remove("seconds");
    return result.toString();
  }

  private Path log(String out) {
    return folder.resolve(out + "/jobs.jsonl");
  }

  private void awaitLines(Process driver, String out, int lines) throws Exception {
    while (!Files.exists(log(out)) || Files.readAllLines(log(out)).size() < lines) {
      if (!driver.isAlive()) {
        throw new AssertionError("it ended before: " + outputOf(driver));
      }
      Thread.sleep(5);
    }
  }

  private static String outputOf(Process process) throws Exception {
    String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertThat(process.waitFor(60, TimeUnit.SECONDS)).isTrue();
    return output;
  }

  private String undisturbed() throws Exception {
    Process whole = process("whole", "--workers", "2").start();
    String output = outputOf(whole);
    assertThat(whole.exitValue()).as(output).isZero();
    return result("whole");
  }

  private static List<ProcessHandle> workers(Process driver) {
    return driver.descendants().filter(ProcessHandle::isAlive).toList();
  }

  private void assertEveryJobOnce(String out) throws IOException {
    List<String> lines = Files.readAllLines(log(out));
    assertThat(lines.stream().map(line -> line.replaceFirst(".*\"key\":\"(\\w+)\".*", "$1")))
        .hasSize(JOBS)
        .doesNotHaveDuplicates();
  }

  @Test
  void killedWorkersAreReplaced() throws Exception {
    Process driver = process("cut", "--workers", "2").start();
    for (int kill = 1; kill <= 3; kill++) {
      awaitLines(driver, "cut", 20 * kill);
      workers(driver).getFirst().destroyForcibly();
    }
    String output = outputOf(driver);
    assertThat(driver.exitValue()).as(output).isZero();
    assertThat(result("cut")).isEqualTo(undisturbed());
    assertEveryJobOnce("cut");
  }

  @Test
  void aKilledDriverIsGoneOnWithAndItsWorkersEnd() throws Exception {
    RandomStream random = new RandomStream(7);
    List<ProcessHandle> workers = new ArrayList<>();
    for (int kill = 1; kill <= 3; kill++) {
      Process killed = process("cut", "--workers", "2", "--resume").start();
      awaitLines(killed, "cut", 25 * kill);
      Thread.sleep(random.nextInt(100));
      workers.addAll(workers(killed));
      killed.destroyForcibly();
      killed.waitFor();
    }
    for (ProcessHandle worker : workers) {
      worker.onExit().get(30, TimeUnit.SECONDS);
    }
    Process resumed = process("cut", "--resume").start();
    String output = outputOf(resumed);
    assertThat(resumed.exitValue()).as(output).isZero();
    assertThat(output).contains("of 120 jobs are finished");
    assertThat(result("cut")).isEqualTo(undisturbed());
    assertEveryJobOnce("cut");
  }

  @Test
  void interruptedStopsCleanlyAndSaysHowToGoOn() throws Exception {
    Process driver = process("cut").start();
    awaitLines(driver, "cut", 10);
    for (ProcessHandle one : workers(driver)) { // as a terminal sends it to all
      new ProcessBuilder("kill", "-INT", Long.toString(one.pid())).start().waitFor();
    }
    awaitLines(driver, "cut", 30);
    driver.toHandle().destroy(); // SIGTERM; SIGINT may be ignored from above
    String output = outputOf(driver);
    assertThat(driver.exitValue()).as(output).isEqualTo(143);
    assertThat(output).contains("stopped; finished jobs are kept in", "--resume");
    assertThat(Files.readAllLines(log("cut"))).hasSizeLessThan(JOBS);
  }

  @Test
  void aFullDiskIsOneClearLineAndKeepsWhatIsFinished() throws Exception {
    ProcessBuilder limited = process("cut");
    List<String> words = new ArrayList<>(limited.command());
    words.add(1, "-XX:-UsePerfData");
    // No file grows beyond 8 blocks of 1024 bytes, which an append meets as it meets a full disk.
    List<String> shell = new ArrayList<>(List.of("bash", "-c", "ulimit -f 8; exec \"$0\" \"$@\""));
    shell.addAll(words);
    Process full = limited.command(shell).start();
    String output = outputOf(full);
    assertThat(full.exitValue()).as(output).isEqualTo(1);
    assertThat(output)
        .contains("failed; finished jobs are kept in", "umwelt: IOException: File too large");
    int kept = Files.readAllLines(log("cut")).size();
    assertThat(kept).isPositive();

    Process resumed = process("cut", "--resume").start();
    assertThat(outputOf(resumed)).contains("%d of 120 jobs are finished".formatted(kept));
    assertThat(result("cut")).isEqualTo(undisturbed());
  }

  @Test
  void tenThousandJobsTakeNoMoreMemoryThanThousand() throws Exception {
    Files.writeString(
        suite,
        """
        agents: [random]
        environments: ["umwelt/Catch-v0?max_episode_steps=20"]
        seeds: ["1..10000"]
        episodes: 1
        """);
    ProcessBuilder builder = process("many", "--workers", "1");
    builder.command().add(1, "-Xmx64m"); // of the driver, and as its flag of the worker
    Process driver = builder.start();
    awaitLines(driver, "many", 1000);
    ProcessHandle worker = workers(driver).getFirst();
    long before = residentKilobytes(worker.pid());
    awaitLines(driver, "many", 9900);
    long after = residentKilobytes(worker.pid());
    String output = outputOf(driver);
    assertThat(driver.exitValue()).as(output).isZero();
    assertThat(Files.readAllLines(log("many"))).hasSize(10_000);
    assertThat(after).isLessThan(before + 48 * 1024);
  }

  private static long residentKilobytes(long pid) throws IOException {
    return Files.readAllLines(Path.of("/proc/" + pid + "/status")).stream()
        .filter(line -> line.startsWith("VmRSS:"))
        .mapToLong(line -> Long.parseLong(line.replaceAll("\\D", "")))
        .findFirst()
        .orElse(0);
  }
}
