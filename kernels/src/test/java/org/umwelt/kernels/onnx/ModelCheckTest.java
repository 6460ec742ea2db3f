package org.umwelt.kernels.onnx;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import ai.onnx.proto.OnnxMl.AttributeProto;
import ai.onnx.proto.OnnxMl.FunctionProto;
import ai.onnx.proto.OnnxMl.GraphProto;
import ai.onnx.proto.OnnxMl.ModelProto;
import ai.onnx.proto.OnnxMl.NodeProto;
import ai.onnx.proto.OnnxMl.OperatorSetIdProto;
import ai.onnx.proto.OnnxMl.SparseTensorProto;
import ai.onnx.proto.OnnxMl.StringStringEntryProto;
import ai.onnx.proto.OnnxMl.TensorProto;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Map;
import java.util.function.Consumer;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.umwelt.kernels.onnx.OnnxSession.Device;
import org.umwelt.kernels.random.RandomStream;
import org.umwelt.kernels.settings.BadRequestException;
import org.umwelt.kernels.weights.ElementType;
import org.umwelt.kernels.weights.StoredTensor;

/** Files that are not what they seem. */
class ModelCheckTest {
  @TempDir private Path folder;

  /** y = relu(conv(x)) w + b, for x [batch, 2, 4, 4]. */
  private static OnnxModel model() {
    OnnxGraph graph = new OnnxGraph("small", "a small network");
    GraphValue x = graph.input(Port.of("x", ElementType.F32, "batch", 2, 4, 4));
    GraphValue conv =
        graph.op(
            "Conv",
            Map.of("pads", new long[] {1, 1, 1, 1}),
            x,
            graph.weight("conv.weight", StoredTensor.of(numbers(54), 3, 2, 3, 3)));
    GraphValue flat = graph.op("Reshape", graph.op("Relu", conv), graph.vector(0, -1));
    GraphValue product =
        graph.op("MatMul", flat, graph.weight("w", StoredTensor.of(numbers(96), 48, 2)));
    graph.output(
        Port.of("y", ElementType.F32, "batch", 2), graph.op("Add", product, graph.constant(0.5)));
    return graph.model(Map.of("license", "MIT"));
  }

  private static float[] numbers(int count) {
    RandomStream random = new RandomStream(count);
    float[] numbers = new float[count];
    for (int i = 0; i < count; i++) {
      numbers[i] = random.nextFloat() - 0.5f;
    }
    return numbers;
  }

  private static ModelProto.Builder open() throws IOException {
    ModelProto.Builder proto = ModelProto.parseFrom(model().bytes()).toBuilder();
    return proto.clearMetadataProps().setProducerName("somebody"); // so without a digest
  }

  private static void assertRefused(Consumer<ModelProto.Builder> damage, String... words)
      throws IOException {
    ModelProto.Builder proto = open();
    damage.accept(proto);
    assertRefused(proto.build().toByteArray(), words);
  }

  private static void assertRefused(byte[] bytes, String... words) {
    assertThatThrownBy(() -> OnnxModel.read("policy.onnx", bytes))
        .isInstanceOf(BadRequestException.class)
        .hasMessageStartingWith("policy.onnx: ")
        .satisfies(e -> assertThat(String.valueOf(e.getMessage()).lines()).hasSize(1))
        .satisfies(e -> assertThat(e.getMessage()).contains(words));
  }

  private static TensorProto.Builder external(String location) {
    return TensorProto.newBuilder()
        .setName("w")
        .setDataType(TensorProto.DataType.FLOAT.getNumber())
        .addDims(4)
        .setDataLocation(TensorProto.DataLocation.EXTERNAL)
        .addExternalData(StringStringEntryProto.newBuilder().setKey("location").setValue(location));
  }

  private static NodeProto.Builder node(String type) {
    return NodeProto.newBuilder().setName("n").setOpType(type).addOutput("z");
  }

