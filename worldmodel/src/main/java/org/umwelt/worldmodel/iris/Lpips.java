package org.umwelt.worldmodel.iris;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.bytedeco.pytorch.ScalarTypeOptional;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch;
import org.jspecify.annotations.Nullable;
import org.umwelt.kernels.nn.Conv2d;
import org.umwelt.kernels.nn.Dropout;
import org.umwelt.kernels.nn.Functions;
import org.umwelt.kernels.nn.Init;
import org.umwelt.kernels.nn.Layer;
import org.umwelt.kernels.nn.Parameters;
import org.umwelt.kernels.tensor.Compute;
import org.umwelt.kernels.tensor.Tensors;
import org.umwelt.kernels.weights.StoredTensor;

/**
 * LPIPS: a distance of pictures in the features of VGG16. Zhang et al., "The unreasonable
 * effectiveness of deep features as a perceptual metric", CVPR 2018 (arXiv 1801.03924), eq. (1).
 *
 * <p>All weights are frozen. They come from a published IRIS checkpoint (entries {@code
 * tokenizer.lpips.*}); with random ones it is no distance.
 */
public final class Lpips implements AutoCloseable {
  private static final float[] SHIFT = {-0.030f, -0.088f, -0.188f};
  private static final float[] SCALE = {0.458f, 0.448f, 0.450f};
  private static final double NORM_EPSILON = 1e-10;
  private static final double DROPOUT = 0.5;

  /**
   * Slices of VGG16: numbers of the convolutions as torchvision counts layers, and their widths.
   */
  private static final int[][] CONVOLUTIONS = {
    {0, 2}, {5, 7}, {10, 12, 14}, {17, 19, 21}, {24, 26, 28}
  };

  private static final int[] WIDTHS = {64, 128, 256, 512, 512};

  private final Parameters parameters;
  private final Tensor shift;
  private final Tensor scale;
  private final List<Layer> slices = new ArrayList<>();
  private final List<Tensor> weights = new ArrayList<>(); // (1, C, 1, 1) each

  /**
   * Creates the network from weights.
   *
   * @param source entries by their full names, {@code tokenizer.lpips.net.slice1.0.weight} and so
   *     on
   * @param origin where they come from, for messages
   * @throws org.umwelt.kernels.settings.BadRequestException where one is missing or of another
   *     shape
   */
  public Lpips(Compute compute, Map<String, StoredTensor> source, String origin) {
    parameters = Parameters.fresh(compute, 0);
    Parameters own = parameters.in("tokenizer").in("lpips");
    int in = 3;
    for (int slice = 0; slice < CONVOLUTIONS.length; slice++) {
      List<Layer> layers = new ArrayList<>();
      if (slice > 0) {
        layers.add(Functions.MAX_POOL);
      }
      for (int number : CONVOLUTIONS[slice]) {
        layers.add(
            new Conv2d(
                own.in("net.slice" + (slice + 1)).in(Integer.toString(number)),
                in,
                WIDTHS[slice],
                3,
                1,
                1));
        layers.add(Functions.RELU);
        in = WIDTHS[slice];
      }
      slices.add(Layer.sequence(layers.toArray(Layer[]::new)));
      weights.add(
          own.in("lin" + slice)
              .create("model.1.weight", false, Init.constant(0), 1, WIDTHS[slice], 1, 1));
    }
    parameters.load(source, origin);
    parameters.named().values().forEach(tensor -> tensor.set_requires_grad(false));
    shift = Tensors.keep(Tensors.of(compute, SHIFT, 1, 3, 1, 1));
    scale = Tensors.keep(Tensors.of(compute, SCALE, 1, 3, 1, 1));
  }

  /** Returns the shape of every weight by its full name. */
  public static Map<String, long[]> shapes() {
    Map<String, long[]> shapes = new LinkedHashMap<>();
    long in = 3;
    for (int slice = 0; slice < CONVOLUTIONS.length; slice++) {
      for (int number : CONVOLUTIONS[slice]) {
        String name = "tokenizer.lpips.net.slice%d.%d.".formatted(slice + 1, number);
        shapes.put(name + "weight", new long[] {WIDTHS[slice], in, 3, 3});
        shapes.put(name + "bias", new long[] {WIDTHS[slice]});
        in = WIDTHS[slice];
      }
      shapes.put(
          "tokenizer.lpips.lin%d.model.1.weight".formatted(slice),
          new long[] {1, WIDTHS[slice], 1, 1});
    }
    return shapes;
  }

  /** Returns every weight by name. */
  public Parameters parameters() {
    return parameters;
  }

  /**
   * Returns the distance of each pair of pictures, [b].
   *
   * @param x [b, 3, h, w] in [-1, 1]
   * @param y the same shape
   * @param dropout drops channels of the difference, as the reference does while it trains; null
   *     for the exact distance
   */
  public Tensor distance(Tensor x, Tensor y, @Nullable Dropout dropout) {
    Tensor a = x.sub(shift).div(scale);
    Tensor b = y.sub(shift).div(scale);
    Tensor sum = Tensors.zeros(parameters.compute(), x.size(0));
    for (int slice = 0; slice < slices.size(); slice++) {
      a = slices.get(slice).forward(a);
      b = slices.get(slice).forward(b);
      Tensor difference = unit(a).sub(unit(b)).square(); // (b, C, h, w)
      if (dropout != null) {
        difference = dropout.apply(difference, DROPOUT);
      }
      Tensor map = torch.conv2d(difference, weights.get(slice)); // (b, 1, h, w)
      sum = sum.add(map.mean(1, 2, 3));
    }
    return sum;
  }

  /** Divides the vector of channels at each position by its length. */
  private static Tensor unit(Tensor features) {
    Tensor length = features.square().sum(new long[] {1}, true, new ScalarTypeOptional()).sqrt();
    return features.div(Tensors.shift(length, NORM_EPSILON));
  }

  @Override
  public void close() {
    parameters.close();
    Tensors.release(shift);
    Tensors.release(scale);
  }
}
