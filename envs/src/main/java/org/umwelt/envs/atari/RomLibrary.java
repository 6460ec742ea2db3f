package org.umwelt.envs.atari;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import org.umwelt.kernels.settings.BadRequestException;

/**
 * Where the games' ROMs are, and how they get there.
 *
 * <p>They are copyrighted and not part of Umwelt. Looked for as {@code <rom>.bin}, such as {@code
 * ms_pacman.bin}, in this order: the folder that the system property {@code umwelt.roms} names, the
 * folder that {@code ALE_ROMS_DIR} names, and a per-user cache ({@code umwelt/roms} under {@code
 * XDG_CACHE_HOME} or {@code ~/.cache}). The cache is filled from the {@code ale-py} package, which
 * pip downloads, at the first use of a game. Files in the cache are verified by SHA-256; a
 * different dump in a folder of the user's is taken with one line of warning.
 */
public final class RomLibrary {
  private static final RomFolders STANDARD = RomFolders.standard();

  /**
   * What there is.
   *
   * @param folders where ROMs are looked for, in this order; the last is the cache
   * @param valid how many games have the ROM that ale-py 0.12.1 carries
   * @param different names of ROMs that are there with other contents
   * @param missing names of ROMs that are not there
   * @param total how many games there are
   */
  public record Status(
      List<Path> folders, int valid, List<String> different, List<String> missing, int total) {
    /** Copies the lists. */
    public Status {
      folders = List.copyOf(folders);
      different = List.copyOf(different);
      missing = List.copyOf(missing);
    }

    /** Returns whether every game can be played. */
    public boolean complete() {
      return missing.isEmpty();
    }
  }

  private RomLibrary() {}

  /** Returns what there is; fetches nothing. */
  public static Status status() {
    return STANDARD.status();
  }

  /**
   * Fills the cache: whatever is missing there or damaged is fetched.
   *
   * @param progress told what is being done, one line at a time
   * @throws BadRequestException where no Python with pip, or no network, or no room is there
   */
  public static Status fetch(Consumer<String> progress) {
    STANDARD.fetch(progress);
    return STANDARD.status();
  }

  /**
   * Returns the ROM of a game, fetching all ROMs first if it is missing, which one line on stderr
   * says.
   *
   * @throws BadRequestException as {@link #fetch}
   */
  public static Path find(AtariGame game) {
    Optional<Path> there = STANDARD.find(game);
    if (there.isPresent()) {
      return there.get();
    }
    // Told when it is done: a refusal is one line, and nothing stands before it.
    List<String> said = new ArrayList<>();
    STANDARD.fetch(said::add);
    if (!said.isEmpty()) { // else another process has fetched them meanwhile
      System.err.println("umwelt: " + said.getLast());
    }
    return STANDARD
        .find(game)
        .orElseThrow(() ->
            new BadRequestException(
                "%s was fetched and then vanished from %s"
                    .formatted(game.rom(), STANDARD.folders().getLast())));
  }

  /** Returns the ROM of a game if it is there; fetches nothing. */
  public static Optional<Path> findPresent(AtariGame game) {
    return STANDARD.find(game);
  }

  /** Returns the names of those games, among the given, whose ROM is not there. */
  public static List<String> missing(List<String> names) {
    List<String> missing = new ArrayList<>();
    for (AtariGame game : AtariGame.all()) {
      if (names.contains(game.name()) && STANDARD.find(game).isEmpty()) {
        missing.add(game.name());
      }
    }
    return missing;
  }
}
