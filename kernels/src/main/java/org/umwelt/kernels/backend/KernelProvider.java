package org.umwelt.kernels.backend;

import java.util.List;

/**
 * The kernels of a package.
 *
 * <p>Found through {@link java.util.ServiceLoader}.
 */
public interface KernelProvider {
  /** Returns them. */
  List<Kernel> kernels();
}
