package org.umwelt.kernels.onnx;

import ai.onnx.proto.OnnxMl.AttributeProto;
import ai.onnx.proto.OnnxMl.GraphProto;
import ai.onnx.proto.OnnxMl.ModelProto;
import ai.onnx.proto.OnnxMl.NodeProto;
import ai.onnx.proto.OnnxMl.OperatorSetIdProto;
import ai.onnx.proto.OnnxMl.SparseTensorProto;
import ai.onnx.proto.OnnxMl.TensorProto;
import java.nio.ByteOrder;
import java.nio.LongBuffer;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.umwelt.kernels.settings.BadRequestException;
import org.umwelt.kernels.weights.ElementType;
import org.umwelt.kernels.weights.Refusal;

/**
 * What is refused before a runtime sees a model:
 *
 * <ul>
 *   <li>weights in other files, which could be any file of the machine;
 *   <li>weights whose data is not as long as their shape says, and shapes of more than {@link
 *       #MOST_ELEMENTS} elements, also those that operators are told to fill;
 *   <li>operators outside ONNX and ONNX Runtime, since no library of operators is ever loaded;
 *   <li>functions of the model's own and loops, which may never end;
 *   <li>sparse weights, which no network here needs.
 * </ul>
 */
final class ModelCheck {
  /** The most elements of a tensor: 1 GiB of float32. */
  static final long MOST_ELEMENTS = 1 << 28;

  private static final Set<String> DOMAINS = Set.of("", "ai.onnx", "ai.onnx.ml", "com.microsoft");
  private static final Set<String> ENDLESS = Set.of("Loop");

  /** Operators that make tensors as large as an input says, and which input that is. */
  private static final Map<String, Integer> FILLING =
      Map.of("ConstantOfShape", 0, "Expand", 1, "Tile", 1, "Reshape", 1);

  private final String origin;
  private final ModelProto model;

  ModelCheck(String origin, ModelProto model) {
    this.origin = origin;
    this.model = model;
  }

  /** Returns whether a domain is that of ONNX's own operators. */
  static boolean isStandard(String domain) {
    return domain.isEmpty() || domain.equals("ai.onnx");
  }

  /**
   * Checks everything.
   *
   * @throws BadRequestException where something is refused
   */
  void run() {
    if (model.getIrVersion() < 1
        || model.getOpsetImportCount() == 0
        || model.getGraph().getNodeCount() == 0) {
      throw new BadRequestException(
          origin
              + ": expected an ONNX model, found no graph in it; the file is cut short or something else");
    }
    for (OperatorSetIdProto set : model.getOpsetImportList()) {
      domain("operator set", set.getDomain());
    }
    if (model.getFunctionsCount() > 0) {
      throw new BadRequestException(
          "%s: expected no functions of the model's own, found %s; write it with its functions inlined (onnx.inliner)"
              .formatted(origin, Refusal.word(model.getFunctions(0).getName())));
    }
    graph(model.getGraph(), Map.of());
  }

  private void graph(GraphProto graph, Map<String, TensorProto> outside) {
    Map<String, TensorProto> constants = new HashMap<>(outside);
    for (TensorProto tensor : graph.getInitializerList()) {
      tensor(tensor);
      constants.put(tensor.getName(), tensor);
    }
    for (SparseTensorProto sparse : graph.getSparseInitializerList()) {
      throw refusal(sparse.getValues().getName(), "expected dense weights, found sparse ones");
    }
    Set<String> known = new HashSet<>();
    graph.getInputList().forEach(port -> unique(known, port.getName()));
    for (NodeProto node : graph.getNodeList()) {
      domain("operator " + Refusal.word(node.getOpType()), node.getDomain());
      if (ENDLESS.contains(node.getOpType())) {
        throw refusal(
            node.getName(), "expected no loops, found the operator %s".formatted(node.getOpType()));
      }
      for (AttributeProto attribute : node.getAttributeList()) {
        attribute(node, attribute, constants);
      }
      filling(node, constants);
    }
  }

