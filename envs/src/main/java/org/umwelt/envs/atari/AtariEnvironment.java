package org.umwelt.envs.atari;

import java.io.DataInput;
import java.io.DataOutput;
import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import org.umwelt.envs.Environment;
import org.umwelt.envs.Frame;
import org.umwelt.envs.Reset;
import org.umwelt.envs.Step;
import org.umwelt.envs.spaces.Box;
import org.umwelt.envs.spaces.DType;
import org.umwelt.envs.spaces.Dict;
import org.umwelt.envs.spaces.Discrete;
import org.umwelt.envs.spaces.Value;
import org.umwelt.kernels.random.RandomStream;

/**
 * An Atari 2600 game.
 *
 * <p><b>Source.</b> ALE 0.7.3, whose frames, rewards, lives and ends equal ale-py 0.12.1's on all
 * 104 games.
 *
 * <p><b>Actions.</b> Discrete: the joystick positions that do something in the game, or all 18 with
 * {@code full_action_space=true}. An action is held for {@code frameskip} frames, fewer where the
 * game ends.
 *
 * <table>
 *   <caption>Observations (uint8, 0 to 255)</caption>
 *   <tr><th>id</th><th>shape</th><th>meaning</th></tr>
 *   <tr><td>{@code ALE/...-v5}</td><td>[height, width, 3]</td><td>the screen in RGB, usually [210, 160, 3]</td></tr>
 *   <tr><td>with {@code obs_type=grayscale}</td><td>[height, width]</td><td>the screen in grey</td></tr>
 *   <tr><td>with {@code obs_type=ram}</td><td>[128]</td><td>the console's memory</td></tr>
 *   <tr><td>{@code Atari100k/...}</td><td>[64, 64, 3]</td>
 *       <td>the brighter of the last two frames of the skip, each resized before (Pillow's BILINEAR)</td></tr>
 *   <tr><td>{@code Atari84/...}</td><td>[84, 84]</td>
 *       <td>the brighter of the last two frames of the skip in grey, then resized (OpenCV's INTER_AREA)</td></tr>
 * </table>
 *
 * <p><b>Info.</b> {@code lives}; {@code episode_frame_number}, frames since the game started;
 * {@code frame_number}, frames since the emulator was seeded.
 *
 * <p><b>Reward.</b> The change of the score, summed over the frames of the skip.
 *
 * <p><b>Start.</b> {@code ALE/...-v5}: where the game starts. A reset with a seed gives what
 * Gymnasium gives with that seed. {@code Atari100k} and {@code Atari84}: then up to {@code
 * noop_max} frames of doing nothing (at least one, if {@code noop_max} is at least one; {@code
 * noops} fixes the number), then one frame of FIRE with {@code fire_reset=true} where the game
 * knows it; the observation is the last of these frames alone. If the game ends meanwhile, it is
 * started again.
 *
 * <p><b>End.</b> Terminated when the game is over; with {@code episodic_life=true} also when a life
 * is lost and some are left. Truncated when the game has run for {@code max_num_frames_per_episode}
 * frames. After a lost life, the next reset without a seed continues the game by one agent step of
 * doing nothing, whose reward is dropped (a new game is started if that ends it); a reset with a
 * seed, or in the middle of an episode, always starts a new game.
 *
 * <p><b>Arguments.</b> See {@code AtariProvider}; defaults: {@code ALE/...-v5}: frameskip 4,
 * repeat_action_probability 0.25, 108,000 frames. {@code Atari100k/...-train-v0}: frameskip 4, no
 * repeats, noop_max 30, episodic_life, 20,000 frames. {@code Atari100k/...-test-v0}: frameskip 4,
 * no repeats, noop_max 1, 108,000 frames. {@code Atari84/...-v0}: frameskip 4, no repeats, noop_max
 * 30, fire_reset, 108,000 frames.
 *
 * <p><b>Version history.</b> v0: first version of our presets; v5 is Gymnasium's count.
 */
