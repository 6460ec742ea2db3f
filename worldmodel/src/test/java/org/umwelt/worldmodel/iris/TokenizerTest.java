package org.umwelt.worldmodel.iris;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.List;
import java.util.Objects;
import org.bytedeco.javacpp.PointerScope;
import org.bytedeco.pytorch.Tensor;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.umwelt.kernels.nn.Parameters;
import org.umwelt.kernels.settings.BadRequestException;
import org.umwelt.kernels.tensor.Compute;
import org.umwelt.kernels.tensor.Tensors;

class TokenizerTest {
  private static final int B = 3;
  private static final int E = SmallWorlds.TOKENIZER.codeSize();
  private static final int K = SmallWorlds.K;
  private static IrisWorld world;
  private static Tokenizer tokenizer;

  @BeforeAll
  static void build() {
    world = SmallWorlds.formula(SmallWorlds.sizes(20));
    tokenizer = world.tokenizer();
  }

  @AfterAll
  static void close() {
    world.close();
  }

  private static Tensor frames() {
    return SmallWorlds.frames(1, B, SmallWorlds.RESOLUTION);
  }

  private static Tensor gradient(String name) {
    Parameters parameters = world.tokenizerParameters();
    return Objects.requireNonNull(parameters.split(parameters.gradients()).get(name));
  }

  /** (b, E, g, g) to vectors (b K, E). */
  private static Tensor vectors(Tensor grid) {
    return grid.permute(0, 2, 3, 1).reshape(-1, E);
  }

  @Test
  void tokenIsTheFirstOfTheNearestCodes() {
    try (PointerScope _ = new PointerScope()) {
      Tokenizer.Encoding encoding = tokenizer.encode(frames());
      float[] z = Tensors.floats(vectors(encoding.z()));
      float[] codes =
          Tensors.floats(
              Objects.requireNonNull(
                  world.tokenizerParameters().named().get("tokenizer.embedding.weight")));
      long[] tokens = Tensors.longs(encoding.tokens());
      assertThat(tokens).hasSize(B * K);
      float[] quantised = Tensors.floats(vectors(encoding.quantised()));
      for (int i = 0; i < B * K; i++) {
        double best = Double.POSITIVE_INFINITY;
        double found = 0;
        for (int k = 0; k < SmallWorlds.VOCABULARY; k++) {
          double distance = 0;
          for (int e = 0; e < E; e++) {
            double d = (double) z[i * E + e] - codes[k * E + e];
            distance += d * d;
          }
          best = Math.min(best, distance);
          found = k == tokens[i] ? distance : found;
        }
        assertThat(found).isCloseTo(best, within(1e-6));
        for (int e = 0; e < E; e++) {
          assertThat(quantised[i * E + e]).isEqualTo(codes[(int) tokens[i] * E + e]);
        }
      }
      assertThat(java.util.Arrays.stream(tokens).distinct().count()).isGreaterThan(5);
    }
  }

  /** Eq. (1): with n elements of z, the codebook gets 2 (q - z) / n, the encoder 2 (z - q) / n. */
  @Test
  void codebookTermReachesTheCodebookOnlyAndCommitmentTheEncoderOnly() {
    try (PointerScope _ = new PointerScope()) {
      world.tokenizerParameters().zeroGradients();
      Tokenizer.Pass pass = tokenizer.train(frames());
      pass.codebook().backward();
      assertThat(Tensors.floats(gradient("tokenizer.pre_quant_conv.bias"))).containsOnly(0);
      float[] foundCodebook = Tensors.floats(gradient("tokenizer.embedding.weight"));
      world.tokenizerParameters().zeroGradients();
      tokenizer.train(frames()).commitment().backward();
      assertThat(Tensors.floats(gradient("tokenizer.embedding.weight"))).containsOnly(0);
      float[] z = Tensors.floats(vectors(pass.encoding().z()));
      float[] q = Tensors.floats(vectors(pass.encoding().quantised()));
      long[] tokens = Tensors.longs(pass.encoding().tokens());
      int n = z.length;
      double squares = 0;
      double[] codebook = new double[SmallWorlds.VOCABULARY * E];
      double[] bias = new double[E]; // the bias before the quantiser is added to every z
      for (int i = 0; i < n; i++) {
        double d = (double) z[i] - q[i];
        squares += d * d;
        codebook[(int) tokens[i / E] * E + i % E] -= 2 * d / n;
        bias[i % E] += 2 * d / n;
      }
      assertThat(Tensors.number(pass.codebook())).isCloseTo(squares / n, within(1e-5));
      assertThat(Tensors.number(pass.commitment())).isCloseTo(squares / n, within(1e-5));
      for (int i = 0; i < codebook.length; i++) {
        assertThat((double) foundCodebook[i]).isCloseTo(codebook[i], within(1e-6));
      }
      float[] foundBias = Tensors.floats(gradient("tokenizer.pre_quant_conv.bias"));
      for (int e = 0; e < E; e++) {
        assertThat((double) foundBias[e]).isCloseTo(bias[e], within(1e-6));
      }
      assertThat(Tensors.floats(gradient("tokenizer.post_quant_conv.weight"))).containsOnly(0);
    }
  }

