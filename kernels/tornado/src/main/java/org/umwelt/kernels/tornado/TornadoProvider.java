package org.umwelt.kernels.tornado;

import org.umwelt.kernels.backend.Backend;
import org.umwelt.kernels.backend.BackendProvider;

/** Finds TornadoVM, where the JVM was started with its flags. */
public final class TornadoProvider implements BackendProvider {
  private static final String FALLBACK = "tornado.recover.bailout";

  @Override
  public String name() {
    return "tornado";
  }

  @Override
  public Availability availability() {
    if (ModuleLayer.boot().findModule("tornado.runtime").isEmpty()) {
      return new Availability(
          false,
          "the JVM runs without TornadoVM's flags; set TORNADOVM_HOME to an SDK and start with scripts/umwelt");
    }
    if (!"false".equalsIgnoreCase(System.getProperty(FALLBACK))) {
      return new Availability(
          false,
          "it would run a kernel that does not compile in Java without a word; start with -D%s=False"
              .formatted(FALLBACK));
    }
    try {
      return new Availability(true, TornadoDevices.describe());
    } catch (RuntimeException | LinkageError e) {
      return new Availability(
          false,
          "TornadoVM finds no device (%s); check its driver with the SDK's tornado --devices"
              .formatted(e));
    }
  }

  @Override
  public boolean preferred() {
    return TornadoDevices.isGpu();
  }

  @Override
  public Backend open(int threads) {
    return new TornadoBackend();
  }
}
