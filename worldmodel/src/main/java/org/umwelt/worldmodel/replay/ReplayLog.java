package org.umwelt.worldmodel.replay;

import com.github.luben.zstd.Zstd;
import com.github.luben.zstd.ZstdCompressCtx;
import com.github.luben.zstd.ZstdDecompressCtx;
import com.github.luben.zstd.ZstdException;
import java.io.Closeable;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Arrays;
import java.util.zip.CRC32C;
import org.umwelt.kernels.files.AtomicFile;
import org.umwelt.kernels.settings.BadRequestException;

/**
 * An append-only file of the steps a {@link ReplayBuffer} was given, from which it is rebuilt.
 *
 * <p>{@link #append} makes the steps of an epoch durable and returns the file's length, which the
 * run's checkpoint stores after that; {@link #open} cuts the file to the length of the checkpoint
 * it is given, so an interruption between the two loses no more than it must. One writer at a time.
 *
 * <p>Little-endian. A header of {@value #HEADER_BYTES} bytes: magic {@code UMWELTRL}, version
 * (int), height, width, channels (int each), CRC-32C of the bytes before. Then blocks, each a
 * header of {@value #BLOCK_HEADER_BYTES} bytes: magic {@code RBLK}, number of the block (int),
 * number of its first frame (long), n steps (int), bytes of the payload (int), CRC-32C of the
 * payload, CRC-32C of the bytes before; and the payload, one zstd frame of flags uint8 [n] (1 an
 * end, 2 the first step of an episode), actions int32 [n], rewards float32 [n], observations uint8
 * [n, height, width, channels]. Where a block's first frame is beyond the end of the one before,
 * everything earlier had been dropped by the buffer's cap.
 */
public final class ReplayLog implements Closeable {
  private static final byte[] MAGIC = "UMWELTRL".getBytes(StandardCharsets.US_ASCII);
  private static final int VERSION = 1;
  private static final int HEADER_BYTES = 28;

  private static final byte[] BLOCK_MAGIC = "RBLK".getBytes(StandardCharsets.US_ASCII);
  private static final int BLOCK_HEADER_BYTES = 32;

  /** An epoch beyond this size (uncompressed) takes several blocks, to bound memory. */
  private static final int BLOCK_BYTES = 16 << 20;

  private static final int END = 1;
  private static final int START = 2;

  /** Flags, action and reward of a step. */
  private static final int STEP_BYTES = 1 + Integer.BYTES + Float.BYTES;

  /** The fastest: the run waits for it. */
  private static final int LEVEL = 1;

  private final Path file;
  private final FileChannel channel;
  private final ReplayBuffer buffer;
  private long length;
  private int blocks;
  private long endFrame;

  private ReplayLog(Path file, FileChannel channel, ReplayBuffer buffer) {
    this.file = file;
    this.channel = channel;
    this.buffer = buffer;
  }

  /** Creates the log of a buffer; what is in the buffer already goes with the first append. */
  public static ReplayLog create(Path file, ReplayBuffer buffer) throws IOException {
    if (Files.exists(file)) {
      throw new BadRequestException(
          "%s is there already: resume its run, or name another folder".formatted(file));
    }
    AtomicFile.write(file, header(buffer.shape()).array());
    FileChannel channel = FileChannel.open(file, StandardOpenOption.READ, StandardOpenOption.WRITE);
    ReplayLog log = new ReplayLog(file, channel, buffer);
    log.length = HEADER_BYTES;
    return log;
  }

  /**
   * Opens a log, rebuilds the buffer from its first bytes and cuts off the rest.
   *
   * <p>The buffer gets the same episodes and frame numbers as the one that was logged if it has the
   * same cap. Where the log is refused the file is left as it was, and the buffer holds the steps
   * before the damage.
   *
   * @param length what the checkpoint stored, from {@link #append}
   * @param buffer new
   * @throws BadRequestException where the bytes are missing, changed or another run's
   */
  public static ReplayLog open(Path file, long length, ReplayBuffer buffer) throws IOException {
    if (buffer.endFrame() > 0) {
      throw new IllegalArgumentException(
          "expected a new buffer, got one of %d steps".formatted(buffer.endFrame()));
    }
    FileChannel channel;
    try {
      channel = FileChannel.open(file, StandardOpenOption.READ, StandardOpenOption.WRITE);
    } catch (NoSuchFileException e) {
      throw new BadRequestException(
          "expected a replay log, found no file %s: put it back, or begin a new run"
              .formatted(file),
          e);
    }
    try {
      ReplayLog log = new ReplayLog(file, channel, buffer);
      log.readHeader(length);
      try (ZstdDecompressCtx decompressor = new ZstdDecompressCtx()) {
        while (log.length < length) {
          log.readBlock(length, decompressor);
        }
      }
      channel.truncate(length);
      channel.force(true);
      return log;
    } catch (IOException | RuntimeException e) {
      channel.close();
      throw e;
    }
  }

