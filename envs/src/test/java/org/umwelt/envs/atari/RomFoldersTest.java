package org.umwelt.envs.atari;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.umwelt.kernels.settings.BadRequestException;

class RomFoldersTest {
  @TempDir Path folder;

  private static final RomFolders.Source OFFLINE =
      _ -> {
        throw new IOException("no network");
      };

  @Test
  void withoutASourceTheErrorNamesTheMend() {
    RomFolders folders = new RomFolders(List.of(), folder.resolve("cache"), OFFLINE);
    assertThatThrownBy(() -> folders.fetch(_ -> {}))
        .isInstanceOf(BadRequestException.class)
        .hasMessageContaining("no network")
        .hasMessageContaining("scripts/umwelt doctor --fix")
        .hasMessageContaining("ALE_ROMS_DIR");
    assertThat(folders.status().valid()).isZero();
    assertThat(folders.status().missing()).hasSize(104);
    assertThat(folders.status().complete()).isFalse();
  }

  @Test
  void aDownloadWithOtherContentsIsRefused() {
    RomFolders folders =
        new RomFolders(
            List.of(), folder, _ -> Map.of(AtariGame.all().getFirst().rom(), new byte[] {1}));
    assertThatThrownBy(() -> folders.fetch(_ -> {}))
        .isInstanceOf(BadRequestException.class)
        .hasMessageContaining("is not what was expected");
    assertThat(folder.resolve("adventure.bin")).doesNotExist();
  }

  @Test
  void damagedFilesOfTheCacheAreNotUsedAndFetchedAgain() throws IOException {
    Roms.require(AtariGame.all().stream().map(AtariGame::name).toArray(String[]::new));
    Map<String, byte[]> roms = new HashMap<>();
    for (AtariGame game : AtariGame.all()) {
      roms.put(game.rom(), Files.readAllBytes(RomLibrary.findPresent(game).orElseThrow()));
    }
    Path cache = folder.resolve("cache");
    new RomFolders(List.of(), cache, _ -> roms).fetch(_ -> {});
    Path pong = cache.resolve("pong.bin");
    Files.write(pong, new byte[] {1, 2, 3});
    AtariGame game =
        AtariGame.all().stream().filter(g -> g.rom().equals("pong")).findFirst().orElseThrow();

    RomFolders folders = new RomFolders(List.of(), cache, _ -> roms);
    assertThat(folders.find(game)).isEmpty();
    assertThat(folders.status().missing()).containsExactly("pong");
    folders.fetch(_ -> {});
    assertThat(folders.find(game)).contains(pong);
    assertThat(folders.status().valid()).isEqualTo(104);
  }

  @Test
  void aFolderOfTheUsersGoesFirstWhateverItHolds() throws IOException {
    Path mine = Files.createDirectory(folder.resolve("mine"));
    Path pong = Files.write(mine.resolve("pong.bin"), new byte[] {1, 2, 3});
    RomFolders folders = new RomFolders(List.of(mine), folder.resolve("cache"), OFFLINE);
    AtariGame game =
        AtariGame.all().stream().filter(g -> g.rom().equals("pong")).findFirst().orElseThrow();
    assertThat(folders.find(game)).contains(pong);
    assertThat(folders.status().different()).containsExactly("pong");
  }

  /** ALE itself would end the process. */
  @Test
  void whatIsNoRomIsRefusedBeforeTheEmulatorSeesIt() throws IOException {
    Path file = Files.write(folder.resolve("pong.bin"), new byte[2048]);
    assertThatThrownBy(() -> new Emulator(file, 0, OptionalInt.empty(), OptionalInt.empty()))
        .isInstanceOf(BadRequestException.class)
        .hasMessageContaining("is not a ROM that ALE supports");
    assertThatThrownBy(() ->
            new Emulator(folder.resolve("absent.bin"), 0, OptionalInt.empty(), OptionalInt.empty()))
        .isInstanceOf(BadRequestException.class)
        .hasMessageContaining("cannot be read");
  }
}
