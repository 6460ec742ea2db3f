package org.umwelt.envs.atari;

import java.io.DataInput;
import java.io.DataOutput;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.SymbolLookup;
import java.lang.foreign.ValueLayout;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.OptionalInt;
import java.util.stream.Collectors;
import org.bytedeco.ale.ALEInterface;
import org.bytedeco.ale.ALEState;
import org.bytedeco.ale.Random;
import org.bytedeco.ale.StringOptional;
import org.bytedeco.javacpp.BytePointer;
import org.bytedeco.javacpp.IntPointer;
import org.bytedeco.javacpp.Loader;
import org.jspecify.annotations.Nullable;
import org.umwelt.kernels.settings.BadRequestException;

/**
 * One ALE emulator with a game in it.
 *
 * <p>The screen is read as palette indices, straight from the emulator's memory, and mapped to
 * colours with tables of our own: some thirty times cheaper than ALE's own colour conversion. Used
 * by one thread at a time.
 */
final class Emulator implements AutoCloseable {
  static final int NOOP = 0;
  static final int FIRE = 1;

  /** ALE's names of the 18 actions, by number. */
  static final List<String> ACTIONS =
      List.of(
          "NOOP",
          "FIRE",
          "UP",
          "RIGHT",
          "LEFT",
          "DOWN",
          "UPRIGHT",
          "UPLEFT",
          "DOWNRIGHT",
          "DOWNLEFT",
          "UPFIRE",
          "RIGHTFIRE",
          "LEFTFIRE",
          "DOWNFIRE",
          "UPRIGHTFIRE",
          "UPLEFTFIRE",
          "DOWNRIGHTFIRE",
          "DOWNLEFTFIRE");

  private static final int COLOURS = 256;
  private static final int LOGGER_MODE_ERROR = 2;

  private final ALEInterface ale = openInterface();
  private final Path rom;
  private final OptionalInt mode;
  private final OptionalInt difficulty;

  /**
   * The state right after loading, where loading drew no random numbers, so that this state is the
   * same for every seed; null for the few games where it did.
   */
  private @Nullable ALEState loaded;

  private final StickyMemory sticky;

  private MemorySegment screen = MemorySegment.NULL;
  private MemorySegment ram = MemorySegment.NULL;
  private int width;
  private int height;
  private final int[] rgb = new int[COLOURS];
  private final byte[] grey = new byte[COLOURS];
  private boolean closed;

  /**
   * Loads a game.
   *
   * @param rom file; its name must be ALE's name of the game
   * @param stickiness probability that the previous action is taken in place of the given one
   * @param mode of the game; empty for its default
   * @param difficulty of the game; empty for its default
   * @throws BadRequestException where the file is missing or no ROM of that game, or where the mode
   *     or difficulty is not one the game has
   */
  Emulator(Path rom, double stickiness, OptionalInt mode, OptionalInt difficulty) {
    this.rom = rom;
    this.mode = mode;
    this.difficulty = difficulty;
    this.sticky = new StickyMemory((float) stickiness);
    try {
      requireSupported(rom);
      ale.setFloat("repeat_action_probability", (float) stickiness);
      load(1);
      readTables();
    } catch (RuntimeException e) {
      close();
      throw e;
    }
  }

  /** Loads the native library on first use, and keeps it from writing to stderr at every load. */
  private static ALEInterface openInterface() {
    try {
      return Library.open();
    } catch (LinkageError e) {
      throw new BadRequestException(
          "ALE's native library cannot be loaded here (%s); it is built for Linux on x86-64"
              .formatted(e),
          e);
    }
  }

  /** Loads on first use of the enclosing class's native parts. */
  private static final class Library {
    static {
      // Else JavaCPP writes a line about the age of ALE's binding to stderr.
      if (System.getProperty("org.bytedeco.javacpp.logger") == null) {
        System.setProperty("org.bytedeco.javacpp.logger", "slf4j");
      }
      silence(Loader.load(org.bytedeco.ale.global.ale.class));
    }

    static ALEInterface open() {
      return new ALEInterface();
    }

    /** Calls {@code ale::Logger::setMode(Error)}, which the binding does not offer. */
    @SuppressWarnings("restricted")
    private static void silence(String library) {
      try {
        Linker.nativeLinker()
            .downcallHandle(
                SymbolLookup.libraryLookup(library, Arena.global())
                    .findOrThrow("_ZN3ale6Logger7setModeENS0_4modeE"),
                FunctionDescriptor.ofVoid(ValueLayout.JAVA_INT))
            .invokeExact(LOGGER_MODE_ERROR);
      } catch (Throwable e) {
        throw new LinkageError("ale::Logger::setMode", e);
      }
    }
  }

