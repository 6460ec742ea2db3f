package org.umwelt.kernels.onnx;

import ai.onnx.proto.OnnxMl.AttributeProto;
import ai.onnx.proto.OnnxMl.GraphProto;
import ai.onnx.proto.OnnxMl.ModelProto;
import ai.onnx.proto.OnnxMl.NodeProto;
import ai.onnx.proto.OnnxMl.OperatorSetIdProto;
import ai.onnx.proto.OnnxMl.StringStringEntryProto;
import ai.onnx.proto.OnnxMl.TensorProto;
import ai.onnx.proto.OnnxMl.TensorShapeProto;
import ai.onnx.proto.OnnxMl.TypeProto;
import ai.onnx.proto.OnnxMl.ValueInfoProto;
import com.google.protobuf.ByteString;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.TreeMap;
import org.umwelt.kernels.weights.StoredTensor;

/**
 * Builds a model, operator by operator.
 *
 * <p>Operators, their inputs and attributes are those of ONNX's operator set {@link #OPSET}; the
 * builder checks nothing that {@code onnx.checker} checks.
 */
public final class OnnxGraph {
  /** Version of the operator set. */
  public static final int OPSET = 21;

  /** What stands for an optional input that is left out. */
  public static final GraphValue NONE = new GraphValue("");

  private static final int IR_VERSION = 10; // the first that knows this operator set
  private static final String VERSION = "0.1.0";
  private static final String DOMAIN = "org.umwelt";

  private final GraphProto.Builder graph;
  private final Map<String, GraphValue> weights = new HashMap<>();
  private final Map<String, Integer> counts = new HashMap<>();

  /**
   * Starts a graph.
   *
   * @param name of the network
   * @param description what it computes, in words
   */
  public OnnxGraph(String name, String description) {
    graph = GraphProto.newBuilder().setName(name).setDocString(description);
  }

  /** Adds an input. */
  public GraphValue input(Port port) {
    graph.addInput(info(port));
    return new GraphValue(port.name());
  }

  /** Makes a value an output under the name of the port. */
  public void output(Port port, GraphValue value) {
    graph.addNode(
        NodeProto.newBuilder()
            .setOpType("Identity")
            .setName("output." + port.name())
            .addInput(value.name())
            .addOutput(port.name()));
    graph.addOutput(info(port));
  }

  /** Returns a tensor of constants under its name; always the same value for the same name. */
  public GraphValue weight(String name, StoredTensor tensor) {
    GraphValue known = weights.get(name);
    if (known != null) {
      return known;
    }
    graph.addInitializer(
        TensorProto.newBuilder()
            .setName(name)
            .setDataType(TensorTypes.number(tensor.type()))
            .addAllDims(tensor.shape())
            .setRawData(ByteString.copyFrom(tensor.data().asByteBuffer())));
    GraphValue value = new GraphValue(name);
    weights.put(name, value);
    return value;
  }

  /** Returns the names of all constants, in the order they were added. */
  public List<String> weights() {
    return graph.getInitializerList().stream().map(TensorProto::getName).toList();
  }

  /** Returns a float32 scalar. */
  public GraphValue constant(double number) {
    return weight("constant." + (float) number, StoredTensor.of(new float[] {(float) number}));
  }

  /** Returns a vector of float32. */
  public GraphValue floats(float... numbers) {
    return weight("floats." + Arrays.toString(numbers), StoredTensor.of(numbers, numbers.length));
  }

  /** Returns a vector of int64. */
  public GraphValue vector(long... numbers) {
    return weight("vector." + Arrays.toString(numbers), StoredTensor.of(numbers, numbers.length));
  }

  /** Returns an int64 scalar. */
  public GraphValue number(long number) {
    return weight("number." + number, StoredTensor.of(new long[] {number}));
  }

  /** Applies an operator that has no attributes. */
  public GraphValue op(String type, GraphValue... inputs) {
    return op(type, Map.of(), inputs);
  }

  /**
   * Applies an operator.
   *
   * @param attributes by name: long, double (stored as float32), String or long[]
   */
  public GraphValue op(String type, Map<String, Object> attributes, GraphValue... inputs) {
    return op(type, attributes, 1, inputs).getFirst();
  }

  /** Applies an operator with several outputs. */
  public List<GraphValue> op(
      String type, Map<String, Object> attributes, int outputs, GraphValue... inputs) {
    String name = type + "." + counts.merge(type, 1, Integer::sum);
    NodeProto.Builder node = NodeProto.newBuilder().setOpType(type).setName(name);
    for (GraphValue input : inputs) {
      node.addInput(input.name());
    }
    new TreeMap<>(attributes).forEach((key, value) -> node.addAttribute(attribute(key, value)));
    List<GraphValue> values = new ArrayList<>();
    for (int i = 0; i < outputs; i++) {
      GraphValue value = new GraphValue(outputs == 1 ? name : name + "." + i);
      node.addOutput(value.name());
      values.add(value);
    }
    graph.addNode(node);
    return values;
  }

  private static AttributeProto attribute(String name, Object value) {
    AttributeProto.Builder attribute = AttributeProto.newBuilder().setName(name);
    switch (value) {
      case Long number -> attribute.setType(AttributeProto.AttributeType.INT).setI(number);
      case Double number ->
          attribute.setType(AttributeProto.AttributeType.FLOAT).setF(number.floatValue());
      case String text ->
          attribute
              .setType(AttributeProto.AttributeType.STRING)
              .setS(ByteString.copyFromUtf8(text));
      case long[] numbers -> {
        attribute.setType(AttributeProto.AttributeType.INTS);
        Arrays.stream(numbers).forEach(attribute::addInts);
      }
      default ->
          throw new IllegalArgumentException(
              "expected a long, double, String or long[] as attribute %s, got %s"
                  .formatted(name, value.getClass()));
    }
    return attribute.build();
  }

  private static ValueInfoProto info(Port port) {
    TensorShapeProto.Builder shape = TensorShapeProto.newBuilder();
    for (int i = 0; i < port.shape().size(); i++) {
      TensorShapeProto.Dimension.Builder dimension = TensorShapeProto.Dimension.newBuilder();
      OptionalLong size = port.size(i);
      if (size.isPresent()) {
        dimension.setDimValue(size.getAsLong());
      } else {
        dimension.setDimParam(port.shape().get(i));
      }
      shape.addDim(dimension);
    }
    return ValueInfoProto.newBuilder()
        .setName(port.name())
        .setType(
            TypeProto.newBuilder()
                .setTensorType(
                    TypeProto.Tensor.newBuilder()
                        .setElemType(TensorTypes.number(port.type()))
                        .setShape(shape)))
        .build();
  }

  /**
   * Returns the model.
   *
   * @param metadata remarks by name
   */
  public OnnxModel model(Map<String, String> metadata) {
    ModelProto.Builder model =
        ModelProto.newBuilder()
            .setIrVersion(IR_VERSION)
            .addOpsetImport(OperatorSetIdProto.newBuilder().setVersion(OPSET))
            .setProducerName(OnnxModel.PRODUCER)
            .setProducerVersion(VERSION)
            .setDomain(DOMAIN)
            .setModelVersion(1)
            .setDocString(graph.getDocString())
            .setGraph(graph);
    new TreeMap<>(metadata)
        .forEach((key, value) ->
            model.addMetadataProps(
                StringStringEntryProto.newBuilder().setKey(key).setValue(value)));
    return OnnxModel.sealed(model.build());
  }
}
