package org.umwelt.envs.check;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.Set;
import java.util.function.BiFunction;
import java.util.function.Supplier;
import org.umwelt.envs.AutoresetMode;
import org.umwelt.envs.Environment;
import org.umwelt.envs.Frame;
import org.umwelt.envs.Reset;
import org.umwelt.envs.Step;
import org.umwelt.envs.StepBatch;
import org.umwelt.envs.registry.Environments;
import org.umwelt.envs.spaces.Discrete;
import org.umwelt.envs.spaces.Space;
import org.umwelt.envs.spaces.SpaceJson;
import org.umwelt.envs.spaces.Value;
import org.umwelt.envs.vector.ParallelVectorEnvironment;
import org.umwelt.kernels.random.RandomStream;
import org.umwelt.kernels.settings.BadRequestException;
import org.umwelt.kernels.verification.Check;

/**
 * Puts an environment to every rule of the {@link Environment} contract.
 *
 * <p>A rule that does not concern an environment, such as saving where it cannot save, passes and
 * says so.
 */
public final class EnvironmentChecker {
  /** How long the checker looks for the end of an episode. */
  private static final int LONGEST_EPISODE = 20_000;

  private static final String HOLDS = "holds";

  private final Supplier<? extends Environment> factory;
  private final long seed;
  private final int steps;
  private final List<Check> checks = new ArrayList<>();

  /** Looks for a breach of one rule. */
  @FunctionalInterface
  private interface Inspection {
    Finding inspect();
  }

  private record Finding(String text, boolean passed) {
    static final Finding FINE = new Finding(HOLDS, true);

    static Finding breach(String text) {
      return new Finding(text, false);
    }

    static Finding doesNotApply(String why) {
      return new Finding("does not apply: " + why, true);
    }
  }

  private EnvironmentChecker(Supplier<? extends Environment> factory, long seed, int steps) {
    this.factory = factory;
    this.seed = seed;
    this.steps = steps;
  }

  /**
   * Checks an environment of the registry.
   *
   * @param steps how many steps each check takes; at least 10
   * @throws BadRequestException where the environment cannot be made
   */
  public static List<Check> check(String id, long seed, int steps) {
    return check(() -> Environments.make(id), seed, steps);
  }

  /**
   * Checks the environments a factory makes, which must all be alike.
   *
   * @param steps how many steps each check takes; at least 10
   */
  public static List<Check> check(Supplier<? extends Environment> factory, long seed, int steps) {
    if (steps < 10) {
      throw new IllegalArgumentException("expected at least 10 steps, got " + steps);
    }
    EnvironmentChecker checker = new EnvironmentChecker(factory, seed, steps);
    checker.checkAll();
    return List.copyOf(checker.checks);
  }

  private void checkAll() {
    check("spaces are the same for every instance", this::sameSpaces);
    check("spaces survive JSON", this::jsonRoundTrip);
    check("action meanings name each action", this::actionMeanings);
    check("a reset gives reward 0 and no flag", this::resetIsClean);
    check("observations and infos lie in their spaces", this::insideSpaces);
    check("every element of observation and info is written", this::writtenWholly);
    check("rewards are finite", this::finiteRewards);
    checkDeterminism();
    check("reseeding repeats the episode", this::reseeding);
    check("an environment never seeded starts as with seed 0", this::defaultSeed);
    check("stepping before a reset is refused", this::stepBeforeReset);
    check("stepping after the end is refused until a reset", this::stepAfterEnd);
    check("illegal actions are refused and change nothing", this::illegalActions);
    check("unknown reset options are refused", this::unknownOption);
    check("frames count from 0 and grow with every step", this::framesGrow);
    check("a restored state continues in the same instance", () -> restored(true));
    check("a restored state continues in a fresh instance", () -> restored(false));
    check("pictures keep their size", this::stablePictures);
    check("rendering changes nothing", this::renderingIsPassive);
    check("a vector of 3 equals 3 singles", this::vectorEqualsSingles);
    check("closing twice is harmless", this::closeTwice);
  }

