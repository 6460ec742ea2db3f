package org.umwelt.worldmodel.replay;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.stream.IntStream;
import java.util.stream.LongStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.umwelt.kernels.random.RandomStream;
import org.umwelt.worldmodel.replay.SegmentSampler.Mode;

class SegmentSamplerTest {
  private static final double STANDARD_ERRORS = 4;

  private final ReplayBuffer buffer = new ReplayBuffer(new FrameShape(1, 2, 1), 0);
  private final SegmentSampler sampler = new SegmentSampler(buffer);
  private final RandomStream random = new RandomStream(2209);

  @AfterEach
  void close() {
    buffer.close();
  }

  /** Asserts that every outcome came equally often. */
  private static void assertUniform(int[] counts) {
    int draws = IntStream.of(counts).sum();
    double p = 1.0 / counts.length;
    double deviation = Math.sqrt(draws * p * (1 - p));
    for (int count : counts) {
      assertThat(Math.abs(count - draws * p)).isLessThan(STANDARD_ERRORS * deviation);
    }
  }

  /** Returns the position of a row's first step. */
  private static int firstValid(Segments segments, int row) {
    int t = 0;
    while (!segments.mask()[row * segments.length() + t]) {
      t++;
    }
    return t;
  }

  private ReplayEpisode episodeOf(long frame) {
    return buffer.episodes().stream()
        .filter(episode -> episode.firstFrame() <= frame)
        .reduce((_, later) -> later)
        .orElseThrow();
  }

  @ParameterizedTest
  @EnumSource
  void halfOfTheSegmentsComeFromTheShortOfTwoEpisodes(Mode mode) {
    Plays.episode(buffer, 1);
    Plays.episode(buffer, 99);
    Segments segments = sampler.sample(10_000, 1, mode, random);
    int fromShort = (int) LongStream.of(segments.frames()).filter(frame -> frame == 0).count();
    assertUniform(new int[] {fromShort, 10_000 - fromShort});
  }

  @Test
  void episodesAreDrawnUniformly() {
    int[] lengths = {3, 50, 1, 20, 7};
    for (int length : lengths) {
      Plays.episode(buffer, length);
    }
    int[] counts = new int[lengths.length];
    Segments segments = sampler.sample(20_000, 1, Mode.FROM_START, random);
    for (long frame : segments.frames()) {
      counts[buffer.episodes().indexOf(episodeOf(frame))]++;
    }
    assertUniform(counts);
  }

  @Test
  void startsAreUniformOverTheEpisode() {
    Plays.episode(buffer, 10);
    Segments segments = sampler.sample(20_000, 4, Mode.FROM_START, random);
    int[] starts = new int[10];
    for (int row = 0; row < segments.count(); row++) {
      assertThat(segments.mask()[row * 4]).isTrue();
      starts[(int) segments.frames()[row * 4]]++;
    }
    assertUniform(starts);
  }

  @Test
  void stopsAreUniformOverTheEpisode() {
    Plays.episode(buffer, 10);
    Segments segments = sampler.sample(20_000, 4, Mode.TO_END, random);
    int[] stops = new int[10];
    for (int row = 0; row < segments.count(); row++) {
      assertThat(segments.mask()[row * 4 + 3]).isTrue();
      stops[(int) segments.frames()[row * 4 + 3]]++; // stop - 1
    }
    assertUniform(stops);
  }

  @ParameterizedTest
  @CsvSource({"FROM_START,1", "FROM_START,20", "TO_END,1", "TO_END,21"})
  void segmentsAreRunsOfOneEpisode(Mode mode, int length) {
    for (int episode : new int[] {30, 1, 5, 80, 19}) {
      Plays.episode(buffer, episode);
    }
    Plays.steps(buffer, 12);
    Segments segments = sampler.sample(2000, length, mode, random);
    for (int row = 0; row < segments.count(); row++) {
      int first = firstValid(segments, row);
      long firstFrame = segments.frames()[row * length + first];
      ReplayEpisode episode = episodeOf(firstFrame);
      int t0 = (int) (firstFrame - episode.firstFrame()) - first;
      Segments plain = episode.segment(t0, t0 + length);
      Segments found = segments.rows(row, row + 1);
      assertThat(found.frames()).isEqualTo(plain.frames());
      assertThat(found.actions()).isEqualTo(plain.actions());
      assertThat(found.rewards()).isEqualTo(plain.rewards());
      assertThat(found.ends()).isEqualTo(plain.ends());
      assertThat(found.mask()).isEqualTo(plain.mask());
      for (int t = 0; t < length; t++) {
        boolean valid = t0 + t >= 0 && t0 + t < episode.length();
        assertThat(found.mask()[t]).isEqualTo(valid);
        assertThat(found.frames()[t]).isEqualTo(valid ? episode.frame(t0 + t) : -1);
        assertThat(found.actions()[t]).isEqualTo(valid ? episode.action(t0 + t) : 0);
        assertThat(found.rewards()[t]).isEqualTo(valid ? episode.reward(t0 + t) : 0);
        assertThat(found.ends()[t]).isEqualTo(valid && episode.end(t0 + t));
      }
    }
  }

  @Test
  void equalStreamsDrawEqualSegments() {
    Plays.episode(buffer, 30);
    Plays.episode(buffer, 10);
    Segments one = sampler.sample(64, 20, Mode.FROM_START, new RandomStream(1, 5));
    Segments other = sampler.sample(64, 20, Mode.FROM_START, new RandomStream(1, 5));
    assertThat(one.frames()).isEqualTo(other.frames());
  }

  @Test
  void traversalHoldsEveryStepOnce() {
    Plays.episode(buffer, 7);
    Plays.episode(buffer, 3);
    Plays.episode(buffer, 1);
    Plays.steps(buffer, 4);
    Segments segments = sampler.traverse(3);
    assertThat(segments.count()).isEqualTo(3 + 1 + 1 + 2);
    assertThat(segments.frames())
        .containsExactly(0, 1, 2, 3, 4, 5, 6, -1, -1, 7, 8, 9, 10, -1, -1, 11, 12, 13, 14, -1, -1);
    assertThat(IntStream.range(0, 21).filter(i -> segments.ends()[i])).containsExactly(6, 11, 12);
    for (int i = 0; i < 21; i++) {
      assertThat(segments.mask()[i]).isEqualTo(segments.frames()[i] >= 0);
    }
  }

  @Test
  void emptyReplayHasNoSegments() {
    assertThat(sampler.traverse(3).count()).isZero();
    assertThatThrownBy(() -> sampler.sample(1, 1, Mode.TO_END, random))
        .isInstanceOf(IllegalStateException.class);
  }

  @Test
  void impossibleSizesAreRefused() {
    Plays.episode(buffer, 7);
    assertThatThrownBy(() -> sampler.sample(0, 1, Mode.TO_END, random))
        .isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> sampler.traverse(0)).isInstanceOf(IllegalArgumentException.class);
  }
}
