package org.umwelt.envs.dataset;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.management.BufferPoolMXBean;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.umwelt.envs.Reset;
import org.umwelt.envs.Step;
import org.umwelt.envs.dataset.ReplayVerifier.Agreement;
import org.umwelt.envs.registry.Environments;
import org.umwelt.envs.spaces.Box;
import org.umwelt.envs.spaces.DType;
import org.umwelt.envs.spaces.Dict;
import org.umwelt.envs.spaces.Discrete;
import org.umwelt.envs.spaces.Value;
import org.umwelt.kernels.random.RandomStream;
import org.umwelt.kernels.settings.BadRequestException;

class DatasetTest {
  @TempDir Path folder;

  private static void record(Path folder, SampledWorld world, int episodes) {
    try (DatasetWriter writer = DatasetWriter.create(folder, world.description())) {
      for (int index = 0; index < episodes; index++) {
        world.record(writer, index);
      }
    }
  }

  private static void assertReplays(Dataset dataset, SampledWorld world) {
    try (ReplayVerifier verifier = new ReplayVerifier(world)) {
      for (EpisodeSummary summary : dataset.episodes()) {
        assertThat(verifier.verify(dataset, summary.index()))
            .isEqualTo(new Agreement(summary.index(), summary.steps()));
      }
    }
  }

  private List<String> dataFiles() throws IOException {
    try (Stream<Path> files = Files.walk(folder.resolve("data"))) {
      return files
          .filter(Files::isRegularFile)
          .map(file -> folder.resolve("data").relativize(file).toString())
          .sorted()
          .toList();
    }
  }

  @ParameterizedTest
  @ValueSource(
      longs = {1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16, 17, 18, 19, 20, 21, 22, 23})
  void randomSpacesComeBackBitForBit(long seed) {
    SampledWorld world = SampledWorld.ofSeed(seed);
    record(folder, world, 3);
    try (Dataset dataset = Dataset.open(folder)) {
      assertThat(dataset.losses()).isEmpty();
      assertThat(dataset.episodes()).hasSize(3);
      assertThat(dataset.description()).isEqualTo(world.description());
      assertReplays(dataset, world);
    }
  }

  @Test
  void picturesStayInTheArrowLayout() throws IOException {
    SampledWorld world = SampledWorld.pictures(7);
    record(folder, world, 2);
    assertThat(dataFiles())
        .containsExactly(
            "0/metadata.json",
            "0/part-0.arrow",
            "1/metadata.json",
            "1/part-0.arrow",
            "metadata.json");
    try (Dataset dataset = Dataset.open(folder)) {
      assertReplays(dataset, world);
    }
  }

  @Test
  void statesEndInTheHdf5Layout() throws IOException {
    SampledWorld world = SampledWorld.states(9);
    record(folder, world, 2);
    assertThat(dataFiles())
        .containsExactly("main_data.hdf5", "main_data.hdf5.index", "metadata.json");
    try (Dataset dataset = Dataset.open(folder)) {
      assertThat(dataset.losses()).isEmpty();
      assertReplays(dataset, world);
    }
  }

  @Test
  void summaryAddsUpTheEpisode() {
    SampledWorld world = SampledWorld.states(3);
    EpisodeSummary recorded;
    try (DatasetWriter writer = DatasetWriter.create(folder, world.description());
        EpisodeRecorder recorder = writer.record(0, 5)) {
      world.play(recorder, 5);
      recorded = recorder.finish(12);
    }
    Step step = Step.allocate(world);
    Value action = Value.allocate(world.actionSpace());
    world.reset(Reset.seeded(5), step);
    double total = 0;
    for (int t = 0; t < 3; t++) {
      world.step(action, step);
      total += step.reward();
    }
    assertThat(recorded).isEqualTo(new EpisodeSummary(0, 5, 3, total, false, true, 12));
    try (Dataset dataset = Dataset.open(folder)) {
      assertThat(dataset.episodes()).containsExactly(recorded);
    }
  }

