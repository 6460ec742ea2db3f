package org.umwelt.kernels.weights;

import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.SequencedMap;
import java.util.Set;
import java.util.TreeMap;
import org.umwelt.kernels.settings.BadRequestException;
import org.umwelt.kernels.weights.PickleValue.Dict;
import org.umwelt.kernels.weights.PickleValue.Real;
import org.umwelt.kernels.weights.PickleValue.Text;
import org.umwelt.kernels.weights.PickleValue.Truth;
import org.umwelt.kernels.weights.PickleValue.View;
import org.umwelt.kernels.weights.PickleValue.Whole;

/**
 * Reads PyTorch's state dicts: files that {@code torch.save} of version 1.6 or newer wrote.
 *
 * <p>Nothing in a file is executed. Dicts inside the dict are flattened, their keys joined by dots;
 * numbers, truth values and text that stand beside the tensors become metadata. Tensors that are
 * contiguous views share the memory of their storage, as they did in PyTorch; others are copied
 * into row-major order.
 */
public final class TorchStateDict {
  private static final int DEEPEST_DICT = 64;
  private static final int LONGEST_NAME = 1000;
  // Views may repeat elements without end; what is copied stays in proportion to the file.
  private static final long COPIED_PER_FILE_BYTE = 4;
  private static final long ALWAYS_COPIED_BYTES = 1 << 20;

  private final Path file;
  private final TorchArchive archive;
  private final SequencedMap<String, StoredTensor> tensors = new LinkedHashMap<>();
  private final Map<String, String> metadata = new TreeMap<>();
  private final Set<Object> visited = Collections.newSetFromMap(new IdentityHashMap<>());
  private long mayCopyBytes;

  private TorchStateDict(Path file, TorchArchive archive) throws IOException {
    this.file = file;
    this.archive = archive;
    this.mayCopyBytes = ALWAYS_COPIED_BYTES + COPIED_PER_FILE_BYTE * Files.size(file);
  }

  /**
   * Reads a file into memory.
   *
   * @throws BadRequestException where the file is missing, damaged, or holds anything that a state
   *     dict does not
   */
  public static WeightFile read(Path file) throws IOException {
    try (TorchArchive archive = TorchArchive.open(file)) {
      PickleValue root = PickleMachine.run(file, archive.pickle());
      if (!(root instanceof Dict dict)) {
        throw Refusal.of(
            file, "expected a dict of tensors, found %s; save a state dict".formatted(root.kind()));
      }
      TorchStateDict reader = new TorchStateDict(file, archive);
      reader.addAll("", dict, 1);
      return new WeightFile(reader.tensors, reader.metadata);
    }
  }

  private void addAll(String prefix, Dict dict, int depth) throws IOException {
    // Dicts that stand in several places could be flattened into exponentially many entries.
    if (depth > DEEPEST_DICT || !visited.add(dict.items())) {
      throw Refusal.of(
          file,
          prefix,
          "expected dicts at most %d deep, each in one place".formatted(DEEPEST_DICT));
    }
    for (var item : dict.items().entrySet()) {
      String name = prefix + item.getKey();
      if (name.length() > LONGEST_NAME) {
        throw Refusal.of(
            file, name, "expected a name of at most %d characters".formatted(LONGEST_NAME));
      }
      switch (item.getValue()) {
        case Dict inner -> addAll(name + ".", inner, depth + 1);
        case View view -> {
          if (tensors.put(name, tensor(name, view)) != null) {
            throw Refusal.of(file, name, "expected one tensor of this name, found two");
          }
        }
        case Text(String text) -> metadata.put(name, text);
        case Whole(long number) -> metadata.put(name, Long.toString(number));
        case Real(double number) -> metadata.put(name, Double.toString(number));
        case Truth(boolean value) -> metadata.put(name, Boolean.toString(value));
        default ->
            throw Refusal.of(file, name, "expected a tensor, found " + item.getValue().kind());
      }
    }
  }

  private StoredTensor tensor(String name, View view) throws IOException {
    ElementType type = view.storage().type();
    MemorySegment storage = archive.storage(name, view.storage());
    long bytes = bytesWithin(name, view);
    if (bytes == 0) {
      return new StoredTensor(type, view.size(), storage.asSlice(0, 0));
    }
    if (isContiguous(view)) {
      return new StoredTensor(
          type, view.size(), storage.asSlice(view.offset() * type.bytes(), bytes));
    }
    if (bytes > mayCopyBytes) {
      throw Refusal.of(
          file,
          name,
          "expected views in proportion to the file, found one of shape %s; save it contiguous"
              .formatted(view.size()));
    }
    mayCopyBytes -= bytes;
    return new StoredTensor(type, view.size(), rowMajor(storage, view, bytes));
  }

  /** Returns the length of a view's elements in bytes, having checked that its storage has them. */
  private long bytesWithin(String name, View view) {
    try {
      long bytes = view.storage().type().bytes(view.size());
      long last = view.offset();
      for (int d = 0; d < view.size().size(); d++) {
        last =
            Math.addExact(last, Math.multiplyExact(view.size().get(d) - 1, view.stride().get(d)));
      }
      if (bytes == 0 || last < view.storage().elements()) {
        return bytes;
      }
    } catch (ArithmeticException e) {
      // Beyond a long is beyond the storage.
    }
    throw Refusal.of(
        file,
        name,
        "expected a view within %d elements, found offset %d, size %s, stride %s"
            .formatted(view.storage().elements(), view.offset(), view.size(), view.stride()));
  }

  private static boolean isContiguous(View view) {
    long expected = 1;
    for (int d = view.size().size() - 1; d >= 0; d--) {
      if (view.size().get(d) != 1 && view.stride().get(d) != expected) {
        return false;
      }
      expected *= view.size().get(d);
    }
    return true;
  }

  private static MemorySegment rowMajor(MemorySegment storage, View view, long bytes) {
    MemorySegment copy = StoredTensor.allocate(bytes);
    long[] size = view.size().stream().mapToLong(Long::longValue).toArray();
    long[] stride = view.stride().stream().mapToLong(Long::longValue).toArray();
    int step = view.storage().type().bytes();
    long[] index = new long[size.length];
    long at = view.offset();
    for (long to = 0; to < bytes; to += step) {
      MemorySegment.copy(storage, at * step, copy, to, step);
      for (int d = size.length - 1; d >= 0; d--) {
        at += stride[d];
        index[d]++;
        if (index[d] < size[d]) {
          break;
        }
        at -= stride[d] * size[d];
        index[d] = 0;
      }
    }
    return copy;
  }
}
