package org.umwelt.envs.atari;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.lang.foreign.ValueLayout;
import java.util.zip.CRC32;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.umwelt.envs.Environment;
import org.umwelt.envs.Frame;
import org.umwelt.envs.Reset;
import org.umwelt.envs.Step;
import org.umwelt.envs.registry.Environments;
import org.umwelt.envs.spaces.Box;
import org.umwelt.envs.spaces.Discrete;
import org.umwelt.envs.spaces.Value;
import org.umwelt.kernels.image.BilinearResize;
import org.umwelt.kernels.random.RandomStream;
import org.umwelt.kernels.settings.BadRequestException;

class AtariEnvironmentTest {
  /** Plays random actions, resetting at ends, and returns a checksum of all that is written. */
  private static long play(Environment environment, Step step, int steps, long actionSeed) {
    RandomStream random = new RandomStream(actionSeed);
    Value action = Value.allocate(environment.actionSpace());
    CRC32 crc = new CRC32();
    for (int t = 0; t < steps; t++) {
      environment.actionSpace().sample(random, action);
      environment.step(action, step);
      crc.update(step.observation().tensor().toArray(ValueLayout.JAVA_BYTE));
      crc.update((int) step.reward());
      crc.update((int) step.info().scalar(0));
      crc.update((int) environment.episodeFrames());
      if (step.ended()) {
        environment.reset(Reset.unseeded(), step);
        crc.update(step.observation().tensor().toArray(ValueLayout.JAVA_BYTE));
      }
    }
    return crc.getValue();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "ALE/Breakout-v5?obs_type=ram",
        "ALE/Berzerk-v5?obs_type=grayscale&frameskip=2-5",
        "Atari100k/Breakout-train-v0",
        "Atari84/Pong-v0?repeat_action_probability=0.25"
      })
  void aStateContinuesBitExactlyHereAndInAFreshInstance(String id) {
    Roms.requireOf(id);
    try (Environment environment = Environments.make(id);
        Environment fresh = Environments.make(id)) {
      Step step = Step.allocate(environment);
      environment.reset(Reset.seeded(3), step);
      play(environment, step, 60, 1);
      byte[] state = environment.saveState();
      byte[] picture = environment.render().rgb();
      long expected = play(environment, step, 150, 2);

      environment.restoreState(state);
      assertThat(environment.render().rgb()).isEqualTo(picture);
      assertThat(play(environment, step, 150, 2)).isEqualTo(expected);

      fresh.restoreState(state);
      assertThat(fresh.render().rgb()).isEqualTo(picture);
      assertThat(play(fresh, step, 150, 2)).isEqualTo(expected);
    }
  }

  /** 1 no-op and 52 skips of 4 frames leave 3 frames of the last skip. */
  @Test
  void anEarlyEndIsPooledWithTheFrameThatStoodInTheBuffer() {
    Roms.require("Breakout");
    int limit = 1 + 52 * 4 + 3;
    try (Environment preset =
            Environments.make("Atari100k/Breakout-test-v0?max_num_frames_per_episode=" + limit);
        Environment raw =
            Environments.make("ALE/Breakout-v5?frameskip=1&repeat_action_probability=0")) {
      Step pooled = Step.allocate(preset);
      preset.reset(Reset.seeded(1), pooled);
      Step frame = Step.allocate(raw);
      raw.reset(Reset.seeded(1), frame);
      Value action = Value.allocate(raw.actionSpace());
      raw.step(action, frame);
      byte[][] buffer = new byte[2][];
      for (int t = 0; !pooled.ended(); t++) {
        action.setLong(t / 7 % 4);
        preset.step(action, pooled);
        int frames = t < 52 ? 4 : 3;
        for (int i = 0; i < frames; i++) {
          raw.step(action, frame);
          if (i >= 2) {
            buffer[i - 2] = small(frame);
          }
        }
      }
      byte[] expected = new byte[buffer[0].length];
      for (int i = 0; i < expected.length; i++) {
        expected[i] = (byte) Math.max(buffer[0][i] & 0xFF, buffer[1][i] & 0xFF);
      }
      assertThat(pooled.truncated()).isTrue();
      assertThat(pooled.observation().tensor().toArray(ValueLayout.JAVA_BYTE)).isEqualTo(expected);
      assertThat(expected).isNotEqualTo(small(frame));
    }
  }

  private static byte[] small(Step frame) {
    byte[] screen = frame.observation().tensor().toArray(ValueLayout.JAVA_BYTE);
    BilinearResize resize = new BilinearResize(160, 210, 64, 64, 3);
    for (int y = 0; y < 210; y++) {
      resize.putRow(y, screen, y * 160 * 3);
    }
    return resize.result().clone();
  }

  @Test
  void gamesForTwoPlayersAreRefusedByName() {
    assertThatThrownBy(() -> Environments.make("ALE/Combat-v5"))
        .isInstanceOf(BadRequestException.class)
        .hasMessageContaining("two players");
  }

  /** ALE's own states forget which action would be repeated. */
  @ParameterizedTest
  @ValueSource(strings = {"Boxing", "Pong"})
  void statesContinueBitExactlyWhereActionsStick(String game) {
    Roms.require(game);
    String id = "ALE/%s-v5?obs_type=ram&frameskip=1&repeat_action_probability=0.9".formatted(game);
    try (Environment environment = Environments.make(id);
        Environment other = Environments.make(id)) {
      Step step = Step.allocate(environment);
      environment.reset(Reset.seeded(3), step);
      other.reset(Reset.seeded(4), step);
      for (int i = 0; i < 25; i++) {
        play(environment, step, 70, i);
        byte[] state = environment.saveState();
        long expected = play(environment, step, 40, 100 + i);
        environment.restoreState(state);
        assertThat(play(environment, step, 40, 100 + i)).isEqualTo(expected);
        other.restoreState(state);
        assertThat(play(other, step, 40, 100 + i)).isEqualTo(expected);
      }
    }
  }

  @Test
  void aSeededResetForgetsEverythingBefore() {
    Roms.require("Breakout");
    try (Environment environment =
        Environments.make("Atari100k/Breakout-train-v0?repeat_action_probability=0.25")) {
      Step step = Step.allocate(environment);
      environment.reset(Reset.seeded(8), step);
      long expected = play(environment, step, 120, 4);
      play(environment, step, 37, 5);
      environment.reset(Reset.seeded(8), step);
      assertThat(play(environment, step, 120, 4)).isEqualTo(expected);
      environment.reset(Reset.seeded(9), step);
      assertThat(play(environment, step, 120, 4)).isNotEqualTo(expected);
    }
  }

  @Test
  void stateOfAnotherIdIsRefused() {
    Roms.require("Breakout", "Pong");
    try (Environment pong = Environments.make("ALE/Pong-v5");
        Environment breakout = Environments.make("ALE/Breakout-v5")) {
      pong.reset(Reset.seeded(0), Step.allocate(pong));
      byte[] state = pong.saveState();
      assertThatThrownBy(() -> breakout.restoreState(state))
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessageContaining("expected a state of ALE/Breakout-v5, got one of ALE/Pong-v5");
    }
  }

  @Test
  void aLostLifeEndsTheEpisodeAndTheNextOneContinuesTheGame() {
    Roms.require("Breakout");
    try (Environment environment = Environments.make("Atari100k/Breakout-train-v0?noops=17")) {
      Step step = Step.allocate(environment);
      Value action = Value.allocate(environment.actionSpace());
      environment.reset(Reset.seeded(1), step);
      assertThat(step.info().scalar(0)).isEqualTo(5);
      assertThat(step.info().scalar(1)).isEqualTo(17);
      assertThat(environment.episodeFrames()).isZero();
      action.setLong(1); // FIRE, and never move
      int steps = 0;
      while (!step.ended()) {
        environment.step(action, step);
        steps++;
      }
      assertThat(step.terminated()).isTrue();
      assertThat(step.truncated()).isFalse();
      assertThat(step.info().scalar(0)).isEqualTo(4);
      assertThat(environment.episodeFrames()).isEqualTo(4L * steps);
      double frames = step.info().scalar(1);

      environment.reset(Reset.unseeded(), step);
      assertThat(step.ended()).isFalse();
      assertThat(step.info().scalar(0)).isEqualTo(4);
      assertThat(step.info().scalar(1)).isEqualTo(frames + 4);
      assertThat(environment.episodeFrames()).isZero();

      environment.reset(Reset.unseeded(), step); // in the middle of an episode: a new game
      assertThat(step.info().scalar(0)).isEqualTo(5);
      assertThat(step.info().scalar(1)).isEqualTo(17);
    }
  }

  @Test
  void theTimeLimitCountsFramesOfTheStartAndTruncates() {
    Roms.require("Pong");
    try (Environment environment =
        Environments.make("Atari100k/Pong-test-v0?noops=5&max_num_frames_per_episode=15")) {
      Step step = Step.allocate(environment);
      Value action = Value.allocate(environment.actionSpace());
      environment.reset(Reset.seeded(1), step);
      environment.step(action, step);
      environment.step(action, step);
      assertThat(step.ended()).isFalse();
      environment.step(action, step);
      assertThat(step.truncated()).isTrue();
      assertThat(step.terminated()).isFalse();
      assertThat(environment.episodeFrames()).isEqualTo(10);
      assertThatThrownBy(() -> environment.step(action, step))
          .isInstanceOf(IllegalStateException.class)
          .hasMessageContaining("has ended");
    }
  }

  @Test
  void noOpStartsAreDrawnFromOneToTheMaximum() {
    Roms.require("Freeway");
    try (Environment environment = Environments.make("Atari100k/Freeway-train-v0?noop_max=3")) {
      Step step = Step.allocate(environment);
      int[] counts = new int[5];
      for (int seed = 0; seed < 60; seed++) {
        environment.reset(Reset.seeded(seed), step);
        counts[(int) step.info().scalar(1)]++;
      }
      assertThat(counts[0] + counts[4]).isZero();
      // 60 draws from three: expected 20 each, standard deviation 3.7; 4 of them allowed.
      assertThat(counts[1]).isBetween(6, 34);
      assertThat(counts[2]).isBetween(6, 34);
      assertThat(counts[3]).isBetween(6, 34);
    }
  }

  @Test
  void spacesAreThoseOfTheGame() {
    Roms.require("Breakout", "Klax");
    try (Environment breakout = Environments.make("ALE/Breakout-v5");
        Environment full = Environments.make("ALE/Breakout-v5?full_action_space=true");
        Environment klax = Environments.make("ALE/Klax-v5?obs_type=grayscale");
        Environment small = Environments.make("Atari100k/Breakout-train-v0");
        Environment grey = Environments.make("Atari84/Breakout-v0?frame_stack=4")) {
      assertThat(breakout.observationSpace()).isEqualTo(Box.image(210, 160, 3));
      assertThat(breakout.actionSpace()).isEqualTo(Discrete.of(4));
      assertThat(full.actionSpace()).isEqualTo(Discrete.of(18));
      assertThat(klax.observationSpace()).isEqualTo(Box.image(250, 160));
      assertThat(small.observationSpace()).isEqualTo(Box.image(64, 64, 3));
      assertThat(grey.observationSpace()).isEqualTo(Box.image(4, 84, 84));
    }
  }

  @Test
  void aPictureIsTheFullScreen() {
    Roms.require("Breakout");
    try (Environment environment = Environments.make("ALE/Breakout-v5");
        Environment small = Environments.make("Atari100k/Breakout-train-v0")) {
      Step step = Step.allocate(environment);
      environment.reset(Reset.seeded(1), step);
      Frame frame = environment.render();
      assertThat(frame.width()).isEqualTo(160);
      assertThat(frame.height()).isEqualTo(210);
      assertThat(frame.rgb()).isEqualTo(step.observation().tensor().toArray(ValueLayout.JAVA_BYTE));
      small.reset(Reset.seeded(1), Step.allocate(small));
      assertThat(small.render().rgb()).hasSize(210 * 160 * 3);
    }
  }

  @Test
  void requestsTheGameCannotServeNameWhatItHas() {
    Roms.require("Breakout");
    assertThatThrownBy(() -> Environments.make("ALE/Breakout-v5?mode=3"))
        .isInstanceOf(BadRequestException.class)
        .hasMessage("breakout has no mode 3; it has 0, 4, 8, 12, 16, 20, 24, 28, 32, 36, 40, 44");
    assertThatThrownBy(() -> Environments.make("ALE/Breakout-v5?difficulty=2"))
        .isInstanceOf(BadRequestException.class)
        .hasMessage("breakout has no difficulty 2; it has 0, 1");
    assertThatThrownBy(() -> Environments.make("ALE/Breakout-v5?frameskip=5-5"))
        .isInstanceOf(BadRequestException.class)
        .hasMessageContaining("frameskip must be");
    assertThatThrownBy(() -> Environments.make("ALE/Breakot-v5"))
        .isInstanceOf(BadRequestException.class)
        .hasMessageContaining("did you mean ALE/Breakout-v5?");
  }

  @Test
  void actionsOutsideTheSpaceAreRefused() {
    Roms.require("Breakout");
    try (Environment environment = Environments.make("ALE/Breakout-v5")) {
      Step step = Step.allocate(environment);
      Value action = Value.allocate(environment.actionSpace());
      assertThatThrownBy(() -> environment.step(action, step))
          .isInstanceOf(IllegalStateException.class);
      environment.reset(Reset.seeded(1), step);
      action.setLong(4);
      assertThatThrownBy(() -> environment.step(action, step))
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessageContaining("Discrete(4)");
    }
  }

  @Test
  void everyGameHasFourIds() {
    assertThat(new AtariProvider().entries())
        .hasSize(4 * 104)
        .extracting("id")
        .contains(
            "ALE/MsPacman-v5",
            "ALE/TicTacToe3D-v5",
            "ALE/UpNDown-v5",
            "Atari100k/Jamesbond-train-v0",
            "Atari100k/Jamesbond-test-v0",
            "Atari84/Pong-v0");
  }

  /** IRIS's own wrappers gave 1.9 with a standard error of 0.2 over 40 episodes. */
  @Tag("slow")
  @Test
  void aRandomPolicyScoresInBreakoutWhatItScoresInTheReference() {
    Roms.require("Breakout");
    int episodes = 160;
    double sum = 0;
    double squares = 0;
    try (Environment environment = Environments.make("Atari100k/Breakout-test-v0")) {
      Step step = Step.allocate(environment);
      Value action = Value.allocate(environment.actionSpace());
      RandomStream random = new RandomStream(11);
      for (int episode = 0; episode < episodes; episode++) {
        environment.reset(Reset.seeded(episode), step);
        double score = 0;
        while (!step.ended()) {
          environment.actionSpace().sample(random, action);
          environment.step(action, step);
          score += step.reward();
        }
        sum += score;
        squares += score * score;
      }
    }
    double mean = sum / episodes;
    double error = Math.sqrt((squares / episodes - mean * mean) / (episodes - 1));
    System.out.printf("Breakout, random: %.3f, standard error %.3f%n", mean, error);
    // Three standard errors of the difference.
    assertThat(mean).isCloseTo(1.9, within(3 * Math.hypot(0.2, error)));
  }
}