  @Test
  void stepsAreReadInAnyOrder() {
    SampledWorld world = SampledWorld.states(5000);
    record(folder, world, 1);
    Step step = Step.allocate(world);
    Value action = Value.allocate(world.actionSpace());
    Value[] expected = new Value[5001];
    world.reset(Reset.seeded(100), step);
    for (int t = 0; t <= 5000; t++) {
      expected[t] = Value.allocate(world.observationSpace());
      expected[t].copyFrom(step.observation());
      world.step(action, step);
    }
    Value found = Value.allocate(world.observationSpace());
    try (Dataset dataset = Dataset.open(folder);
        Episode episode = dataset.episode(0)) {
      for (int t : new int[] {5000, 0, 4095, 1, 2500, 4999, 3, 2500}) {
        episode.observation(t, found);
        assertThat(found.sameBytes(expected[t])).as("observation %d", t).isTrue();
      }
      assertThatThrownBy(() -> episode.observation(5001, found))
          .isInstanceOf(IndexOutOfBoundsException.class);
      assertThatThrownBy(() -> episode.reward(5000)).isInstanceOf(IndexOutOfBoundsException.class);
    }
  }

  @Test
  void episodeWithoutStepsHoldsItsReset() {
    SampledWorld world = SampledWorld.pictures(0);
    record(folder, world, 1);
    try (Dataset dataset = Dataset.open(folder)) {
      assertThat(dataset.episodes().getFirst().steps()).isZero();
      assertReplays(dataset, world);
    }
  }

  @Test
  void recordingNeedsNoMoreMemoryForMoreSteps() {
    int rowBytes = 64 << 10;
    int steps = 400;
    SampledWorld spaces =
        new SampledWorld(
            Box.of(DType.UINT8, 0, 255, rowBytes), Discrete.of(2), Dict.empty(), steps);
    RandomStream random = new RandomStream(3);
    Step step = Step.allocate(spaces);
    Value action = Value.allocate(spaces.actionSpace());
    byte[] noise = new byte[rowBytes];
    var threads = (com.sun.management.ThreadMXBean) ManagementFactory.getThreadMXBean();
    try (DatasetWriter writer = DatasetWriter.create(folder, spaces.description());
        EpisodeRecorder recorder = writer.record(0, 0)) {
      long before = threads.getCurrentThreadAllocatedBytes();
      long directBefore = directBytes();
      recorder.reset(step);
      for (int t = 1; t <= steps; t++) {
        random.nextBytes(noise);
        MemorySegment.copy(
            noise, 0, step.observation().tensor(), ValueLayout.JAVA_BYTE, 0, rowBytes);
        recorder.append(action, step);
      }
      recorder.finish();
      // 25 MiB of noise, which no compression makes smaller.
      assertThat(threads.getCurrentThreadAllocatedBytes() - before).isLessThan(4 << 20);
      assertThat(directBytes() - directBefore).isLessThan(2 << 20);
    }
    Value found = Value.allocate(spaces.observationSpace());
    try (Dataset dataset = Dataset.open(folder);
        Episode episode = dataset.episode(0)) {
      episode.observation(steps, found);
      assertThat(found.sameBytes(step.observation())).isTrue();
    }
  }

  private static long directBytes() {
    return ManagementFactory.getPlatformMXBeans(BufferPoolMXBean.class).stream()
        .filter(pool -> pool.getName().equals("direct"))
        .mapToLong(BufferPoolMXBean::getMemoryUsed)
        .sum();
  }

  @Test
  void suspendedDataSetLeavesEveryEpisodeInAFileOfItsOwn() throws IOException {
    SampledWorld world = SampledWorld.states(6);
    try (DatasetWriter writer = DatasetWriter.create(folder, world.description())) {
      world.record(writer, 0);
      writer.suspend();
    }
    assertThat(dataFiles()).containsExactly("0/metadata.json", "0/part-0.arrow", "metadata.json");
    try (DatasetWriter writer = DatasetWriter.reopen(folder, world.description())) {
      world.record(writer, 1);
    }
    assertCompleteAfterResume(world, 2);
  }

  @Test
  void stopWhileFinishingLosesNothing() throws IOException {
    SampledWorld world = SampledWorld.states(6);
    DatasetWriter writer = DatasetWriter.create(folder, world.description());
    world.record(writer, 0);
    world.record(writer, 1);
    Path data = folder.resolve("data");
    Path kept = folder.resolve("kept");
    copy(data, kept);
    writer.close();
    // What is there after the HDF5 file has its name and before the episodes' own files go; then
    // with one of them gone and one half deleted.
    copy(kept, data);
    assertCompleteAfterResume(world, 2);
    copy(kept.resolve("1"), data.resolve("1"));
    Files.createDirectories(data.resolve(".0.partial"));
    Files.copy(kept.resolve("0/metadata.json"), data.resolve(".0.partial/metadata.json"));
    assertCompleteAfterResume(world, 2);
  }

