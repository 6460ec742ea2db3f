package org.umwelt.worldmodel.replay;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Arrays;
import java.util.zip.CRC32C;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.umwelt.kernels.settings.BadRequestException;

class ReplayLogTest {
  private static final FrameShape SHAPE = new FrameShape(2, 2, 1);
  private static final int HEADER_BYTES = 28;

  @TempDir Path folder;
  private Path file;

  @BeforeEach
  void name() {
    file = folder.resolve("replay.log");
  }

  private static ReplayBuffer empty() {
    return new ReplayBuffer(SHAPE, 0);
  }

  /** Plays an epoch: goes on with what is unfinished, ends it, begins another. */
  private static void epoch(ReplayBuffer buffer) {
    Plays.episode(buffer, 3);
    Plays.episode(buffer, 2);
    Plays.steps(buffer, 4);
  }

  /** Writes three epochs and returns the lengths after each. */
  private long[] write() throws IOException {
    long[] lengths = new long[3];
    try (ReplayBuffer buffer = empty();
        ReplayLog log = ReplayLog.create(file, buffer)) {
      for (int i = 0; i < 3; i++) {
        epoch(buffer);
        lengths[i] = log.append();
      }
    }
    return lengths;
  }

  /** Returns a buffer that was never interrupted. */
  private static ReplayBuffer played(int epochs) {
    ReplayBuffer buffer = empty();
    for (int i = 0; i < epochs; i++) {
      epoch(buffer);
    }
    return buffer;
  }

  private BadRequestException refusal(long length) throws IOException {
    byte[] before = Files.readAllBytes(file);
    try (ReplayBuffer buffer = empty()) {
      BadRequestException refusal =
          catchThrowableOfType(
              BadRequestException.class, () -> ReplayLog.open(file, length, buffer).close());
      assertThat(refusal).isNotNull().hasMessageStartingWith(file.toString() + ": ");
      assertThat(refusal.getMessage()).doesNotContain("\n");
      assertThat(Files.readAllBytes(file)).isEqualTo(before);
      return refusal;
    }
  }

  @Test
  void rebuildsTheBufferAndGoesOn() throws IOException {
    long[] lengths = write();
    assertThat(lengths[2]).isEqualTo(Files.size(file));
    try (ReplayBuffer buffer = empty();
        ReplayBuffer expected = played(3);
        ReplayLog log = ReplayLog.open(file, lengths[2], buffer)) {
      assertThat(log.length()).isEqualTo(lengths[2]);
      Plays.assertSame(buffer, expected);
      epoch(buffer);
      epoch(expected);
      long length = log.append();
      try (ReplayBuffer again = empty();
          ReplayLog _ = ReplayLog.open(file, length, again)) {
        Plays.assertSame(again, expected);
      }
    }
  }

  @Test
  void stepsTheCheckpointDoesNotCountOnAreCutOff() throws IOException {
    // Killed between the third append and its checkpoint, then played again.
    long[] lengths = write();
    byte[] uninterrupted = Files.readAllBytes(file);
    try (ReplayBuffer buffer = empty();
        ReplayBuffer expected = played(2);
        ReplayLog log = ReplayLog.open(file, lengths[1], buffer)) {
      assertThat(Files.size(file)).isEqualTo(lengths[1]);
      Plays.assertSame(buffer, expected);
      epoch(buffer);
      assertThat(log.append()).isEqualTo(lengths[2]);
    }
    assertThat(Files.readAllBytes(file)).isEqualTo(uninterrupted);
  }

  @Test
  void halfWrittenBlockIsCutOff() throws IOException {
    long[] lengths = write();
    byte[] whole = Files.readAllBytes(file);
    for (long size = lengths[1]; size < lengths[2]; size += 5) {
      Files.write(file, Arrays.copyOf(whole, (int) size));
      try (ReplayBuffer buffer = empty();
          ReplayBuffer expected = played(2);
          ReplayLog _ = ReplayLog.open(file, lengths[1], buffer)) {
        Plays.assertSame(buffer, expected);
      }
      assertThat(Files.size(file)).isEqualTo(lengths[1]);
    }
  }

  @Test
  void checkpointBeforeTheFirstAppendGivesAnEmptyBuffer() throws IOException {
    write();
    try (ReplayBuffer buffer = empty();
        ReplayLog log = ReplayLog.open(file, HEADER_BYTES, buffer)) {
      assertThat(buffer.endFrame()).isZero();
      assertThat(log.append()).isEqualTo(HEADER_BYTES);
    }
  }

