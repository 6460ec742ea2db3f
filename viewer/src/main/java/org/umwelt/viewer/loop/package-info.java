/** Threads on which rooms of the viewer let their simulations run, apart from the window's own. */
@NullMarked
package org.umwelt.viewer.loop;

import org.jspecify.annotations.NullMarked;
