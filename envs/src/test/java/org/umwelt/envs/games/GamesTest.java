package org.umwelt.envs.games;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.lang.foreign.ValueLayout;
import java.util.Arrays;
import java.util.HashSet;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.umwelt.envs.AllocatedBytes;
import org.umwelt.envs.AutoresetMode;
import org.umwelt.envs.Environment;
import org.umwelt.envs.Frame;
import org.umwelt.envs.Reset;
import org.umwelt.envs.Step;
import org.umwelt.envs.VectorEnvironment;
import org.umwelt.envs.registry.Environments;
import org.umwelt.envs.spaces.Value;
import org.umwelt.kernels.random.RandomStream;
import org.umwelt.kernels.settings.BadRequestException;

class GamesTest {
  private static final int STAY = 0;
  private static final int RIGHT = 1;
  private static final int LEFT = 2;

  private static void step(Environment game, long number, Step out) {
    Value action = Value.allocate(game.actionSpace());
    action.setLong(number);
    game.step(action, out);
  }

  private static double info(Step step, String key) {
    return Policies.read(step.info(), key);
  }

  /** Returns 0xRRGGBB of a pixel of the observation. */
  private static int pixel(Step step, int x, int y) {
    int colour = 0;
    for (int channel = 0; channel < 3; channel++) {
      byte value =
          step.observation().tensor().get(ValueLayout.JAVA_BYTE, (y * 64L + x) * 3 + channel);
      colour = colour << 8 | (value & 0xFF);
    }
    return colour;
  }

  @ParameterizedTest
  @CsvSource({
    // A scripted policy that reads the infos, the best mean a random one may reach, and how many
    // episodes tell.
    "umwelt/Catch-v0, 10, -2, 20",
    "umwelt/GridCatch-v0, 10, -5, 20",
    "umwelt/Bricks-v0, 120, 5, 5",
    "umwelt/Dodge-v0, 15, 0, 5"
  })
  void aScriptedPolicyClearlyBeatsARandomOne(
      String id, double scriptedAtLeast, double randomAtMost, int episodes) {
    try (Environment game = Environments.make(id)) {
      assertThat(Policies.meanReturn(game, Policies.scripted(id), episodes))
          .isGreaterThanOrEqualTo(scriptedAtLeast);
      assertThat(Policies.meanReturn(game, Policies.random(game, 1), 20))
          .isLessThanOrEqualTo(randomAtMost);
    }
  }

  @Test
  void catchLastsTwentyThreeStepsPerBallAndCountsThem() {
    try (Environment game = Environments.make("umwelt/Catch-v0?balls=3")) {
      Step step = Step.allocate(game);
      game.reset(Reset.seeded(1), step);
      double sum = 0;
      for (int t = 1; t <= 69; t++) {
        step(game, STAY, step);
        // From y = 6 the bottom of the ball, 4 lower, reaches the basket at 56 in (56 - 10) / 2.
        assertThat(step.reward() != 0).isEqualTo(t % 23 == 0);
        assertThat(info(step, "lives")).isEqualTo(3 - t / 23);
        sum += step.reward();
      }
      assertThat(step.terminated()).isTrue();
      // c caught and 3 - c missed
      assertThat(sum).isEqualTo(2 * info(step, "caught") - 3);
    }
  }

  @ParameterizedTest
  @CsvSource({"8, 1", "8, 3", "4, 1", "4, 3"})
  void gridCatchIsPlayedInCellsAndShowsWhereTheyAre(int cells, int width) {
    String id = "umwelt/GridCatch-v0?balls=20&cells=%d&basket=%d".formatted(cells, width);
    int fall = cells - 1;
    int size = 64 / cells;
    try (Environment game = Environments.make(id)) {
      Step step = Step.allocate(game);
      RandomStream random = new RandomStream(3);
      game.reset(Reset.seeded(1), step);
      Set<Integer> columns = new HashSet<>();
      for (int t = 1; t <= 20 * fall; t++) {
        int ball = (int) info(step, "ball_column");
        int row = (int) info(step, "ball_row");
        int basket = (int) info(step, "basket_column");
        columns.add(ball);
        assertThat(row).isEqualTo((t - 1) % fall);
        for (int y = 0; y < 64; y++) {
          for (int x = 0; x < 64; x++) {
            boolean inBasket = y / size == fall && x / size >= basket && x / size < basket + width;
            int expected = y / size == row && x / size == ball ? 0xFFD84A : inBasket ? 0x38C8B8 : 0;
            assertThat(pixel(step, x, y)).isEqualTo(expected);
          }
        }
        int action = random.nextInt(3);

        step(game, action, step);

        int move = action == RIGHT ? 1 : action == LEFT ? -1 : 0;
        int moved = Math.clamp(basket + move, 0, cells - width);
        assertThat(info(step, "basket_column")).isEqualTo(moved);
        int reward = t % fall > 0 ? 0 : ball >= moved && ball < moved + width ? 1 : -1;
        assertThat(step.reward()).isEqualTo(reward);
        assertThat(info(step, "lives")).isEqualTo(20 - t / fall);
        assertThat(step.terminated()).isEqualTo(t == 20 * fall);
      }
      assertThat(columns).hasSizeGreaterThan(cells / 2);
    }
  }

