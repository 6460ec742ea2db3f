/**
 * Floor 6: the JavaFX face of the workbench; computes nothing itself.
 *
 * <p>{@link org.umwelt.viewer.Viewer} is the window. Its rooms, one package each, are {@link
 * org.umwelt.viewer.Room}s found through {@link org.umwelt.viewer.RoomProvider}s in the order of
 * the service file. A room lets what it shows run on a {@link org.umwelt.viewer.loop.Loop} and
 * draws the newest state in {@link org.umwelt.viewer.Room#refresh}.
 */
@NullMarked
package org.umwelt.viewer;

import org.jspecify.annotations.NullMarked;
