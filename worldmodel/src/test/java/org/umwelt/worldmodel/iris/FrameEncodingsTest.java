package org.umwelt.worldmodel.iris;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import java.util.List;
import java.util.stream.LongStream;
import org.bytedeco.javacpp.PointerScope;
import org.bytedeco.pytorch.NoGradGuard;
import org.bytedeco.pytorch.Scalar;
import org.bytedeco.pytorch.Tensor;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.umwelt.kernels.parallel.WorkerTeam;
import org.umwelt.kernels.random.RandomStream;
import org.umwelt.kernels.tensor.Compute;
import org.umwelt.kernels.tensor.Tensors;
import org.umwelt.worldmodel.replay.FrameShape;
import org.umwelt.worldmodel.replay.ReplayBuffer;
import org.umwelt.worldmodel.replay.Segments;

class FrameEncodingsTest {
  private static final int RESOLUTION = 64;
  private static final int FRAMES = 40;
  private static final TokenizerConfig NARROW =
      new TokenizerConfig(RESOLUTION, 8, List.of(1, 1, 1, 1, 1), 1, List.of(8), 32, 64, 32);
  private static ReplayBuffer replay;
  private static WorkerTeam team;

  @BeforeAll
  static void play() {
    team = new WorkerTeam(2);
    replay = new ReplayBuffer(new FrameShape(RESOLUTION, RESOLUTION, 3), 0);
    RandomStream random = new RandomStream(5);
    byte[] frame = new byte[RESOLUTION * RESOLUTION * 3];
    for (int i = 0; i < FRAMES; i++) {
      random.nextBytes(frame);
      // Flat pictures as well as noise, for near ties between codes.
      Arrays.fill(frame, 0, random.nextInt(frame.length), (byte) random.nextInt());
      replay.append(frame, 0, 0, false);
    }
  }

  @AfterAll
  static void close() {
    replay.close();
    team.close();
  }

  private static IrisWorld world(TokenizerConfig config) {
    return SmallWorlds.formula(new IrisWorld.Sizes(config, SmallWorlds.MODEL, 4));
  }

  private static FrameEncodings encodings(IrisWorld world, int perPass, int kept) {
    return new FrameEncodings(
        replay, world.tokenizer(), Compute.CPU, team, perPass, kept >= 0, Math.max(0, kept));
  }

  private static final int UNCACHED = -1;

  private static int[] bits(Tensor tensor) {
    float[] values = Tensors.floats(tensor);
    int[] bits = new int[values.length];
    Arrays.setAll(bits, i -> Float.floatToRawIntBits(values[i]));
    return bits;
  }

  /** Tokens and the bits of the reconstruction of every frame, and of the black one at last. */
  private static long[][][] oneByOne(FrameEncodings encodings) {
    long[][][] all = new long[FRAMES + 1][][];
    for (int i = 0; i <= FRAMES; i++) {
      long number = i == FRAMES ? Segments.NO_FRAME : i;
      try (PointerScope _ = new PointerScope()) {
        all[i] =
            new long[][] {
              Tensors.longs(encodings.tokens(number)),
              Arrays.stream(bits(encodings.reconstructions(number))).asLongStream().toArray()
            };
      }
    }
    return all;
  }

  private static void assertSame(FrameEncodings encodings, long[][][] expected, long[] numbers) {
    try (PointerScope _ = new PointerScope()) {
      long[] tokens = Tensors.longs(encodings.tokens(numbers));
      int[] pixels = bits(encodings.reconstructions(numbers));
      for (int i = 0; i < numbers.length; i++) {
        long[][] one = expected[numbers[i] == Segments.NO_FRAME ? FRAMES : (int) numbers[i]];
        int k = one[0].length;
        int size = one[1].length;
        assertThat(Arrays.copyOfRange(tokens, i * k, (i + 1) * k))
            .as("tokens of frame %d", numbers[i])
            .containsExactly(one[0]);
        for (int p = 0; p < size; p++) {
          if (pixels[i * size + p] != (int) one[1][p]) {
            assertThat(pixels[i * size + p])
                .as("number %d of the reconstruction of frame %d", p, numbers[i])
                .isEqualTo((int) one[1][p]);
          }
        }
      }
    }
  }

