/**
 * Small games that need no download: 64x64 RGB, pure Java, more than 200,000 steps a second on one
 * core with pixels written.
 *
 * <p>{@link org.umwelt.envs.games.Catch}, {@link org.umwelt.envs.games.GridCatch}, {@link
 * org.umwelt.envs.games.Bricks} and {@link org.umwelt.envs.games.Dodge} have the ids {@code
 * umwelt/Catch-v0}, {@code umwelt/GridCatch-v0}, {@code umwelt/Bricks-v0} and {@code
 * umwelt/Dodge-v0}. Their infos hold what is on the screen in numbers, so that a scripted policy
 * can play without looking. Lengths and coordinates are in pixels, x to the right, y down, the
 * origin at the upper left.
 */
@NullMarked
package org.umwelt.envs.games;

import org.jspecify.annotations.NullMarked;
