package org.umwelt.agents.iris;

import java.nio.file.Path;
import java.util.Optional;
import org.umwelt.agents.onnx.TrainedNetworks;
import org.umwelt.agents.onnx.TrainedNetworksProvider;
import org.umwelt.worldmodel.iris.SavedIris;

/** Networks of IRIS for export. */
public final class IrisNetworksProvider implements TrainedNetworksProvider {
  @Override
  public Optional<TrainedNetworks> open(Path path) {
    return SavedIris.open(path).map(IrisExport::new);
  }
}
