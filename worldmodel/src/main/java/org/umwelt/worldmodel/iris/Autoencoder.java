package org.umwelt.worldmodel.iris;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import org.umwelt.kernels.nn.Conv2d;
import org.umwelt.kernels.nn.Functions;
import org.umwelt.kernels.nn.Layer;
import org.umwelt.kernels.nn.Parameters;

/** The convolutional halves of the tokenizer. Names of parameters are the reference's. */
final class Autoencoder {
  private static final int COLOURS = 3;

  private Autoencoder() {}

  /** Maps [b, 3, resolution, resolution] in [-1, 1] to [b, latentChannels, grid, grid]. */
  static Layer encoder(Parameters parameters, TokenizerConfig config) {
    int levels = config.multipliers().size();
    int channels = config.channels();
    int resolution = config.resolution();
    List<Layer> layers = new ArrayList<>();
    layers.add(new Conv2d(parameters.in("conv_in"), COLOURS, channels, 3, 1, 1));
    for (int level = 0; level < levels; level++) {
      Parameters down = parameters.in("down." + level);
      int out = config.channels() * config.multipliers().get(level);
      for (int block = 0; block < config.residualBlocks(); block++) {
        layers.add(new ResidualBlock(down.in("block." + block), config, channels, out));
        channels = out;
        if (config.attentionResolutions().contains(resolution)) {
          layers.add(new AttentionBlock(down.in("attn." + block), config, channels));
        }
      }
      if (level < levels - 1) {
        Conv2d halve = new Conv2d(down.in("downsample.conv"), channels, channels, 3, 2, 0);
        // One row of zeros at the right and at the bottom only.
        layers.add(Layer.sequence(Functions.PAD_RIGHT_AND_BOTTOM, halve));
        resolution /= 2;
      }
    }
    layers.addAll(middle(parameters.in("mid"), config, channels));
    layers.add(Norm.of(parameters.in("norm_out"), config, channels));
    layers.add(Functions.SILU);
    layers.add(new Conv2d(parameters.in("conv_out"), channels, config.latentChannels(), 3, 1, 1));
    return Layer.sequence(layers.toArray(Layer[]::new));
  }

  /** Maps [b, latentChannels, grid, grid] to [b, 3, resolution, resolution] around [-1, 1]. */
  static Layer decoder(Parameters parameters, TokenizerConfig config) {
    int levels = config.multipliers().size();
    int channels = config.channels() * config.multipliers().getLast();
    int resolution = config.grid();
    List<Layer> layers = new ArrayList<>();
    layers.add(new Conv2d(parameters.in("conv_in"), config.latentChannels(), channels, 3, 1, 1));
    layers.addAll(middle(parameters.in("mid"), config, channels));
    for (int level = levels - 1; level >= 0; level--) { // up.4 has the lowest resolution
      Parameters up = parameters.in("up." + level);
      int out = config.channels() * config.multipliers().get(level);
      for (int block = 0; block <= config.residualBlocks(); block++) {
        layers.add(new ResidualBlock(up.in("block." + block), config, channels, out));
        channels = out;
        if (config.attentionResolutions().contains(resolution)) {
          layers.add(new AttentionBlock(up.in("attn." + block), config, channels));
        }
      }
      if (level > 0) {
        Conv2d after = new Conv2d(up.in("upsample.conv"), channels, channels, 3, 1, 1);
        layers.add(Layer.sequence(Functions.REPEAT_PIXELS, after));
        resolution *= 2;
      }
    }
    layers.add(Norm.of(parameters.in("norm_out"), config, channels));
    layers.add(Functions.SILU);
    layers.add(new Conv2d(parameters.in("conv_out"), channels, COLOURS, 3, 1, 1));
    return Layer.sequence(layers.toArray(Layer[]::new));
  }

  private static List<Layer> middle(Parameters parameters, TokenizerConfig config, int channels) {
    List<Layer> layers = new ArrayList<>();
    Collections.addAll(
        layers,
        new ResidualBlock(parameters.in("block_1"), config, channels, channels),
        new AttentionBlock(parameters.in("attn_1"), config, channels),
        new ResidualBlock(parameters.in("block_2"), config, channels, channels));
    return layers;
  }
}
