package org.umwelt.kernels.weights;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.SequencedMap;
import java.util.TreeMap;

/**
 * What a file of weights holds: named tensors, in the order of the file, and remarks as text.
 *
 * @param tensors tensors by name
 * @param metadata remarks by name, sorted
 */
public record WeightFile(SequencedMap<String, StoredTensor> tensors, Map<String, String> metadata) {
  /** Takes copies that nobody changes. */
  public WeightFile {
    tensors = Collections.unmodifiableSequencedMap(new LinkedHashMap<>(tensors));
    metadata = Collections.unmodifiableMap(new TreeMap<>(metadata));
  }
}
