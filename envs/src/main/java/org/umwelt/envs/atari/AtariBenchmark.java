package org.umwelt.envs.atari;

import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import org.umwelt.envs.AutoresetMode;
import org.umwelt.envs.Reset;
import org.umwelt.envs.VectorEnvironment;
import org.umwelt.envs.registry.Environments;
import org.umwelt.envs.spaces.Discrete;
import org.umwelt.kernels.bench.Benchmark;
import org.umwelt.kernels.bench.Measurement;
import org.umwelt.kernels.random.RandomStream;
import org.umwelt.kernels.settings.BadRequestException;
import org.umwelt.kernels.settings.Setting;
import org.umwelt.kernels.settings.Settings;
import org.umwelt.kernels.settings.Suggestions;

/**
 * Agent steps per second of our vector environment against ale-py's C++ {@code AtariVectorEnv}.
 *
 * <p>Both play the same game with random actions: 4 frames per step, the brighter of the last two
 * in grey, 84x84, the last 4 stacked. Rounds are interleaved, and the first of each side is not
 * counted.
 */
public final class AtariBenchmark implements Benchmark {
  private static final double GOAL = 1.2;
  private static final int ACTION_ROUNDS = 1024;

  @Override
  public String name() {
    return "atari";
  }

  @Override
  public String summary() {
    return "agent steps/s (4 frames, max-pool, 84x84 grey, stack 4) against ale-py's AtariVectorEnv";
  }

  @Override
  public List<Setting> settings() {
    int cores = Runtime.getRuntime().availableProcessors();
    return List.of(
        Setting.text("game", "Breakout", "Which game."),
        Setting.integer("environments", 4L * cores, 1, 4096, "How many are stepped together."),
        Setting.integer("threads", cores, 1, 1024, "How many threads step them."),
        Setting.integer("rounds", 7, 5, 1000, "Interleaved rounds that count."),
        Setting.integer("steps", 300, 1, 1_000_000, "Steps of every environment per round."));
  }

  /**
   * {@inheritDoc}
   *
   * @throws BadRequestException where the game is unknown, or its ROM is missing and cannot be
   *     fetched
   */
  @Override
  public List<Measurement> run(Settings settings, Consumer<String> progress) {
    AtariGame game = game(settings.text("game"));
    int size = settings.intValue("environments");
    int threads = settings.intValue("threads");
    int rounds = settings.intValue("rounds");
    int steps = settings.intValue("steps");
    String quantity = "%s, %d environments on %d threads".formatted(game.name(), size, threads);
    List<Double> ours = new ArrayList<>();
    List<Double> theirs = new ArrayList<>();
    try (VectorEnvironment vector =
        Environments.makeVector(
            "Atari84/%s-v0?frame_stack=4&reward_clip=sign".formatted(game.name()),
            size,
            threads,
            AutoresetMode.NEXT_STEP)) {
      vector.reset(Reset.seeded(0));
      Optional<AlePyVector> peer = AlePyVector.start(game, size, threads);
      try (AlePyVector running = peer.orElse(null)) {
        for (int round = 0; round <= rounds; round++) {
          double our = size * (double) steps / play(vector, steps);
          double their = running == null ? Double.NaN : size * (double) steps / running.run(steps);
          progress.accept(
              round == 0
                  ? "warmed up"
                  : running == null
                      ? "round %d: %.0f steps/s".formatted(round, our)
                      : "round %d: %.0f steps/s, theirs %.0f".formatted(round, our, their));
          if (round > 0) {
            ours.add(our);
            theirs.add(their);
          }
        }
        return List.of(
            running == null
                ? Measurement.alone(
                    quantity, "steps/s", ours, "no Python with ale-py (set UMWELT_PYTHON)")
                : new Measurement(
                    quantity,
                    "steps/s",
                    ours,
                    "ale-py %s AtariVectorEnv".formatted(running.version()),
                    theirs,
                    GOAL,
                    ""));
      }
    } catch (IOException e) {
      throw new BadRequestException("the Python side failed (%s)".formatted(e.getMessage()), e);
    }
  }

  private static AtariGame game(String name) {
    List<String> names = AtariGame.all().stream().map(AtariGame::name).toList();
    int index = names.indexOf(name);
    if (index < 0) {
      throw new BadRequestException(
          "expected a game such as Breakout, got %s%s"
              .formatted(name, Suggestions.didYouMean(name, names)));
    }
    return AtariGame.all().get(index);
  }

  private static double play(VectorEnvironment vector, int steps) {
    RandomStream random = new RandomStream(0);
    MemorySegment actions = vector.actions().leaf(0);
    long n = ((Discrete) vector.singleActionSpace()).n();
    long[] drawn = new long[ACTION_ROUNDS * vector.size()];
    for (int i = 0; i < drawn.length; i++) {
      drawn[i] = random.nextLong(n);
    }
    long start = System.nanoTime();
    for (int step = 0; step < steps; step++) {
      int from = step % ACTION_ROUNDS * vector.size();
      MemorySegment.copy(drawn, from, actions, ValueLayout.JAVA_LONG, 0, vector.size());
      vector.step();
    }
    return (System.nanoTime() - start) * 1e-9;
  }
}
