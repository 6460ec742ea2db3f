package org.umwelt.envs.gym;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.NetworkInterface;
import java.net.Socket;
import java.net.SocketException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.umwelt.envs.AutoresetMode;
import org.umwelt.envs.Environment;
import org.umwelt.envs.Reset;
import org.umwelt.envs.Step;
import org.umwelt.envs.StepBatch;
import org.umwelt.envs.python.PythonInterpreters;
import org.umwelt.envs.registry.Environments;
import org.umwelt.envs.spaces.Value;
import org.umwelt.kernels.settings.BadRequestException;

/** What becomes of a Python side that misbehaves: a clear error, nothing left behind. */
@Tag("python")
class GymFaultsTest {
  private static final String FAULTY = PythonSide.WORLDS + "Faulty-v0?fault=";

  @BeforeAll
  static void needsPython() {
    PythonSide.require("gym:CartPole-v1");
  }

  @AfterEach
  void nothingIsLeftBehind() throws IOException {
    try (Stream<Path> files = Files.list(BridgeMemory.folder())) {
      assertThat(files)
          .noneMatch(file -> file.getFileName().toString().startsWith(BridgeMemory.prefix()));
    }
  }

  private static void stepThrice(Environment env) {
    Step step = Step.allocate(env);
    Value action = Value.allocate(env.actionSpace());
    env.reset(Reset.seeded(0), step);
    for (int t = 0; t < 3; t++) {
      env.step(action, step);
    }
  }

  @ParameterizedTest
  @CsvSource({
    "raise, KeyError: 'third step'",
    "exit, SystemExit: 3",
    "shape, expected a value of shape (1,)"
  })
  void whatPythonRaisesComesWithItsTraceback(String fault, String message) {
    try (Environment env = Environments.make(FAULTY + fault)) {
      for (int episode = 0; episode < 2; episode++) { // the process lives on
        assertThatThrownBy(() -> stepThrice(env))
            .isInstanceOfSatisfying(GymException.class, e -> assertThat(e.processLost()).isFalse())
            .hasMessageContaining("Traceback (most recent call last)")
            .hasMessageContaining(message);
      }
      assertThatThrownBy(() -> env.step(Value.allocate(env.actionSpace()), Step.allocate(env)))
          .isInstanceOf(IllegalStateException.class);
    }
  }

  @Test
  void aDeadProcessIsToldWithItsLastWordsAndAResetStartsAnother() {
    try (Environment env = Environments.make(FAULTY + "die")) {
      for (int episode = 0; episode < 2; episode++) {
        assertThatThrownBy(() -> stepThrice(env))
            .isInstanceOfSatisfying(GymException.class, e -> assertThat(e.processLost()).isTrue())
            .hasMessageContaining("ended with status 134")
            .hasMessageContaining("last words");
      }
      assertThatThrownBy(() -> env.reset(Reset.unseeded(), Step.allocate(env)))
          .isInstanceOf(IllegalStateException.class)
          .hasMessageContaining("reset with a seed");
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"hang", "spawn"})
  void aHangingProcessIsKilledWithItsChildren(String fault) {
    try (GymEnvironment env = (GymEnvironment) Environments.make(FAULTY + fault + "&timeout=3")) {
      ProcessHandle process = env.asVector().handles().getFirst();
      assertThatThrownBy(() -> stepThrice(env))
          .isInstanceOfSatisfying(GymException.class, e -> assertThat(e.processLost()).isTrue())
          .hasMessageContaining("gave no answer within 3.00 s (timeout)");
      assertThat(process.isAlive()).isFalse();
      assertThat(ProcessHandle.current().descendants())
          .noneMatch(child -> child.info().command().orElse("").endsWith("sleep"));
    }
  }

  @Test
  void printedGigabytesAreThrownAway() {
    try (Environment env = Environments.make(FAULTY + "print")) {
      stepThrice(env);
      stepThrice(env);
    }
  }

  @Test
  void failuresOfOpeningAndOfResetsAreTold() {
    assertThatThrownBy(() -> Environments.make(FAULTY + "open"))
        .isInstanceOf(GymException.class)
        .hasMessageContaining("RuntimeError: cannot be opened");
    try (Environment env = Environments.make(FAULTY + "reset")) {
      assertThatThrownBy(() -> env.reset(Reset.seeded(0), Step.allocate(env)))
          .isInstanceOf(GymException.class)
          .hasMessageContaining("RuntimeError: cannot be reset");
    }
  }

