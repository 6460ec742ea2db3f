package org.umwelt.worldmodel.replay;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.Arrays;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.umwelt.kernels.settings.BadRequestException;

class ReplayBufferTest {
  private static final FrameShape SHAPE = new FrameShape(2, 3, 3);

  private final ReplayBuffer buffer = new ReplayBuffer(SHAPE, 0);

  @AfterEach
  void close() {
    buffer.close();
  }

  private static void assertHolds(ReplayBuffer buffer, long frame) {
    assertThat(buffer.frame(frame).toArray(ValueLayout.JAVA_BYTE))
        .isEqualTo(Plays.frame(buffer.shape(), frame));
  }

  @Test
  void framesAreNumberedOverAllEpisodes() {
    Plays.episode(buffer, 4);
    Plays.episode(buffer, 2);
    Plays.steps(buffer, 3);
    assertThat(buffer.episodes()).extracting(ReplayEpisode::firstFrame).containsExactly(0L, 4L, 6L);
    assertThat(buffer.episodes()).extracting(ReplayEpisode::length).containsExactly(4, 2, 3);
    assertThat(buffer.steps()).isEqualTo(9);
    assertThat(buffer.endFrame()).isEqualTo(9);
    for (int frame = 0; frame < 9; frame++) {
      assertHolds(buffer, frame);
    }
  }

  @Test
  void episodeIsCutAfterItsFirstEnd() {
    // Two parts of one stream of steps, an end inside the first.
    Plays.steps(buffer, 2);
    Plays.step(buffer, true);
    Plays.steps(buffer, 1);
    Plays.steps(buffer, 4);
    assertThat(buffer.episodes()).extracting(ReplayEpisode::length).containsExactly(3, 5);
    assertThat(buffer.episodes()).extracting(ReplayEpisode::ended).containsExactly(true, false);
  }

  @Test
  void unfinishedEpisodeGoesOnInTheNextEpoch() {
    Plays.steps(buffer, 200);
    ReplayEpisode episode = buffer.episodes().getFirst();
    assertThat(buffer.unfinished()).isSameAs(episode);
    Plays.steps(buffer, 199);
    Plays.step(buffer, true);
    assertThat(buffer.episodes()).containsExactly(episode);
    assertThat(episode.length()).isEqualTo(400);
    assertThat(buffer.unfinished()).isNull();
    Plays.step(buffer, false);
    assertThat(buffer.unfinished()).isSameAs(buffer.episodes().getLast()).isNotSameAs(episode);
  }

  @Test
  void brokenOffEpisodeStaysWithoutAnEnd() {
    Plays.steps(buffer, 3);
    buffer.breakOff();
    buffer.breakOff();
    Plays.steps(buffer, 2);
    assertThat(buffer.episodes()).extracting(ReplayEpisode::length).containsExactly(3, 2);
    assertThat(buffer.episodes()).extracting(ReplayEpisode::ended).containsOnly(false);
  }

  @Test
  void oldestEpisodesAreDroppedBeyondTheCap() {
    try (ReplayBuffer capped = new ReplayBuffer(SHAPE, 10)) {
      Plays.episode(capped, 4);
      Plays.episode(capped, 3);
      Plays.steps(capped, 3);
      assertThat(capped.steps()).isEqualTo(10);
      Plays.steps(capped, 1);
      assertThat(capped.episodes()).extracting(ReplayEpisode::firstFrame).containsExactly(4L, 7L);
      assertThat(capped.firstFrame()).isEqualTo(4);
      assertThat(capped.steps()).isEqualTo(7);
      assertThatThrownBy(() -> capped.frame(3)).isInstanceOf(IndexOutOfBoundsException.class);
      for (int frame = 4; frame < 11; frame++) {
        assertHolds(capped, frame);
      }
    }
  }

  @Test
  void episodeBeingPlayedIsKeptWhateverTheCap() {
    try (ReplayBuffer capped = new ReplayBuffer(SHAPE, 10)) {
      Plays.episode(capped, 4);
      Plays.steps(capped, 25);
      assertThat(capped.episodes()).extracting(ReplayEpisode::length).containsExactly(25);
      assertThat(capped.steps()).isEqualTo(25);
      Plays.step(capped, true);
      assertThat(capped.steps()).isEqualTo(26);
      Plays.step(capped, false);
      assertThat(capped.episodes()).extracting(ReplayEpisode::firstFrame).containsExactly(30L);
      assertThat(capped.steps()).isEqualTo(1);
    }
  }

