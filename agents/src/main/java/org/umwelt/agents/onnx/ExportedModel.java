package org.umwelt.agents.onnx;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.LinkedHashMap;
import java.util.Map;
import org.umwelt.kernels.onnx.OnnxModel;

/** Trained networks as a model that says where it comes from. */
public final class ExportedModel {
  private ExportedModel() {}

  /**
   * Writes a part of trained networks.
   *
   * @param license what may be done with the weights, in words
   */
  public static OnnxModel write(TrainedNetworks networks, String part, String license) {
    Map<String, String> remarks = new LinkedHashMap<>();
    ObjectNode run = TrainingRun.of(networks.weights());
    run.put("file", String.valueOf(networks.weights().getFileName()));
    run.put("part", part);
    remarks.put(PolicyMetadata.RUN, run.toString());
    remarks.put(PolicyMetadata.LICENSE, license);
    return networks.write(part, remarks);
  }
}
