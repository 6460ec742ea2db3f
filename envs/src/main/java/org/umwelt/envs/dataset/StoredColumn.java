package org.umwelt.envs.dataset;

/**
 * Where the rows of one column stand in a file: frames of {@code rowsPerFrame} rows each, one
 * behind the other.
 *
 * @param path the column's path
 * @param bits whether rows are stored as bits, least significant first, rather than as bytes
 * @param offset of the first frame in the file
 * @param rows how many rows there are
 * @param rowsPerFrame rows of every frame but the last
 * @param frameBytes stored size of each frame
 * @param checksums CRC-32C of each frame where frames are plain; empty where they are zstd frames,
 *     which carry their own
 */
record StoredColumn(
    String path,
    boolean bits,
    long offset,
    int rows,
    int rowsPerFrame,
    int[] frameBytes,
    int[] checksums) {

  boolean compressed() {
    return checksums.length == 0;
  }

  /** Returns where the bytes behind the last frame begin. */
  long end() {
    long end = offset;
    for (int bytes : frameBytes) {
      end += bytes;
    }
    return end;
  }
}