  /** ALE ends the process when asked to load what it does not know, so ask first. */
  private static void requireSupported(Path rom) {
    if (!Files.isReadable(rom)) {
      throw new BadRequestException("expected a ROM at %s, which cannot be read".formatted(rom));
    }
    try (StringOptional supported = ALEInterface.isSupportedROM(rom.toString())) {
      try (BytePointer name = supported.get()) {
        String game = rom.getFileName().toString().replace(".bin", "");
        // ALE's own names of two games lack the underscore of their files' names.
        if (!game.replace("_", "").equals(name.getString().replace("_", ""))) {
          throw new BadRequestException(
              "expected the ROM of %s in %s, found that of %s; name each file after its game"
                  .formatted(game, rom, name.getString()));
        }
      }
    } catch (BadRequestException e) {
      throw e;
    } catch (RuntimeException e) {
      throw new BadRequestException(
          "%s is not a ROM that ALE supports; take the one that scripts/umwelt doctor --fix fetches"
              .formatted(rom),
          e);
    }
  }

  private void load(int seed) {
    // ALE takes -1 for "the time of day".
    ale.setInt("random_seed", seed == -1 ? -2 : seed);
    ale.loadROM(rom.toString());
    mode.ifPresent(wanted -> {
      require("mode", wanted, ale.getAvailableModes());
      ale.setMode(wanted);
    });
    difficulty.ifPresent(wanted -> {
      require("difficulty", wanted, ale.getAvailableDifficulties());
      ale.setDifficulty(wanted);
    });
    mapMemory();
    ALEState state = ale.cloneState(true);
    try (Random untouched = new Random()) {
      untouched.seed(seed);
      boolean drewNothing = untouched.next() == ale.environment().getEnvironmentRNG().next();
      ale.restoreState(state); // the comparison drew one
      loaded = drewNothing ? state : null;
    }
    if (loaded == null) {
      state.close();
    }
  }

  private void require(String what, int wanted, IntPointer available) {
    int[] legal = toArray(available);
    if (Arrays.stream(legal).noneMatch(value -> value == wanted)) {
      throw new BadRequestException(
          "%s has no %s %d; it has %s"
              .formatted(
                  rom.getFileName().toString().replace(".bin", ""),
                  what,
                  wanted,
                  Arrays.stream(legal)
                      .mapToObj(Integer::toString)
                      .collect(Collectors.joining(", "))));
    }
  }

  /** The emulator's screen and RAM stay where they are until the next load. */
  @SuppressWarnings("restricted")
  private void mapMemory() {
    width = Math.toIntExact(ale.getScreen().width());
    height = Math.toIntExact(ale.getScreen().height());
    screen =
        MemorySegment.ofAddress(ale.getScreen().getArray().address())
            .reinterpret((long) width * height);
    ram = MemorySegment.ofAddress(ale.getRAM().array().address()).reinterpret(ale.getRAM().size());
  }

  /** Has ALE convert a screen that holds every colour once. */
  private void readTables() {
    byte[] before = screen.toArray(ValueLayout.JAVA_BYTE);
    for (int colour = 0; colour < COLOURS; colour++) {
      screen.set(ValueLayout.JAVA_BYTE, colour, (byte) colour);
    }
    byte[] colours = new byte[width * height * 3];
    byte[] greys = new byte[width * height];
    ale.getScreenRGB(colours);
    ale.getScreenGrayscale(greys);
    MemorySegment.copy(before, 0, screen, ValueLayout.JAVA_BYTE, 0, before.length);
    for (int colour = 0; colour < COLOURS; colour++) {
      rgb[colour] =
          (colours[3 * colour] & 0xFF) << 16
              | (colours[3 * colour + 1] & 0xFF) << 8
              | (colours[3 * colour + 2] & 0xFF);
      grey[colour] = greys[colour];
    }
  }

  private static int[] toArray(IntPointer pointer) {
    try (pointer) {
      int[] values = new int[Math.toIntExact(pointer.limit())];
      pointer.get(values);
      return values;
    }
  }

  /** Returns the actions that do something in this game, in ALE's numbering. */
  int[] minimalActions() {
    return toArray(ale.getMinimalActionSet());
  }

