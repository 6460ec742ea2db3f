package org.umwelt.kernels.backend;

/**
 * A kernel with what it works on.
 *
 * @param kernel which
 * @param work how much
 * @param arguments without the range or the context; arrays are read and written in place, numbers
 *     are fixed
 */
public record Call(Kernel kernel, Work work, Object[] arguments) {
  /** Checks that they go together. */
  public Call {
    if (work.grouped() != kernel.grouped()) {
      throw new IllegalArgumentException(
          "kernel %s: expected work in %s, got %s"
              .formatted(kernel.name(), kernel.grouped() ? "groups" : "a range", work));
    }
    kernel.check(arguments);
  }

  /** Returns a call. */
  public static Call of(Kernel kernel, Work work, Object... arguments) {
    return new Call(kernel, work, arguments);
  }
}
