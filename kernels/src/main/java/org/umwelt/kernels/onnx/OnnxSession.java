package org.umwelt.kernels.onnx;

import ai.onnxruntime.OnnxJavaType;
import ai.onnxruntime.OnnxTensor;
import ai.onnxruntime.OnnxValue;
import ai.onnxruntime.OrtEnvironment;
import ai.onnxruntime.OrtException;
import ai.onnxruntime.OrtLoggingLevel;
import ai.onnxruntime.OrtProvider;
import ai.onnxruntime.OrtSession;
import ai.onnxruntime.OrtSession.SessionOptions;
import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.umwelt.kernels.settings.BadRequestException;
import org.umwelt.kernels.weights.ElementType;
import org.umwelt.kernels.weights.StoredTensor;

/**
 * A model ready to run. Any number of threads may run it at once.
 *
 * <p>A call computes on the thread that makes it, so that W workers use W processors and never wait
 * for each other's.
 */
public final class OnnxSession implements AutoCloseable {
  /** Where a model is computed. */
  public enum Device {
    /** The processor. */
    CPU,
    /** The first NVIDIA GPU; needs a build with {@code mvn -Pcuda}. Untested. */
    CUDA
  }

  private final String origin;
  private final OrtSession session;

  private OnnxSession(String origin, OrtSession session) {
    this.origin = origin;
    this.session = session;
  }

  /** ONNX Runtime itself, loaded with the first session. */
  private static final class Ort {
    static final OrtEnvironment ENVIRONMENT = load();

    private static OrtEnvironment load() {
      NativeLibraries.unpack();
      return OrtEnvironment.getEnvironment(OrtLoggingLevel.ORT_LOGGING_LEVEL_FATAL, "umwelt");
    }

    private Ort() {}
  }

  /**
   * Returns the version of ONNX Runtime and where it can compute, such as {@code 1.28.0 on CPU}.
   */
  public static String version() {
    return "%s on %s"
        .formatted(
            Ort.ENVIRONMENT.getVersion(),
            OrtEnvironment.getAvailableProviders().stream()
                .map(OrtProvider::name)
                .sorted()
                .collect(Collectors.joining(", ")));
  }

  /**
   * Makes a model ready.
   *
   * @throws BadRequestException where ONNX Runtime refuses the model or has no such device
   */
  public static OnnxSession open(OnnxModel model, Device device) {
    try (SessionOptions options = new SessionOptions()) {
      options.setIntraOpNumThreads(1);
      options.setInterOpNumThreads(1);
      options.setExecutionMode(SessionOptions.ExecutionMode.SEQUENTIAL);
      options.setSessionLogLevel(OrtLoggingLevel.ORT_LOGGING_LEVEL_FATAL);
      if (device == Device.CUDA) {
        requireCuda(model, options);
      }
      return new OnnxSession(model.origin(), Ort.ENVIRONMENT.createSession(model.bytes(), options));
    } catch (OrtException e) {
      throw new BadRequestException(
          "%s: expected a model that ONNX Runtime can run, found one it refuses (%s)"
              .formatted(model.origin(), firstLine(e)),
          e);
    }
  }

  private static void requireCuda(OnnxModel model, SessionOptions options) {
    try {
      options.addCUDA(0);
    } catch (OrtException e) {
      throw new BadRequestException(
          "%s: expected a GPU, ONNX Runtime has none (%s); use compute=cpu, or build with mvn -Pcuda on a machine with CUDA 13"
              .formatted(model.origin(), firstLine(e)),
          e);
    }
  }

