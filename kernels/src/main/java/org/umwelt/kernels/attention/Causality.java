package org.umwelt.kernels.attention;

/** Whether a query sees the keys at and after its own position. */
public enum Causality {
  /** It sees all. */
  NONE,
  /** It sees what is not after it, itself included. */
  SELF,
  /**
   * It sees only what is before it: with shared queries and keys a token would otherwise mostly see
   * itself (Kitaev et al., "Reformer", arXiv 2001.04451).
   */
  STRICT;

  /** Returns whether a query at a position may see a key at another. */
  public boolean allows(int queryPosition, int keyPosition) {
    return switch (this) {
      case NONE -> true;
      case SELF -> keyPosition <= queryPosition;
      case STRICT -> keyPosition < queryPosition;
    };
  }
}