  @Test
  void fileKeepsPortsRemarksAndComputesTheSame() throws IOException {
    OnnxModel written = model();
    Path file = folder.resolve("a.onnx");
    written.write(file);
    OnnxModel read = OnnxModel.read(file);
    assertThat(read.inputs()).containsExactly(Port.of("x", ElementType.F32, "batch", 2, 4, 4));
    assertThat(read.outputs()).containsExactly(Port.of("y", ElementType.F32, "batch", 2));
    assertThat(read.metadata()).containsEntry("license", "MIT").containsKey(OnnxModel.DIGEST);
    assertThat(read.opset()).isEqualTo(21);
    assertThat(read.digest()).isEqualTo(written.digest());
    StoredTensor x = StoredTensor.of(numbers(64), 2, 2, 4, 4);
    try (OnnxSession one = OnnxSession.open(written, Device.CPU);
        OnnxSession other = OnnxSession.open(read, Device.CPU)) {
      assertThat(one.run(Map.of("x", x))).isEqualTo(other.run(Map.of("x", x)));
    }
  }

  @Test
  void weightsInOtherFilesAreRefusedWhereverTheyAreNamed() throws IOException {
    assertRefused(
        proto -> proto.getGraphBuilder().addInitializer(external("../../etc/passwd")),
        "w: expected its data in this file",
        "../../etc/passwd");
    AttributeProto.Builder value =
        AttributeProto.newBuilder()
            .setName("value")
            .setType(AttributeProto.AttributeType.TENSOR)
            .setT(external("/etc/shadow"));
    assertRefused(
        proto -> proto.getGraphBuilder().addNode(node("Constant").addAttribute(value)),
        "/etc/shadow");
    GraphProto inner =
        GraphProto.newBuilder().setName("then").addInitializer(external("other\nfile")).build();
    assertRefused(
        proto ->
            proto
                .getGraphBuilder()
                .addNode(
                    node("If")
                        .addAttribute(
                            AttributeProto.newBuilder().setName("then_branch").setG(inner))),
        "other\\u000afile");
  }

  @Test
  void shapesThatTheDataDoNotFillAreRefused() throws IOException {
    assertRefused(
        proto -> proto.getGraphBuilder().getInitializerBuilder(0).setDims(0, 300),
        "conv.weight: expected 21600 bytes",
        "found 216");
    assertRefused(
        proto -> proto.getGraphBuilder().getInitializerBuilder(0).setDims(0, Long.MAX_VALUE),
        "expected a tensor of at most 268435456 elements");
    assertRefused(
        proto -> proto.getGraphBuilder().getInitializerBuilder(0).setDims(0, -3),
        "expected a tensor of at most");
    assertRefused(
        proto ->
            proto
                .getGraphBuilder()
                .getInputBuilder(0)
                .getTypeBuilder()
                .getTensorTypeBuilder()
                .getShapeBuilder()
                .getDimBuilder(1)
                .setDimValue(1L << 40),
        "x: expected dimensions of 0 to 268435456, found 1099511627776");
  }

  @Test
  void operatorsToldToFillTheMemoryAreRefused() throws IOException {
    TensorProto.Builder shape =
        TensorProto.newBuilder()
            .setName("shape")
            .setDataType(TensorProto.DataType.INT64.getNumber())
            .addDims(2);
    assertRefused(
        proto ->
            proto
                .getGraphBuilder()
                .addInitializer(shape.clone().addInt64Data(1 << 20).addInt64Data(1 << 20))
                .addNode(node("ConstantOfShape").addInput("shape")),
        "expected a tensor of at most",
        "[1048576, 1048576]");
  }

  @Test
  void foreignOperatorsFunctionsLoopsAndSparseWeightsAreRefused() throws IOException {
    assertRefused(
        proto -> proto.getGraphBuilder().addNode(node("Evil").setDomain("com.example")),
        "operator Evil",
        "com.example");
    assertRefused(
        proto ->
            proto.addOpsetImport(OperatorSetIdProto.newBuilder().setDomain("my.ops").setVersion(1)),
        "my.ops");
    assertRefused(
        proto -> proto.addFunctions(FunctionProto.newBuilder().setName("f")),
        "expected no functions of the model's own");
    assertRefused(proto -> proto.getGraphBuilder().addNode(node("Loop")), "n: expected no loops");
    assertRefused(
        proto ->
            proto.getGraphBuilder().addSparseInitializer(SparseTensorProto.getDefaultInstance()),
        "expected dense weights");
  }

