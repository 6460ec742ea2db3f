package org.umwelt.envs.dataset;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.stream.IntStream;
import java.util.zip.CRC32C;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.umwelt.envs.dataset.ReplayVerifier.Agreement;
import org.umwelt.envs.dataset.ReplayVerifier.Divergence;
import org.umwelt.envs.dataset.ReplayVerifier.Verdict;
import org.umwelt.kernels.random.RandomStream;
import org.umwelt.kernels.settings.BadRequestException;

/** Files are cut and flipped everywhere; whatever is intact must come back, the rest be named. */
class DamageTest {
  private static final int STEPS = 5;
  private static final int DAMAGED = 1;

  @TempDir Path folder;

  private final RandomStream random = new RandomStream(2026);

  private SampledWorld record(SampledWorld world) {
    try (DatasetWriter writer = DatasetWriter.create(folder, world.description())) {
      for (int index = 0; index < 3; index++) {
        world.record(writer, index);
      }
    }
    return world;
  }

  /** What a reader makes of the data set. */
  private record Outcome(List<Verdict> verdicts, List<String> losses) {
    Set<Integer> agreeing() {
      Set<Integer> agreeing = new HashSet<>();
      for (Verdict verdict : verdicts) {
        if (verdict instanceof Agreement) {
          agreeing.add(verdict.episode());
        }
      }
      return agreeing;
    }

    boolean nothingNoticed() {
      return losses.isEmpty() && agreeing().size() == 3;
    }

    boolean names(int episode) {
      return losses.stream().anyMatch(line -> line.startsWith("episode " + episode + ":"))
          || verdicts.stream()
              .anyMatch(verdict -> verdict instanceof Divergence && verdict.episode() == episode);
    }
  }

  private Outcome open(SampledWorld world) {
    try (Dataset dataset = Dataset.open(folder);
        ReplayVerifier verifier = new ReplayVerifier(world)) {
      return new Outcome(
          dataset.episodes().stream()
              .map(summary -> verifier.verify(dataset, summary.index()))
              .toList(),
          dataset.losses());
    }
  }

  private List<Integer> offsets(int size, int count) {
    List<Integer> offsets = new ArrayList<>(List.of(0, 1, size / 2, size - 2, size - 1));
    for (int i = 0; i < count; i++) {
      offsets.add(random.nextInt(size));
    }
    // The ends of a file are where its structure is.
    for (int i = 0; i < count; i++) {
      offsets.add(Math.max(0, size - 1 - random.nextInt(2000)));
      offsets.add(random.nextInt(Math.min(size, 1500)));
    }
    return offsets;
  }

  private static void flip(Path file, byte[] whole, int offset, int mask) throws IOException {
    byte[] bytes = whole.clone();
    bytes[offset] ^= (byte) mask;
    Files.write(file, bytes);
  }

  private static boolean inIndex(byte[] whole, int offset) throws IOException {
    FileIndex index = Objects.requireNonNull(FileIndex.find(MemorySegment.ofArray(whole)));
    return offset >= index.start() && offset < index.start() + 2L * index.encode().length;
  }

  @Test
  void cutArrowFileLosesOnlyItsEpisode() throws IOException {
    SampledWorld world = record(SampledWorld.smallPictures(STEPS));
    Path file = folder.resolve("data/1/part-0.arrow");
    byte[] whole = Files.readAllBytes(file);
    for (int size : offsets(whole.length, 30)) {
      Files.write(file, Arrays.copyOf(whole, size));
      Outcome outcome = open(world);
      assertThat(outcome.agreeing()).as("cut at %d", size).contains(0, 2);
      assertThat(outcome.names(DAMAGED)).as("cut at %d: %s", size, outcome).isTrue();
    }
  }

  @Test
  void flippedByteOfAnArrowFileIsNoticedAndCostsAtMostItsEpisode() throws IOException {
    SampledWorld world = record(SampledWorld.smallPictures(STEPS));
    Path file = folder.resolve("data/1/part-0.arrow");
    byte[] whole = Files.readAllBytes(file);
    for (int offset : offsets(whole.length, 60)) {
      flip(file, whole, offset, 1 << random.nextInt(8));
      Outcome outcome = open(world);
      assertThat(outcome.agreeing()).as("flip at %d", offset).contains(0, 2);
      if (inIndex(whole, offset)) {
        // Two copies: one flip is harmless.
        assertThat(outcome.agreeing()).as("flip at %d", offset).contains(DAMAGED);
      } else {
        assertThat(outcome.names(DAMAGED)).as("flip at %d: %s", offset, outcome).isTrue();
      }
    }
  }

