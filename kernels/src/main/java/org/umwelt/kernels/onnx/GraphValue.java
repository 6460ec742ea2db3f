package org.umwelt.kernels.onnx;

/**
 * A tensor inside an {@link OnnxGraph}: an input, a weight, or what an operator gives.
 *
 * @param name unique in its graph
 */
public record GraphValue(String name) {}