  /** Returns the length of the file up to its last whole append. */
  public long length() {
    return length;
  }

  /**
   * Appends the steps the buffer was given since the last append, and waits until they are on the
   * disk.
   *
   * @return the length of the file, for the checkpoint
   */
  public long append() throws IOException {
    channel.truncate(length); // an append that failed left bytes behind
    long position = length;
    int block = blocks;
    long frame = Math.max(endFrame, buffer.firstFrame());
    int stepsPerBlock = Math.max(1, BLOCK_BYTES / stepBytes());
    try (ZstdCompressCtx compressor = new ZstdCompressCtx().setLevel(LEVEL)) {
      while (frame < buffer.endFrame()) {
        int steps = (int) Math.min(stepsPerBlock, buffer.endFrame() - frame);
        position += writeBlock(position, block, frame, steps, compressor);
        block++;
        frame += steps;
      }
    }
    channel.force(true);
    length = position;
    blocks = block;
    endFrame = frame;
    return length;
  }

  private int stepBytes() {
    return STEP_BYTES + buffer.shape().bytes();
  }

  private long writeBlock(
      long position, int block, long firstFrame, int steps, ZstdCompressCtx compressor)
      throws IOException {
    try (Arena arena = Arena.ofConfined()) {
      int plainBytes = steps * stepBytes();
      ByteBuffer plain = direct(arena, plainBytes);
      pack(plain, firstFrame, steps);
      int room = Math.toIntExact(Zstd.compressBound(plainBytes));
      ByteBuffer bytes = direct(arena, BLOCK_HEADER_BYTES + room);
      int stored =
          compressor.compressDirectByteBuffer(
              bytes, BLOCK_HEADER_BYTES, room, plain, 0, plainBytes);
      bytes.limit(BLOCK_HEADER_BYTES + stored);
      bytes.put(BLOCK_MAGIC).putInt(block).putLong(firstFrame).putInt(steps).putInt(stored);
      bytes.putInt(checksum(bytes, BLOCK_HEADER_BYTES, BLOCK_HEADER_BYTES + stored));
      bytes.putInt(checksum(bytes, 0, bytes.position()));
      bytes.rewind();
      while (bytes.hasRemaining()) {
        channel.write(bytes, position + bytes.position());
      }
      return bytes.limit();
    }
  }

  private void pack(ByteBuffer plain, long firstFrame, int steps) {
    MemorySegment memory = MemorySegment.ofBuffer(plain);
    int frameBytes = buffer.shape().bytes();
    for (ReplayEpisode episode : buffer.episodes()) {
      long from = Math.max(firstFrame, episode.firstFrame());
      long to = Math.min(firstFrame + steps, episode.firstFrame() + episode.length());
      for (long frame = from; frame < to; frame++) {
        int t = (int) (frame - episode.firstFrame());
        int i = (int) (frame - firstFrame);
        plain.put(i, (byte) ((episode.end(t) ? END : 0) | (t == 0 ? START : 0)));
        plain.putInt(actionAt(i, steps), episode.action(t));
        plain.putFloat(rewardAt(i, steps), episode.reward(t));
        MemorySegment.copy(buffer.frame(frame), 0, memory, observationAt(i, steps), frameBytes);
      }
    }
  }

  private static int actionAt(int i, int steps) {
    return steps + i * Integer.BYTES;
  }

  private static int rewardAt(int i, int steps) {
    return steps * (1 + Integer.BYTES) + i * Float.BYTES;
  }

  private long observationAt(int i, int steps) {
    return (long) steps * STEP_BYTES + (long) i * buffer.shape().bytes();
  }

  private void readHeader(long wanted) throws IOException {
    ByteBuffer found = little(HEADER_BYTES);
    boolean whole = read(found, 0);
    if (wanted < HEADER_BYTES) {
      throw otherLog("its header", HEADER_BYTES, wanted);
    }
    byte[] magic = new byte[MAGIC.length];
    found.get(0, magic);
    int contentBytes = HEADER_BYTES - Integer.BYTES;
    if (!whole
        || !Arrays.equals(magic, MAGIC)
        || found.getInt(contentBytes) != checksum(found, 0, contentBytes)) {
      throw new BadRequestException(
          "%s: expected the header of a replay log, found other or damaged bytes: put the file back from a copy, or begin a new run"
              .formatted(file));
    }
    found.position(MAGIC.length);
    int version = found.getInt();
    if (version != VERSION) {
      throw new BadRequestException(
          "%s: expected a replay log of version %d, found version %d: resume it with the program that wrote it"
              .formatted(file, VERSION, version));
    }
    FrameShape shape = new FrameShape(found.getInt(), found.getInt(), found.getInt());
    if (!shape.equals(buffer.shape())) {
      throw new BadRequestException(
          "%s: expected frames of %s, found %s: resume with the settings the run began with"
              .formatted(file, buffer.shape(), shape));
    }
    length = HEADER_BYTES;
  }

