/**
 * Where kernels run: the processor, always; a GPU through TornadoVM, where that is present.
 *
 * <p>A kernel is written once, in a package called {@code device}, and described by a {@link
 * org.umwelt.kernels.backend.Kernel}. A new package lists its kernels in a {@link
 * org.umwelt.kernels.backend.KernelProvider}, and {@code umwelt list kernels} shows them.
 *
 * <pre>{@code
 * try (Backend backend = Backends.open("auto", 2);
 *     Launch launch = backend.prepare(Call.of(KERNEL, Work.range(n), in, out, 1f))) {
 *   launch.run(); // as often as needed, reading in and writing out
 * }
 * }</pre>
 *
 * <p>The processor runs a kernel of a range as it stands, a piece of the range per thread, and a
 * kernel of groups by an implementation tuned for processors. Where there is none it emulates the
 * groups, which is exact and slow: so every such kernel has one, and tests compare the two. A
 * kernel may also have an implementation for calls of it that are prepared one behind the other.
 */
@NullMarked
package org.umwelt.kernels.backend;

import org.jspecify.annotations.NullMarked;
