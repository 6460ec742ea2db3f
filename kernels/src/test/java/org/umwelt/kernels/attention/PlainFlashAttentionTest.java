package org.umwelt.kernels.attention;

import org.junit.jupiter.api.AfterAll;
import org.umwelt.kernels.parallel.WorkerTeam;
import org.umwelt.kernels.tile.PlainTileMath;

class PlainFlashAttentionTest extends AttentionKernelContract {
  private static final WorkerTeam TEAM = new WorkerTeam(2);

  @AfterAll
  static void close() {
    TEAM.close();
  }

  @Override
  protected AttentionKernel kernel(int size, int valueSize, double scale) {
    return new FlashAttention(size, valueSize, scale, TEAM, new PlainTileMath());
  }
}