  @Test
  void theBasketMovesThreePixelsAndStopsAtTheEdge() {
    try (Environment game = Environments.make("umwelt/Catch-v0")) {
      Step step = Step.allocate(game);
      game.reset(Reset.seeded(1), step);
      assertThat(info(step, "paddle_x")).isEqualTo(32);
      step(game, RIGHT, step);
      assertThat(info(step, "paddle_x")).isEqualTo(35);
      step(game, LEFT, step);
      step(game, LEFT, step);
      assertThat(info(step, "paddle_x")).isEqualTo(29);
      for (int t = 0; t < 20; t++) {
        step(game, LEFT, step);
      }
      assertThat(info(step, "paddle_x")).isEqualTo(6); // half its width of 12
    }
  }

  @Test
  void catchShowsTheBallAndTheBasketWhereTheInfoSaysTheyAre() {
    try (Environment game = Environments.make("umwelt/Catch-v0")) {
      Step step = Step.allocate(game);
      game.reset(Reset.seeded(9), step);
      for (int t = 0; t < 200; t++) {
        int ballX = (int) info(step, "ball_x");
        int ballY = (int) info(step, "ball_y");
        int paddleX = (int) info(step, "paddle_x");
        assertThat(pixel(step, ballX, ballY)).isEqualTo(0xF0A030); // the shaded heart of the ball
        assertThat(pixel(step, paddleX, 56)).isEqualTo(0xC8FFF4);
        step(game, t / 7 % 3, step);
      }
    }
  }

  @Test
  void aPaddleThatNeverMovesLosesEveryBallItIsNotUnder() {
    try (Environment game = Environments.make("umwelt/Bricks-v0?lives=2&paddle_width=4")) {
      Step step = Step.allocate(game);
      game.reset(Reset.seeded(1), step);
      double lives = 2;
      double sum = 0;
      while (!step.ended()) {
        step(game, STAY, step);
        assertThat(info(step, "lives")).isBetween(lives - 1, lives);
        lives = info(step, "lives");
        sum += step.reward();
      }
      assertThat(lives).isZero();
      assertThat(step.terminated()).isTrue();
      assertThat(sum).isLessThan(120);
    }
  }

  @Test
  void aWallIsWorthOneHundredAndTwentyAndClearingItEndsTheEpisode() {
    try (Environment game = Environments.make("umwelt/Bricks-v0")) {
      Step step = Step.allocate(game);
      Value action = Value.allocate(game.actionSpace());
      Policies.Policy policy = Policies.scripted(Bricks.ID);
      game.reset(Reset.seeded(2), step);
      double sum = 0;
      double bricks = 60;
      while (!step.ended()) {
        action.setLong(policy.act(step.info()));
        game.step(action, step);
        double broken = bricks - info(step, "bricks");
        assertThat(step.reward()).isBetween(broken, 3 * broken);
        bricks -= broken;
        sum += step.reward();
      }
      assertThat(bricks).isZero();
      assertThat(step.terminated()).isTrue();
      assertThat(sum).isEqualTo(10 * (3 + 3 + 2 + 2 + 1 + 1));
    }
  }

  @Test
  void theBallOfBricksMovesWithTheVelocityTheInfoTellsUnlessItBounces() {
    try (Environment game = Environments.make("umwelt/Bricks-v0")) {
      Step step = Step.allocate(game);
      game.reset(Reset.seeded(3), step);
      int straight = 0;
      for (int t = 0; t < 60 && !step.ended(); t++) {
        double x = info(step, "ball_x");
        double y = info(step, "ball_y");
        double vx = info(step, "ball_vx");
        double vy = info(step, "ball_vy");
        step(game, STAY, step);
        if (vy != 0 && info(step, "ball_vx") == vx && info(step, "ball_vy") == vy) {
          assertThat(info(step, "ball_x")).isEqualTo(x + vx);
          assertThat(info(step, "ball_y")).isEqualTo(y + vy);
          straight++;
        }
      }
      assertThat(straight).isGreaterThan(5);
    }
  }

