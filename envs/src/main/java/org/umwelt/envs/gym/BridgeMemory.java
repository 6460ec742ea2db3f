package org.umwelt.envs.gym;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.channels.FileChannel;
import java.nio.channels.FileChannel.MapMode;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Set;
import org.umwelt.envs.StepBatch;
import org.umwelt.envs.spaces.Batch;
import org.umwelt.envs.spaces.Dict;
import org.umwelt.envs.spaces.Leaf;
import org.umwelt.envs.spaces.Space;

/**
 * The memory that a JVM and Python processes share: one file that all of them map. Its layout is
 * described in {@code scripts/python/umwelt_bridge/memory.py}, which reads what is written here.
 *
 * <p>The file is deleted as soon as everybody has mapped it, so that none is left behind however
 * the processes end. It lies in a memory file system where there is one, readable by its owner
 * alone.
 */
final class BridgeMemory {
  /** Version of everything that passes between the two sides; both must have the same. */
  static final int PROTOCOL = 1;

  private static final byte[] MAGIC = "UMWELTGM".getBytes(StandardCharsets.US_ASCII);
  private static final int BYTE_ORDER = 0x01020304;
  private static final int TABLE = 64;
  private static final int ENTRY = 16;
  private static final long PAGE = 4096;
  private static final int TEXT_BYTES = 1 << 16;
  private static final FileAttribute<Set<PosixFilePermission>> OWNER_ONLY =
      PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------"));

  private final Path file;
  private final MemorySegment map;
  private final Batch actions;
  private final StepBatch steps;
  private final MemorySegment resetMask;
  private final MemorySegment resetSeeds;
  private final List<MemorySegment> texts;

  private BridgeMemory(
      Path file,
      MemorySegment map,
      Batch actions,
      StepBatch steps,
      MemorySegment resetMask,
      MemorySegment resetSeeds,
      List<MemorySegment> texts) {
    this.file = file;
    this.map = map;
    this.actions = actions;
    this.steps = steps;
    this.resetMask = resetMask;
    this.resetSeeds = resetSeeds;
    this.texts = texts;
  }

  /**
   * Creates the file and maps it; the memory lives as long as it is reachable.
   *
   * @param size n, how many environments
   * @param texts how many texts, one for each process
   */
  static BridgeMemory create(
      Space observationSpace, Space actionSpace, Dict infoSpace, int size, int texts)
      throws IOException {
    List<Leaf> acting = actionSpace.leaves();
    List<Leaf> observing = observationSpace.leaves();
    List<Leaf> informing = infoSpace.leaves();
    List<Long> sizes = new ArrayList<>();
    acting.forEach(leaf -> sizes.add(leaf.byteSize() * size));
    sizes.add((long) size);
    sizes.add((long) size * Long.BYTES);
    sizes.add((long) size * Double.BYTES);
    sizes.add((long) size);
    sizes.add((long) size);
    for (List<Leaf> leaves : List.of(informing, informing, observing, observing)) {
      leaves.forEach(leaf -> sizes.add(leaf.byteSize() * size));
    }
    for (int text = 0; text < texts; text++) {
      sizes.add((long) TEXT_BYTES);
    }

    long[] offsets = new long[sizes.size()];
    long end = align(TABLE + (long) ENTRY * sizes.size());
    for (int block = 0; block < offsets.length; block++) {
      offsets[block] = end;
      end = align(end + sizes.get(block));
    }
    Path file = Files.createTempFile(folder(), prefix(), "", OWNER_ONLY);
    try {
      MemorySegment map = map(file, end);
      MemorySegment.copy(MAGIC, 0, map, ValueLayout.JAVA_BYTE, 0, MAGIC.length);
      int[] header = {
        PROTOCOL,
        BYTE_ORDER,
        size,
        offsets.length,
        acting.size(),
        observing.size(),
        informing.size(),
        texts
      };
      MemorySegment.copy(header, 0, map, ValueLayout.JAVA_INT, MAGIC.length, header.length);
      map.set(ValueLayout.JAVA_LONG, 40, end);
      List<MemorySegment> blocks = new ArrayList<>();
      for (int block = 0; block < offsets.length; block++) {
        map.set(ValueLayout.JAVA_LONG, TABLE + (long) ENTRY * block, offsets[block]);
        map.set(ValueLayout.JAVA_LONG, TABLE + (long) ENTRY * block + 8, sizes.get(block));
        blocks.add(map.asSlice(offsets[block], sizes.get(block)));
      }
      return lay(file, map, blocks, observationSpace, actionSpace, infoSpace, size);
    } catch (IOException | RuntimeException e) {
      Files.deleteIfExists(file);
      throw e;
    }
  }