  @Test
  void reconstructionReachesTheEncoderStraightThroughAndTheCodebookNotAtAll() {
    try (PointerScope _ = new PointerScope()) {
      world.tokenizerParameters().zeroGradients();
      Tensor frames = frames();
      Tokenizer.Pass pass = tokenizer.train(frames);
      pass.reconstruction().square().mean().backward();
      float[] bias = Tensors.floats(gradient("tokenizer.pre_quant_conv.bias"));
      float[] codebook = Tensors.floats(gradient("tokenizer.embedding.weight"));
      Tensor codes = pass.encoding().quantised().detach().set_requires_grad(true);
      Tensor decoded = tokenizer.decode(codes);
      decoded.square().mean().backward();
      // What the decoder's input gets is what every z gets.
      float[] through = Tensors.floats(codes.grad().sum(0, 2, 3));
      for (int e = 0; e < E; e++) {
        assertThat(bias[e]).isCloseTo(through[e], within(1e-5f));
        assertThat(bias[e]).isNotZero();
      }
      assertThat(codebook).containsOnly(0);
      float[] one = Tensors.floats(pass.reconstruction());
      float[] two = Tensors.floats(decoded);
      for (int i = 0; i < one.length; i++) {
        assertThat(one[i]).isCloseTo(two[i], within(1e-4f)); // z + (q - z) rounds
      }
    }
  }

  @Test
  void decodedTokensAreTheDecodedCodesLimitedAndWithoutGradient() {
    try (PointerScope _ = new PointerScope()) {
      Tokenizer.Encoding encoding = tokenizer.encode(frames());
      Tensor decoded = tokenizer.decodeTokens(encoding.tokens());
      assertThat(decoded.requires_grad()).isFalse();
      assertThat(tokenizer.tokens(frames()).requires_grad()).isFalse();
      assertThat(Tensors.longs(tokenizer.tokens(frames())))
          .containsExactly(Tensors.longs(encoding.tokens()));
      Tensor free = tokenizer.decode(encoding.quantised());
      assertThat(Tensors.floats(decoded))
          .containsExactly(Tensors.floats(Tensors.clamp(free, 0, 1)));
      assertThat(Tensors.number(free.min())).isLessThan(0); // so that limiting does something
      assertThat(Tensors.shape(decoded))
          .containsExactly(
              (long) B, 3L, (long) SmallWorlds.RESOLUTION, (long) SmallWorlds.RESOLUTION);
    }
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "64 | 64 | 1,1,1,1,1 |",
        "64 | 8 | 1,2,4 |",
        "64 | 32 | 1,2,3 |",
        "60 | 64 | 1,1,1,1,1 | expected a resolution that 5 levels can halve, got 60",
        "64 | 48 | 1,1 | expected channels times each multiplier to be a multiple of 4 below 32 or a multiple of 32",
        "64 | 8 | 1,5 | expected channels times each multiplier to be a multiple of 4 below 32 or a multiple of 32",
        "64 | 8 | 1,0 | expected multipliers of at least 1",
        "64 | 8 | 1,-1 | expected multipliers of at least 1",
      })
  void sizesThatDoNotFitAreRefused(int resolution, int channels, String levels, String message) {
    List<Integer> multipliers =
        java.util.Arrays.stream(levels.split(",")).map(Integer::valueOf).toList();
    org.assertj.core.api.ThrowableAssert.ThrowingCallable make =
        () -> {
          TokenizerConfig config =
              new TokenizerConfig(resolution, channels, multipliers, 1, List.of(), 4, 8, 4);
          try (PointerScope _ = new PointerScope();
              Parameters parameters = Parameters.fresh(Compute.CPU, 0)) {
            Tokenizer built = new Tokenizer(parameters, config);
            assertThat(Tensors.shape(built.tokens(SmallWorlds.frames(0, 1, resolution))))
                .containsExactly(1L, (long) config.tokens());
          }
        };
    if (message == null) {
      org.assertj.core.api.Assertions.assertThatCode(make).doesNotThrowAnyException();
    } else {
      assertThatThrownBy(make)
          .isInstanceOf(BadRequestException.class)
          .hasMessageStartingWith("tokenizer: " + message);
    }
  }
}
