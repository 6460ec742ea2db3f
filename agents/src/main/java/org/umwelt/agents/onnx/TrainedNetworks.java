package org.umwelt.agents.onnx;

import java.nio.file.Path;
import java.util.Map;
import java.util.SequencedMap;
import org.umwelt.kernels.onnx.OnnxModel;

/** The networks of one training, of which each part can be written as an ONNX model. */
public interface TrainedNetworks extends AutoCloseable {

  /** Returns the file of the weights. */
  Path weights();

  /** Returns what can be written, each part with one line on it; the first is the policy. */
  SequencedMap<String, String> parts();

  /**
   * Writes a part.
   *
   * @param part one of {@link #parts}
   * @param remarks added to the metadata of the model
   */
  OnnxModel write(String part, Map<String, String> remarks);

  @Override
  void close();
}
