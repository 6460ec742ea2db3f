package org.umwelt.envs.atari;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.umwelt.kernels.files.AtomicFile;
import org.umwelt.kernels.files.CacheFolder;
import org.umwelt.kernels.settings.BadRequestException;

/** ROMs in folders of the user's and in a cache that can be filled. */
final class RomFolders {
  private static final String MEND =
      "run scripts/umwelt doctor --fix where Python has pip and network, or point ALE_ROMS_DIR at a"
          + " folder of ROMs";

  private final List<Path> own;
  private final Path cache;
  private final Source source;

  /** Files that were found good, so that each is read once per process. */
  private final Map<AtariGame, Path> good = new ConcurrentHashMap<>();

  private final Set<Path> warned = ConcurrentHashMap.newKeySet();

  /** Where the contents of ROM files come from. */
  @FunctionalInterface
  interface Source {
    /**
     * Returns contents by ROM name.
     *
     * @throws IOException where it cannot be had; the message says why
     */
    Map<String, byte[]> get(Consumer<String> progress) throws IOException;
  }

  RomFolders(List<Path> own, Path cache, Source source) {
    this.own = List.copyOf(own);
    this.cache = cache;
    this.source = source;
  }

  static RomFolders standard() {
    List<Path> own = new ArrayList<>();
    addFolder(own, System.getProperty("umwelt.roms"));
    addFolder(own, System.getenv("ALE_ROMS_DIR"));
    return new RomFolders(own, CacheFolder.of("roms"), new AlePyPackage());
  }

  private static void addFolder(List<Path> folders, @Nullable String path) {
    if (path != null && !path.isBlank()) {
      folders.add(Path.of(path));
    }
  }

  List<Path> folders() {
    List<Path> all = new ArrayList<>(own);
    all.add(cache);
    return all;
  }

  Optional<Path> find(AtariGame game) {
    Path known = good.get(game);
    if (known != null && Files.isReadable(known)) {
      return Optional.of(known);
    }
    for (Path folder : own) {
      Path file = file(folder, game);
      if (Files.isReadable(file)) {
        if (!isOriginal(file, game) && warned.add(file)) {
          System.err.printf(
              "umwelt: %s is another dump than ale-py's; results may differ from published ones%n",
              file);
        }
        good.put(game, file);
        return Optional.of(file);
      }
    }
    Path cached = file(cache, game);
    if (isOriginal(cached, game)) {
      good.put(game, cached);
      return Optional.of(cached);
    }
    return Optional.empty();
  }

  RomLibrary.Status status() {
    int valid = 0;
    List<String> different = new ArrayList<>();
    List<String> missing = new ArrayList<>();
    for (AtariGame game : AtariGame.all()) {
      Optional<Path> mine =
          own.stream().map(folder -> file(folder, game)).filter(Files::isReadable).findFirst();
      if (isOriginal(mine.orElse(file(cache, game)), game)) {
        valid++;
      } else if (mine.isPresent()) {
        different.add(game.rom());
      } else {
        missing.add(game.rom());
      }
    }
    return new RomLibrary.Status(folders(), valid, different, missing, AtariGame.all().size());
  }

  /** Writes every game whose file in the cache is missing or damaged; one process at a time. */
  synchronized void fetch(Consumer<String> progress) {
    try {
      Files.createDirectories(cache);
      try (FileChannel lock =
              FileChannel.open(
                  cache.resolve(".lock"), StandardOpenOption.CREATE, StandardOpenOption.WRITE);
          FileLock _ = lock.lock()) {
        List<AtariGame> wanted =
            AtariGame.all().stream().filter(game -> !isOriginal(file(cache, game), game)).toList();
        if (wanted.isEmpty()) {
          return;
        }
        Map<String, byte[]> roms = source.get(progress);
        for (AtariGame game : wanted) {
          byte[] bytes = roms.get(game.rom());
          if (bytes == null || !sha256(bytes).equals(game.sha256())) {
            throw new IOException(
                "%s in the download is not what was expected".formatted(game.rom()));
          }
          AtomicFile.write(file(cache, game), bytes);
        }
        progress.accept(
            "%d Atari ROMs, fetched with pip, are in %s".formatted(AtariGame.all().size(), cache));
      }
    } catch (IOException e) {
      throw new BadRequestException(
          "the Atari ROMs could not be fetched into %s (%s); %s"
              .formatted(cache, describe(e), MEND),
          e);
    }
  }

  private static String describe(IOException e) {
    String message = e.getMessage();
    return e.getClass() == IOException.class && message != null ? message : e.toString();
  }

  private static Path file(Path folder, AtariGame game) {
    return folder.resolve(game.rom() + ".bin");
  }

  private static boolean isOriginal(Path file, AtariGame game) {
    try {
      return Files.isReadable(file) && sha256(Files.readAllBytes(file)).equals(game.sha256());
    } catch (IOException _) {
      return false;
    }
  }

  static String sha256(byte[] bytes) {
    try {
      return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(bytes));
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException(e);
    }
  }
}
