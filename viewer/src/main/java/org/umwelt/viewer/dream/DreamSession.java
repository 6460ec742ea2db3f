package org.umwelt.viewer.dream;

import java.util.ArrayList;
import java.util.List;
import java.util.OptionalLong;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.umwelt.agents.iris.Dream;
import org.umwelt.agents.iris.Futures;
import org.umwelt.agents.iris.Moment;
import org.umwelt.agents.iris.Parting;
import org.umwelt.envs.Frame;
import org.umwelt.kernels.nn.Sampler;
import org.umwelt.kernels.settings.BadRequestException;
import org.umwelt.viewer.loop.Work;
import org.umwelt.worldmodel.iris.SavedIris;

/**
 * One dream that is dreamt step by step, gone back in, continued otherwise and compared with what
 * really happens. Of the loop's thread, but for {@link #setFollows}.
 */
final class DreamSession implements Work {
  /** Steps of a dream at most. */
  static final int MOST_STEPS = 1000;

  /** As many as Atari takes, of four frames each. */
  private static final double STEPS_PER_SECOND = 15;

  /**
   * Frames of another episode, the reference for frames that have nothing to do with each other.
   */
  private static final int UNRELATED = 16;

  private final DreamRequest request;
  private final Actions actions;
  private final Consumer<DreamState> told;
  private final BooleanSupplier stopped;
  private final Dream dream;
  private final Futures main;
  private final Sampler policy;
  private final List<Frame> unrelated = new ArrayList<>();
  private final List<Dream.Real> before = new ArrayList<>();
  private final List<Moment> moments = new ArrayList<>();
  private final List<Dream.Real> reality = new ArrayList<>();
  private final List<Parting.Step> steps = new ArrayList<>();
  private @Nullable Futures fan;
  private DreamState.@Nullable Branch branch;
  private DreamState.@Nullable Fan futures;
  private boolean inPlace; // reality stands at the last moment it is known at
  private boolean closed;
  private volatile boolean follows = true;

  private DreamSession(
      DreamRequest request,
      Dream dream,
      Actions actions,
      Consumer<DreamState> told,
      BooleanSupplier stopped) {
    this.request = request;
    this.dream = dream;
    this.actions = actions;
    this.told = told;
    this.stopped = stopped;
    main = dream.futures(1, 0);
    policy = Sampler.temperature(request.policyTemperature());
  }

  /**
   * Opens a run and plays up to where the dream begins.
   *
   * @param told every new state
   * @param stopped asked between steps whether to give up
   * @throws BadRequestException where there is no such run, or the episode ends before the dream
   */
  static DreamSession open(
      DreamRequest request, Actions actions, Consumer<DreamState> told, BooleanSupplier stopped)
      throws InterruptedException {
    SavedIris saved = SavedIris.require(request.run(), "room Dream");
    Dream dream =
        Dream.open(saved, request.environment(), 1, Sampler.temperature(request.temperature()));
    DreamSession session;
    try {
      session = new DreamSession(request, dream, actions, told, stopped);
    } catch (RuntimeException e) {
      dream.close();
      throw e;
    }
    try {
      session.begin();
      return session;
    } catch (RuntimeException | InterruptedException e) {
      session.close();
      throw e;
    }
  }

  private void begin() throws InterruptedException {
    playUnrelated();
    before.add(dream.reset(request.seed()));
    publish();
    for (int t = 0; t < request.realSteps(); t++) {
      goOn();
      before.add(dream.play(dream.act(policy)));
      publish();
      if (dream.ended()) {
        throw new BadRequestException(
            "the real episode of seed %d ended after %d steps, before the dream could begin; take fewer real steps, or another seed"
                .formatted(request.seed(), t + 1));
      }
    }
    dream.begin(request.seed());
    moments.add(dream.moment());
    reality.add(before.getLast());
    inPlace = true;
    main.start(moments, request.seed());
    publish();
  }

  /** Plays another episode as far into it as the dream will be. */
  private void playUnrelated() throws InterruptedException {
    Dream.Real real = dream.reset(request.seed() + 1);
    for (int t = 0; t < request.realSteps() + UNRELATED; t++) {
      if (t >= request.realSteps() || real.ended()) {
        unrelated.add(real.frame());
      }
      if (real.ended()) {
        return;
      }
      goOn();
      real = dream.play(dream.act(policy));
    }
  }

  private void goOn() throws InterruptedException {
    if (Thread.interrupted()) {
      throw new InterruptedException("asked to stop");
    }
    if (stopped.getAsBoolean()) {
      throw new BadRequestException("stopped, as something else was asked for");
    }
  }

  List<String> actionMeanings() {
    return dream.actionMeanings();
  }

  int actionCount() {
    return dream.actions();
  }

