/**
 * Kernels on the devices of TornadoVM (University of Manchester, Apache 2.0 and GPL 2 with
 * Classpath Exception): OpenCL or CUDA, whichever the SDK was built for.
 *
 * <p>The module exists in the profile {@code tornado} alone, and needs an SDK named by {@code
 * TORNADOVM_HOME}; {@code scripts/umwelt} then builds it in and starts the JVM with the SDK's
 * flags:
 *
 * <pre>{@code
 * export TORNADOVM_HOME=...
 * mvn -Ptornado -Dtornado.version=VERSION -pl kernels,kernels/tornado verify # compares every kernel with the processor
 * scripts/umwelt list kernels
 * }</pre>
 *
 * <p>The version must be that of the SDK (in its {@code etc/tornado.release}), since kernels are
 * compiled against {@code tornado-api}. An SDK has one back end: with CUDA's inside it does not
 * start where there is no CUDA.
 *
 * <p>Sources of kernels are copied from module {@code kernels} with TornadoVM's {@code
 * KernelContext}, {@code Parallel} and {@code TornadoMath} in the place of ours. Arithmetic is
 * strict (no fused or relaxed operations), so integers and random words equal the processor's bit
 * by bit, and float32 to rounding.
 *
 * <p>What was run: all tests of this module with TornadoVM 5.2.1-jdk25-dev, OpenCL back end, on
 * PoCL 3.1 (a processor), JDK 25.0.3. No GPU was at hand.
 */
@NullMarked
package org.umwelt.kernels.tornado;

import org.jspecify.annotations.NullMarked;
