package org.umwelt.kernels.random;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.util.HashSet;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class RandomStreamTest {
  @Test
  void wordsAreTheBlocksOfPositionAndStreamUnderTheSeed() {
    long seed = 0x299f31d0_a4093822L;
    long stream = 0x03707344_13198a2eL;
    RandomStream random = new RandomStream(seed, stream);
    int[] block = new int[4];
    for (int index = 0; index < 3; index++) {
      Philox.block(index, 0, 0x13198a2e, 0x03707344, 0xa4093822, 0x299f31d0, block);
      for (int word : block) {
        assertThat(random.nextInt()).isEqualTo(word);
      }
    }
  }

  @Test
  void firstWordsOfSeedZeroAreTheKnownAnswer() {
    RandomStream random = new RandomStream(0);

    assertThat(random.nextLong()).isEqualTo(0x6627e8d5_e169c58dL);
    assertThat(random.nextLong()).isEqualTo(0xbc57ac4c_9b00dbd8L);
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 1, 2, 3, 4, 5, 1001})
  void continuesFromASavedState(int drawn) throws IOException {
    RandomStream random = new RandomStream(42, 7);
    for (int i = 0; i < drawn; i++) {
      random.nextInt();
    }
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    random.writeState(new DataOutputStream(bytes));
    RandomStream restored = new RandomStream(1, 1);
    restored.nextInt();

    restored.readState(new DataInputStream(new ByteArrayInputStream(bytes.toByteArray())));

    assertThat(bytes.size()).isEqualTo(24);
    for (int i = 0; i < 20; i++) {
      assertThat(restored.nextInt()).isEqualTo(random.nextInt());
    }
  }

  @Test
  void restartGivesTheSequenceOfANewStream() {
    RandomStream random = new RandomStream(1);
    random.nextInt();
    random.nextInt();

    random.restart(5, 6);

    RandomStream fresh = new RandomStream(5, 6);
    for (int i = 0; i < 10; i++) {
      assertThat(random.nextInt()).isEqualTo(fresh.nextInt());
    }
  }

  @Test
  void streamsAndSeedsDiffer() {
    Set<Long> firsts = new HashSet<>();
    for (long seed = 0; seed < 30; seed++) {
      for (long stream = 0; stream < 30; stream++) {
        firsts.add(new RandomStream(seed, stream).nextLong());
      }
    }

    assertThat(firsts).hasSize(900);
  }

  @Test
  void derivedSeedsAreDistinctAndFitThirtyOneBits() {
    Set<Long> seeds = new HashSet<>();
    for (long index = 0; index < 1000; index++) {
      long seed = RandomStream.deriveSeed(7, index);
      assertThat(seed).isBetween(0L, (1L << 31) - 1);
      seeds.add(seed);
    }

    assertThat(seeds).hasSize(1000);
    assertThat(RandomStream.deriveSeed(0, 0)).isEqualTo(0x6627e8d5L);
  }

  @Test
  void uniformDoublesHaveMeanAndVarianceOfTheUniform() {
    RandomStream random = new RandomStream(3);
    int n = 100_000;
    double sum = 0;
    double squares = 0;
    for (int i = 0; i < n; i++) {
      double u = random.nextDouble();
      sum += u;
      squares += u * u;
    }

    // five standard errors
    assertThat(sum / n).isCloseTo(0.5, within(5 * Math.sqrt(1.0 / 12 / n)));
    assertThat(squares / n).isCloseTo(1.0 / 3, within(5 * Math.sqrt(4.0 / 45 / n)));
  }
}
