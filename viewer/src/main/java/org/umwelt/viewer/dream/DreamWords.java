package org.umwelt.viewer.dream;

import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;
import org.umwelt.agents.iris.Dream;
import org.umwelt.agents.iris.Moment;
import org.umwelt.agents.iris.Parting;
import org.umwelt.viewer.plots.Ticks;

/** What the room says in words. */
final class DreamWords {
  private DreamWords() {}

  /** Returns where one is. */
  static String place(DreamState state, int step) {
    if (state.moments().isEmpty() || step < 0) {
      return "%d real steps before the dream".formatted(-step);
    }
    String words = "step %d of %d".formatted(step, state.last());
    return state.last() >= DreamSession.MOST_STEPS ? words + ", no more are kept" : words;
  }

  static String real(DreamState state, int step, Dream.@Nullable Real real) {
    if (real == null) {
      boolean over = !state.reality().isEmpty() && state.reality().getLast().ended();
      return over
          ? "the real episode ended at step %d".formatted(state.reality().size() - 1)
          : "reality waits at step %d for Branch"
              .formatted(Math.max(0, state.reality().size() - 1));
    }
    if (step == 0) {
      return "here the dream begins";
    }
    return "reward %s%s"
        .formatted(Ticks.number(real.reward()), real.ended() ? ", the episode ends here" : "");
  }

  static String imagined(int step, @Nullable Moment moment, List<String> meanings) {
    if (moment == null) {
      return "no dream yet";
    }
    if (step == 0) {
      return "the tokens of the real frame";
    }
    return "%s: predicted reward %s, %s"
        .formatted(
            Actions.name(meanings, moment.action()),
            Ticks.number(moment.reward()),
            moment.end() ? "END predicted" : "no end");
  }

  static String tokens(int step, int changed, boolean known, int differing) {
    String words = step == 0 ? "numbers of codes" : "filled: %d new".formatted(changed);
    return known ? words + ", framed: %d unlike real".formatted(differing) : words;
  }

  /** Returns how many steps dream and reality stay together, as a headline. */
  static String horizon(DreamState state) {
    Parting parting = state.parting();
    if (parting == null) {
      return "Horizon \u2013";
    }
    int steps = parting.horizon();
    return parting.hasParted()
        ? "Horizon %d %s".formatted(steps, steps == 1 ? "step" : "steps")
        : "Horizon above %d".formatted(steps);
  }

  /** Returns what the headline says, at length. */
  static String verdict(DreamState state) {
    Parting parting = state.parting();
    if (parting == null) {
      return state.last() > 0
          ? "Not compared with reality yet: Branch puts reality back to step 0 and plays the same %d actions."
              .formatted(state.last())
          : "Play, or take a Step: the dream goes on from the real frame by itself.";
    }
    int steps = parting.steps().size();
    String apart =
        parting.hasParted()
            ? "Dream and reality part at step %d: their pixels differ by %s"
                .formatted(
                    parting.horizon() + 1,
                    difference(parting.steps().get(parting.horizon()).dream()))
            : "Dream and reality have not parted: their pixels differ by %s at most"
                .formatted(
                    difference(
                        parting.steps().stream().mapToDouble(Parting.Step::dream).max().orElse(0)));
    DreamState.Branch branch = state.branch();
    return "%s, limit %s (reconstructions %s, unrelated frames %s). Rewards agree at %d of %d steps, ends at %d. %s"
        .formatted(
            apart,
            difference(parting.threshold()),
            difference(parting.reconstruction()),
            difference(parting.unrelated()),
            parting.rewardsAgree(),
            steps,
            parting.endsAgree(),
            branch == null
                ? "Reality was played along with the dream."
                : branch.done()
                    ? "Branched: reality went back to step 0 and played the same actions."
                    : "Branching: step %d of %d ...".formatted(steps, branch.steps()));
  }

  private static String difference(double distance) {
    return String.format(Locale.ROOT, "%.2f\u00a0%%", 100 * distance);
  }
}
