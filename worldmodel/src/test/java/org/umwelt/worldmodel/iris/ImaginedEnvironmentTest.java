package org.umwelt.worldmodel.iris;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.lang.foreign.ValueLayout;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.bytedeco.javacpp.Pointer;
import org.bytedeco.javacpp.PointerScope;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.umwelt.envs.Environment;
import org.umwelt.envs.Frame;
import org.umwelt.envs.Reset;
import org.umwelt.envs.Step;
import org.umwelt.envs.check.EnvironmentChecker;
import org.umwelt.envs.registry.Environments;
import org.umwelt.envs.spaces.Value;
import org.umwelt.kernels.settings.BadRequestException;
import org.umwelt.kernels.tensor.Compute;
import org.umwelt.kernels.verification.Check;

class ImaginedEnvironmentTest {
  @TempDir private Path folder;
  private Path file;

  @BeforeEach
  void name() {
    file = folder.resolve("agent.safetensors");
  }

  private String id(String... settings) {
    return "imagine:" + file + (settings.length == 0 ? "" : "?") + String.join("&", settings);
  }

  private static byte[] pixels(Step step) {
    return step.observation().tensor().toArray(ValueLayout.JAVA_BYTE);
  }

  private static Value action(Environment environment, long number) {
    Value action = Value.allocate(environment.actionSpace());
    action.setLong(number);
    return action;
  }

  @ParameterizedTest
  @ValueSource(strings = {"horizon=1000", "sampler=greedy&horizon=7", "horizon=5&frame_stack=2"})
  void keepsTheContract(String settings) {
    TinyIris.write(file);
    List<Check> checks = EnvironmentChecker.check(id(settings), 7, 20);
    assertThat(checks).filteredOn(check -> !check.passed()).isEmpty();
    assertThat(checks).hasSizeGreaterThan(20);
  }

  @Test
  void spacesAndMeaningsAreThoseOfTheRealEnvironment() {
    TinyIris.write(file);
    try (Environment real = Environments.make(TinyIris.ENVIRONMENT);
        Environment imagined = Environments.make(id())) {
      assertThat(imagined.observationSpace()).isEqualTo(real.observationSpace());
      assertThat(imagined.actionSpace()).isEqualTo(real.actionSpace());
      assertThat(imagined.actionMeanings()).isEqualTo(real.actionMeanings());
      assertThat(imagined.hasState()).isFalse();
    }
  }

  @Test
  void firstObservationIsTheRealOneEncodedAndDecoded() {
    TinyIris.write(file);
    try (Environment real = Environments.make(TinyIris.ENVIRONMENT);
        Environment imagined = Environments.make(id());
        IrisWorld world = new IrisWorld(Compute.CPU, TinyIris.SIZES, 0)) {
      world.load(TinyIris.weights(), "test");
      Step first = Step.allocate(real);
      real.reset(Reset.seeded(5), first);
      Step step = Step.allocate(imagined);
      imagined.reset(Reset.seeded(5), step);
      try (PointerScope _ = new PointerScope()) {
        Tokenizer tokenizer = world.tokenizer();
        byte[] decoded =
            Pixels.bytes(
                tokenizer.decodeTokens(
                    tokenizer.tokens(
                        Pixels.tensor(
                            Compute.CPU,
                            1,
                            64,
                            64,
                            memory -> memory.copyFrom(first.observation().tensor())))));
        assertThat(pixels(step)).isEqualTo(decoded);
      }
    }
  }

  @ParameterizedTest
  @CsvSource({"50,0,0,-1", "0,50,0,0", "0,0,50,1"})
  void rewardsAreTheClassesLessOne(float minus, float zero, float plus, double reward) {
    TinyIris.write(file, TinyIris.NEVER_ENDS, minus, zero, plus);
    try (Environment environment = Environments.make(id())) {
      Step step = Step.allocate(environment);
      environment.reset(Reset.seeded(1), step);
      for (int t = 0; t < 4; t++) {
        environment.step(action(environment, t % 3), step);
        assertThat(step.reward()).isEqualTo(reward);
        assertThat(step.ended()).isFalse();
      }
    }
  }

  @Test
  void endOfTheModelTerminates() {
    TinyIris.write(file, TinyIris.ENDS_AT_ONCE);
    try (Environment environment = Environments.make(id("horizon=1"))) {
      Step step = Step.allocate(environment);
      environment.reset(Reset.seeded(1), step);
      environment.step(action(environment, 0), step);
      assertThat(step.terminated()).isTrue();
      assertThat(step.truncated()).isTrue(); // both, as a time limit does
      assertThat(environment.episodeFrames()).isEqualTo(1);
    }
  }