  private static long[] draw(RandomStream random, int count) {
    return LongStream.range(0, count)
        .map(_ -> random.nextInt(FRAMES + 3))
        .map(n -> n >= FRAMES ? Segments.NO_FRAME : n)
        .toArray();
  }

  /** This is the claim that a cache changes nothing but the time it takes. */
  @ParameterizedTest(name = "{0} frames per pass, {1} reconstructions kept")
  @CsvSource({"8, -1", "16, 5", "3, 7", "1, 1000"})
  void frameIsTheSameBitForBitWhateverItIsAskedForWith(int perPass, int kept) {
    try (IrisWorld world = world(NARROW);
        FrameEncodings single = encodings(world, perPass, UNCACHED);
        FrameEncodings encodings = encodings(world, perPass, kept)) {
      long[][][] expected = oneByOne(single);
      RandomStream random = new RandomStream(31);
      for (int count : new int[] {1, 2, 7, 8, 9, 25, 64, 3}) {
        assertSame(encodings, expected, draw(random, count));
      }
      assertSame(encodings, expected, LongStream.range(0, FRAMES).toArray());
      assertSame(encodings, expected, new long[] {3, 3, -1, 3, -1});
      assertThat(Arrays.stream(expected).map(one -> Arrays.toString(one[0])).distinct().count())
          .isGreaterThan(FRAMES / 2); // the frames differ
    }
  }

  @Test
  void frameIsTheSameBitForBitAtThePapersSizes() {
    try (IrisWorld world = world(TokenizerConfig.paper());
        FrameEncodings uncached = encodings(world, 4, UNCACHED);
        FrameEncodings cached = encodings(world, 4, 2)) {
      long[] numbers = {7, -1, 3, 11, 5};
      try (PointerScope _ = new PointerScope()) {
        long[] tokens = Tensors.longs(uncached.tokens(numbers));
        int[] pixels = bits(uncached.reconstructions(numbers));
        cached.tokens(5, 3);
        cached.reconstructions(3, 9, 7);
        assertThat(Tensors.longs(cached.tokens(numbers))).containsExactly(tokens);
        assertThat(bits(cached.reconstructions(numbers))).containsExactly(pixels);
      }
    }
  }

  @Test
  void reconstructionIsTheDecodedTokensAndAFrameIsItsPixels() {
    try (IrisWorld world = world(NARROW);
        FrameEncodings encodings = encodings(world, 8, 10);
        PointerScope _ = new PointerScope()) {
      Tensor frames = encodings.frames(2, -1);
      assertThat(Tensors.shape(frames)).containsExactly(2L, 3L, 64L, 64L);
      byte[] stored = new byte[RESOLUTION * RESOLUTION * 3];
      replay.copyFrame(2, stored, 0);
      assertThat(Pixels.bytes(frames.narrow(0, 0, 1))).containsExactly(stored);
      assertThat(Tensors.number(frames.select(0, 1).abs().max())).isZero();
      Tensor decoded = world.tokenizer().decodeTokens(encodings.tokens(2, -1));
      Tensor difference = encodings.reconstructions(2, -1).sub(decoded).abs().max();
      assertThat(Tensors.number(difference)).isLessThan(1e-5);
    }
  }

  @Test
  void clearedCacheFollowsTheTokenizer() {
    try (IrisWorld world = world(NARROW);
        FrameEncodings cached = encodings(world, 8, 10);
        FrameEncodings uncached = encodings(world, 8, UNCACHED);
        PointerScope _ = new PointerScope()) {
      int[] before = bits(cached.reconstructions(1, 2));
      try (NoGradGuard _ = new NoGradGuard()) {
        world.tokenizerParameters().values().mul_(new Scalar(0.5));
      }
      assertThat(bits(cached.reconstructions(1, 2))).containsExactly(before);
      cached.clear();
      int[] after = bits(cached.reconstructions(1, 2));
      assertThat(after).isNotEqualTo(before).containsExactly(bits(uncached.reconstructions(1, 2)));
      assertThat(Tensors.longs(cached.tokens(1, 2)))
          .containsExactly(Tensors.longs(uncached.tokens(1, 2)));
    }
  }
}