  @Test
  void aVectorWithOneProcessLostLosesAll() throws Exception {
    try (GymVectorEnvironment envs =
        (GymVectorEnvironment)
            Environments.makeVector("gym:CartPole-v1", 4, 2, AutoresetMode.SAME_STEP)) {
      List<ProcessHandle> processes = envs.handles();
      envs.reset(Reset.seeded(0));
      StepBatch steps = envs.step();
      processes.get(1).destroyForcibly();
      processes.get(1).onExit().get(10, TimeUnit.SECONDS);
      assertThatThrownBy(envs::step)
          .isInstanceOf(GymException.class)
          .hasMessageContaining("status 137");
      processes.getFirst().onExit().get(10, TimeUnit.SECONDS);
      assertThat(steps.reward(0)).isEqualTo(1); // what was read stays
      assertThatThrownBy(envs::step).isInstanceOf(IllegalStateException.class);
      assertThatThrownBy(() -> envs.reset(Reset.seeded(0)))
          .isInstanceOf(IllegalStateException.class)
          .hasMessageContaining("make it anew");
    }
  }

  @Test
  void closingEndsTheProcess() throws Exception {
    GymEnvironment env = (GymEnvironment) Environments.make("gym:CartPole-v1");
    ProcessHandle process = env.asVector().handles().getFirst();
    env.close();
    env.close();
    process.onExit().get(10, TimeUnit.SECONDS);
  }

  private static void fakeSide(Path folder, String main) throws IOException {
    Path sources = Files.createDirectories(folder.resolve("umwelt_bridge"));
    Files.writeString(sources.resolve("__init__.py"), "");
    Files.writeString(sources.resolve("start.py"), main);
  }

  private static void assertFails(Path folder, String message) {
    assertThatThrownBy(() ->
            PythonWorker.start(
                "gym:X", Duration.ofSeconds(5), PythonInterpreters.candidates(), folder.toString()))
        .isInstanceOf(GymException.class)
        .hasMessageContaining(message);
  }

  @Test
  void anotherProtocolOrNoneIsRefused(@TempDir Path folder) throws IOException {
    fakeSide(folder, "def main(): print('{\"protocol\": 2, \"port\": 1}', flush=True)\n");
    assertFails(folder, "expected a Python side of protocol 1, found 2");
    fakeSide(folder, "def main(): print('Hello from pygame', flush=True)\n");
    assertFails(folder, "to greet with a line of JSON, found Hello from pygame");
    fakeSide(folder, "def main(): print('x' * 10**7, flush=True)\n");
    assertFails(folder, "to greet with a line of JSON, found xxx");
    fakeSide(folder, "def main(): raise OSError('no luck')\n");
    assertFails(folder, "OSError: no luck");
    fakeSide(folder, "import time\ndef main(): time.sleep(1000)\n");
    assertFails(folder, "gave no answer within 5.00 s");
  }

  @Test
  void withoutAPythonThatHasThePackagesTheErrorSaysWhatToDo(@TempDir Path folder)
      throws IOException {
    fakeSide(folder, "def main(): print('{\"error\": \"No module named py4j\"}', flush=True)\n");
    assertThatThrownBy(() ->
            PythonWorker.start(
                "gym:X",
                Duration.ofSeconds(5),
                List.of("no-such-python", PythonInterpreters.candidates().getFirst()),
                folder.toString()))
        .isInstanceOf(BadRequestException.class)
        .hasMessageContaining("no-such-python is not installed")
        .hasMessageContaining("doctor --fix")
        .hasMessageContaining("UMWELT_PYTHON");
  }

  /** Returns what the server says to one who does not know the token; nothing where it hangs up. */
  private static String answer(int port, String command) throws IOException {
    try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), port)) {
      socket.setSoTimeout(10_000);
      OutputStream out = socket.getOutputStream();
      out.write(command.getBytes(StandardCharsets.UTF_8));
      out.flush();
      String answer = new String(socket.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
      return answer.startsWith("!x") ? "" : answer; // Py4J's word for an error
    } catch (SocketException _) {
      return "";
    }
  }

  @Test
  void othersCanNeitherReadTheMapNorCommandTheProcess() throws Exception {
    Path file = BridgeMemory.createFile();
    try {
      assertThat(Files.getPosixFilePermissions(file).toString()).doesNotContain("OTHERS", "GROUP");
    } finally {
      Files.delete(file);
    }
    try (GymEnvironment env = (GymEnvironment) Environments.make("gym:CartPole-v1")) {
      int port = env.asVector().ports().getFirst();
      for (NetworkInterface network : Collections.list(NetworkInterface.getNetworkInterfaces())) {
        for (InetAddress address : Collections.list(network.getInetAddresses())) {
          if (!address.isLoopbackAddress()) {
            assertThatThrownBy(() -> new Socket(address, port).close())
                .isInstanceOf(IOException.class);
          }
        }
      }
      assertThat(answer(port, "c\nt\nclose\ne\n")).isEmpty();
      stepThrice(env); // and it serves its owner still
    }
  }
}
