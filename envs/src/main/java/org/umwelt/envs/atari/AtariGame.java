package org.umwelt.envs.atari;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Objects;

/**
 * One of the 104 single-player games ALE supports.
 *
 * @param name as in ids, such as {@code MsPacman}
 * @param rom as in file names, such as {@code ms_pacman}
 * @param sha256 of the ROM that ale-py 0.12.1 carries, in lower-case hex
 */
public record AtariGame(String name, String rom, String sha256) {
  private static final List<AtariGame> ALL = read();

  /** Returns every game, sorted by ROM name. */
  public static List<AtariGame> all() {
    return ALL;
  }

  private static List<AtariGame> read() {
    try (InputStream table =
            Objects.requireNonNull(AtariGame.class.getResourceAsStream("roms.sha256"));
        BufferedReader reader =
            new BufferedReader(new InputStreamReader(table, StandardCharsets.US_ASCII))) {
      return reader
          .lines()
          .map(line -> line.split(" "))
          .map(words -> new AtariGame(name(words[1]), words[1], words[0]))
          .toList();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Returns the CamelCase of a ROM name: every letter that follows a non-letter is a capital. */
  private static String name(String rom) {
    StringBuilder name = new StringBuilder();
    boolean capital = true;
    for (int i = 0; i < rom.length(); i++) {
      char c = rom.charAt(i);
      if (c != '_') {
        name.append(capital ? Character.toUpperCase(c) : c);
      }
      capital = !Character.isLetter(c);
    }
    return name.toString();
  }
}
