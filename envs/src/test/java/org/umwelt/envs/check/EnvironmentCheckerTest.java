package org.umwelt.envs.check;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.DataInput;
import java.io.DataOutput;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.ServiceLoader;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.umwelt.envs.CountingEnvironment;
import org.umwelt.envs.Environment;
import org.umwelt.envs.Frame;
import org.umwelt.envs.Reset;
import org.umwelt.envs.Step;
import org.umwelt.envs.spaces.Box;
import org.umwelt.envs.spaces.DType;
import org.umwelt.envs.spaces.Dict;
import org.umwelt.envs.spaces.Space;
import org.umwelt.envs.spaces.Value;
import org.umwelt.envs.wrappers.Wrapper;
import org.umwelt.kernels.random.RandomStream;
import org.umwelt.kernels.settings.BadRequestException;
import org.umwelt.kernels.settings.Settings;
import org.umwelt.kernels.verification.Check;
import org.umwelt.kernels.verification.Verification;

/** Proves that the checker can fail: each mutant breaks one rule and is caught for it. */
class EnvironmentCheckerTest {
  private static List<String> failures(Supplier<Environment> factory) {
    return EnvironmentChecker.check(factory, 7, 100).stream()
        .filter(check -> !check.passed())
        .map(Check::quantity)
        .toList();
  }

  private static Environment world() {
    return new CountingEnvironment(13);
  }

  /** A world that goes wrong somewhere; by itself it does not. */
  private abstract static class Mutant extends Wrapper {
    Mutant() {
      super(world());
    }
  }

  private static final AtomicLong INSTANCES = new AtomicLong();