  private void attribute(
      NodeProto node, AttributeProto attribute, Map<String, TensorProto> constants) {
    if (attribute.hasT()) {
      tensor(attribute.getT());
      if (node.getOpType().equals("Constant") && node.getOutputCount() == 1) {
        constants.put(node.getOutput(0), attribute.getT());
      }
    }
    attribute.getTensorsList().forEach(this::tensor);
    if (attribute.hasSparseTensor() || attribute.getSparseTensorsCount() > 0) {
      throw refusal(node.getName(), "expected dense weights, found sparse ones");
    }
    if (attribute.hasG()) {
      graph(attribute.getG(), constants);
    }
    attribute.getGraphsList().forEach(graph -> graph(graph, constants));
  }

  private void unique(Set<String> known, String name) {
    if (!known.add(name)) {
      throw refusal(name, "expected one input of this name, found two");
    }
  }

  private void domain(String what, String domain) {
    if (!DOMAINS.contains(domain)) {
      throw new BadRequestException(
          "%s: %s: expected operators of ONNX or ONNX Runtime, found the domain %s; export the model without custom operators"
              .formatted(origin, what, Refusal.word(domain)));
    }
  }

  private void tensor(TensorProto tensor) {
    if (tensor.getDataLocation() == TensorProto.DataLocation.EXTERNAL
        || tensor.getExternalDataCount() > 0) {
      String where =
          tensor.getExternalDataList().stream()
              .filter(entry -> entry.getKey().equals("location"))
              .map(entry -> Refusal.word(entry.getValue()))
              .findFirst()
              .orElse("elsewhere");
      throw refusal(
          tensor.getName(),
          "expected its data in this file, found it in %s; write one file (onnx.save without external data)"
              .formatted(where));
    }
    long elements = elements(tensor.getName(), tensor.getDimsList());
    if (tensor.getDataType() == TensorProto.DataType.STRING_VALUE) {
      return; // one string each, so no longer than the file
    }
    Optional<ElementType> type = TensorTypes.of(tensor.getDataType());
    if (tensor.hasRawData() && type.isPresent()) {
      long expected = elements * type.get().bytes();
      if (tensor.getRawData().size() != expected) {
        throw refusal(
            tensor.getName(),
            "expected %d bytes for %s %s, found %d"
                .formatted(expected, type.get(), tensor.getDimsList(), tensor.getRawData().size()));
      }
    }
  }

  private long elements(String name, List<Long> shape) {
    long product = 1;
    for (long dimension : shape) {
      if (dimension < 0 || dimension > MOST_ELEMENTS || product * dimension > MOST_ELEMENTS) {
        throw refusal(
            name,
            "expected a tensor of at most %d elements, found %s".formatted(MOST_ELEMENTS, shape));
      }
      product *= dimension;
    }
    return product;
  }

  /** Checks how large a tensor an operator is told to make, where that is a constant. */
  private void filling(NodeProto node, Map<String, TensorProto> constants) {
    Integer input = FILLING.get(node.getOpType());
    if (input == null || node.getInputCount() <= input) {
      return;
    }
    TensorProto shape = constants.get(node.getInput(input));
    if (shape != null && shape.getDataType() == TensorProto.DataType.INT64_VALUE) {
      List<Long> sizes = shape.hasRawData() ? longs(shape) : shape.getInt64DataList();
      elements(
          node.getName().isEmpty() ? node.getOpType() : node.getName(),
          sizes.stream().filter(size -> size > 0).toList()); // 0 and -1 stand for what comes in
    }
  }

  private static List<Long> longs(TensorProto tensor) {
    LongBuffer data =
        tensor.getRawData().asReadOnlyByteBuffer().order(ByteOrder.LITTLE_ENDIAN).asLongBuffer();
    long[] values = new long[data.remaining()];
    data.get(values);
    return Arrays.stream(values).boxed().toList();
  }

  private BadRequestException refusal(String name, String text) {
    return new BadRequestException("%s: %s: %s".formatted(origin, Refusal.word(name), text));
  }
}
