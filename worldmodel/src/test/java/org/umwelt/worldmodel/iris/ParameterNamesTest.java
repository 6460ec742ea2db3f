package org.umwelt.worldmodel.iris;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.bytedeco.pytorch.Tensor;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.umwelt.kernels.nn.Parameters;
import org.umwelt.kernels.tensor.Compute;
import org.umwelt.kernels.tensor.Tensors;

/** Names, shapes and counts of the reference implementation's parameters, which need no map. */
class ParameterNamesTest {
  private static final long C = 64;

  private final Map<String, List<Long>> expected = new TreeMap<>();

  private void add(String name, Long... shape) {
    assertThat(expected.put(name, List.of(shape))).as(name).isNull();
  }

  private void convolution(String name, long out, long in, long kernel) {
    add(name + ".weight", out, in, kernel, kernel);
    add(name + ".bias", out);
  }

  private void linear(String name, long out, long in) {
    add(name + ".weight", out, in);
    add(name + ".bias", out);
  }

  private void norm(String name, long size) {
    add(name + ".weight", size);
    add(name + ".bias", size);
  }

  private void residual(String name) {
    for (int i = 1; i <= 2; i++) {
      norm(name + ".norm" + i, C);
      convolution(name + ".conv" + i, C, C, 3);
    }
  }

  private void attention(String name) {
    norm(name + ".norm", C);
    for (String part : List.of("q", "k", "v", "proj_out")) {
      convolution(name + "." + part, C, C, 1);
    }
  }

  private void middle(String name) {
    residual(name + ".mid.block_1");
    attention(name + ".mid.attn_1");
    residual(name + ".mid.block_2");
  }

  private void tokenizer() {
    String encoder = "tokenizer.encoder";
    convolution(encoder + ".conv_in", C, 3, 3);
    for (int level = 0; level < 5; level++) {
      String down = encoder + ".down." + level;
      for (int block = 0; block < 2; block++) {
        residual(down + ".block." + block);
        if (level == 2 || level == 3) {
          attention(down + ".attn." + block);
        }
      }
      if (level < 4) {
        convolution(down + ".downsample.conv", C, C, 3);
      }
    }
    middle(encoder);
    norm(encoder + ".norm_out", C);
    convolution(encoder + ".conv_out", 512, C, 3);
    convolution("tokenizer.pre_quant_conv", 512, 512, 1);
    add("tokenizer.embedding.weight", 512L, 512L);
    convolution("tokenizer.post_quant_conv", 512, 512, 1);
    String decoder = "tokenizer.decoder";
    convolution(decoder + ".conv_in", C, 512, 3);
    middle(decoder);
    for (int level = 0; level < 5; level++) {
      String up = decoder + ".up." + level;
      for (int block = 0; block < 3; block++) {
        residual(up + ".block." + block);
        if (level == 2 || level == 3) {
          attention(up + ".attn." + block);
        }
      }
      if (level > 0) {
        convolution(up + ".upsample.conv", C, C, 3);
      }
    }
    norm(decoder + ".norm_out", C);
    convolution(decoder + ".conv_out", 3, C, 3);
  }

  private void worldModel(long actions) {
    String transformer = "world_model.transformer";
    for (int layer = 0; layer < 10; layer++) {
      String block = transformer + ".blocks." + layer;
      norm(block + ".ln1", 256);
      norm(block + ".ln2", 256);
      for (String part : List.of("key", "query", "value", "proj")) {
        linear(block + ".attn." + part, 256, 256);
      }
      linear(block + ".mlp.0", 1024, 256);
      linear(block + ".mlp.2", 256, 1024);
    }
    norm(transformer + ".ln_f", 256);
    add("world_model.pos_emb.weight", 340L, 256L);
    add("world_model.embedder.embedding_tables.0.weight", actions, 256L);
    add("world_model.embedder.embedding_tables.1.weight", 512L, 256L);
    Map.of("observations", 512, "rewards", 3, "ends", 2)
        .forEach((head, classes) -> {
          linear("world_model.head_" + head + ".head_module.0", 256, 256);
          linear("world_model.head_" + head + ".head_module.2", classes, 256);
        });
  }

  private static Map<String, List<Long>> shapes(Parameters... all) {
    Map<String, List<Long>> shapes = new TreeMap<>();
    for (Parameters parameters : all) {
      parameters.named().forEach((name, tensor) -> shapes.put(name, Tensors.shape(tensor)));
    }
    return shapes;
  }

  private static IrisWorld paper(int actions) {
    IrisWorld.Sizes sizes =
        new IrisWorld.Sizes(TokenizerConfig.paper(), WorldModelConfig.paper(), actions);
    return new IrisWorld(Compute.CPU, sizes, 0);
  }