  static Stream<Arguments> mutants() {
    return Stream.of(
        mutant(
            "same seed and actions give the same observations",
            () ->
                new Mutant() {
                  private final long drift = INSTANCES.incrementAndGet() % 1000;

                  @Override
                  public void step(Value action, Step out) {
                    super.step(action, out);
                    DType.INT64.setLong(out.observation().tensor(), 0, drift);
                  }
                }),
        mutant(
            "same seed and actions give the same rewards",
            () ->
                new Mutant() {
                  private final double bonus = INSTANCES.incrementAndGet();

                  @Override
                  public void step(Value action, Step out) {
                    super.step(action, out);
                    out.set(out.reward() + bonus, out.terminated(), out.truncated());
                  }
                }),
        mutant(
            "same seed and actions give the same flags",
            () ->
                new Mutant() {
                  private final boolean odd = INSTANCES.incrementAndGet() % 2 == 0;

                  @Override
                  public void step(Value action, Step out) {
                    super.step(action, out);
                    out.set(out.reward(), out.terminated(), out.ended() && odd);
                  }
                }),
        mutant(
            "same seed and actions give the same infos",
            () ->
                new Mutant() {
                  private final long instance = INSTANCES.incrementAndGet();

                  @Override
                  public void step(Value action, Step out) {
                    super.step(action, out);
                    out.info().setScalar(1, instance % 9);
                  }
                }),
        mutant(
            "observations and infos lie in their spaces",
            () ->
                new Mutant() {
                  @Override
                  public void step(Value action, Step out) {
                    super.step(action, out);
                    DType.INT64.setLong(out.observation().tensor(), 1, -1);
                  }
                }),
        mutant(
            "observations and infos lie in their spaces",
            () ->
                new Mutant() {
                  @Override
                  public void reset(Reset reset, Step out) {
                    super.reset(reset, out);
                    out.info().setScalar(1, 10);
                  }
                }),
        mutant(
            "every element of observation and info is written",
            () ->
                new Mutant() {
                  @Override
                  public Dict infoSpace() {
                    return super.infoSpace().with("forgotten", Box.of(DType.INT64, 0, 1));
                  }
                }),
        mutant(
            "rewards are finite",
            () ->
                new Mutant() {
                  @Override
                  public void step(Value action, Step out) {
                    super.step(action, out);
                    out.set(Double.NaN, out.terminated(), out.truncated());
                  }
                }),
        mutant(
            "action meanings name each action",
            () ->
                new Mutant() {
                  @Override
                  public List<String> actionMeanings() {
                    return List.of("A", "B", "C", "D");
                  }
                }),
        mutant(
            "a reset gives reward 0 and no flag",
            () ->
                new Mutant() {
                  @Override
                  public void reset(Reset reset, Step out) {
                    double reward = out.reward();
                    super.reset(reset, out);
                    out.set(reward, false, false);
                  }
                }),
        mutant(
            "reseeding repeats the episode",
            () ->
                new Mutant() {
                  private long resets;

                  @Override
                  public void reset(Reset reset, Step out) {
                    super.reset(reset, out);
                    DType.INT64.setLong(out.observation().tensor(), 1, resets++);
                  }
                }),
        mutant(
            "an environment never seeded starts as with seed 0",
            () ->
                new Mutant() {
                  private boolean started;

                  @Override
                  public void reset(Reset reset, Step out) {
                    super.reset(started || reset.seed().isPresent() ? reset : Reset.seeded(5), out);
                    started = true;
                  }
                }),
        mutant(
            "stepping before a reset is refused",
            () ->
                new Mutant() {
                  private boolean started;

                  @Override
                  public void reset(Reset reset, Step out) {
                    super.reset(reset, out);
                    started = true;
                  }

                  @Override
                  public void step(Value action, Step out) {
                    if (started) {
                      super.step(action, out);
                    }
                  }
                }),
        mutant(
            "stepping after the end is refused until a reset",
            () ->
                new Mutant() {
                  @Override
                  public void step(Value action, Step out) {
                    if (!out.ended() && episodeFrames() < 13) {
                      super.step(action, out);
                    }
                  }
                }),
        mutant(
            "illegal actions are refused and change nothing",
            () ->
                new Mutant() {
                  @Override
                  public void step(Value action, Step out) {
                    action.setLong(Math.clamp(action.asLong(), 0, 4));
                    super.step(action, out);
                  }
                }),
        mutant(
            "illegal actions are refused and change nothing",
            () ->
                new Mutant() {
                  private long calls;

                  @Override
                  public void step(Value action, Step out) {
                    calls++;
                    super.step(action, out);
                    out.info().setScalar(1, calls % 9);
                  }

                  @Override
                  public void reset(Reset reset, Step out) {
                    super.reset(reset, out);
                    calls = 0;
                  }
                }),
        mutant(
            "unknown reset options are refused",
            () ->
                new Mutant() {
                  @Override
                  public void reset(Reset reset, Step out) {
                    super.reset(new Reset(reset.seed(), Map.of()), out);
                  }
                }),
        mutant(
            "frames count from 0 and grow with every step",
            () ->
                new Mutant() {
                  @Override
                  public long episodeFrames() {
                    return super.episodeFrames() / 2;
                  }
                }),
        mutant("a restored state continues in the same instance", ForgetfulOfItsRandomStream::new),
        mutant("a restored state continues in a fresh instance", ForgetfulOfItsRandomStream::new),
        mutant("a restored state continues in the same instance", () -> new Drawing(false)),
        mutant(
            "pictures keep their size",
            () ->
                new Mutant() {
                  @Override
                  public Frame render() {
                    int width = 1 + (int) episodeFrames();
                    return new Frame(width, 1, new byte[width * 3]);
                  }
                }),
        mutant(
            "rendering changes nothing",
            () ->
                new Mutant() {
                  private long renders;

                  @Override
                  public Frame render() {
                    renders++;
                    return new Frame(1, 1, new byte[3]);
                  }

                  @Override
                  public void step(Value action, Step out) {
                    super.step(action, out);
                    out.info().setScalar(1, renders % 9);
                  }
                }),
        mutant(
            "a vector of 3 equals 3 singles",
            () ->
                new Mutant() {
                  @Override
                  public void step(Value action, Step out) {
                    super.step(action, out);
                    out.info().setScalar(1, out.batch().size());
                  }
                }),
        mutant(
            "closing twice is harmless",
            () ->
                new Mutant() {
                  private boolean closed;

                  @Override
                  public void close() {
                    if (closed) {
                      throw new IllegalStateException("closed already");
                    }
                    closed = true;
                  }
                }),
        mutant(
            "spaces are the same for every instance",
            () ->
                new Mutant() {
                  private final int elements = 1 + (int) (INSTANCES.incrementAndGet() % 2);

                  @Override
                  public Space actionSpace() {
                    return Box.of(DType.FLOAT32, -1, 1, elements);
                  }
                }),
        mutant(
            "spaces survive JSON",
            () ->
                new Mutant() {
                  @Override
                  public Dict infoSpace() {
                    // Bounds that are no integers are cut off in the notation of an integer box.
                    return Dict.empty()
                        .with("action", Box.of(DType.INT64, -1.5, 4))
                        .with("x", Box.of(DType.FLOAT32, 0, 9));
                  }
                }));
  }

