package org.umwelt.kernels.api;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.concurrent.ConcurrentLinkedQueue;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class KernelContextTest {
  @Test
  void itemsKnowTheirPlaces() {
    ConcurrentLinkedQueue<String> places = new ConcurrentLinkedQueue<>();

    KernelContext.runGroup(
        2,
        1,
        4,
        3,
        2,
        c ->
            places.add(
                c.localIdx
                    + " "
                    + c.localIdy
                    + " "
                    + c.globalIdx
                    + " "
                    + c.globalIdy
                    + " "
                    + c.groupIdx
                    + " "
                    + c.groupIdy
                    + " "
                    + c.globalGroupSizeX
                    + " "
                    + c.localGroupSizeX
                    + " "
                    + c.localGroupSizeY));

    assertThat(places)
        .containsExactlyInAnyOrder(
            "0 0 6 2 2 1 12 3 2",
            "1 0 7 2 2 1 12 3 2",
            "2 0 8 2 2 1 12 3 2",
            "0 1 6 3 2 1 12 3 2",
            "1 1 7 3 2 1 12 3 2",
            "2 1 8 3 2 1 12 3 2");
  }

  @Test
  void barriersMakeWhatOthersWroteVisible() {
    int[] seen = new int[64];

    KernelContext.runGroup(
        0,
        0,
        1,
        64,
        1,
        c -> {
          int[] shared = c.allocateIntLocalArray(64);
          float[] other = c.allocateFloatLocalArray(8);
          shared[c.localIdx] = c.localIdx;
          c.localBarrier();
          seen[c.localIdx] = shared[63 - c.localIdx] + other.length;
        });

    for (int i = 0; i < 64; i++) {
      assertThat(seen[i]).isEqualTo(63 - i + 8);
    }
  }

  @Test
  void aFailedItemFailsTheGroupAndNobodyWaitsForEver() {
    assertThatThrownBy(() ->
            KernelContext.runGroup(
                0,
                0,
                1,
                8,
                1,
                c -> {
                  if (c.localIdx == 3) {
                    throw new ArithmeticException("item 3");
                  }
                  c.localBarrier();
                }))
        .hasMessageContaining("a work item failed");
  }

  @Test
  void itemsThatMeetAtDifferentBarriersAreRefused() {
    assertThatThrownBy(() ->
            KernelContext.runGroup(
                0,
                0,
                1,
                4,
                1,
                c -> {
                  if (c.localIdx < 2) {
                    c.localBarrier();
                  }
                }))
        .hasMessageContaining("same barriers");
  }
}