  @Test
  void namesAndShapesAreThoseOfAPublishedCheckpoint() {
    tokenizer();
    assertThat(expected).hasSize(160 + 220 + 2 + 1 + 2);
    worldModel(6);
    assertThat(expected).hasSize(385 + 190 - 13); // without masks and indices
    try (IrisWorld world = paper(6)) {
      assertThat(shapes(world.tokenizerParameters(), world.worldModelParameters()))
          .isEqualTo(expected);
    }
  }

  @Test
  void namesAndShapesOfLpipsAreThoseOfAPublishedCheckpoint() {
    String name = "tokenizer.lpips.";
    long[] widths = {64, 128, 256, 512, 512};
    int[][] layers = {{0, 2}, {5, 7}, {10, 12, 14}, {17, 19, 21}, {24, 26, 28}};
    long in = 3;
    for (int slice = 0; slice < 5; slice++) {
      for (int layer : layers[slice]) {
        convolution(name + "net.slice%d.%d".formatted(slice + 1, layer), widths[slice], in, 3);
        in = widths[slice];
      }
      add(name + "lin%d.model.1.weight".formatted(slice), 1L, widths[slice], 1L, 1L);
    }
    Map<String, List<Long>> found = new LinkedHashMap<>();
    long count = 0;
    for (Map.Entry<String, long[]> entry : Lpips.shapes().entrySet()) {
      List<Long> shape = new ArrayList<>();
      long size = 1;
      for (long extent : entry.getValue()) {
        shape.add(extent);
        size *= extent;
      }
      count += size;
      found.put(entry.getKey(), shape);
    }
    assertThat(found).hasSize(31).isEqualTo(expected);
    assertThat(count).isEqualTo(14_716_160);
  }

  private static long count(Parameters parameters, String prefix) {
    return parameters.named().entrySet().stream()
        .filter(entry -> entry.getKey().startsWith(prefix))
        .map(Map.Entry::getValue)
        .mapToLong(Tensor::numel)
        .sum();
  }

  @ParameterizedTest
  @ValueSource(ints = {4, 6, 18})
  void countsAreThoseOfThePapersSizes(int actions) {
    try (IrisWorld world = paper(actions)) {
      Parameters tokenizer = world.tokenizerParameters();
      assertThat(count(tokenizer, "tokenizer.encoder.")).isEqualTo(1_418_240);
      assertThat(count(tokenizer, "tokenizer.pre_quant_conv.")).isEqualTo(262_656);
      assertThat(count(tokenizer, "tokenizer.embedding.")).isEqualTo(262_144);
      assertThat(count(tokenizer, "tokenizer.post_quant_conv.")).isEqualTo(262_656);
      assertThat(count(tokenizer, "tokenizer.decoder.")).isEqualTo(1_821_827);
      assertThat(tokenizer.count()).isEqualTo(4_027_523);
      Parameters model = world.worldModelParameters();
      assertThat(count(model, "world_model.transformer.blocks.3.")).isEqualTo(789_760);
      assertThat(count(model, "world_model.transformer.")).isEqualTo(7_898_112);
      assertThat(count(model, "world_model.head_observations.")).isEqualTo(197_376);
      assertThat(count(model, "world_model.head_rewards.")).isEqualTo(66_563);
      assertThat(count(model, "world_model.head_ends.")).isEqualTo(66_306);
      assertThat(model.count()).isEqualTo(8_446_469 + 256L * actions);
    }
  }

  @Test
  void weightsOfLinearLayersDecayInTheTransformerAndNothingElse() {
    try (IrisWorld world = paper(6)) {
      Parameters model = world.worldModelParameters();
      List<String> decaying = new ArrayList<>();
      long size = 0;
      for (Map.Entry<String, Tensor> entry : model.named().entrySet()) {
        String name = entry.getKey();
        if (name.matches(".*\\.(attn\\.\\w+|mlp\\.\\d|head_module\\.\\d)\\.weight")) {
          decaying.add(name);
          size += entry.getValue().numel();
        }
      }
      assertThat(decaying).hasSize(66);
      assertThat(model.named()).hasSize(66 + 111);
      assertThat(model.decaying()).isEqualTo(size);
      // Their places in the flat values lie before those of all others.
      long start = model.values().data_ptr().address();
      model
          .split(model.values())
          .forEach((name, part) ->
              assertThat((part.data_ptr().address() - start) / Float.BYTES < model.decaying())
                  .as(name)
                  .isEqualTo(decaying.contains(name)));
    }
  }
}