  private static Arguments mutant(String quantity, Supplier<Environment> factory) {
    return Arguments.of(quantity, factory);
  }

  /** Restores all but what decides the next episodes. */
  private static final class ForgetfulOfItsRandomStream extends Mutant {
    private final RandomStream random = new RandomStream(0, 3);

    @Override
    public void reset(Reset reset, Step out) {
      super.reset(reset, out);
      if (reset.seed().isPresent()) {
        random.restart(reset.seed().getAsLong(), 3);
      }
      DType.INT64.setLong(out.observation().tensor(), 1, random.nextInt(1000));
    }
  }

  /** Tells a draw of its own at every step, and perhaps saves where its draws stand. */
  private static final class Drawing extends Wrapper {
    private final boolean saves;

    Drawing(boolean saves) {
      super(world());
      this.saves = saves;
    }

    private final RandomStream random = new RandomStream(0, 3);

    @Override
    public void step(Value action, Step out) {
      super.step(action, out);
      out.info().setScalar(1, random.nextInt(9));
    }

    @Override
    public void reset(Reset reset, Step out) {
      super.reset(reset, out);
      if (reset.seed().isPresent()) {
        random.restart(reset.seed().getAsLong(), 3);
      }
    }

    @Override
    protected void writeOwnState(DataOutput out) throws IOException {
      if (saves) {
        random.writeState(out);
      }
    }

    @Override
    protected void readOwnState(DataInput in) throws IOException {
      if (saves) {
        random.readState(in);
      }
    }
  }

  @ParameterizedTest
  @MethodSource("mutants")
  void aBreachIsCaught(String quantity, Supplier<Environment> factory) {
    assertThat(failures(factory)).contains(quantity);
  }

  @Test
  void everyRuleHasAMutantAndASoundWorldPassesThemAll() {
    List<Check> sound = EnvironmentChecker.check(EnvironmentCheckerTest::world, 7, 100);
    assertThat(sound).allMatch(Check::passed);
    assertThat(failures(() -> new Drawing(true))).isEmpty();

    List<String> broken = new ArrayList<>(mutants().map(m -> (String) m.get()[0]).toList());
    broken.add("same seed and actions give the same frames"); // follows from the flags'
    assertThat(sound).extracting(Check::quantity).isSubsetOf(broken).doesNotHaveDuplicates();
  }

  @Test
  void whatDoesNotApplyPassesAndSaysSo() {
    List<Check> checks =
        EnvironmentChecker.check(
            () ->
                new CountingEnvironment(13) {
                  @Override
                  public boolean hasState() {
                    return false;
                  }

                  @Override
                  public byte[] saveState() {
                    throw new UnsupportedOperationException();
                  }
                },
            7,
            100);

    assertThat(checks).allMatch(Check::passed);
    assertThat(checks)
        .filteredOn(check -> check.found().startsWith("does not apply"))
        .extracting(Check::quantity)
        .containsExactly(
            "action meanings name each action",
            "a restored state continues in the same instance",
            "a restored state continues in a fresh instance",
            "pictures keep their size",
            "rendering changes nothing");
  }

  @Test
  void theVerificationIsFoundByNameAndChecksTheIdItIsGiven() {
    Verification verification =
        ServiceLoader.load(Verification.class).stream()
            .map(ServiceLoader.Provider::get)
            .filter(candidate -> candidate.name().equals("env"))
            .findFirst()
            .orElseThrow();
    Settings settings =
        new Settings(
            "verify env",
            verification.settings(),
            Map.of("id", "umwelt/Catch-v0?balls=2", "steps", "60"));

    assertThat(verification.run(settings, _ -> {})).hasSizeGreaterThan(20).allMatch(Check::passed);
  }

  @Test
  void requestsThatCannotBeServedAreRefused() {
    assertThatThrownBy(() -> EnvironmentChecker.check("umwelt/Catc-v0", 7, 100))
        .isInstanceOf(BadRequestException.class)
        .hasMessageContaining("did you mean umwelt/Catch-v0?");
    Verification verification = new EnvironmentVerification();
    assertThatThrownBy(() ->
            verification.run(
                new Settings("verify env", verification.settings(), Map.of()), _ -> {}))
        .isInstanceOf(BadRequestException.class)
        .hasMessageContaining("id=umwelt/Catch-v0");
  }
}