public final class AtariEnvironment implements Environment {
  private static final Box COUNT = Box.of(DType.INT32, 0, Integer.MAX_VALUE);
  private static final Dict INFO =
      Dict.empty()
          .with("lives", COUNT)
          .with("episode_frame_number", COUNT)
          .with("frame_number", COUNT);
  private static final int LIVES = INFO.firstLeaf("lives");
  private static final int EPISODE_FRAME_NUMBER = INFO.firstLeaf("episode_frame_number");
  private static final int FRAME_NUMBER = INFO.firstLeaf("frame_number");

  private static final int STATE_VERSION = 2;

  private enum Phase {
    UNSTARTED,
    RUNNING,
    LIFE_LOST,
    ENDED
  }

  private final String name;
  private final AtariRules rules;
  private final Emulator emulator;
  private final View view;
  private final int[] actions;
  private final Discrete actionSpace;

  /** Draws no-op counts and frame skips; re-seeded by a seeded reset. */
  private final RandomStream random = new RandomStream(0);

  private boolean seeded;
  private Phase phase = Phase.UNSTARTED;
  private int lives;
  private long gameFrames;
  private long episodeFrames;
  private boolean over;
  private boolean outOfTime;
  private boolean closed;

  /** Loads the game; {@code name} is for messages and for recognising states. */
  AtariEnvironment(String name, Path rom, AtariRules rules) {
    this.name = name;
    this.rules = rules;
    this.emulator = new Emulator(rom, rules.stickiness(), rules.mode(), rules.difficulty());
    this.view = rules.view().apply(emulator);
    this.actions = rules.fullActions() ? emulator.legalActions() : emulator.minimalActions();
    this.actionSpace = Discrete.of(actions.length);
  }

  @Override
  public Box observationSpace() {
    return view.space();
  }

  @Override
  public Discrete actionSpace() {
    return actionSpace;
  }

  @Override
  public List<String> actionMeanings() {
    return Arrays.stream(actions).mapToObj(Emulator.ACTIONS::get).toList();
  }

  @Override
  public Dict infoSpace() {
    return INFO;
  }

  @Override
  public void reset(Reset reset, Step out) {
    requireOpen();
    if (!reset.options().isEmpty()) {
      throw new IllegalArgumentException(
          "%s takes no reset options, got %s".formatted(name, reset.options().keySet()));
    }
    if (reset.seed().isPresent() || !seeded) {
      long seed = reset.seed().orElse(0);
      // As Gymnasium's ale-py: the second word seeds the emulator.
      emulator.seed(SeedSequence.generateState(seed, 2)[1]);
      random.restart(seed, 0);
      seeded = true;
      startGame();
    } else if (phase == Phase.LIFE_LOST) {
      continueGame();
    } else {
      startGame();
    }
    lives = emulator.lives();
    episodeFrames = 0;
    phase = Phase.RUNNING;
    write(out, 0, false, false);
  }

  private void startGame() {
    restartGame();
    int noops =
        rules.minimumNoops()
            + (rules.maximumNoops() > rules.minimumNoops()
                ? random.nextInt(rules.maximumNoops() - rules.minimumNoops() + 1)
                : 0);
    for (int i = 0; i < noops; i++) {
      playStartFrame(Emulator.NOOP);
    }
    if (rules.fireReset() && Arrays.stream(actions).anyMatch(action -> action == Emulator.FIRE)) {
      playStartFrame(Emulator.FIRE);
    }
    captureAlone();
  }

  private void playStartFrame(int action) {
    play(action);
    if (over || outOfTime) {
      restartGame();
    }
  }

  private void restartGame() {
    emulator.reset();
    gameFrames = emulator.episodeFrameNumber();
    over = false;
    outOfTime = false;
  }

  private void continueGame() {
    hold(Emulator.NOOP);
    if (over || outOfTime) {
      startGame();
    }
  }