  private void assertCompleteAfterResume(SampledWorld world, int episodes) throws IOException {
    for (int time = 0; time < 2; time++) {
      try (Dataset dataset = Dataset.open(folder)) {
        assertThat(dataset.losses()).isEmpty();
        assertThat(dataset.episodes()).hasSize(episodes);
        assertReplays(dataset, world);
      }
      DatasetWriter.reopen(folder, world.description()).close();
    }
    assertThat(dataFiles())
        .containsExactly("main_data.hdf5", "main_data.hdf5.index", "metadata.json");
  }

  private static void copy(Path from, Path to) throws IOException {
    try (Stream<Path> all = Files.walk(from)) {
      for (Path path : all.toList()) {
        Path target = to.resolve(from.relativize(path));
        if (Files.isDirectory(path)) {
          Files.createDirectories(target);
        } else {
          Files.copy(path, target, StandardCopyOption.REPLACE_EXISTING);
        }
      }
    }
  }

  @Test
  void episodeIsInvisibleUntilFinished() throws IOException {
    SampledWorld world = SampledWorld.states(3);
    DatasetWriter writer = DatasetWriter.create(folder, world.description());
    world.record(writer, 0);
    EpisodeRecorder stopped = writer.record(1, 101);
    world.play(stopped, 101);
    try (Dataset dataset = Dataset.open(folder)) {
      assertThat(dataset.episodes()).extracting(EpisodeSummary::index).containsExactly(0);
      assertThat(dataset.losses())
          .containsExactly("episode 1: not finished when recording stopped");
    }
    stopped.close();
    assertThat(dataFiles()).containsExactly("0/metadata.json", "0/part-0.arrow", "metadata.json");
    writer.close();
  }

  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void reopenedDataSetKeepsWhatIsComplete(boolean pictures) throws IOException {
    SampledWorld world = pictures ? SampledWorld.pictures(4) : SampledWorld.states(4);
    DatasetWriter killed = DatasetWriter.create(folder, world.description());
    world.record(killed, 0);
    world.record(killed, 2);
    world.play(killed.record(1, 101), 101);
    // The killed writer is never closed. Episode 3 is added after the first resume has finished.
    for (int missing : new int[] {1, 3}) {
      try (DatasetWriter writer = DatasetWriter.reopen(folder, world.description())) {
        assertThat(writer.completeEpisodes()).doesNotContain(missing).contains(0, 2);
        world.record(writer, missing);
      }
    }
    try (Dataset dataset = Dataset.open(folder)) {
      assertThat(dataset.episodes()).extracting(EpisodeSummary::index).containsExactly(0, 1, 2, 3);
      assertThat(dataset.losses()).isEmpty();
      assertReplays(dataset, world);
    }
    assertThat(Files.readString(folder.resolve("data/metadata.json")))
        .contains("\"total_episodes\":4", "\"total_steps\":16");
  }

  @Test
  void metadataCountsEpisodesUpToTheFirstGap() throws IOException {
    SampledWorld world = SampledWorld.pictures(2);
    DatasetWriter writer = DatasetWriter.create(folder, world.description());
    world.record(writer, 1);
    assertThat(Files.readString(folder.resolve("data/metadata.json")))
        .contains("\"total_episodes\":0");
    world.record(writer, 0);
    world.record(writer, 3);
    assertThat(Files.readString(folder.resolve("data/metadata.json")))
        .contains("\"total_episodes\":2", "\"minari_version\":\"0.5.4\"", "\"arrow\"");
    writer.close();
    try (Dataset dataset = Dataset.open(folder)) {
      assertThat(dataset.episodes()).hasSize(3);
    }
  }

  @Test
  void severalThreadsRecordDifferentEpisodes() throws Exception {
    DatasetDescription description = SampledWorld.states(20).description();
    try (DatasetWriter writer = DatasetWriter.create(folder, description)) {
      List<Thread> threads =
          Stream.of(0, 1, 2)
              .map(first ->
                  Thread.ofPlatform()
                      .start(() -> {
                        for (int index = first; index < 30; index += 3) {
                          SampledWorld.states(20).record(writer, index);
                        }
                      }))
              .toList();
      for (Thread thread : threads) {
        thread.join();
      }
    }
    try (Dataset dataset = Dataset.open(folder)) {
      assertThat(dataset.episodes()).hasSize(30);
      assertReplays(dataset, SampledWorld.states(20));
    }
  }