  private void check(String quantity, Inspection inspection) {
    Finding finding;
    try {
      finding = inspection.inspect();
    } catch (BadRequestException e) {
      throw e; // something the environment needs is not there: nothing can be said
    } catch (RuntimeException e) {
      finding = Finding.breach("threw %s".formatted(e));
    }
    checks.add(new Check(quantity, HOLDS, finding.text(), "exact", finding.passed()));
  }

  private Finding sameSpaces() {
    try (Environment a = factory.get();
        Environment b = factory.get()) {
      boolean same =
          a.observationSpace().equals(b.observationSpace())
              && a.actionSpace().equals(b.actionSpace())
              && a.infoSpace().equals(b.infoSpace());
      return same ? Finding.FINE : Finding.breach("two instances have different spaces");
    }
  }

  private Finding jsonRoundTrip() {
    try (Environment environment = factory.get()) {
      for (Space space :
          List.of(
              environment.observationSpace(), environment.actionSpace(), environment.infoSpace())) {
        Space read = SpaceJson.read(SpaceJson.write(space));
        if (!read.equals(space)) {
          return Finding.breach("%s comes back as %s".formatted(space, read));
        }
      }
      return Finding.FINE;
    }
  }

  private Finding actionMeanings() {
    try (Environment environment = factory.get()) {
      List<String> meanings = environment.actionMeanings();
      if (meanings.isEmpty()) {
        return Finding.doesNotApply("its actions have no names");
      }
      boolean oneEach =
          environment.actionSpace() instanceof Discrete discrete && discrete.n() == meanings.size();
      return oneEach && Set.copyOf(meanings).size() == meanings.size()
          ? Finding.FINE
          : Finding.breach("%s for %s".formatted(meanings, environment.actionSpace()));
    }
  }

  private Finding resetIsClean() {
    try (Environment environment = factory.get()) {
      Step out = Step.allocate(environment);
      for (int i = 0; i < 3; i++) {
        out.set(7.5, true, true);
        environment.reset(i == 0 ? Reset.seeded(seed) : Reset.unseeded(), out);
        if (out.reward() != 0 || out.ended()) {
          return Finding.breach(
              "reward %s, terminated %s, truncated %s"
                  .formatted(out.reward(), out.terminated(), out.truncated()));
        }
      }
      return Finding.FINE;
    }
  }

  /** Looks at what one instance wrote, after each reset and step. */
  private Finding play(BiFunction<Environment, Step, Finding> look) {
    try (Environment environment = factory.get()) {
      RandomStream random = new RandomStream(seed, 1);
      Value action = Value.allocate(environment.actionSpace());
      Step out = Step.allocate(environment);
      environment.reset(Reset.seeded(seed), out);
      Finding finding = look.apply(environment, out);
      for (int t = 0; t < steps && finding.passed(); t++) {
        if (out.ended()) {
          environment.reset(Reset.unseeded(), out);
        } else {
          environment.actionSpace().sample(random, action);
          environment.step(action, out);
        }
        finding = look.apply(environment, out);
      }
      return finding;
    }
  }

  private Finding insideSpaces() {
    return play((environment, out) ->
        !environment.observationSpace().contains(out.observation())
            ? Finding.breach("an observation outside %s".formatted(environment.observationSpace()))
            : !environment.infoSpace().contains(out.info())
                ? Finding.breach("an info outside %s".formatted(environment.infoSpace()))
                : Finding.FINE);
  }

  private Finding finiteRewards() {
    return play((_, out) ->
        Double.isFinite(out.reward())
            ? Finding.FINE
            : Finding.breach("a reward of %s".formatted(out.reward())));
  }

