package org.umwelt.envs.dataset;

import java.util.ArrayList;
import java.util.List;
import org.umwelt.envs.spaces.DType;
import org.umwelt.envs.spaces.Leaf;

/**
 * The columns of every episode of a data set, in the order of its spaces' leaves.
 *
 * @param all observations, actions, rewards, terminations, truncations, infos
 * @param actions index of the first action column
 * @param rewards index of the rewards; terminations and truncations follow
 * @param infos index of the first info column
 */
record Columns(List<Column> all, int actions, int rewards, int infos) {
  static Columns of(DatasetDescription description) {
    List<Column> all = new ArrayList<>();
    for (Leaf leaf : description.observationSpace().leaves()) {
      all.add(Column.of("observations", leaf, true));
    }
    int actions = all.size();
    for (Leaf leaf : description.actionSpace().leaves()) {
      all.add(Column.of("actions", leaf, false));
    }
    int rewards = all.size();
    all.add(new Column("rewards", DType.FLOAT64, List.of(), false));
    all.add(new Column("terminations", DType.BOOL, List.of(), false));
    all.add(new Column("truncations", DType.BOOL, List.of(), false));
    int infos = all.size();
    for (Leaf leaf : description.infoSpace().leaves()) {
      all.add(Column.of("infos", leaf, true));
    }
    return new Columns(List.copyOf(all), actions, rewards, infos);
  }

  int terminations() {
    return rewards + 1;
  }

  int truncations() {
    return rewards + 2;
  }

  /** Returns the bytes of one row of all columns in memory. */
  long rowBytes() {
    return all.stream().mapToLong(Column::rowBytes).sum();
  }
}