  @Test
  void runFolderLeadsToItsDataSet() {
    Path run = folder.resolve("run");
    record(run.resolve("episodes/umwelt/sampled-v0"), SampledWorld.states(2), 1);
    try (Dataset dataset = Dataset.open(run)) {
      assertThat(dataset.episodes()).hasSize(1);
    }
    record(run.resolve("episodes/umwelt/other-v0"), SampledWorld.states(2), 1);
    assertThatThrownBy(() -> Dataset.open(run))
        .isInstanceOf(BadRequestException.class)
        .hasMessageContaining("several data sets");
  }

  @Test
  void wrongRequestsAreRefused() throws IOException {
    SampledWorld world = SampledWorld.states(2);
    record(folder.resolve("a"), world, 1);
    assertThatThrownBy(() -> DatasetWriter.create(folder.resolve("a"), world.description()))
        .isInstanceOf(BadRequestException.class)
        .hasMessageContaining("holds a data set already");
    assertThatThrownBy(
            () -> DatasetWriter.reopen(folder.resolve("a"), SampledWorld.pictures(2).description()))
        .isInstanceOf(BadRequestException.class)
        .hasMessageContaining("differs");
    assertThatThrownBy(() -> Dataset.open(folder.resolve("none")))
        .isInstanceOf(BadRequestException.class);
    assertThatThrownBy(() -> Dataset.open(Files.createDirectory(folder.resolve("empty"))))
        .isInstanceOf(BadRequestException.class);
    Path file = Files.createFile(folder.resolve("file"));
    assertThatThrownBy(() -> DatasetWriter.create(file, world.description()))
        .isInstanceOf(BadRequestException.class)
        .hasMessageContaining("cannot write to");
    try (Dataset dataset = Dataset.open(folder.resolve("a"))) {
      assertThatThrownBy(() -> dataset.episode(1)).isInstanceOf(BadRequestException.class);
    }
  }

  @Test
  void folderThatVanishesGivesOneClearError() throws IOException {
    SampledWorld world = SampledWorld.states(2);
    DatasetWriter writer = DatasetWriter.create(folder, world.description());
    EpisodeRecorder recorder = writer.record(0, 1);
    world.play(recorder, 1);
    Files.delete(folder.resolve("data/.0.partial"));
    assertThatThrownBy(recorder::finish)
        .isInstanceOf(UncheckedIOException.class)
        .hasMessageContaining("cannot record episode 0");
    assertThat(dataFiles()).containsExactly("metadata.json");
  }

  @Test
  void recorderRefusesStepsAfterTheEnd() {
    SampledWorld world = SampledWorld.states(2);
    Step step = Step.allocate(world);
    Value action = Value.allocate(world.actionSpace());
    try (DatasetWriter writer = DatasetWriter.create(folder, world.description());
        EpisodeRecorder recorder = writer.record(0, 1)) {
      assertThatThrownBy(() -> recorder.append(action, step))
          .isInstanceOf(IllegalStateException.class);
      world.play(recorder, 1);
      assertThatThrownBy(() -> recorder.append(action, step))
          .isInstanceOf(IllegalStateException.class)
          .hasMessageContaining("has ended");
      assertThatThrownBy(() -> writer.record(0, 1)).isInstanceOf(IllegalArgumentException.class);
    }
  }

  @Test
  void atariIdsCarryGymnasiumsSpecification() {
    assertThat(
            Environments.gymnasiumSpec(
                "ALE/TicTacToe3D-v5?frameskip=1&repeat_action_probability=0.0"))
        .hasValueSatisfying(spec ->
            assertThat(spec)
                .contains("\"game\":\"tic_tac_toe_3d\"", "\"frameskip\":1", "\"kwargs\""));
    assertThat(Environments.gymnasiumSpec("ALE/Pong-v5?ours=1")).isEmpty();
    assertThat(Environments.gymnasiumSpec("ALE/Pong-v5?frameskip=2-5")).isEmpty();
    assertThat(Environments.gymnasiumSpec("umwelt/Catch-v0")).isEmpty();
  }
}
