/**
 * The real experience a world model learns from: whole episodes in memory, segments drawn from
 * them, and a log that brings them back after an interruption.
 *
 * <p>Step t of an episode is (o_t, a_t, r_t, d_t): the observation, the action taken in it, and the
 * reward and end this action led to. What is seen after an end is not stored. Steps are appended
 * one by one; the frame of a step has a number, which counts all steps ever appended and never
 * changes. An episode is therefore one run of frame numbers, and whatever is computed per frame
 * (tokens, reconstructions) can be kept in arrays indexed by that number:
 *
 * <pre>
 *   frame      0   1   2   3   4   5   6   7   8 | 9 ...   next to be appended
 *   episode    0   0   0   0   1   1   2   2   2
 *   t          0   1   2   3   0   1   0   1   2
 *   end        .   .   .   x   .   x   .   .   .           episode 2 is unfinished and goes on
 *
 *   segments of length 3, drawn from      frames          mask
 *     FROM_START  episode 0, start 2      2   3  -1       x   x   .
 *     TO_END      episode 1, stop  2     -1   4   5       .   x   x
 *
 *   replay.log   header | block 0: frames 0 to 4 | block 1: frames 5 to 8 |
 * </pre>
 *
 * <p>Source: IRIS (arXiv 2209.00588) and the data sets of its reference code, eloialonso/iris.
 * Differs from it: the cap on the number of steps is a setting, not the number reached when the
 * process outgrows 30 GB; a step after an end begins the next episode, where the reference cuts it
 * off; frames stay as the environment writes them, [height, width, channels].
 */
@NullMarked
package org.umwelt.worldmodel.replay;

import org.jspecify.annotations.NullMarked;
