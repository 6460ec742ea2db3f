/**
 * Sampling of the phi^4 lattice: {@code umwelt sample phi4}, {@code umwelt sample phi4-slowing}.
 *
 * <p>Beside what every run folder has, a run leaves
 *
 * <pre>
 * measurements.npy     what was measured, [measurements, chains] with a field for each quantity
 * configurations.npy   fields, [configurations, chains, L, ..], float64
 * plots/               history, autocorrelation, magnetisation, two-point as PNG
 * </pre>
 *
 * <p>Both files are NumPy's; a reader may open them while more is drawn. The physics is in {@link
 * org.umwelt.physics.lattice}.
 */
@NullMarked
package org.umwelt.agents.phi4;

import org.jspecify.annotations.NullMarked;