  @Test
  void epochWithoutStepsAddsNothing() throws IOException {
    try (ReplayBuffer buffer = empty();
        ReplayLog log = ReplayLog.create(file, buffer)) {
      assertThat(log.append()).isEqualTo(log.length()).isEqualTo(HEADER_BYTES);
      epoch(buffer);
      long length = log.append();
      assertThat(log.append()).isEqualTo(length).isEqualTo(Files.size(file));
    }
  }

  @Test
  void brokenOffEpisodesStayApart() throws IOException {
    try (ReplayBuffer buffer = empty();
        ReplayLog log = ReplayLog.create(file, buffer)) {
      Plays.steps(buffer, 3);
      buffer.breakOff();
      Plays.steps(buffer, 2);
      long length = log.append();
      try (ReplayBuffer again = empty();
          ReplayLog _ = ReplayLog.open(file, length, again)) {
        Plays.assertSame(again, buffer);
        assertThat(again.episodes()).hasSize(2);
      }
    }
  }

  @Test
  void cappedBufferComesBackAsItWas() throws IOException {
    try (ReplayBuffer buffer = new ReplayBuffer(SHAPE, 10);
        ReplayLog log = ReplayLog.create(file, buffer)) {
      for (int steps : new int[] {4, 9, 2, 7, 3, 12, 1, 1, 30, 2}) {
        // Some epochs are dropped before they are logged, some end within an episode.
        Plays.episode(buffer, steps);
        Plays.episode(buffer, 2 * steps);
        Plays.steps(buffer, steps / 2);
        long length = log.append();
        try (ReplayBuffer again = new ReplayBuffer(SHAPE, 10);
            ReplayLog _ = ReplayLog.open(file, length, again)) {
          Plays.assertSame(again, buffer);
        }
      }
    }
  }

  @Test
  void longEpochTakesSeveralBlocks() throws IOException {
    FrameShape atari = new FrameShape(64, 64, 3);
    try (ReplayBuffer buffer = new ReplayBuffer(atari, 0);
        ReplayLog log = ReplayLog.create(file, buffer)) {
      for (int i = 0; i < 5; i++) {
        Plays.episode(buffer, 290);
      }
      Plays.steps(buffer, 50);
      long length = log.append();
      try (ReplayBuffer again = new ReplayBuffer(atari, 0);
          ReplayLog _ = ReplayLog.open(file, length, again)) {
        Plays.assertSame(again, buffer);
      }
      // 16 MiB hold 1364 steps of 9 + 64 * 64 * 3 bytes.
      byte[] bytes = Files.readAllBytes(file);
      ByteBuffer header = ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
      assertThat(header.getInt(HEADER_BYTES + 16)).isEqualTo(1364);
      int second = HEADER_BYTES + 32 + header.getInt(HEADER_BYTES + 20);
      assertThat(header.getInt(second + 4)).isEqualTo(1);
      assertThat(header.getLong(second + 8)).isEqualTo(1364);
      assertThat(header.getInt(second + 16)).isEqualTo(1500 - 1364);
    }
  }

  @Test
  void everyFlippedByteIsNoticed() throws IOException {
    long[] lengths = write();
    byte[] whole = Files.readAllBytes(file);
    for (int at = 0; at < whole.length; at++) {
      byte[] damaged = whole.clone();
      damaged[at] ^= (byte) (1 << at % 8);
      Files.write(file, damaged);
      String block =
          at < HEADER_BYTES
              ? "header of a replay log"
              : "block " + (at < lengths[0] ? 0 : at < lengths[1] ? 1 : 2) + " at byte";
      assertThat(refusal(lengths[2])).hasMessageContaining(block);
    }
  }

  @ParameterizedTest
  @CsvSource({
    "0, has a damaged header", // magic
    "4, has a damaged header", // number
    "8, has a damaged header", // first frame
    "16, has a damaged header", // steps
    "20, has a damaged header", // payload bytes
    "24, has a damaged header", // checksum of the payload
    "28, has a damaged header", // checksum of the header
    "32, has damaged steps",
  })
  void damageNamesTheBlockAndTheWayOut(int offset, String what) throws IOException {
    long[] lengths = write();
    byte[] bytes = Files.readAllBytes(file);
    bytes[(int) lengths[0] + offset] ^= 4;
    Files.write(file, bytes);
    assertThat(refusal(lengths[2]))
        .hasMessage(
            "%s: block 1 at byte %d %s: put the file back from a copy, or resume from a checkpoint that counts on at most %d bytes of it"
                .formatted(file, lengths[0], what, lengths[0]));
    // Which works.
    try (ReplayBuffer buffer = empty();
        ReplayBuffer expected = played(1);
        ReplayLog _ = ReplayLog.open(file, lengths[0], buffer)) {
      Plays.assertSame(buffer, expected);
    }
  }

