package org.umwelt.envs.check;

import org.umwelt.envs.spaces.DType;
import org.umwelt.envs.spaces.Leaf;
import org.umwelt.envs.spaces.Space;
import org.umwelt.envs.spaces.Value;

/** Finds actions just outside a space. */
final class IllegalActions {
  private static final int NEARBY = 1 << 10;

  private IllegalActions() {}

  /**
   * Moves one element of a legal action out of the space, no farther than needed.
   *
   * @param upwards whether to look above or below
   * @return false where every value of that layout is legal; the action is then as before
   */
  static boolean makeIllegal(Space space, Value action, boolean upwards) {
    for (int leaf = 0; leaf < action.layout().size(); leaf++) {
      Leaf layout = action.layout().get(leaf);
      if (layout.elements() == 0) {
        continue;
      }
      DType dtype = layout.dtype();
      double legal = action.scalar(leaf);
      // One by one while near, then in growing strides up to the ends of the type.
      for (double distance = 1; distance < 1e19; distance += distance < NEARBY ? 1 : distance) {
        double candidate = upwards ? legal + distance : legal - distance;
        if (candidate < dtype.minimum() || candidate > dtype.maximum()) {
          break;
        }
        action.setScalar(leaf, candidate);
        if (!space.contains(action)) {
          return true;
        }
      }
      if (dtype.isFloat()) {
        action.setScalar(leaf, Double.NaN);
        if (!space.contains(action)) {
          return true;
        }
      }
      action.setScalar(leaf, legal);
    }
    return false;
  }
}
