package org.umwelt.kernels.onnx;

import ai.onnx.proto.OnnxMl.ModelProto;
import ai.onnx.proto.OnnxMl.StringStringEntryProto;
import ai.onnx.proto.OnnxMl.TensorShapeProto;
import ai.onnx.proto.OnnxMl.TypeProto;
import ai.onnx.proto.OnnxMl.ValueInfoProto;
import com.google.protobuf.CodedInputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.umwelt.kernels.files.AtomicFile;
import org.umwelt.kernels.settings.BadRequestException;
import org.umwelt.kernels.weights.ElementType;
import org.umwelt.kernels.weights.Refusal;

/**
 * An ONNX model: its inputs, outputs and remarks, and the bytes that a runtime takes.
 *
 * <p>Models written here carry the SHA-256 of everything else in them under {@link #DIGEST}, so
 * that a damaged file is noticed; those of other producers are taken as they are.
 */
public final class OnnxModel {
  /** Name of the remark that holds the SHA-256, as {@code sha256:...}. */
  public static final String DIGEST = "umwelt.digest";

  /** The producer that all models written here name. */
  static final String PRODUCER = "umwelt";

  /** The longest file that protocol buffers allow. */
  private static final long LONGEST = Integer.MAX_VALUE;

  private static final long NAMELESS = -1;

  private final String origin;
  private final ModelProto proto;
  private final byte[] bytes;
  private final List<Port> inputs;
  private final List<Port> outputs;
  private final Map<String, String> metadata;

  private OnnxModel(String origin, ModelProto proto, byte[] bytes) {
    this.origin = origin;
    this.proto = proto;
    this.bytes = bytes;
    Set<String> weights =
        proto.getGraph().getInitializerList().stream()
            .map(tensor -> tensor.getName())
            .collect(Collectors.toSet());
    this.inputs =
        ports(
            proto.getGraph().getInputList().stream()
                .filter(input -> !weights.contains(input.getName())) // defaults of old files
                .toList());
    this.outputs = ports(proto.getGraph().getOutputList());
    Map<String, String> remarks = new TreeMap<>();
    proto.getMetadataPropsList().forEach(entry -> remarks.put(entry.getKey(), entry.getValue()));
    this.metadata = Collections.unmodifiableMap(remarks);
  }

  /** Returns a fresh model with its digest. */
  static OnnxModel sealed(ModelProto proto) {
    if (proto.getSerializedSize() < 0 || proto.getSerializedSize() > LONGEST - (1 << 16)) {
      throw new BadRequestException(
          "expected a model of less than 2 GiB, which is as much as an ONNX file holds; export a smaller network");
    }
    ModelProto sealed =
        proto.toBuilder()
            .addMetadataProps(
                StringStringEntryProto.newBuilder().setKey(DIGEST).setValue(digest(proto)))
            .build();
    return new OnnxModel("model", sealed, sealed.toByteArray());
  }

  /**
   * Reads a file whole.
   *
   * @throws BadRequestException where the file is missing, no ONNX model, damaged, or holds what
   *     {@link ModelCheck} refuses
   */
  public static OnnxModel read(Path file) {
    try {
      if (!Files.isRegularFile(file)) {
        throw new BadRequestException(file + ": expected an ONNX file, found none");
      }
      long size = Files.size(file);
      if (size == 0 || size > Math.min(LONGEST, Runtime.getRuntime().maxMemory() / 2)) {
        throw new BadRequestException(
            "%s: expected an ONNX file of 1 to %d bytes, found %d"
                .formatted(file, Math.min(LONGEST, Runtime.getRuntime().maxMemory() / 2), size));
      }
      return read(file.toString(), Files.readAllBytes(file));
    } catch (IOException e) {
      throw new BadRequestException("cannot read %s (%s)".formatted(file, e), e);
    }
  }

  /** {@link #read(Path)} of bytes that are in memory already. */
  static OnnxModel read(String origin, byte[] bytes) {
    ModelProto proto;
    try {
      CodedInputStream in = CodedInputStream.newInstance(bytes);
      in.enableAliasing(true);
      proto = ModelProto.parseFrom(in);
    } catch (IOException e) { // of protocol buffers, since the bytes are in memory
      throw new BadRequestException(
          "%s: expected an ONNX model, found bytes that are none (%s); the file is cut short, damaged or something else"
              .formatted(origin, e.getMessage()),
          e);
    }
    new ModelCheck(origin, proto).run();
    checkDigest(origin, proto);
    return new OnnxModel(origin, proto, bytes);
  }

