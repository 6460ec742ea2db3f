package org.umwelt.kernels.lattice;

import java.util.List;
import org.umwelt.kernels.parallel.WorkerTeam;

/**
 * Kicks and drifts as processors compute them: one by one in blocks, and several of them in one
 * walk through the lattice.
 *
 * <p>In a walk a front moves along the first dimension, slab by slab. Behind it the slab before is
 * taken through the first step, the one before that through the second, and so on, all in the
 * second cache; so a lattice that is larger is read and written once for all steps. Tiles of slabs
 * begin and end their walks beyond their ends, on copies of their neighbours' slabs, so they need
 * not wait for each other. Every number is computed as it is one by one.
 */
final class QuarticLeapfrog {
  private static final int CACHE = 3 << 16; // numbers that stay in the second cache
  private static final int SMALL = 4096; // sites that one thread takes sooner than several meet
  private static final int RING = 3; // slabs of a step that the next one needs
  private static final int SLABS = 5; // in the cache, per step: the ring, momenta, and some air
  private static final int LEAST_TILE = 16; // slabs, per step

  private QuarticLeapfrog() {}

  /** A call of the kernel. */
  private record Step(
      double[] momentum,
      double[] drifted,
      double[] field,
      int[] shape,
      double[] couplings,
      double[] lengths,
      int sites) {
    static Step of(Object[] arguments) {
      return new Step(
          (double[]) arguments[0],
          (double[]) arguments[1],
          (double[]) arguments[2],
          (int[]) arguments[3],
          (double[]) arguments[4],
          (double[]) arguments[5],
          (int) arguments[6]);
    }

    int chains() {
      return field.length / sites;
    }

    /** Returns whether the other goes back to where this comes from. */
    @SuppressWarnings("ReferenceEquality") // the arrays themselves
    boolean isUndone(Step other) {
      return momentum == other.momentum && drifted == other.field && field == other.drifted;
    }

    /** Takes sites from..to of a chain. */
    void take(LatticeMath math, int chain, int from, int to, Block block) {
      int first = chain * sites;
      QuarticSweeps.around(math, field, first, from, to, shape, 1, block.around);
      QuarticSweeps.Pairs pairs = // of the first dimension, the rest being summed up
          (i, n, next, previous) ->
              math.leapfrog(
                  momentum,
                  first + i,
                  drifted,
                  first + i,
                  field,
                  first + i,
                  n,
                  block.around,
                  i - from,
                  next,
                  previous,
                  couplings,
                  lengths[0],
                  lengths[1]);
      if (shape.length == 1) {
        pairs.take(from, to - from, LatticeMath.NONE, LatticeMath.NONE);
      } else {
        QuarticSweeps.pairs(first, from, to, sites / shape[0], shape[0], pairs);
      }
    }
  }

  static void one(WorkerTeam team, Object[] arguments) {
    one(team, Step.of(arguments));
  }

  private static void one(WorkerTeam team, Step step) {
    LatticeMath math = LatticeMath.fastest();
    QuarticSweeps.blocks(
        team,
        step.chains(),
        step.sites,
        Block.SITES,
        (chain, from, to, block) -> step.take(math, chain, from, to, block));
  }

  static void several(WorkerTeam team, List<Object[]> calls) {
    several(team, calls, CACHE);
  }

  /**
   * Takes steps in the way that moves least.
   *
   * @param cache numbers that stay in the second cache
   */
  static void several(WorkerTeam team, List<Object[]> calls, int cache) {
    List<Step> steps = calls.stream().map(Step::of).toList();
    Step first = steps.getFirst();
    boolean alternating = true;
    for (int i = 1; i < steps.size(); i++) {
      alternating &= steps.get(i - 1).isUndone(steps.get(i));
    }
    int slab = first.sites / first.shape[0];
    int depth = Math.min(steps.size(), cache / (SLABS * slab)) / 2 * 2;
    int alone = first.chains() >= team.threads() ? cache / 2 : Math.min(SMALL, cache / 2);
    if (first.sites <= alone) {
      chains(team, steps);
    } else if (alternating
        && first.shape.length > 1
        && depth >= 2
        && first.sites > cache / 2
        && first.shape[0] >= LEAST_TILE * depth) {
      int i = 0;
      for (; i + depth <= steps.size(); i += depth) {
        walk(team, steps.subList(i, i + depth));
      }
      for (; i < steps.size(); i++) {
        one(team, steps.get(i));
      }
    } else {
      steps.forEach(step -> one(team, step));
    }
  }