  /** Two alike instances write over two different patterns; what is left of those shows. */
  private Finding writtenWholly() {
    try (Environment a = factory.get();
        Environment b = factory.get()) {
      RandomStream random = new RandomStream(seed, 2);
      Value action = Value.allocate(a.actionSpace());
      Step outA = Step.allocate(a);
      Step outB = Step.allocate(b);
      Reset reset = Reset.seeded(seed);
      boolean resets = true;
      for (int t = 0; t < steps; t++) {
        fill(outA, (byte) 0);
        fill(outB, (byte) 0xFF);
        if (resets) {
          a.reset(reset, outA);
          b.reset(reset, outB);
          reset = Reset.unseeded();
        } else {
          a.actionSpace().sample(random, action);
          a.step(action, outA);
          b.step(action, outB);
        }
        String unwritten = unwritten(outA.observation(), outB.observation(), "observation");
        if (unwritten.isEmpty()) {
          unwritten = unwritten(outA.info(), outB.info(), "info");
        }
        if (!unwritten.isEmpty()) {
          return Finding.breach(
              "%s is left unwritten by a %s".formatted(unwritten, resets ? "reset" : "step"));
        }
        resets = outA.ended();
      }
      return Finding.FINE;
    }
  }

  private static void fill(Step out, byte pattern) {
    for (Value value : List.of(out.observation(), out.info())) {
      for (int leaf = 0; leaf < value.layout().size(); leaf++) {
        value.leaf(leaf).fill(pattern);
      }
    }
  }

  private static String unwritten(Value a, Value b, String name) {
    for (int leaf = 0; leaf < a.layout().size(); leaf++) {
      MemorySegment tensor = a.leaf(leaf);
      long at = tensor.mismatch(b.leaf(leaf));
      if (at >= 0
          && tensor.get(ValueLayout.JAVA_BYTE, at) == 0
          && b.leaf(leaf).get(ValueLayout.JAVA_BYTE, at) == (byte) 0xFF) {
        return "byte %d of %s %s".formatted(at, name, a.layout().get(leaf).path());
      }
    }
    return "";
  }

  private void checkDeterminism() {
    List<Trace> traces = new ArrayList<>();
    for (Trace.Part part : Trace.Part.values()) {
      check(
          "same seed and actions give the same " + part.name().toLowerCase(Locale.ROOT),
          () -> {
            if (traces.isEmpty()) {
              try (Environment a = factory.get();
                  Environment b = factory.get()) {
                traces.addAll(List.of(episodes(a, seed), episodes(b, seed)));
              }
            }
            return compare(traces.getFirst(), traces.getLast(), part);
          });
    }
  }

  /** A seeded episode, and what unseeded resets make follow it. */
  private Trace episodes(Environment environment, long seed) {
    return new Trace(environment)
        .reset(Reset.seeded(seed))
        .play(seed + 1, steps)
        .reset(Reset.unseeded())
        .play(seed + 2, steps);
  }

  private static Finding compare(Trace expected, Trace found, Trace.Part part) {
    OptionalInt difference = found.firstDifference(expected, part);
    return difference.isEmpty()
        ? Finding.FINE
        : Finding.breach(
            "%s differ at reset or step %d"
                .formatted(part.name().toLowerCase(Locale.ROOT), difference.getAsInt()));
  }

  private static Finding compareAll(Trace expected, Trace found) {
    for (Trace.Part part : Trace.Part.values()) {
      Finding finding = compare(expected, found, part);
      if (!finding.passed()) {
        return finding;
      }
    }
    return Finding.FINE;
  }

  private Finding reseeding() {
    try (Environment environment = factory.get()) {
      Trace first = episodes(environment, seed);
      episodes(environment, seed + 1);
      return compareAll(first, episodes(environment, seed));
    }
  }

  private Finding defaultSeed() {
    try (Environment seeded = factory.get();
        Environment unseeded = factory.get()) {
      return compareAll(
          new Trace(seeded).reset(Reset.seeded(0)).play(seed, steps),
          new Trace(unseeded).reset(Reset.unseeded()).play(seed, steps));
    }
  }

  private Finding stepBeforeReset() {
    try (Environment environment = factory.get()) {
      return refusesToStep(environment);
    }
  }