  private static void checkDigest(String origin, ModelProto proto) {
    List<String> keys =
        proto.getMetadataPropsList().stream().map(StringStringEntryProto::getKey).toList();
    int at = keys.indexOf(DIGEST);
    if (at < 0 && !proto.getProducerName().equals(PRODUCER)) {
      return;
    }
    String stated = at < 0 ? "none" : proto.getMetadataProps(at).getValue();
    String expected =
        at < 0 ? "a SHA-256" : digest(proto.toBuilder().removeMetadataProps(at).build());
    if (!stated.equals(expected)) {
      throw new BadRequestException(
          "%s: expected %s in its metadata to be %s, found %s; the file is damaged, copy it again (or, where it was changed on purpose, remove that entry and give it another producer_name)"
              .formatted(origin, DIGEST, expected, Refusal.word(stated)));
    }
  }

  private static String digest(ModelProto proto) {
    return digest(proto.toByteArray());
  }

  private static String digest(byte[] bytes) {
    try {
      MessageDigest sha256 = MessageDigest.getInstance("SHA-256");
      return "sha256:" + HexFormat.of().formatHex(sha256.digest(bytes));
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every JDK has SHA-256", e);
    }
  }

  /** Writes the file, whole or not at all. */
  public void write(Path file) throws IOException {
    AtomicFile.write(file, bytes);
  }

  /** Returns where it comes from, for messages. */
  public String origin() {
    return origin;
  }

  /** Returns what callers give it. */
  public List<Port> inputs() {
    return inputs;
  }

  /** Returns what it gives. */
  public List<Port> outputs() {
    return outputs;
  }

  /** Returns its remarks by name, sorted. */
  public Map<String, String> metadata() {
    return metadata;
  }

  /** Returns the version of ONNX's own operator set it is written in. */
  public long opset() {
    return proto.getOpsetImportList().stream()
        .filter(set -> ModelCheck.isStandard(set.getDomain()))
        .mapToLong(set -> set.getVersion())
        .findFirst()
        .orElse(0);
  }

  /** Returns the SHA-256 of the file, as {@code sha256:...}. */
  public String digest() {
    return digest(bytes);
  }

  /** Returns the size of the file in bytes. */
  public long size() {
    return bytes.length;
  }

  /** Returns the file. */
  byte[] bytes() {
    return bytes;
  }

  private List<Port> ports(List<ValueInfoProto> infos) {
    List<Port> ports = new ArrayList<>();
    for (ValueInfoProto info : infos) {
      if (info.getType().getValueCase() != TypeProto.ValueCase.TENSOR_TYPE) {
        throw refusal(info, "expected a tensor, found " + info.getType().getValueCase());
      }
      TypeProto.Tensor tensor = info.getType().getTensorType();
      ElementType type =
          TensorTypes.of(tensor.getElemType())
              .orElseThrow(() ->
                  refusal(
                      info,
                      "expected numbers or truth values, found "
                          + TensorTypes.name(tensor.getElemType())));
      if (!tensor.hasShape()) {
        throw refusal(info, "expected a shape, found none");
      }
      List<String> shape = new ArrayList<>();
      for (TensorShapeProto.Dimension dimension : tensor.getShape().getDimList()) {
        shape.add(dimension(info, dimension));
      }
      ports.add(new Port(info.getName(), type, shape));
    }
    return List.copyOf(ports);
  }

  private String dimension(ValueInfoProto info, TensorShapeProto.Dimension dimension) {
    if (dimension.getValueCase() != TensorShapeProto.Dimension.ValueCase.DIM_VALUE
        || dimension.getDimValue() == NAMELESS) {
      String name = dimension.getDimParam();
      return name.isEmpty() || Character.isDigit(name.charAt(0)) ? "?" + name : name;
    }
    if (dimension.getDimValue() < 0 || dimension.getDimValue() > ModelCheck.MOST_ELEMENTS) {
      throw refusal(
          info,
          "expected dimensions of 0 to %d, found %d"
              .formatted(ModelCheck.MOST_ELEMENTS, dimension.getDimValue()));
    }
    return Long.toString(dimension.getDimValue());
  }

  private BadRequestException refusal(ValueInfoProto info, String text) {
    return new BadRequestException(
        "%s: %s: %s".formatted(origin, Refusal.word(info.getName()), text));
  }
}
