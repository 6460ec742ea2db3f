package org.umwelt.kernels.backend;

/**
 * A back end that may be there.
 *
 * <p>Found through {@link java.util.ServiceLoader}.
 */
public interface BackendProvider {
  /** Returns its name. */
  String name();

  /** Returns whether it can run here, and why or why not. */
  Availability availability();

  /** Returns whether it is what {@code auto} stands for where it is available. */
  boolean preferred();

  /**
   * Opens it.
   *
   * @param threads of the processor, where it uses them
   */
  Backend open(int threads);

  /**
   * Whether a back end can run here.
   *
   * @param available whether it can
   * @param reason the device, or what is missing and how to mend it
   */
  record Availability(boolean available, String reason) {}
}
