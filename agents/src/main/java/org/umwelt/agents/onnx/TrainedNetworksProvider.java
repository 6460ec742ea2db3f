package org.umwelt.agents.onnx;

import java.nio.file.Path;
import java.util.Optional;

/** A family of networks that can be exported; found through {@link java.util.ServiceLoader}. */
public interface TrainedNetworksProvider {

  /**
   * Opens the networks of a run, a checkpoint or a file; empty where there are none of this family.
   *
   * @throws org.umwelt.kernels.settings.BadRequestException where there are, but cannot be read
   */
  Optional<TrainedNetworks> open(Path path);
}