  @Test
  void droppedFramesGiveTheirMemoryBack() {
    try (ReplayBuffer capped = new ReplayBuffer(SHAPE, 3000)) {
      Plays.episode(capped, 1500);
      MemorySegment old = capped.frame(0);
      MemorySegment shared = capped.frame(1400); // in the chunk where the next episode begins
      Plays.episode(capped, 1500);
      assertThat(old.scope().isAlive()).isTrue();
      Plays.step(capped, false);
      assertThat(old.scope().isAlive()).isFalse();
      assertThat(shared.scope().isAlive()).isTrue();
      assertHolds(capped, 1500);
      assertHolds(capped, 3000);
    }
  }

  @Test
  void batchOfFramesIsBlackWherePadded() {
    Plays.steps(buffer, 5);
    int bytes = SHAPE.bytes();
    byte[] batch = new byte[3 * bytes];
    Arrays.fill(batch, (byte) 99);
    buffer.copyFrames(new long[] {4, Segments.NO_FRAME, 0}, MemorySegment.ofArray(batch));
    assertThat(Arrays.copyOfRange(batch, 0, bytes)).isEqualTo(Plays.frame(SHAPE, 4));
    assertThat(Arrays.copyOfRange(batch, bytes, 2 * bytes)).containsOnly(0);
    assertThat(Arrays.copyOfRange(batch, 2 * bytes, 3 * bytes)).isEqualTo(Plays.frame(SHAPE, 0));
    byte[] one = new byte[bytes + 2];
    buffer.copyFrame(3, one, 2);
    assertThat(Arrays.copyOfRange(one, 2, one.length)).isEqualTo(Plays.frame(SHAPE, 3));
    assertThatThrownBy(() -> buffer.copyFrames(new long[] {0}, MemorySegment.ofArray(batch)))
        .isInstanceOf(IllegalArgumentException.class);
  }

  @Test
  void framesCannotBeWrittenTo() {
    Plays.steps(buffer, 1);
    assertThat(buffer.frame(0).isReadOnly()).isTrue();
  }

  @Test
  void clearedBufferNumbersOn() {
    Plays.steps(buffer, 1500);
    buffer.clear();
    assertThat(buffer.episodes()).isEmpty();
    assertThat(buffer.steps()).isZero();
    assertThat(buffer.unfinished()).isNull();
    Plays.episode(buffer, 2);
    assertThat(buffer.firstFrame()).isEqualTo(1500);
    assertHolds(buffer, 1501);
  }

  @Test
  void wrongFrameIsRefusedAndNothingAppended() {
    assertThatThrownBy(() -> buffer.append(new byte[17], 0, 0, false))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("expected a frame of 18 bytes, got 17");
    assertThat(buffer.episodes()).isEmpty();
    assertThat(buffer.endFrame()).isZero();
  }

  @Test
  void wrongSettingsAreRefused() {
    assertThatThrownBy(() -> new ReplayBuffer(SHAPE, -1)).isInstanceOf(BadRequestException.class);
    assertThatThrownBy(() -> new FrameShape(64, 0, 3)).isInstanceOf(BadRequestException.class);
    assertThatThrownBy(() -> new FrameShape(1 << 16, 1 << 16, 1))
        .isInstanceOf(BadRequestException.class);
  }

  @Test
  void seventyThousandFramesAreFoundAgain() {
    for (int episode = 0; episode < 100; episode++) {
      Plays.episode(buffer, 700);
    }
    assertThat(buffer.steps()).isEqualTo(70_000);
    for (ReplayEpisode episode : buffer.episodes()) {
      for (int t = 0; t < episode.length(); t += 99) {
        assertHolds(buffer, episode.frame(t));
        assertThat(episode.action(t)).isEqualTo(Plays.action(episode.frame(t)));
      }
    }
    for (int frame = 0; frame < 70_000; frame += FrameStore.FRAMES_PER_CHUNK) {
      assertHolds(buffer, frame);
      assertHolds(buffer, Math.max(0, frame - 1));
    }
  }
}