  private static BridgeMemory lay(
      Path file,
      MemorySegment map,
      List<MemorySegment> blocks,
      Space observationSpace,
      Space actionSpace,
      Dict infoSpace,
      int size) {
    Iterator<MemorySegment> next = blocks.iterator();
    Batch actions = batch(actionSpace, size, next);
    MemorySegment mask = next.next();
    MemorySegment seeds = next.next();
    MemorySegment rewards = next.next();
    MemorySegment terminated = next.next();
    MemorySegment truncated = next.next();
    Batch infos = batch(infoSpace, size, next);
    Batch finalInfos = batch(infoSpace, size, next);
    Batch observations = batch(observationSpace, size, next);
    Batch finals = batch(observationSpace, size, next);
    List<MemorySegment> texts = new ArrayList<>();
    next.forEachRemaining(texts::add);
    return new BridgeMemory(
        file,
        map,
        actions,
        new StepBatch(observations, infos, finals, finalInfos, rewards, terminated, truncated),
        mask,
        seeds,
        texts);
  }

  private static Batch batch(Space space, int size, Iterator<MemorySegment> next) {
    List<MemorySegment> leaves = new ArrayList<>();
    for (int leaf = space.leaves().size(); leaf > 0; leaf--) {
      leaves.add(next.next());
    }
    return new Batch(space, size, leaves);
  }

  private static long align(long offset) {
    return (offset + PAGE - 1) / PAGE * PAGE;
  }

  /** Returns a folder in memory where there is one. */
  static Path folder() {
    Path shared = Path.of("/dev/shm");
    return Files.isDirectory(shared) && Files.isWritable(shared)
        ? shared
        : Path.of(System.getProperty("java.io.tmpdir"));
  }

  /** Returns how the names of this process's files begin. */
  static String prefix() {
    return "umwelt-gym-%d-".formatted(ProcessHandle.current().pid());
  }

  /** Creates an empty file beside the map, readable by its owner alone. */
  static Path createFile() throws IOException {
    return Files.createTempFile(folder(), prefix(), "", OWNER_ONLY);
  }

  private static MemorySegment map(Path file, long size) throws IOException {
    try (FileChannel channel =
        FileChannel.open(file, StandardOpenOption.READ, StandardOpenOption.WRITE)) {
      return channel.map(MapMode.READ_WRITE, 0, size, Arena.ofAuto());
    }
  }

  Path file() {
    return file;
  }

  /** Deletes the file; the memory stays for those who have mapped it. */
  void unlink() throws IOException {
    Files.deleteIfExists(file);
  }

  Batch actions() {
    return actions;
  }

  StepBatch steps() {
    return steps;
  }

  /** Returns which rows a reset concerns, u8 [n]. */
  MemorySegment resetMask() {
    return resetMask;
  }

  /** Returns the seeds of a reset, i64 [n], -1 for none. */
  MemorySegment resetSeeds() {
    return resetSeeds;
  }

  /** Stores the text of a process, its beginning where it is too long. */
  void putText(int index, String text) {
    byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
    int length = Math.min(bytes.length, TEXT_BYTES - Integer.BYTES);
    texts.get(index).set(ValueLayout.JAVA_INT, 0, length);
    MemorySegment.copy(bytes, 0, texts.get(index), ValueLayout.JAVA_BYTE, Integer.BYTES, length);
  }

  /** Returns the text of a process. */
  String text(int index) {
    MemorySegment text = texts.get(index);
    int length = Math.clamp(text.get(ValueLayout.JAVA_INT, 0), 0, TEXT_BYTES - Integer.BYTES);
    byte[] bytes = text.asSlice(Integer.BYTES, length).toArray(ValueLayout.JAVA_BYTE);
    return new String(bytes, StandardCharsets.UTF_8);
  }

  @Override
  public String toString() {
    return "BridgeMemory(%d bytes)".formatted(map.byteSize());
  }
}