  /** Takes all steps of a chain on one thread. */
  private static void chains(WorkerTeam team, List<Step> steps) {
    LatticeMath math = LatticeMath.fastest();
    int sites = steps.getFirst().sites;
    team.run(
        steps.getFirst().chains(),
        chain -> {
          Block block = Block.ofThread();
          for (Step step : steps) {
            for (int from = 0; from < sites; from += Block.SITES) {
              step.take(math, chain, from, Math.min(sites, from + Block.SITES), block);
            }
          }
        });
  }

  /** Takes an even number of steps, each of which goes back to where the one before comes from. */
  private static void walk(WorkerTeam team, List<Step> steps) {
    Step first = steps.getFirst();
    int slabs = first.shape[0];
    int most = slabs / (LEAST_TILE * steps.size()); // at least 1
    int wanted = team.threads() == 1 ? 1 : QuarticSweeps.PIECES * team.threads();
    int perChain = Math.min(most, Math.ceilDiv(wanted, first.chains()));
    Tile[] tiles = new Tile[first.chains() * perChain];
    team.run(
        tiles.length,
        i -> {
          int tile = i % perChain;
          tiles[i] =
              new Tile(
                  steps,
                  i / perChain,
                  (int) ((long) slabs * tile / perChain),
                  (int) ((long) slabs * (tile + 1) / perChain));
        });
    team.run(tiles.length, i -> tiles[i].walk(LatticeMath.fastest(), Block.ofThread()));
  }

  /** Slabs of a chain from begin to end, and copies of those around. */
  private static final class Tile {
    private final List<Step> steps;
    private final double[] field;
    private final double[] momentum;
    private final int[] shape;
    private final int first; // site of the chain
    private final int begin;
    private final int end;
    private final int slab; // sites
    private final int depth;
    private final double[] copies; // of fields and momenta, (2, 2 depth, slab)

    Tile(List<Step> steps, int chain, int begin, int end) {
      this.steps = steps;
      Step step = steps.getFirst();
      field = step.field;
      momentum = step.momentum;
      shape = step.shape;
      first = chain * step.sites;
      this.begin = begin;
      this.end = end;
      slab = step.sites / shape[0];
      depth = steps.size();
      copies = new double[2 * 2 * depth * slab];
      for (int k = 0; k < 2 * depth; k++) {
        int there = Math.floorMod(k < depth ? begin - depth + k : end - depth + k, shape[0]);
        System.arraycopy(field, first + there * slab, copies, k * slab, slab);
        System.arraycopy(momentum, first + there * slab, copies, (2 * depth + k) * slab, slab);
      }
    }

    private boolean isOwn(int row) {
      return row >= begin && row < end;
    }

    /** Returns where the copy of the field of a slab is, that is not its own. */
    private int copy(int row) {
      return (row < begin ? row - begin + depth : row - end + depth) * slab;
    }

    private int ring(int step, int row) {
      return (step * RING + Math.floorMod(row, RING)) * slab;
    }

    void walk(LatticeMath math, Block block) {
      double[] ring = block.ring(RING * depth * slab); // (steps taken, 3, slab)
      for (int front = begin - depth; front < end + depth; front++) {
        System.arraycopy(
            isOwn(front) ? field : copies,
            isOwn(front) ? first + front * slab : copy(front),
            ring,
            ring(0, front),
            slab);
        for (int taken = 1; taken <= depth; taken++) {
          int row = front - taken;
          int beyond = depth - taken; // slabs beyond its own that the steps left need
          if (row >= begin - beyond && row < end + beyond) {
            take(math, block, ring, taken, row);
          }
        }
      }
    }

    /** Takes a slab through a step, from its ring to the next, or home. */
    private void take(LatticeMath math, Block block, double[] ring, int taken, int row) {
      Step step = steps.get(taken - 1);
      int home = first + row * slab;
      double[] momenta = isOwn(row) ? momentum : copies;
      int momentumAt = isOwn(row) ? home : 2 * depth * slab + copy(row);
      double[] drifted = taken == depth ? field : ring;
      int driftedAt = taken == depth ? home : ring(taken, row);
      int at = ring(taken - 1, row);
      int next = ring(taken - 1, row + 1);
      int previous = ring(taken - 1, row - 1);
      for (int from = 0; from < slab; from += Block.SITES) {
        int to = Math.min(slab, from + Block.SITES);
        QuarticSweeps.around(math, ring, at, from, to, shape, 1, block.around);
        math.leapfrog(
            momenta,
            momentumAt + from,
            drifted,
            driftedAt + from,
            ring,
            at + from,
            to - from,
            block.around,
            0,
            next + from,
            previous + from,
            step.couplings,
            step.lengths[0],
            step.lengths[1]);
      }
    }
  }
}
