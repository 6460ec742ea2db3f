package org.umwelt.agents.iris;

import org.umwelt.envs.Frame;

/**
 * One step of a dream.
 *
 * @param action that led here; -1 where the dream begins
 * @param tokens of the frame, row by row
 * @param frame they stand for
 * @param reward predicted: -1, 0 or 1
 * @param end whether the model ends the episode here; who wants to may dream on
 * @param memory of the policy before it looks at the frame, [2 H]
 */
public record Moment(
    long action, long[] tokens, Frame frame, long reward, boolean end, float[] memory) {}
