/**
 * The agent of IRIS: Micheli, Alonso, Fleuret, "Transformers are Sample-Efficient World Models",
 * ICLR 2023, arXiv 2209.00588v2.
 *
 * <p>Its world model is in {@code org.umwelt.worldmodel.iris}.
 */
@NullMarked
package org.umwelt.agents.iris;

import org.jspecify.annotations.NullMarked;
