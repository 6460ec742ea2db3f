/**
 * Atari 2600 games through the Arcade Learning Environment (ALE 0.7.3, GPL-2, by JNI).
 *
 * <p>Three families of ids for each of the 104 single-player games ALE supports:
 *
 * <ul>
 *   <li>{@code ALE/<Game>-v5}: Gymnasium's, with the same keyword arguments and defaults; the same
 *       reset seed gives the same episode as Gymnasium with ale-py 0.12.1, bit for bit.
 *   <li>{@code Atari100k/<Game>-train-v0} and {@code -test-v0}: the setting of Atari 100k as IRIS
 *       ("Transformers are Sample-Efficient World Models", arXiv 2209.00588) uses it.
 *   <li>{@code Atari84/<Game>-v0}: 84x84 grey, the classic preprocessing of DQN, to be used with
 *       {@code frame_stack=4}.
 * </ul>
 *
 * <p>{@link org.umwelt.envs.atari.AtariEnvironment} describes them. The games themselves are
 * copyrighted and not part of Umwelt; {@link org.umwelt.envs.atari.RomLibrary} finds them.
 *
 * <p>Differs from ale-py: no continuous actions and no sound; a range of frame skips draws from our
 * own random stream. Where a game ends early in a pooled skip, the final observation is pooled with
 * older frames, as the wrappers of Atari 100k do.
 *
 * <p>Known limit: ALE's states leave out what the rules of a few games remember between frames
 * (seen in Qbert, Tetris and TicTacToe3D), so a restored state of those may differ in a flag or the
 * number of lives for some frames.
 */
@NullMarked
package org.umwelt.envs.atari;

import org.jspecify.annotations.NullMarked;
