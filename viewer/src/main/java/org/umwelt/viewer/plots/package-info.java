/**
 * Plots and pictures of data that changes while it is looked at, on canvases and pixel buffers of
 * our own: charts of JavaFX lay out their scene again for every point.
 */
@NullMarked
package org.umwelt.viewer.plots;

import org.jspecify.annotations.NullMarked;