  /** Says whether reality is to be played along with the dream. */
  void setFollows(boolean wanted) {
    follows = wanted;
  }

  @Override
  public boolean step() throws InterruptedException {
    if (moments.size() > MOST_STEPS) {
      return false;
    }
    moments.add(
        main.step(actions.next(dream.actionMeanings(), dream.actions()), policy).getFirst());
    branch = null;
    if (follows && (inPlace || dream.canRewind())) {
      playReality(() -> {});
    }
    publish();
    return !moments.getLast().end() && moments.size() <= MOST_STEPS;
  }

  /** Forgets the moments behind one, from which the dream then goes on. */
  void goBack(int moment) {
    if (moment >= moments.size() - 1) {
      return;
    }
    cut(moments, moment + 1);
    if (reality.size() > moments.size()) {
      cut(reality, moments.size());
      cut(steps, moments.size() - 1);
      inPlace = false;
    }
    branch = null;
    if (futures != null && futures.from() > moment) {
      futures = null;
    }
    main.start(moments, request.seed());
    publish();
  }

  private static void cut(List<?> list, int size) {
    list.subList(size, list.size()).clear();
  }

  /** Plays what the dream did, as far as it has come, unless the real episode ends before. */
  private void playReality(Runnable afterEach) throws InterruptedException {
    if (!inPlace) {
      dream.rewind();
      for (Moment done : moments.subList(1, reality.size())) {
        goOn();
        dream.play(done.action());
      }
      inPlace = true;
    }
    while (reality.size() < moments.size() && !dream.ended()) {
      goOn();
      int t = reality.size();
      Dream.Real real = dream.play(moments.get(t).action());
      reality.add(real);
      steps.add(
          Parting.Step.of(
              moments.get(t), real, unrelated.get(Math.min(t - 1, unrelated.size() - 1))));
      afterEach.run();
    }
  }

  /**
   * Puts reality back to where the dream began, and plays what the dream did.
   *
   * @throws BadRequestException where there is no dream yet, or the environment cannot go back
   */
  void branch() throws InterruptedException {
    int dreamt = moments.size() - 1;
    if (!dream.canRewind()) {
      throw new BadRequestException(
          "this environment cannot save its state, so reality cannot go back to where the dream began; let it follow step by step");
    }
    if (dreamt < 1) {
      throw new BadRequestException("dream at least one step first: there is nothing to compare");
    }
    reality.set(0, dream.rewind());
    cut(reality, 1);
    steps.clear();
    inPlace = true;
    branch = new DreamState.Branch(dreamt, false);
    playReality(this::publish);
    branch = new DreamState.Branch(dreamt, true);
    publish();
  }

  /**
   * Imagines futures of a moment: the action that is chosen first, if one is, and then the policy.
   */
  void imagine(int moment, int count, int horizon) throws InterruptedException {
    Futures rows = fan;
    if (rows == null || rows.count() != count) {
      if (rows != null) {
        rows.close();
      }
      rows = dream.futures(count, 1);
      fan = rows;
    }
    int from = Math.clamp(moment, 0, moments.size() - 1);
    OptionalLong first =
        actions.chosen() == Actions.KEYS
            ? OptionalLong.empty()
            : actions.next(dream.actionMeanings(), dream.actions());
    String words =
        first.isPresent()
            ? "first %s, then the policy"
                .formatted(Actions.name(dream.actionMeanings(), first.getAsLong()))
            : "the policy acts";
    rows.start(moments.subList(0, from + 1), request.seed());
    List<List<Moment>> seen =
        IntStream.range(0, count).<List<Moment>>mapToObj(_ -> new ArrayList<>()).toList();
    for (int t = 0; t < horizon; t++) {
      goOn();
      List<Moment> next = rows.step(t == 0 ? first : OptionalLong.empty(), policy);
      for (int row = 0; row < count; row++) {
        List<Moment> own = seen.get(row);
        if (own.isEmpty() || !own.getLast().end()) {
          own.add(next.get(row));
        }
      }
      futures =
          new DreamState.Fan(
              from, words, horizon, seen.stream().<List<Moment>>map(List::copyOf).toList());
      publish();
    }
  }

  private void publish() {
    told.accept(
        new DreamState(
            List.copyOf(before),
            List.copyOf(moments),
            List.copyOf(reality),
            steps.isEmpty() ? null : Parting.of(steps, request.fraction()),
            dream.canRewind(),
            branch,
            futures));
  }

  @Override
  public double stepsPerSecond() {
    return STEPS_PER_SECOND;
  }

  boolean isClosed() {
    return closed;
  }

  @Override
  public void close() {
    closed = true;
    if (fan != null) {
      fan.close();
    }
    main.close();
    dream.close();
  }
}
