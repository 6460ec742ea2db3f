package org.umwelt.physics.lattice;

import java.util.List;
import java.util.function.IntToDoubleFunction;

/** One way to move chains that leaves exp(-S) invariant. */
public interface Update extends AutoCloseable {
  /** Returns its name. */
  String name();

  /**
   * Moves every chain once.
   *
   * @return share of proposals that were accepted; 1 where nothing is ever refused
   */
  double apply(Chains chains);

  /**
   * Adapts the size of proposals, in burn-in alone: in a measurement it would break detailed
   * balance.
   *
   * @param accepted share of the last proposals that was accepted
   */
  default void adapt(double accepted) {}

  /** Returns what {@link #adapt} changes, such as a step; NaN where there is nothing. */
  default double size() {
    return Double.NaN;
  }

  /** Sets what {@link #adapt} changes, to go on from a written state. */
  default void resize(double size) {}

  /**
   * A number that an update knows of each chain, besides the field.
   *
   * @param name for results
   * @param ofChain the number of a chain, as the last application left it
   */
  record Measured(String name, IntToDoubleFunction ofChain) {}

  /**
   * Returns what the last application cost, in updates of a site, per site and chain: 1 for a
   * sweep.
   */
  default double work() {
    return 1;
  }

  /** Returns what it measures itself. */
  default List<Measured> measured() {
    return List.of();
  }

  @Override
  default void close() {}
}