  @Test
  void horizonTruncatesAndZeroDoesNot() {
    TinyIris.write(file, TinyIris.NEVER_ENDS);
    for (int horizon : new int[] {4, 0}) {
      try (Environment environment = Environments.make(id("horizon=" + horizon))) {
        Step step = Step.allocate(environment);
        environment.reset(Reset.seeded(1), step);
        for (int t = 1; t <= (horizon == 0 ? 12 : 4); t++) {
          environment.step(action(environment, 0), step);
          assertThat(step.terminated()).isFalse();
          assertThat(step.truncated()).isEqualTo(t == horizon);
        }
      }
    }
  }

  @Test
  void modelForgetsWheneverItsMemoryIsFull() {
    TinyIris.write(file, TinyIris.NEVER_ENDS);
    try (Environment environment = Environments.make(id())) {
      Step step = Step.allocate(environment);
      int forgotten = environment.infoSpace().firstLeaf("forgotten");
      for (int episode = 0; episode < 2; episode++) {
        environment.reset(Reset.unseeded(), step);
        List<Double> counts = new ArrayList<>();
        for (int t = 0; t < 7; t++) {
          counts.add(step.info().scalar(forgotten));
          assertThat(step.info().scalar(environment.infoSpace().firstLeaf("imagined")))
              .isEqualTo(1);
          environment.step(action(environment, 1), step);
        }
        // The first frame and two more fit in three blocks; the step after them starts anew.
        assertThat(counts).containsExactly(0.0, 0.0, 0.0, 1.0, 1.0, 2.0, 2.0);
      }
    }
  }

  @Test
  void temperatureAndSamplerDecideWhatIsImagined() {
    TinyIris.write(file, TinyIris.NEVER_ENDS);
    byte[] greedy = afterThreeSteps("sampler=greedy");
    assertThat(afterThreeSteps("temperature=0.001")).isEqualTo(greedy);
    assertThat(afterThreeSteps("temperature=1000")).isNotEqualTo(greedy);
  }

  private byte[] afterThreeSteps(String setting) {
    try (Environment environment = Environments.make(id(setting))) {
      Step step = Step.allocate(environment);
      environment.reset(Reset.seeded(2), step);
      for (int t = 0; t < 3; t++) {
        environment.step(action(environment, t), step);
      }
      return pixels(step);
    }
  }

  @Test
  void pictureIsTheObservationFourTimesAsLarge() {
    TinyIris.write(file);
    try (Environment environment = Environments.make(id())) {
      Step step = Step.allocate(environment);
      environment.reset(Reset.seeded(2), step);
      Frame frame = environment.render();
      byte[] pixels = pixels(step);
      assertThat(frame.width()).isEqualTo(256);
      for (int y = 0; y < 256; y += 5) {
        for (int x = 0; x < 256; x += 7) {
          assertThat(frame.rgb()[(y * 256 + x) * 3]).isEqualTo(pixels[(y / 4 * 64 + x / 4) * 3]);
        }
      }
    }
  }

  @Test
  void nothingLeaks() {
    TinyIris.write(file);
    try (Environment other = Environments.make(id())) { // keeps the networks open
      Step step = Step.allocate(other);
      other.reset(Reset.seeded(1), step);
      System.gc(); // what building the networks left to the collector must not go meanwhile
      long before = Pointer.totalCount();
      try (Environment environment = Environments.make(id("horizon=5"))) {
        environment.reset(Reset.seeded(2), step);
        Value action = action(environment, 1);
        long started = Pointer.totalCount();
        for (int t = 0; t < 300; t++) {
          if (step.ended()) {
            environment.reset(Reset.unseeded(), step);
          } else {
            environment.step(action, step);
          }
        }
        assertThat(Pointer.totalCount()).isLessThanOrEqualTo(started);
      }
      assertThat(Pointer.totalCount()).isLessThanOrEqualTo(before);
    }
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "?env=umwelt/Dodge-v0 | expected env to have actions Discrete(3), as | got Discrete(5)",
        "?env=umwelt/Cutch-v0 | unknown environment umwelt/Cutch-v0 | did you mean umwelt/Catch-v0?",
        "?env=umwelt/Catch-v0?frame_stack=2 | expected env to have observations Box | [2, 64, 64, 3]",
        "?env= | expected env=ID | does not name it",
        "?temperature=0 | temperature must be a number from | got 0",
        "?sampler=nucleus | sampler must be one of categorical, greedy | got nucleus",
        "?horizon=-1 | horizon must be a whole number | got -1",
        ".bak | expected a run of umwelt train iris | found none at",
      })
  void badRequestsAreOneLine(String rest, String expected, String found) {
    TinyIris.write(file);
    assertThatThrownBy(() -> Environments.make(id() + rest))
        .isInstanceOf(BadRequestException.class)
        .hasMessageContaining(expected)
        .hasMessageContaining(found)
        .message()
        .hasLineCount(1);
  }
}
