package org.umwelt.kernels.weights;

import java.io.Closeable;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.lang.foreign.MemorySegment;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.zip.CRC32;
import java.util.zip.ZipEntry;
import java.util.zip.ZipException;
import java.util.zip.ZipFile;
import org.umwelt.kernels.settings.BadRequestException;
import org.umwelt.kernels.weights.PickleValue.Storage;

/**
 * The ZIP archive that {@code torch.save} writes: a pickle and the storages it refers to.
 *
 * <p>Every entry read must be stored, not compressed, so that none takes more memory than the file
 * is long, and must have its CRC-32.
 */
final class TorchArchive implements Closeable {
  private static final int PICKLE = 0x80;
  private static final String PICKLE_ENTRY = "/data.pkl";
  // That of a hundred thousand tensors; pickles can make objects many times their length.
  private static final long LONGEST_PICKLE = 1 << 24;
  private static final int CHUNK_BYTES = 1 << 16;

  private final Path file;
  private final ZipFile zip;
  private final String stem;
  private final Map<String, MemorySegment> storages = new HashMap<>();

  private TorchArchive(Path file, ZipFile zip) throws IOException {
    this.file = file;
    this.zip = zip;
    this.stem = stem();
    ZipEntry byteOrder = zip.getEntry(stem + "/byteorder");
    if (byteOrder != null) {
      String order = new String(content(byteOrder, 16), StandardCharsets.US_ASCII);
      if (!order.equals("little")) {
        throw refusal(
            byteOrder,
            "expected little, found %s; save the file on a little-endian machine"
                .formatted(Refusal.word(order)));
      }
    }
  }

  /**
   * Opens an archive.
   *
   * @throws BadRequestException where the file is missing or no such archive
   */
  static TorchArchive open(Path file) throws IOException {
    if (!Files.isRegularFile(file)) {
      throw Refusal.of(file, "expected a file of torch.save, found none");
    }
    try (InputStream in = Files.newInputStream(file)) {
      if (in.read() == PICKLE) {
        throw Refusal.of(
            file,
            "expected a ZIP archive, found the format before PyTorch 1.6; save it anew with "
                + "torch.save(torch.load(path), path) in a newer PyTorch");
      }
    }
    try {
      ZipFile zip = new ZipFile(file.toFile());
      try {
        return new TorchArchive(file, zip);
      } catch (IOException | RuntimeException e) {
        zip.close();
        throw e;
      }
    } catch (ZipException e) {
      throw Refusal.of(
          file,
          "expected a ZIP archive of torch.save, found a file that is none or is damaged (%s); copy it again"
              .formatted(Refusal.word(String.valueOf(e.getMessage()))),
          e);
    }
  }

  private String stem() {
    List<String> pickles =
        zip.stream()
            .map(ZipEntry::getName)
            .filter(name -> name.indexOf('/') == name.length() - PICKLE_ENTRY.length())
            .filter(name -> name.endsWith(PICKLE_ENTRY))
            .toList();
    if (pickles.size() != 1) {
      throw Refusal.of(
          file,
          "expected one <name>/data.pkl as torch.save writes it, found %d"
              .formatted(pickles.size()));
    }
    return pickles.getFirst().substring(0, pickles.getFirst().length() - PICKLE_ENTRY.length());
  }

  /** Returns the pickle. */
  byte[] pickle() throws IOException {
    return content(entry(stem + PICKLE_ENTRY), LONGEST_PICKLE);
  }

  private byte[] content(ZipEntry entry, long longest) throws IOException {
    checkStored(entry);
    if (entry.getSize() > longest) {
      throw refusal(
          entry, "expected at most %d bytes, found %d".formatted(longest, entry.getSize()));
    }
    byte[] content = new byte[(int) entry.getSize()];
    load(entry, MemorySegment.ofArray(content));
    return content;
  }

  /** Returns the bytes of a storage, always the same ones for the same key. */
  MemorySegment storage(String tensor, Storage storage) throws IOException {
    String name = stem + "/data/" + storage.key();
    ZipEntry entry = zip.getEntry(name);
    if (entry == null) {
      throw Refusal.of(
          file, tensor, "expected its storage as %s, found none".formatted(Refusal.word(name)));
    }
    // Divided, not multiplied: the count is the file's and may be anything.
    long bytes = entry.getSize();
    if (bytes % storage.type().bytes() != 0
        || bytes / storage.type().bytes() != storage.elements()) {
      throw Refusal.of(
          file,
          tensor,
          "expected %d elements of %s in %s, found %d bytes"
              .formatted(storage.elements(), storage.type(), Refusal.word(name), bytes));
    }
    MemorySegment known = storages.get(name);
    if (known != null) {
      return known;
    }
    checkStored(entry);
    MemorySegment data = StoredTensor.allocate(bytes);
    load(entry, data);
    storages.put(name, data);
    return data;
  }

  private ZipEntry entry(String name) {
    ZipEntry entry = zip.getEntry(name);
    if (entry == null) {
      throw Refusal.of(file, "expected an entry %s, found none".formatted(Refusal.word(name)));
    }
    return entry;
  }

  private void checkStored(ZipEntry entry) throws IOException {
    if (entry.getMethod() != ZipEntry.STORED || entry.getCompressedSize() != entry.getSize()) {
      throw refusal(entry, "expected it stored, found it compressed; save it with torch.save");
    }
    if (entry.getSize() < 0 || entry.getSize() > Files.size(file)) {
      throw refusal(
          entry,
          "expected %d bytes, which the file does not have; copy it again"
              .formatted(entry.getSize()));
    }
  }

  /** Reads an entry whole and checks its CRC-32. */
  private void load(ZipEntry entry, MemorySegment target) throws IOException {
    CRC32 checksum = new CRC32();
    byte[] chunk = new byte[CHUNK_BYTES];
    try (InputStream in = zip.getInputStream(entry)) {
      for (long at = 0; at < target.byteSize(); ) {
        int read = in.read(chunk, 0, (int) Math.min(chunk.length, target.byteSize() - at));
        if (read < 0) {
          throw new EOFException("found %d bytes of %d".formatted(at, target.byteSize()));
        }
        checksum.update(chunk, 0, read);
        MemorySegment.copy(MemorySegment.ofArray(chunk), 0, target, at, read);
        at += read;
      }
    } catch (ZipException | EOFException e) {
      throw refusal(
          entry,
          "is cut short or damaged (%s); copy the file again"
              .formatted(Refusal.word(String.valueOf(e.getMessage()))));
    }
    if (checksum.getValue() != entry.getCrc()) {
      throw refusal(
          entry,
          "expected CRC-32 %08x, found %08x; the file is damaged, copy it again"
              .formatted(entry.getCrc(), checksum.getValue()));
    }
  }

  private BadRequestException refusal(ZipEntry entry, String text) {
    return Refusal.of(file, entry.getName(), text);
  }

  @Override
  public void close() throws IOException {
    zip.close();
  }
}