  @Test
  void flippedByteOfAPictureNamesItsStepAndNoOther() throws IOException {
    SampledWorld world = record(SampledWorld.smallPictures(STEPS));
    Path file = folder.resolve("data/1/part-0.arrow");
    byte[] whole = Files.readAllBytes(file);
    FileIndex index = Objects.requireNonNull(FileIndex.find(MemorySegment.ofArray(whole)));
    StoredColumn pictures = index.episodes().getFirst().columns().getFirst();
    assertThat(pictures.frameBytes()).hasSize(STEPS + 1);
    long offset = pictures.offset();
    for (int step = 0; step <= STEPS; step++) {
      int size = pictures.frameBytes()[step];
      for (int at : new int[] {0, 5, size / 2, size - 1}) {
        flip(file, whole, (int) offset + at, 0x10);
        Outcome outcome = open(world);
        assertThat(outcome.losses()).isEmpty();
        assertThat(outcome.agreeing()).containsExactlyInAnyOrder(0, 2);
        assertThat(outcome.verdicts().get(DAMAGED))
            .isInstanceOfSatisfying(
                Divergence.class,
                divergence ->
                    assertThat(divergence.what())
                        .contains("episode 1: observations")
                        .contains("is damaged"))
            .extracting(verdict -> ((Divergence) verdict).step())
            .isEqualTo(step);
      }
      offset += size;
    }
  }

  @Test
  void cutHdf5FileLosesOnlyWhatStoodBehindTheCut() throws IOException {
    SampledWorld world = record(SampledWorld.states(STEPS));
    Path file = folder.resolve("data/main_data.hdf5");
    byte[] whole = Files.readAllBytes(file);
    FileIndex index = Objects.requireNonNull(FileIndex.find(MemorySegment.ofArray(whole)));
    for (int size : offsets(whole.length, 60)) {
      Files.write(file, Arrays.copyOf(whole, size));
      Outcome outcome = open(world);
      for (FileIndex.Entry entry : index.episodes()) {
        int episode = entry.summary().index();
        boolean whollyThere = entry.columns().stream().allMatch(column -> column.end() <= size);
        assertThat(outcome.agreeing().contains(episode))
            .as("episode %d, cut at %d", episode, size)
            .isEqualTo(whollyThere);
        assertThat(outcome.names(episode)).isEqualTo(!whollyThere);
      }
      assertThat(outcome.nothingNoticed()).isFalse();
    }
  }

  @Test
  void flippedByteOfAnHdf5FileIsNoticedAndCostsAtMostOneEpisode() throws IOException {
    SampledWorld world = record(SampledWorld.states(STEPS));
    Path file = folder.resolve("data/main_data.hdf5");
    byte[] whole = Files.readAllBytes(file);
    for (int offset : offsets(whole.length, 60)) {
      flip(file, whole, offset, 1 << random.nextInt(8));
      Outcome outcome = open(world);
      assertThat(outcome.agreeing()).as("flip at %d", offset).hasSizeGreaterThanOrEqualTo(2);
      if (!inIndex(whole, offset)) {
        assertThat(outcome.nothingNoticed()).as("flip at %d: %s", offset, outcome).isFalse();
      }
    }
  }

  @Test
  void damagedMetadataOfTheDataSetCostsNothing() throws IOException {
    SampledWorld world = record(SampledWorld.states(STEPS));
    Path file = folder.resolve("data/metadata.json");
    byte[] whole = Files.readAllBytes(file);
    for (int offset : offsets(whole.length, 15)) {
      flip(file, whole, offset, 1 << random.nextInt(8));
      assertThat(open(world).agreeing()).as("flip at %d", offset).containsExactly(0, 1, 2);
      Files.write(file, Arrays.copyOf(whole, offset));
      Outcome cut = open(world);
      assertThat(cut.agreeing()).containsExactly(0, 1, 2);
      assertThat(cut.losses()).as("cut at %d", offset).isNotEmpty();
    }
    Files.delete(file);
    Outcome missing = open(world);
    assertThat(missing.agreeing()).containsExactly(0, 1, 2);
    assertThat(missing.losses()).singleElement().asString().contains("metadata.json: missing");
  }

  @Test
  void absurdCountInMetadataIsSurvived() throws IOException {
    SampledWorld world = record(SampledWorld.smallPictures(1));
    Path file = folder.resolve("data/metadata.json");
    String text = Files.readString(file);
    Files.writeString(file, text.replace("\"total_episodes\":3", "\"total_episodes\":2147483647"));
    Outcome outcome = open(world);
    assertThat(outcome.agreeing()).containsExactly(0, 1, 2);
    assertThat(outcome.losses()).isNotEmpty();
  }

