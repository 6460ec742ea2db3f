package org.umwelt.envs.atari;

import java.util.OptionalInt;
import java.util.function.Function;

/**
 * How a game is turned into an environment.
 *
 * @param view makes the observations
 * @param minimumSkip fewest frames an action is held
 * @param maximumSkip most frames an action is held; drawn uniformly between both
 * @param stickiness probability that the emulator takes the previous action instead, each frame
 * @param fullActions whether all 18 actions are offered, or only those that matter
 * @param mode of the game; empty for its default
 * @param difficulty of the game; empty for its default
 * @param maximumFrames frames after which a game is truncated, those of its reset included; 0 for
 *     no limit
 * @param minimumNoops fewest frames of doing nothing at the start of a game
 * @param maximumNoops most frames of doing nothing at the start of a game; drawn uniformly
 * @param fireReset whether FIRE is pressed for one frame at the start of a game that knows it
 * @param episodicLife whether a lost life ends the episode
 */
record AtariRules(
    Function<Emulator, View> view,
    int minimumSkip,
    int maximumSkip,
    double stickiness,
    boolean fullActions,
    OptionalInt mode,
    OptionalInt difficulty,
    long maximumFrames,
    int minimumNoops,
    int maximumNoops,
    boolean fireReset,
    boolean episodicLife) {}
