package org.umwelt.viewer.dream;

import java.util.List;
import org.jspecify.annotations.Nullable;
import org.umwelt.agents.iris.Dream;
import org.umwelt.agents.iris.Moment;
import org.umwelt.agents.iris.Parting;

/**
 * What a session has come to; handed from its thread to the window's, and never changed.
 *
 * @param before what was really played before the dream, from the reset on
 * @param moments of the dream; the first is where it begins; empty before that
 * @param reality at the moments that were really played, the first included
 * @param parting of dream and reality; null where nothing was played beside the dream
 * @param canRewind whether reality can go back to where the dream began
 * @param branch the last branch; null where there is none
 * @param futures imagined last; null where there are none
 */
record DreamState(
    List<Dream.Real> before,
    List<Moment> moments,
    List<Dream.Real> reality,
    @Nullable Parting parting,
    boolean canRewind,
    @Nullable Branch branch,
    @Nullable Fan futures) {

  /**
   * Reality that went back to where the dream began and did the same.
   *
   * @param steps of the dream that are to be played
   * @param done whether all were, or the real episode ended
   */
  record Branch(int steps, boolean done) {}

  /**
   * Several futures of one moment.
   *
   * @param from number of the moment
   * @param words who acts in them
   * @param horizon steps that are imagined at most
   * @param rows the moments of each, without the one they begin at, up to a predicted end
   */
  record Fan(int from, String words, int horizon, List<List<Moment>> rows) {}

  /** Returns the number of the last moment; -1 before the dream. */
  int last() {
    return moments.size() - 1;
  }
}
