package org.umwelt.worldmodel.iris;

import java.util.Map;
import org.bytedeco.pytorch.Scalar;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch;
import org.umwelt.kernels.nn.Conv2d;
import org.umwelt.kernels.nn.GroupNorm;
import org.umwelt.kernels.nn.Layer;
import org.umwelt.kernels.nn.OnnxWriter;
import org.umwelt.kernels.nn.Parameters;
import org.umwelt.kernels.onnx.GraphValue;
import org.umwelt.kernels.onnx.OnnxGraph;

/** Self-attention of all positions of a map to all others, one head; added to the map. */
final class AttentionBlock implements Layer {
  private final GroupNorm norm;
  private final Conv2d query;
  private final Conv2d key;
  private final Conv2d value;
  private final Conv2d output;
  private final double scale;

  AttentionBlock(Parameters parameters, TokenizerConfig config, int channels) {
    norm = Norm.of(parameters.in("norm"), config, channels);
    query = new Conv2d(parameters.in("q"), channels, channels, 1, 1, 0);
    key = new Conv2d(parameters.in("k"), channels, channels, 1, 1, 0);
    value = new Conv2d(parameters.in("v"), channels, channels, 1, 1, 0);
    output = new Conv2d(parameters.in("proj_out"), channels, channels, 1, 1, 0);
    scale = Math.pow(channels, -0.5);
  }

  @Override
  public Tensor forward(Tensor x) {
    Tensor h = norm.forward(x);
    Tensor q = query.forward(h).flatten(2, 3); // (b, c, hw)
    Tensor k = key.forward(h).flatten(2, 3);
    Tensor v = value.forward(h).flatten(2, 3);
    Tensor weights =
        torch.softmax(
            torch.bmm(q.transpose(1, 2), k).mul(new Scalar(scale)), 2); // (b, hw query, hw key)
    Tensor attended = torch.bmm(v, weights.transpose(1, 2)).view_as(x); // (b, c, h, w)
    return x.add(output.forward(attended));
  }

  @Override
  public GraphValue write(OnnxWriter to, GraphValue x) {
    OnnxGraph graph = to.graph();
    GraphValue h = norm.write(to, x);
    GraphValue q = flat(graph, query.write(to, h)); // (b, c, hw)
    GraphValue k = flat(graph, key.write(to, h));
    GraphValue v = flat(graph, value.write(to, h));
    GraphValue scores = graph.op("MatMul", swapped(graph, q), k); // (b, hw query, hw key)
    GraphValue weights =
        graph.op("Softmax", Map.of("axis", 2L), graph.op("Mul", scores, graph.constant(scale)));
    GraphValue attended = graph.op("MatMul", v, swapped(graph, weights)); // (b, c, hw)
    GraphValue map = graph.op("Reshape", attended, graph.op("Shape", x));
    return graph.op("Add", x, output.write(to, map));
  }

  /** [b, c, h, w] to [b, c, hw]. */
  private static GraphValue flat(OnnxGraph graph, GraphValue x) {
    return graph.op("Reshape", x, graph.vector(0, 0, -1));
  }

  private static GraphValue swapped(OnnxGraph graph, GraphValue x) {
    return graph.op("Transpose", Map.of("perm", new long[] {0, 2, 1}), x);
  }
}
