package org.umwelt.kernels.tornado;

import uk.ac.manchester.tornado.api.common.TornadoDevice;
import uk.ac.manchester.tornado.api.enums.TornadoDeviceType;
import uk.ac.manchester.tornado.api.runtime.TornadoRuntimeProvider;

/** The device that TornadoVM chooses. */
final class TornadoDevices {
  private TornadoDevices() {}

  private static TornadoDevice device() {
    return TornadoRuntimeProvider.getTornadoRuntime().getDefaultDevice();
  }

  static String describe() {
    TornadoDevice device = device();
    return "%s, %s".formatted(device.getPlatformName(), device.getPhysicalDevice().getDeviceName());
  }

  static boolean isGpu() {
    return device().getDeviceType() == TornadoDeviceType.GPU;
  }
}