  /**
   * Returns a tensor over memory, without a copy: what is written there later is what a run sees.
   *
   * @param memory off-heap, in native byte order, as long as type and shape say
   * @throws BadRequestException where a type has no counterpart in Java
   */
  public OnnxTensor tensor(ElementType type, long[] shape, MemorySegment memory) {
    ByteBuffer bytes = memory.asByteBuffer().order(ByteOrder.nativeOrder());
    OrtEnvironment ort = Ort.ENVIRONMENT;
    try {
      return switch (type) {
        case F32 -> OnnxTensor.createTensor(ort, bytes.asFloatBuffer(), shape);
        case F64 -> OnnxTensor.createTensor(ort, bytes.asDoubleBuffer(), shape);
        case I64 -> OnnxTensor.createTensor(ort, bytes.asLongBuffer(), shape);
        case I32 -> OnnxTensor.createTensor(ort, bytes.asIntBuffer(), shape);
        case I16 -> OnnxTensor.createTensor(ort, bytes.asShortBuffer(), shape);
        case I8 -> OnnxTensor.createTensor(ort, bytes, shape, OnnxJavaType.INT8);
        case U8 -> OnnxTensor.createTensor(ort, bytes, shape, OnnxJavaType.UINT8);
        case BOOL -> OnnxTensor.createTensor(ort, bytes, shape, OnnxJavaType.BOOL);
        case F16, BF16 ->
            throw new BadRequestException(
                "%s: expected float32 or integers, found %s %s"
                    .formatted(origin, type, Arrays.toString(shape)));
      };
    } catch (OrtException e) {
      throw failure(e);
    }
  }

  /**
   * Runs the model once.
   *
   * @param inputs by name
   * @param outputs by name, which are written; other outputs are not computed
   * @throws BadRequestException where the model fails
   */
  public void run(Map<String, OnnxTensor> inputs, Map<String, OnnxTensor> outputs) {
    try {
      session.run(inputs, outputs).close();
    } catch (OrtException e) {
      throw failure(e);
    }
  }

  /**
   * Runs the model once on copies, for those who are not in a hurry.
   *
   * @param inputs by name
   * @return all outputs by name
   * @throws BadRequestException where the model fails
   */
  public Map<String, StoredTensor> run(Map<String, StoredTensor> inputs) {
    Map<String, OnnxTensor> given = new LinkedHashMap<>();
    try {
      inputs.forEach((name, tensor) ->
          given.put(
              name,
              tensor(
                  tensor.type(),
                  tensor.shape().stream().mapToLong(Long::longValue).toArray(),
                  tensor.data())));
      try (OrtSession.Result result = session.run(given)) {
        Map<String, StoredTensor> outputs = new LinkedHashMap<>();
        result.forEach(entry -> outputs.put(entry.getKey(), stored(entry.getValue())));
        return outputs;
      }
    } catch (OrtException e) {
      throw failure(e);
    } finally {
      given.values().forEach(OnnxTensor::close);
    }
  }

  private StoredTensor stored(OnnxValue value) {
    if (!(value instanceof OnnxTensor tensor)) {
      throw new BadRequestException(
          "%s: expected tensors as outputs, found %s".formatted(origin, value.getType()));
    }
    ElementType type =
        switch (tensor.getInfo().type) {
          case FLOAT -> ElementType.F32;
          case DOUBLE -> ElementType.F64;
          case INT64 -> ElementType.I64;
          case INT32 -> ElementType.I32;
          case INT16 -> ElementType.I16;
          case INT8 -> ElementType.I8;
          case UINT8 -> ElementType.U8;
          case BOOL -> ElementType.BOOL;
          case FLOAT16 -> ElementType.F16;
          case BFLOAT16 -> ElementType.BF16;
          case STRING, UNKNOWN ->
              throw new BadRequestException(
                  "%s: expected numbers as outputs, found %s".formatted(origin, tensor.getInfo()));
        };
    return new StoredTensor(
        type,
        Arrays.stream(tensor.getInfo().getShape()).boxed().toList(),
        MemorySegment.ofBuffer(tensor.getByteBuffer()));
  }

  private BadRequestException failure(OrtException e) {
    return new BadRequestException("%s: the model fails (%s)".formatted(origin, firstLine(e)), e);
  }

  private static String firstLine(OrtException e) {
    List<String> lines = String.valueOf(e.getMessage()).lines().toList();
    return lines.isEmpty() ? e.getCode().toString() : lines.getFirst();
  }

  @Override
  public void close() {
    try {
      session.close();
    } catch (OrtException e) {
      throw failure(e);
    }
  }
}
