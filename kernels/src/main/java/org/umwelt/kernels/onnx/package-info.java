/**
 * Networks as ONNX files: a builder of graphs, the file with its checks, and a session that runs it
 * in ONNX Runtime, without LibTorch.
 *
 * <p>A layer of {@code org.umwelt.kernels.nn} writes itself into an {@link
 * org.umwelt.kernels.onnx.OnnxGraph}; an operator is named as in the operator set, whose version is
 * {@link org.umwelt.kernels.onnx.OnnxGraph#OPSET}. Source: onnx.ai, "Open Neural Network Exchange
 * Intermediate Representation" and "ONNX Operators".
 *
 * <p>Files that are read are taken to be hostile, see {@link org.umwelt.kernels.onnx.ModelCheck}.
 */
@NullMarked
package org.umwelt.kernels.onnx;

import org.jspecify.annotations.NullMarked;
