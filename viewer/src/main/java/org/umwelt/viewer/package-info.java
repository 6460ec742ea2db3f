/**
 * Floor 6: the JavaFX face of the workbench; computes nothing itself. Empty until its first room is
 * built.
 */
@NullMarked
package org.umwelt.viewer;

import org.jspecify.annotations.NullMarked;
