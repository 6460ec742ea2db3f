/**
 * Weights of networks as files: named tensors in safetensors, and PyTorch's state dicts to read.
 *
 * <p>Everything read is taken to be hostile. A file is either what its format says, or refused with
 * one line that names the file and the entry; no reader executes anything it finds, and none
 * allocates out of proportion to the file's length.
 */
@NullMarked
package org.umwelt.kernels.weights;

import org.jspecify.annotations.NullMarked;
