package org.umwelt.kernels.api;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.Phaser;
import java.util.function.Supplier;

/**
 * What a work item knows of itself and shares with its group.
 *
 * <p>Here every work item is a thread of its own and meets the others of its group at a barrier:
 * exact, and slow. It is what kernels are tested with, not what computes.
 */
public final class KernelContext {
  /** Number among all work items, first dimension. */
  public final int globalIdx;

  /** Number among all work items, second dimension. */
  public final int globalIdy;

  /** Number in the group, first dimension. */
  public final int localIdx;

  /** Number in the group, second dimension. */
  public final int localIdy;

  /** Number of the group, first dimension. */
  public final int groupIdx;

  /** Number of the group, second dimension. */
  public final int groupIdy;

  /** Work items in all, first dimension. */
  public final int globalGroupSizeX;

  /** Work items in a group, first dimension. */
  public final int localGroupSizeX;

  /** Work items in a group, second dimension. */
  public final int localGroupSizeY;

  private final Group group;
  private int allocated;
  private int barriers;

  /** Creates the work item at a place of a group. */
  private KernelContext(Group group, int localIdx, int localIdy) {
    this.group = group;
    this.localIdx = localIdx;
    this.localIdy = localIdy;
    this.groupIdx = group.x;
    this.groupIdy = group.y;
    this.globalIdx = group.x * group.sizeX + localIdx;
    this.globalIdy = group.y * group.sizeY + localIdy;
    this.localGroupSizeX = group.sizeX;
    this.localGroupSizeY = group.sizeY;
    this.globalGroupSizeX = group.groupsX * group.sizeX;
  }

  /** Waits until every work item of the group is here. */
  public void localBarrier() {
    barriers++;
    if (group.barrier.arriveAndAwaitAdvance() < 0) {
      throw new IllegalStateException("another work item of the group failed");
    }
  }

  /** Returns the array that all work items of the group get from their call of this number. */
  public float[] allocateFloatLocalArray(int size) {
    return (float[])
        group.shared(
            allocated++,
            () -> {
              float[] array = new float[size];
              Arrays.fill(array, Float.NaN); // devices do not clear it
              return array;
            });
  }

  /** Returns the array that all work items of the group get from their call of this number. */
  public int[] allocateIntLocalArray(int size) {
    return (int[])
        group.shared(
            allocated++,
            () -> {
              int[] array = new int[size];
              Arrays.fill(array, Integer.MIN_VALUE);
              return array;
            });
  }

  /** Runs one work item. */
  @FunctionalInterface
  public interface Item {
    /** Runs it. */
    void run(KernelContext context) throws Throwable;
  }

  /**
   * Runs all work items of one group, each on a virtual thread, and returns when all are done.
   *
   * @param x number of the group, first dimension
   * @param y second dimension
   * @param groupsX groups in all, first dimension
   * @param sizeX work items in a group, first dimension
   * @param sizeY second dimension
   */
  public static void runGroup(int x, int y, int groupsX, int sizeX, int sizeY, Item item) {
    Group group = new Group(x, y, groupsX, sizeX, sizeY);
    List<Throwable> failures = new ArrayList<>();
    List<KernelContext> items = new ArrayList<>();
    List<Thread> threads = new ArrayList<>();
    for (int i = 0; i < sizeX * sizeY; i++) {
      KernelContext context = new KernelContext(group, i % sizeX, i / sizeX);
      items.add(context);
      threads.add(
          Thread.startVirtualThread(() -> {
            try {
              item.run(context);
              group.barrier.arriveAndDeregister();
            } catch (Throwable e) {
              synchronized (failures) {
                failures.add(e);
              }
              group.barrier.forceTermination(); // those who wait would wait for ever
            }
          }));
    }
    for (Thread thread : threads) {
      join(thread);
    }
    if (!failures.isEmpty()) {
      throw new IllegalStateException(
          "a work item failed: " + failures.getFirst(), failures.getFirst());
    }
    for (KernelContext context : items) {
      if (context.barriers != items.getFirst().barriers) {
        throw new IllegalStateException(
            "expected all work items of a group to meet at the same barriers, got %d and %d"
                .formatted(items.getFirst().barriers, context.barriers));
      }
    }
  }

  private static void join(Thread thread) {
    try {
      thread.join();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException("interrupted while a kernel ran", e);
    }
  }

  /** A group of work items. */
  private static final class Group {
    private final int x;
    private final int y;
    private final int groupsX;
    private final int sizeX;
    private final int sizeY;
    private final Phaser barrier;
    private final List<Object> arrays = new ArrayList<>();

    Group(int x, int y, int groupsX, int sizeX, int sizeY) {
      this.x = x;
      this.y = y;
      this.groupsX = groupsX;
      this.sizeX = sizeX;
      this.sizeY = sizeY;
      this.barrier = new Phaser(sizeX * sizeY);
    }

    synchronized Object shared(int number, Supplier<Object> make) {
      while (arrays.size() <= number) {
        arrays.add(make.get());
      }
      return arrays.get(number);
    }
  }
}
