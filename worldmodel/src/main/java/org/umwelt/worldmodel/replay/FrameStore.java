package org.umwelt.worldmodel.replay;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.List;

/**
 * Numbered frames of equal size, appended at the end and dropped from the front.
 *
 * <p>They lie outside the heap in chunks of {@value #FRAMES_PER_CHUNK} frames, so that gigabytes
 * need neither one array nor the garbage collector's attention; a chunk is given back as soon as
 * its last frame is dropped.
 */
final class FrameStore implements AutoCloseable {
  static final int FRAMES_PER_CHUNK = 1024;

  private static final int CACHE_LINE_BYTES = 64;

  /** Memory of {@value #FRAMES_PER_CHUNK} frames. */
  private static final class Chunk implements AutoCloseable {
    private final Arena arena = Arena.ofShared();
    private final MemorySegment frames;

    Chunk(long frameBytes) {
      frames = arena.allocate(FRAMES_PER_CHUNK * frameBytes, CACHE_LINE_BYTES);
    }

    @Override
    public void close() {
      arena.close();
    }
  }

  private final long frameBytes;
  private final List<Chunk> chunks = new ArrayList<>();
  private long firstChunk;
  private long first;
  private long end;

  FrameStore(long frameBytes) {
    this.frameBytes = frameBytes;
  }

  /** Returns the number of the first frame kept. */
  long first() {
    return first;
  }

  /** Returns the number the next frame gets. */
  long end() {
    return end;
  }

  /** Copies a frame to the end and returns its number. */
  long append(MemorySegment frame) {
    if (frame.byteSize() != frameBytes) {
      throw new IllegalArgumentException(
          "expected a frame of %d bytes, got %d".formatted(frameBytes, frame.byteSize()));
    }
    if (end / FRAMES_PER_CHUNK == firstChunk + chunks.size()) {
      chunks.add(new Chunk(frameBytes));
    }
    slot(end).copyFrom(frame);
    return end++;
  }

  /** Returns a view of a frame, good until the frame is dropped. */
  MemorySegment frame(long number) {
    if (number < first || number >= end) {
      throw new IndexOutOfBoundsException(
          "expected a frame in %d, ..., %d, got %d".formatted(first, end - 1, number));
    }
    return slot(number).asReadOnly();
  }

  private MemorySegment slot(long number) {
    MemorySegment chunk = chunks.get((int) (number / FRAMES_PER_CHUNK - firstChunk)).frames;
    return chunk.asSlice(number % FRAMES_PER_CHUNK * frameBytes, frameBytes);
  }

  /** Drops all frames before the given one. */
  void dropBefore(long number) {
    first = number;
    while (!chunks.isEmpty() && (firstChunk + 1) * FRAMES_PER_CHUNK <= number) {
      chunks.removeFirst().close();
      firstChunk++;
    }
  }

  /** Drops all frames; the next one gets the given number. */
  void restart(long number) {
    close();
    first = number;
    end = number;
    firstChunk = number / FRAMES_PER_CHUNK;
  }

  /** Gives the memory back. */
  @Override
  public void close() {
    chunks.forEach(Chunk::close);
    chunks.clear();
  }
}
