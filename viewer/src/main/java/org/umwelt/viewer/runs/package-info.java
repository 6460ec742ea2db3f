/** The room in which runs are listed, overlaid and compared. */
@NullMarked
package org.umwelt.viewer.runs;

import org.jspecify.annotations.NullMarked;
