package org.umwelt.kernels.weights;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.SequencedMap;
import java.util.zip.CRC32;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;

/** A file like those of {@code torch.save}, made opcode by opcode. */
final class TorchFile {
  private final ByteArrayOutputStream pickle = new ByteArrayOutputStream();
  private final SequencedMap<String, byte[]> entries = new LinkedHashMap<>();
  private int method = ZipEntry.STORED;

  /** Begins a pickle of protocol 2. */
  TorchFile() {
    op(0x80, 2);
  }

  /** Adds bytes to the pickle. */
  TorchFile op(int... bytes) {
    for (int value : bytes) {
      pickle.write(value);
    }
    return this;
  }

  /** Adds one-character opcodes to the pickle. */
  TorchFile ops(String opcodes) {
    pickle.writeBytes(opcodes.getBytes(StandardCharsets.ISO_8859_1));
    return this;
  }

  TorchFile global(String module, String name) {
    return ops("c" + module + "\n" + name + "\n");
  }

  TorchFile text(String text) {
    byte[] utf8 = text.getBytes(StandardCharsets.UTF_8);
    op('X').number(4, utf8.length);
    pickle.writeBytes(utf8);
    return this;
  }

  /** Adds an integer as torch.save does: BININT1, BININT or LONG1. */
  TorchFile whole(long value) {
    if (value >= 0 && value < 256) {
      return op('K', (int) value);
    }
    return value == (int) value ? op('J').number(4, value) : op(0x8a, 8).number(8, value);
  }

  /** Adds a little-endian number to the pickle. */
  TorchFile number(int bytes, long value) {
    byte[] little = ByteBuffer.allocate(8).order(ByteOrder.LITTLE_ENDIAN).putLong(value).array();
    pickle.write(little, 0, bytes);
    return this;
  }

  TorchFile tuple(long... values) {
    op('(');
    for (long value : values) {
      whole(value);
    }
    return op('t');
  }

  TorchFile storage(String type, String key, long elements) {
    op('(').text("storage").global("torch", type).text(key).text("cpu").whole(elements);
    return ops("tQ");
  }

  /** Adds a tensor of a storage. */
  TorchFile tensor(
      String type, String key, long elements, long offset, long[] size, long[] stride) {
    global("torch._utils", "_rebuild_tensor_v2").op('(').storage(type, key, elements);
    whole(offset).tuple(size).tuple(stride).op(0x89);
    return global("collections", "OrderedDict").ops(")RtR");
  }

  /** Adds a contiguous tensor of one dimension that fills its storage. */
  TorchFile vector(String type, String key, long elements) {
    return tensor(type, key, elements, 0, new long[] {elements}, new long[] {1});
  }

  /** Adds an entry to the archive. */
  TorchFile entry(String name, byte[] content) {
    entries.put(name, content);
    return this;
  }

  /** Adds a storage of floats to the archive. */
  TorchFile floats(String key, float... values) {
    ByteBuffer bytes =
        ByteBuffer.allocate(values.length * Float.BYTES).order(ByteOrder.LITTLE_ENDIAN);
    for (float value : values) {
      bytes.putFloat(value);
    }
    return entry("t/data/" + key, bytes.array());
  }

  TorchFile compressed() {
    method = ZipEntry.DEFLATED;
    return this;
  }

  byte[] pickle() {
    return pickle.toByteArray();
  }

  /** Writes the archive with the pickle made so far. */
  Path write(Path file) throws IOException {
    return write(file, pickle());
  }

  /** Writes the archive with another pickle. */
  Path write(Path file, byte[] pickled) throws IOException {
    try (ZipOutputStream zip = new ZipOutputStream(Files.newOutputStream(file))) {
      add(zip, "t/data.pkl", pickled);
      for (var entry : entries.entrySet()) {
        add(zip, entry.getKey(), entry.getValue());
      }
    }
    return file;
  }

  private void add(ZipOutputStream zip, String name, byte[] content) throws IOException {
    ZipEntry entry = new ZipEntry(name);
    entry.setMethod(method);
    entry.setTime(0);
    entry.setSize(content.length);
    CRC32 checksum = new CRC32();
    checksum.update(content);
    entry.setCrc(checksum.getValue());
    zip.putNextEntry(entry);
    zip.write(content);
    zip.closeEntry();
  }
}
