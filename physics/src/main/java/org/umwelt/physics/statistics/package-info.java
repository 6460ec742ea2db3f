/**
 * Statistics of Markov chains: means of correlated series with errors that can be trusted.
 *
 * <p>Integrated autocorrelation times are in the convention in which independent samples have 1/2.
 */
@NullMarked
package org.umwelt.physics.statistics;

import org.jspecify.annotations.NullMarked;