  @Test
  void everyShorterFileIsRefused() throws IOException {
    long[] lengths = write();
    byte[] whole = Files.readAllBytes(file);
    for (int size = 0; size < whole.length; size++) {
      Files.write(file, Arrays.copyOf(whole, size));
      String block =
          size < HEADER_BYTES
              ? "header of a replay log"
              : "block %d at byte %d is cut off"
                  .formatted(
                      size < lengths[0] ? 0 : size < lengths[1] ? 1 : 2,
                      size < lengths[0]
                          ? HEADER_BYTES
                          : size < lengths[1] ? lengths[0] : lengths[1]);
      assertThat(refusal(lengths[2])).hasMessageContaining(block);
    }
  }

  @Test
  void lengthsBetweenAppendsAreRefused() throws IOException {
    long[] lengths = write();
    assertThat(refusal(lengths[1] - 1))
        .hasMessage(
            "%s: block 1 ends at byte %d, but the checkpoint counts on %d bytes: give the log and the checkpoint of one run"
                .formatted(file, lengths[1], lengths[1] - 1));
    refusal(lengths[1] + 1);
    refusal(0);
    refusal(-1);
    assertThat(refusal(lengths[2] + 1)).hasMessageContaining("block 3");
  }

  @Test
  void missingAndRepeatedBlocksAreRefused() throws IOException {
    long[] lengths = write();
    byte[] whole = Files.readAllBytes(file);
    Files.write(file, Arrays.copyOf(whole, (int) lengths[0]));
    Files.write(
        file,
        Arrays.copyOfRange(whole, (int) lengths[1], (int) lengths[2]),
        StandardOpenOption.APPEND);
    assertThat(refusal(Files.size(file)))
        .hasMessageContaining("block 1 at byte %d does not follow".formatted(lengths[0]));
    Files.write(file, whole);
    Files.write(
        file,
        Arrays.copyOfRange(whole, (int) lengths[1], (int) lengths[2]),
        StandardOpenOption.APPEND);
    assertThat(refusal(Files.size(file)))
        .hasMessageContaining("block 3 at byte %d does not follow".formatted(lengths[2]));
  }

  @Test
  void laterVersionIsRefused() throws IOException {
    long[] lengths = write();
    byte[] bytes = Files.readAllBytes(file);
    bytes[8] = 2;
    CRC32C checksum = new CRC32C();
    checksum.update(bytes, 0, 24);
    ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN).putInt(24, (int) checksum.getValue());
    Files.write(file, bytes);
    assertThat(refusal(lengths[2])).hasMessageContaining("of version 1, found version 2");
  }

  @Test
  void otherFramesAreRefused() throws IOException {
    long[] lengths = write();
    try (ReplayBuffer buffer = new ReplayBuffer(new FrameShape(64, 64, 3), 0)) {
      assertThatThrownBy(() -> ReplayLog.open(file, lengths[2], buffer))
          .isInstanceOf(BadRequestException.class)
          .hasMessageContaining("expected frames of 64x64x3, found 2x2x1");
    }
  }

  @Test
  void logThatIsThereIsNotOverwritten() throws IOException {
    write();
    byte[] before = Files.readAllBytes(file);
    try (ReplayBuffer buffer = empty()) {
      assertThatThrownBy(() -> ReplayLog.create(file, buffer))
          .isInstanceOf(BadRequestException.class)
          .hasMessageContaining("is there already");
    }
    assertThat(Files.readAllBytes(file)).isEqualTo(before);
  }

  @Test
  void logThatIsNotThereIsNotOpened() {
    try (ReplayBuffer buffer = empty()) {
      assertThatThrownBy(() -> ReplayLog.open(file, HEADER_BYTES, buffer))
          .isInstanceOf(BadRequestException.class)
          .hasMessageContaining("found no file");
    }
    assertThat(file).doesNotExist();
  }
}