  @Test
  void emptyAndMissingFilesAreNamed() throws IOException {
    SampledWorld world = record(SampledWorld.smallPictures(STEPS));
    Path data = folder.resolve("data");
    Files.write(data.resolve("1/part-0.arrow"), new byte[0]);
    Files.delete(data.resolve("2/part-0.arrow"));
    Files.delete(data.resolve("0/metadata.json"));
    Outcome outcome = open(world);
    assertThat(outcome.agreeing()).containsExactly(0);
    assertThat(outcome.losses())
        .containsExactly(
            "episode 0: its metadata.json is missing; Python cannot open it without",
            "episode 1: lost, its file is empty",
            "episode 2: lost, its file is missing");
    Files.delete(data.resolve("0/part-0.arrow"));
    assertThat(open(world).verdicts()).isEmpty();
    Files.delete(data.resolve("metadata.json"));
    assertThatThrownBy(() -> Dataset.open(folder))
        .isInstanceOf(BadRequestException.class)
        .hasMessageContaining("nothing in");
  }

  @Test
  void metadataOfAnEpisodeThatPythonWouldMisreadIsNamed() throws IOException {
    SampledWorld world = record(SampledWorld.smallPictures(STEPS));
    Path data = folder.resolve("data");
    Path seed = data.resolve("0/metadata.json");
    Files.writeString(seed, Files.readString(seed).replaceFirst("\"seed\":\\d+", "\"seed\":12"));
    Files.write(data.resolve("2/metadata.json"), new byte[] {1, 2, 3});

    Outcome outcome = open(world);
    assertThat(outcome.agreeing()).containsExactlyInAnyOrder(0, 1, 2);
    assertThat(outcome.losses())
        .hasSize(2)
        .anyMatch(line -> line.startsWith("episode 0: its metadata.json differs"))
        .anyMatch(line -> line.startsWith("episode 2: its metadata.json cannot be read"));
  }

  @Test
  void swappedEpisodesAreNotTaken() throws IOException {
    SampledWorld world = record(SampledWorld.smallPictures(STEPS));
    Path data = folder.resolve("data");
    Files.copy(data.resolve("0/part-0.arrow"), data.resolve("copy"));
    Files.write(data.resolve("1/part-0.arrow"), Files.readAllBytes(data.resolve("0/part-0.arrow")));
    Outcome outcome = open(world);
    assertThat(outcome.agreeing()).containsExactlyInAnyOrder(0, 2);
    assertThat(outcome.losses()).containsExactly("episode 1: lost, it is a copy of episode 0");
  }

  @Test
  void reopeningRecordsDamagedEpisodesAgain() throws IOException {
    SampledWorld world = record(SampledWorld.states(STEPS));
    Path file = folder.resolve("data/main_data.hdf5");
    byte[] whole = Files.readAllBytes(file);
    Files.write(file, Arrays.copyOf(whole, whole.length / 2));
    try (DatasetWriter writer = DatasetWriter.reopen(folder, world.description())) {
      Set<Integer> complete = writer.completeEpisodes();
      assertThat(complete).hasSizeLessThan(3);
      IntStream.range(0, 3)
          .filter(index -> !complete.contains(index))
          .forEach(index -> world.record(writer, index));
    }
    assertThat(open(world).nothingNoticed()).isTrue();
    assertThat(Files.size(file)).isEqualTo(whole.length);
  }

  @Test
  void verifierNamesTheFirstStepThatDiffers() {
    SampledWorld world = record(SampledWorld.states(STEPS));
    SampledWorld longer = SampledWorld.states(STEPS - 2);
    assertThat(world.description()).isEqualTo(longer.description());
    Outcome outcome = open(longer);
    assertThat(outcome.verdicts())
        .allSatisfy(verdict ->
            assertThat(verdict)
                .isEqualTo(
                    new Divergence(
                        verdict.episode(),
                        STEPS - 2,
                        "truncated: recorded false, simulated true")));
    assertThat(open(SampledWorld.smallPictures(STEPS)).verdicts())
        .allSatisfy(
            verdict -> assertThat(((Divergence) verdict).what()).startsWith("observation space: "));
  }

  @Test
  void aNewerFormatIsToldAsSuch() throws IOException {
    record(SampledWorld.smallPictures(STEPS));
    Path file = Dataset.arrowFile(folder.resolve("data"), DAMAGED);
    ByteBuffer bytes = ByteBuffer.wrap(Files.readAllBytes(file));
    int magic = new String(bytes.array(), StandardCharsets.ISO_8859_1).lastIndexOf("UMWELTIX");
    int length = bytes.getInt(magic - 8);
    bytes.putInt(magic - 8 - length, 9);
    CRC32C checksum = new CRC32C();
    checksum.update(bytes.array(), magic - 8 - length, length);
    bytes.putInt(magic - 4, (int) checksum.getValue());
    Files.write(file, bytes.array());
    try (Dataset dataset = Dataset.open(folder)) {
      assertThat(dataset.losses())
          .anyMatch(loss ->
              loss.startsWith(
                  "episode 1: lost, cannot be read (it is of format 9 and this program knows"));
      assertThat(dataset.episodes()).hasSize(2);
    }
  }
}