  @Test
  void whatIsNoModelIsRefused() throws IOException {
    assertRefused("PK, this is a zip".getBytes(StandardCharsets.UTF_8), "expected an ONNX model");
    assertRefused(new byte[100], "expected an ONNX model");
    assertRefused(ModelProto.Builder::clearGraph, "found no graph");
    assertRefused(ModelProto.Builder::clearOpsetImport, "found no graph");
    byte[] whole = model().bytes();
    for (int length : new int[] {1, 10, whole.length / 2, whole.length - 1}) {
      assertRefused(Arrays.copyOf(whole, length), "expected");
    }
    Path file = folder.resolve("empty.onnx");
    assertThatThrownBy(() -> OnnxModel.read(file)).hasMessageContaining("found none");
    Files.createFile(file);
    assertThatThrownBy(() -> OnnxModel.read(file)).hasMessageContaining("found 0");
  }

  @Test
  void operatorsThatDoNotExistAreTheRuntimesToRefuse() throws IOException {
    OnnxModel model = OnnxModel.read("policy.onnx", withNode(node("NoSuchOperator")).toByteArray());
    assertThatThrownBy(() -> OnnxSession.open(model, Device.CPU))
        .isInstanceOf(BadRequestException.class)
        .hasMessageContaining("NoSuchOperator")
        .satisfies(e -> assertThat(String.valueOf(e.getMessage()).lines()).hasSize(1));
  }

  private static ModelProto withNode(NodeProto.Builder node) throws IOException {
    ModelProto.Builder proto = open();
    proto.getGraphBuilder().addNode(node);
    return proto.build();
  }

  @Test
  void everyFlippedBitOfOurOwnFilesIsNoticed() {
    byte[] whole = model().bytes();
    for (int i = 0; i < whole.length; i++) {
      byte[] damaged = whole.clone();
      damaged[i] ^= (byte) (1 << (i % Byte.SIZE));
      assertThatThrownBy(() -> OnnxModel.read("policy.onnx", damaged))
          .as("byte %d", i)
          .isInstanceOf(BadRequestException.class)
          .satisfies(e -> assertThat(String.valueOf(e.getMessage()).lines()).hasSize(1));
    }
  }

  @Test
  void damagedFilesOfOthersAreRefusedOrRunButNeverBringDownTheMachine() throws IOException {
    assertThat(fuzz(3000, 1)).isBetween(100, 2900); // of which some still run
  }

  @Test
  @Tag("slow")
  void moreDamagedFilesOfOthersAreRefusedOrRun() throws IOException {
    assertThat(fuzz(100_000, 2)).isBetween(1000, 99_000);
  }

  /** Flips bits and overwrites bytes; returns how many of the files are refused. */
  private static int fuzz(int count, long seed) throws IOException {
    byte[] whole = open().build().toByteArray();
    RandomStream random = new RandomStream(seed);
    StoredTensor x = StoredTensor.of(numbers(64), 2, 2, 4, 4);
    int refused = 0;
    for (int i = 0; i < count; i++) {
      byte[] damaged = whole.clone();
      for (int k = random.nextInt(3); k >= 0; k--) {
        int at = random.nextInt(damaged.length);
        damaged[at] =
            random.nextBoolean()
                ? (byte) (damaged[at] ^ 1 << random.nextInt(Byte.SIZE))
                : (byte) random.nextInt();
      }
      try (OnnxSession session =
          OnnxSession.open(OnnxModel.read("policy.onnx", damaged), Device.CPU)) {
        session.run(Map.of("x", x));
      } catch (BadRequestException e) {
        assertThat(String.valueOf(e.getMessage()).lines()).hasSize(1);
        refused++;
      }
    }
    return refused;
  }
}