  @Override
  public void step(Value action, Step out) {
    requireOpen();
    if (phase != Phase.RUNNING) {
      throw new IllegalStateException(
          "%s: expected a running episode, but %s; reset it first"
              .formatted(
                  name, phase == Phase.UNSTARTED ? "none was started" : "the last one has ended"));
    }
    long index = action.asLong();
    if (!actionSpace.contains(index)) {
      throw new IllegalArgumentException(
          "%s: expected an action in %s, got %d".formatted(name, actionSpace, index));
    }
    double reward = hold(actions[(int) index]);
    boolean lifeLost = false;
    if (rules.episodicLife()) {
      // Qbert shows 0 lives for some frames, so 0 does not count as a loss.
      int left = emulator.lives();
      lifeLost = left < lives && left > 0;
      lives = left;
    }
    if (over || outOfTime) {
      phase = Phase.ENDED;
    } else if (lifeLost) {
      phase = Phase.LIFE_LOST;
    }
    write(out, reward, over || lifeLost, outOfTime);
  }

  /** Plays an action for the frames of one agent step and returns the reward. */
  private double hold(int action) {
    int skip =
        rules.minimumSkip() == rules.maximumSkip()
            ? rules.minimumSkip()
            : random.nextInt(rules.minimumSkip(), rules.maximumSkip() + 1);
    double reward = 0;
    for (int frame = 1; frame <= skip; frame++) {
      reward += play(action);
      if (frame == Math.max(skip - 1, 1)) {
        view.capture(0);
      }
      if (frame == skip) {
        view.capture(1);
      }
      if (over || outOfTime) {
        // Slots this skip did not come to keep older frames, as in the wrappers of Atari 100k.
        emulator.skip(action, skip - frame, over);
        break;
      }
    }
    return reward;
  }

  private int play(int action) {
    int reward = emulator.act(action);
    gameFrames++;
    episodeFrames++;
    over = emulator.gameOver();
    outOfTime = rules.maximumFrames() > 0 && gameFrames >= rules.maximumFrames();
    return reward;
  }

  private void captureAlone() {
    view.capture(0);
    view.capture(1);
  }

  private void write(Step out, double reward, boolean terminated, boolean truncated) {
    MemorySegment observation = out.observation().tensor();
    view.write(observation);
    setInfo(out.info(), LIVES, emulator.lives());
    setInfo(out.info(), EPISODE_FRAME_NUMBER, emulator.episodeFrameNumber());
    setInfo(out.info(), FRAME_NUMBER, emulator.frameNumber());
    out.set(reward, terminated, truncated);
  }

  private static void setInfo(Value info, int leaf, int number) {
    info.leaf(leaf).set(ValueLayout.JAVA_INT, 0, number);
  }

  @Override
  public long episodeFrames() {
    return episodeFrames;
  }

  @Override
  public boolean hasState() {
    return true;
  }

  @Override
  public void writeState(DataOutput out) throws IOException {
    requireOpen();
    out.writeInt(STATE_VERSION);
    out.writeUTF(name);
    emulator.writeState(out);
    view.writeState(out);
    random.writeState(out);
    out.writeBoolean(seeded);
    out.writeUTF(phase.name());
    out.writeInt(lives);
    out.writeLong(gameFrames);
    out.writeLong(episodeFrames);
  }

  /**
   * {@inheritDoc}
   *
   * @throws IllegalArgumentException where another environment wrote the state
   */
  @Override
  public void readState(DataInput in) throws IOException {
    requireOpen();
    int version = in.readInt();
    if (version != STATE_VERSION) {
      throw new IllegalArgumentException(
          "%s: expected a state of version %d, got %d".formatted(name, STATE_VERSION, version));
    }
    String writer = in.readUTF();
    if (!writer.equals(name)) {
      throw new IllegalArgumentException(
          "expected a state of %s, got one of %s".formatted(name, writer));
    }
    emulator.readState(in);
    view.readState(in);
    random.readState(in);
    seeded = in.readBoolean();
    phase = Phase.valueOf(in.readUTF());
    lives = in.readInt();
    gameFrames = in.readLong();
    episodeFrames = in.readLong();
    over = false;
    outOfTime = false;
  }

  @Override
  public Frame render() {
    requireOpen();
    return new Frame(emulator.width(), emulator.height(), View.picture(emulator));
  }

  private void requireOpen() {
    if (closed) {
      throw new IllegalStateException(name + " is closed");
    }
  }

  @Override
  public void close() {
    closed = true;
    emulator.close();
  }

  @Override
  public String toString() {
    return name;
  }
}