  private Finding refusesToStep(Environment environment) {
    Value action = Value.allocate(environment.actionSpace());
    environment.actionSpace().sample(new RandomStream(seed), action);
    try {
      environment.step(action, Step.allocate(environment));
    } catch (IllegalStateException _) {
      return Finding.FINE;
    }
    return Finding.breach("no IllegalStateException");
  }

  private Finding stepAfterEnd() {
    try (Environment environment = factory.get()) {
      RandomStream random = new RandomStream(seed, 3);
      Value action = Value.allocate(environment.actionSpace());
      Step out = Step.allocate(environment);
      environment.reset(Reset.seeded(seed), out);
      for (int t = 0; !out.ended(); t++) {
        if (t == LONGEST_EPISODE) {
          return Finding.doesNotApply("no episode ended within %d steps".formatted(t));
        }
        environment.actionSpace().sample(random, action);
        environment.step(action, out);
      }
      Finding finding = refusesToStep(environment);
      environment.reset(Reset.unseeded(), out);
      environment.step(action, out);
      return finding;
    }
  }

  private Finding illegalActions() {
    boolean someAreIllegal = false;
    for (boolean upwards : new boolean[] {true, false}) {
      try (Environment environment = factory.get();
          Environment untouched = factory.get()) {
        Value action = Value.allocate(environment.actionSpace());
        environment.actionSpace().sample(new RandomStream(seed), action);
        if (!IllegalActions.makeIllegal(environment.actionSpace(), action, upwards)) {
          continue;
        }
        someAreIllegal = true;
        Trace trace = new Trace(environment).reset(Reset.seeded(seed));
        try {
          environment.step(action, Step.allocate(environment));
          return Finding.breach("no IllegalArgumentException");
        } catch (IllegalArgumentException _) {
          // as it must be
        }
        Finding finding =
            compareAll(
                new Trace(untouched).reset(Reset.seeded(seed)).play(seed, steps),
                trace.play(seed, steps));
        if (!finding.passed()) {
          return finding;
        }
      }
    }
    return someAreIllegal
        ? Finding.FINE
        : Finding.doesNotApply("every value of its layout is a legal action");
  }

  private Finding unknownOption() {
    try (Environment environment = factory.get()) {
      Reset reset = new Reset(OptionalLong.of(seed), Map.of("no_such_option", 1));
      environment.reset(reset, Step.allocate(environment));
    } catch (IllegalArgumentException _) {
      return Finding.FINE;
    }
    return Finding.breach("no IllegalArgumentException");
  }

  private Finding framesGrow() {
    try (Environment environment = factory.get()) {
      RandomStream random = new RandomStream(seed, 4);
      Value action = Value.allocate(environment.actionSpace());
      Step out = Step.allocate(environment);
      for (int episode = 0; episode < 2; episode++) {
        environment.reset(Reset.seeded(seed), out);
        long before = environment.episodeFrames();
        if (before != 0) {
          return Finding.breach("%d after a reset".formatted(before));
        }
        for (int t = 0; t < steps && !out.ended(); t++) {
          environment.actionSpace().sample(random, action);
          environment.step(action, out);
          long frames = environment.episodeFrames();
          if (frames <= before) {
            return Finding.breach("%d after %d".formatted(frames, before));
          }
          before = frames;
        }
      }
      return Finding.FINE;
    }
  }

  private Finding restored(boolean inSameInstance) {
    try (Environment environment = factory.get();
        Environment fresh = factory.get()) {
      if (!environment.hasState()) {
        return refusesToSave(environment);
      }
      new Trace(environment).reset(Reset.seeded(seed)).play(seed, steps / 2);
      byte[] state = environment.saveState();
      Trace expected = goOn(environment);
      Environment restored = inSameInstance ? environment : fresh;
      restored.restoreState(state);
      return compareAll(expected, goOn(restored));
    }
  }

  private static Finding refusesToSave(Environment environment) {
    try {
      environment.saveState();
    } catch (UnsupportedOperationException _) {
      return Finding.doesNotApply("it cannot save its state");
    }
    return Finding.breach("it saves although hasState() is false");
  }