  /** Reads the block that begins at {@link #length} into the buffer and moves on behind it. */
  private void readBlock(long wanted, ZstdDecompressCtx decompressor) throws IOException {
    ByteBuffer header = little(BLOCK_HEADER_BYTES);
    if (!read(header, length)) {
      throw damaged("is cut off");
    }
    byte[] magic = new byte[BLOCK_MAGIC.length];
    header.get(magic);
    int block = header.getInt();
    long firstFrame = header.getLong();
    int steps = header.getInt();
    int stored = header.getInt();
    int payloadChecksum = header.getInt();
    boolean intact = header.getInt() == checksum(header, 0, BLOCK_HEADER_BYTES - Integer.BYTES);
    if (!intact || !Arrays.equals(magic, BLOCK_MAGIC)) {
      throw damaged("has a damaged header");
    }
    long plainBytes = (long) steps * stepBytes();
    if (block != blocks
        || firstFrame < endFrame
        || steps < 1
        || plainBytes > Integer.MAX_VALUE
        || stored < 1) {
      throw damaged(
          "does not follow the one before (block %d, %d steps from frame %d)"
              .formatted(block, steps, firstFrame));
    }
    long end = length + BLOCK_HEADER_BYTES + stored;
    if (end > wanted) {
      throw otherLog("block " + block, end, wanted);
    }
    if (end > channel.size()) {
      throw damaged("is cut off");
    }
    try (Arena arena = Arena.ofConfined()) {
      ByteBuffer payload = direct(arena, stored);
      if (!read(payload, length + BLOCK_HEADER_BYTES)) {
        throw damaged("is cut off");
      }
      if (checksum(payload, 0, stored) != payloadChecksum) {
        throw damaged("has damaged steps");
      }
      ByteBuffer plain = direct(arena, (int) plainBytes);
      decompress(decompressor, payload, plain);
      unpack(plain, firstFrame, steps);
    }
    length = end;
    blocks++;
    endFrame = firstFrame + steps;
  }

  private void decompress(ZstdDecompressCtx decompressor, ByteBuffer payload, ByteBuffer plain) {
    try {
      int found =
          decompressor.decompressDirectByteBuffer(
              plain, 0, plain.capacity(), payload, 0, payload.capacity());
      if (found != plain.capacity()) {
        throw damaged("holds %d bytes of steps, not %d".formatted(found, plain.capacity()));
      }
    } catch (ZstdException e) {
      throw damaged("does not decompress (%s)".formatted(e.getMessage()));
    }
  }

  private void unpack(ByteBuffer plain, long firstFrame, int steps) {
    if (firstFrame > endFrame) {
      // The cap had dropped whole episodes; what is left begins with one.
      buffer.restart(firstFrame);
    }
    MemorySegment memory = MemorySegment.ofBuffer(plain);
    for (int i = 0; i < steps; i++) {
      int flags = plain.get(i);
      if ((flags & START) != 0) {
        buffer.breakOff();
      }
      buffer.append(
          memory.asSlice(observationAt(i, steps), buffer.shape().bytes()),
          plain.getInt(actionAt(i, steps)),
          plain.getFloat(rewardAt(i, steps)),
          (flags & END) != 0);
    }
  }

  private BadRequestException damaged(String what) {
    return new BadRequestException(
        "%s: block %d at byte %d %s: put the file back from a copy, or resume from a checkpoint that counts on at most %d bytes of it"
            .formatted(file, blocks, length, what, length));
  }

  private BadRequestException otherLog(String part, long end, long wanted) {
    return new BadRequestException(
        "%s: %s ends at byte %d, but the checkpoint counts on %d bytes: give the log and the checkpoint of one run"
            .formatted(file, part, end, wanted));
  }

  private boolean read(ByteBuffer into, long position) throws IOException {
    while (into.hasRemaining()) {
      if (channel.read(into, position + into.position()) < 0) {
        return false;
      }
    }
    into.rewind();
    return true;
  }

  private static ByteBuffer header(FrameShape shape) {
    ByteBuffer header = little(HEADER_BYTES).put(MAGIC).putInt(VERSION);
    header.putInt(shape.height()).putInt(shape.width()).putInt(shape.channels());
    return header.putInt(checksum(header, 0, header.position()));
  }

  private static ByteBuffer little(int bytes) {
    return ByteBuffer.allocate(bytes).order(ByteOrder.LITTLE_ENDIAN);
  }

  private static ByteBuffer direct(Arena arena, int bytes) {
    return arena.allocate(bytes).asByteBuffer().order(ByteOrder.LITTLE_ENDIAN);
  }

  private static int checksum(ByteBuffer bytes, int from, int to) {
    CRC32C checksum = new CRC32C();
    checksum.update(bytes.duplicate().limit(to).position(from));
    return (int) checksum.getValue();
  }

  @Override
  public void close() throws IOException {
    channel.close();
  }
}
