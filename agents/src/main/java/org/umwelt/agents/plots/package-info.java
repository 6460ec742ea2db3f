/** Plots as PNG files, for people who look rather than read. */
@NullMarked
package org.umwelt.agents.plots;

import org.jspecify.annotations.NullMarked;