  /** Returns all 18 actions. */
  int[] legalActions() {
    return toArray(ale.getLegalActionSet());
  }

  /**
   * Does what setting the seed and loading the game again would do; {@link #reset} must follow.
   *
   * <p>Loading takes some 200 ms, so where it draws no random numbers its result is restored. (The
   * result of the reset cannot be kept likewise: states of some games leave out what their rules
   * remember, which only a reset sets.)
   */
  void seed(int seed) {
    if (loaded == null) {
      load(seed);
    } else {
      ale.restoreState(loaded);
      ale.environment().getEnvironmentRNG().seed(seed);
    }
  }

  /** Starts the game over. */
  void reset() {
    ale.reset_game();
    sticky.restart(ale.environment().getEnvironmentRNG());
  }

  /** Plays one frame and returns its reward; does nothing once the game is over. */
  int act(int action) {
    sticky.played(action);
    return ale.act(action);
  }

  /**
   * Draws the random numbers that playing more frames would draw, and changes nothing else.
   *
   * <p>Gymnasium goes on playing the frames of a skip after the game has ended. The emulator
   * refuses them, but draws for sticky actions all the same, which the next game depends on.
   *
   * @param over whether the emulator itself knows that the game has ended
   */
  void skip(int action, int frames, boolean over) {
    if (frames == 0) {
      return;
    }
    if (over) {
      for (int i = 0; i < frames; i++) {
        ale.act(action);
      }
      return;
    }
    byte[] pixels = screen.toArray(ValueLayout.JAVA_BYTE);
    byte[] memory = ram.toArray(ValueLayout.JAVA_BYTE);
    try (ALEState state = ale.cloneState(false)) {
      for (int i = 0; i < frames; i++) {
        ale.act(action);
      }
      ale.restoreState(state);
    }
    show(pixels, memory);
  }

  boolean gameOver() {
    return ale.game_over();
  }

  int lives() {
    return ale.lives();
  }

  int frameNumber() {
    return ale.getFrameNumber();
  }

  int episodeFrameNumber() {
    return ale.getEpisodeFrameNumber();
  }

  int width() {
    return width;
  }

  int height() {
    return height;
  }

  /**
   * Returns the palette indices on the screen, [height, width]; a view of the emulator's memory.
   */
  MemorySegment screen() {
    return screen;
  }

  /** Returns the 128 bytes of RAM; a view of the emulator's memory. */
  MemorySegment ram() {
    return ram;
  }

  /** Returns the colour of each palette index, as 0xRRGGBB. */
  int[] rgbTable() {
    return rgb;
  }

  /** Returns the grey level of each palette index. */
  byte[] greyTable() {
    return grey;
  }

  void writeState(DataOutput out) throws IOException {
    out.writeInt(sticky.previous());
    try (ALEState state = ale.cloneState(true);
        BytePointer bytes = state.serialize()) {
      byte[] copy = new byte[Math.toIntExact(bytes.limit())];
      bytes.get(copy);
      out.writeInt(copy.length);
      out.write(copy);
    }
    out.write(screen.toArray(ValueLayout.JAVA_BYTE));
    out.write(ram.toArray(ValueLayout.JAVA_BYTE));
  }

  void readState(DataInput in) throws IOException {
    int previous = in.readInt();
    byte[] copy = new byte[in.readInt()];
    in.readFully(copy);
    sticky.force(ale, previous);
    try (BytePointer bytes = new BytePointer(copy);
        ALEState state = new ALEState(bytes)) {
      ale.restoreState(state);
    }
    sticky.resume(previous, ale.environment().getEnvironmentRNG());
    byte[] pixels = new byte[width * height];
    in.readFully(pixels);
    byte[] memory = new byte[Math.toIntExact(ram.byteSize())];
    in.readFully(memory);
    show(pixels, memory);
  }

  /** ALE restores the console, but what it shows of screen and RAM only with the next frame. */
  private void show(byte[] pixels, byte[] memory) {
    MemorySegment.copy(pixels, 0, screen, ValueLayout.JAVA_BYTE, 0, pixels.length);
    MemorySegment.copy(memory, 0, ram, ValueLayout.JAVA_BYTE, 0, memory.length);
  }

  @Override
  public void close() {
    if (closed) {
      return;
    }
    closed = true;
    if (loaded != null) {
      loaded.close();
    }
    sticky.close();
    ale.close();
  }
}