  private Trace goOn(Environment environment) {
    return new Trace(environment)
        .play(seed + 1, steps / 2)
        .reset(Reset.unseeded())
        .play(seed + 2, steps);
  }

  private Finding stablePictures() {
    try (Environment environment = factory.get()) {
      RandomStream random = new RandomStream(seed, 5);
      Value action = Value.allocate(environment.actionSpace());
      Step out = Step.allocate(environment);
      environment.reset(Reset.seeded(seed), out);
      Frame first = environment.render();
      for (int t = 0; t < 20; t++) {
        if (out.ended()) {
          environment.reset(Reset.unseeded(), out);
        } else {
          environment.actionSpace().sample(random, action);
          environment.step(action, out);
        }
        Frame frame = environment.render();
        if (frame.width() != first.width() || frame.height() != first.height()) {
          return Finding.breach(
              "%dx%d, then %dx%d"
                  .formatted(first.width(), first.height(), frame.width(), frame.height()));
        }
      }
      return Finding.FINE;
    } catch (UnsupportedOperationException _) {
      return Finding.doesNotApply("it cannot be rendered");
    }
  }

  private Finding renderingIsPassive() {
    try (Environment seen = factory.get();
        Environment unseen = factory.get()) {
      Trace expected = new Trace(unseen).reset(Reset.seeded(seed));
      Trace found = new Trace(seen).reset(Reset.seeded(seed));
      for (int i = 0; i < 10; i++) {
        seen.render();
        expected.play(seed + i, steps / 10);
        found.play(seed + i, steps / 10);
      }
      return compareAll(expected, found);
    } catch (UnsupportedOperationException _) {
      return Finding.doesNotApply("it cannot be rendered");
    }
  }

  private Finding vectorEqualsSingles() {
    List<Environment> singles = new ArrayList<>();
    try (ParallelVectorEnvironment vector =
        new ParallelVectorEnvironment(
            List.of(factory.get(), factory.get(), factory.get()), 2, AutoresetMode.SAME_STEP)) {
      StepBatch batch = vector.reset(Reset.seeded(seed));
      List<Step> outs = new ArrayList<>();
      for (int row = 0; row < 3; row++) {
        Environment single = factory.get();
        singles.add(single);
        Step out = Step.allocate(single);
        outs.add(out);
        single.reset(Reset.seeded(seed + row), out);
        if (!out.observation().sameBytes(batch.row(row).observation())) {
          return Finding.breach("row %d differs after the reset".formatted(row));
        }
      }
      RandomStream random = new RandomStream(seed, 6);
      for (int t = 0; t < steps; t++) {
        for (int row = 0; row < 3; row++) {
          vector.singleActionSpace().sample(random, vector.actions().row(row));
        }
        vector.step();
        for (int row = 0; row < 3; row++) {
          Environment single = singles.get(row);
          Step out = outs.get(row);
          single.step(vector.actions().row(row), out);
          boolean same =
              out.reward() == batch.reward(row)
                  && out.terminated() == batch.terminated(row)
                  && out.truncated() == batch.truncated(row);
          if (out.ended()) {
            same &= out.observation().sameBytes(batch.finalObservations().row(row));
            same &= out.info().sameBytes(batch.finalInfos().row(row));
            single.reset(Reset.unseeded(), out);
          }
          same &= out.observation().sameBytes(batch.row(row).observation());
          same &= out.info().sameBytes(batch.row(row).info());
          if (!same) {
            return Finding.breach("row %d differs after step %d".formatted(row, t + 1));
          }
        }
      }
      return Finding.FINE;
    } finally {
      singles.forEach(Environment::close);
    }
  }

  private Finding closeTwice() {
    Environment environment = factory.get();
    environment.reset(Reset.seeded(seed), Step.allocate(environment));
    environment.close();
    environment.close();
    return Finding.FINE;
  }
}