  @Test
  void eachHitInDodgeCostsOneLifeAndRaisesTheShield() {
    try (Environment game = Environments.make("umwelt/Dodge-v0?lives=9&rock_interval=4")) {
      Step step = Step.allocate(game);
      RandomStream random = new RandomStream(1);
      game.reset(Reset.seeded(1), step);
      double lives = 9;
      double gems = 0;
      while (!step.ended()) {
        double shieldBefore = info(step, "shield");
        step(game, random.nextInt(5), step);
        double hits = lives - info(step, "lives");
        double taken = info(step, "gems_collected") - gems;
        assertThat(step.reward()).isEqualTo(taken - hits);
        assertThat(hits).isIn(0.0, 1.0);
        if (hits == 1) {
          assertThat(shieldBefore).isLessThanOrEqualTo(1);
          assertThat(info(step, "shield")).isEqualTo(20);
        } else {
          assertThat(info(step, "shield")).isEqualTo(Math.max(0, shieldBefore - 1));
        }
        lives -= hits;
        gems += taken;
      }
      assertThat(lives).isZero();
    }
  }

  @Test
  void gamesThatCouldGoOnForeverAreTruncated() {
    try (Environment game = Environments.make("umwelt/Dodge-v0?max_episode_steps=5")) {
      Step step = Step.allocate(game);
      game.reset(Reset.seeded(1), step);
      for (int t = 1; t <= 5; t++) {
        step(game, STAY, step);
        assertThat(step.truncated()).isEqualTo(t == 5);
      }
      assertThat(step.terminated()).isFalse();
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {Catch.ID, GridCatch.ID, Bricks.ID, Dodge.ID})
  void aFrameIsTheObservationFourTimesAsLarge(String id) {
    try (Environment game = Environments.make(id)) {
      Step step = Step.allocate(game);
      game.reset(Reset.seeded(1), step);
      for (int t = 0; t < 50; t++) {
        step(game, t % 3, step);
      }

      Frame frame = game.render();

      assertThat(frame.width()).isEqualTo(256);
      assertThat(frame.height()).isEqualTo(256);
      for (int y = 0; y < 256; y += 3) {
        for (int x = 0; x < 256; x += 5) {
          int at = (y * 256 + x) * 3;
          int colour =
              (frame.rgb()[at] & 0xFF) << 16
                  | (frame.rgb()[at + 1] & 0xFF) << 8
                  | (frame.rgb()[at + 2] & 0xFF);
          assertThat(colour).isEqualTo(pixel(step, x / 4, y / 4));
        }
      }
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {Catch.ID, GridCatch.ID, Bricks.ID, Dodge.ID})
  void seedsGiveDifferentWorlds(String id) {
    try (Environment game = Environments.make(id)) {
      long[] hashes = new long[20];
      Step step = Step.allocate(game);
      for (int seed = 0; seed < hashes.length; seed++) {
        game.reset(Reset.seeded(seed), step);
        for (int t = 0; t < 15; t++) {
          step(game, STAY, step);
        }
        hashes[seed] = Arrays.hashCode(step.observation().tensor().toArray(ValueLayout.JAVA_BYTE));
      }
      assertThat(Arrays.stream(hashes).distinct().count()).isGreaterThan(15);
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {Catch.ID, GridCatch.ID, Bricks.ID, Dodge.ID})
  void steppingAVectorOfAGameAllocatesNothing(String id) {
    RandomStream random = new RandomStream(1);
    try (VectorEnvironment envs = Environments.makeVector(id, 4, 2, AutoresetMode.SAME_STEP)) {
      envs.reset(Reset.seeded(1));

      long bytes =
          AllocatedBytes.perRound(() -> {
            for (int t = 0; t < 4_000; t++) {
              for (int row = 0; row < 4; row++) {
                envs.singleActionSpace().sample(random, envs.actions().row(row));
              }
              envs.step();
            }
          });

      assertThat(bytes).isZero();
    }
  }

  @ParameterizedTest
  @CsvSource({
    "umwelt/Catch-v0?balls=0, balls must be a whole number from 1 to 100",
    "umwelt/GridCatch-v0?basket=4, basket must be a whole number from 1 to 3",
    "umwelt/Bricks-v0?live=1, did you mean lives?",
    "umwelt/Dodge-v0?rock_interval=2, rock_interval must be a whole number from 4 to 60",
    "umwelt/Catch-v3, the newest version here is umwelt/Catch-v0"
  })
  void wrongArgumentsAreRefused(String id, String part) {
    assertThatThrownBy(() -> Environments.make(id))
        .isInstanceOf(BadRequestException.class)
        .hasMessageContaining(part);
  }
}
