package org.umwelt.envs.gym;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.List;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.umwelt.envs.AutoresetMode;
import org.umwelt.envs.Environment;
import org.umwelt.envs.Frame;
import org.umwelt.envs.Reset;
import org.umwelt.envs.Step;
import org.umwelt.envs.StepBatch;
import org.umwelt.envs.spaces.Dict;
import org.umwelt.envs.spaces.Space;
import org.umwelt.envs.spaces.Value;

/**
 * One environment of Gymnasium, in a Python process of its own.
 *
 * <p>Where the process is lost ({@link GymException#processLost}), the next seeded reset starts
 * another, so that the episode can be played again from its seed. Values of spaces without a fixed
 * size (Sequence, Graph, OneOf) are a Text that holds them in JSON, as {@code Space.to_jsonable}
 * gives a list of one. Options of a reset are handed on; Gymnasium's environments pass over keys
 * they do not know.
 */
public final class GymEnvironment implements Environment {
  private enum EpisodeState {
    UNSTARTED,
    RUNNING,
    ENDED
  }

  private final GymRequest request;
  private final Space observationSpace;
  private final Space actionSpace;
  private final Dict infoSpace;
  private final List<String> actionMeanings;
  private @Nullable GymVectorEnvironment rows;
  private EpisodeState state = EpisodeState.UNSTARTED;
  private boolean seeded;
  private boolean closed;
  private long episodeSteps;

  GymEnvironment(GymRequest request) {
    this.request = request;
    GymVectorEnvironment opened = open();
    rows = opened;
    observationSpace = opened.singleObservationSpace();
    actionSpace = opened.singleActionSpace();
    infoSpace = opened.singleInfoSpace();
    actionMeanings = opened.actionMeanings();
  }

  private GymVectorEnvironment open() {
    return GymVectorEnvironment.open(request, 1, 1, AutoresetMode.DISABLED);
  }

  @Override
  public Space observationSpace() {
    return observationSpace;
  }

  @Override
  public Space actionSpace() {
    return actionSpace;
  }

  @Override
  public Dict infoSpace() {
    return infoSpace;
  }

  @Override
  public List<String> actionMeanings() {
    return actionMeanings;
  }

  @Override
  public void reset(Reset reset, Step out) {
    requireOpen();
    GymVectorEnvironment own = rows;
    if (own == null) {
      if (reset.seed().isEmpty() && seeded) {
        throw new IllegalStateException(
            request.id()
                + ": its Python process was lost, and its random stream; reset with a seed");
      }
      own = open();
      rows = own;
    }
    GymVectorEnvironment opened = own;
    state = EpisodeState.UNSTARTED;
    StepBatch steps = guarded(opened, () -> opened.reset(reset));
    seeded = true;
    state = EpisodeState.RUNNING;
    episodeSteps = 0;
    copy(steps, out);
  }

  @Override
  public void step(Value action, Step out) {
    requireOpen();
    if (state != EpisodeState.RUNNING) {
      throw new IllegalStateException(
          state == EpisodeState.ENDED
              ? "the episode has ended; reset the environment"
              : "no episode was started; reset the environment");
    }
    if (!actionSpace.contains(action)) {
      throw new IllegalArgumentException("expected an action in " + actionSpace);
    }
    GymVectorEnvironment own = asVector();
    own.actions().row(0).copyFrom(action);
    StepBatch steps = guarded(own, own::step);
    episodeSteps++;
    if (steps.ended(0)) {
      state = EpisodeState.ENDED;
    }
    copy(steps, out);
  }

  private static void copy(StepBatch steps, Step out) {
    out.observation().copyFrom(steps.observations().row(0));
    out.info().copyFrom(steps.infos().row(0));
    out.set(steps.reward(0), steps.terminated(0), steps.truncated(0));
  }

  private StepBatch guarded(GymVectorEnvironment own, Supplier<StepBatch> body) {
    try {
      return body.get();
    } catch (GymException e) {
      state = EpisodeState.UNSTARTED;
      if (e.processLost()) {
        own.close();
        rows = null;
      }
      throw e;
    }
  }

  @Override
  public long episodeFrames() {
    return episodeSteps;
  }

  /** Returns the info of the last reset or step, a JSON object. */
  public JsonNode info() {
    return asVector().infos().rows().getFirst();
  }

  /**
   * Returns this environment as a vector of one, with what only that has: attributes, renderings.
   *
   * @throws IllegalStateException after the process was lost, until a reset
   */
  public GymVectorEnvironment asVector() {
    GymVectorEnvironment own = rows;
    if (own == null) {
      throw new IllegalStateException(
          request.id() + ": its Python process was lost; reset with a seed");
    }
    return own;
  }

  /**
   * {@inheritDoc}
   *
   * <p>With {@code render_mode=rgb_array_list}, the last of the pictures.
   */
  @Override
  public Frame render() {
    Rendering rendering = asVector().render(0);
    if (rendering.frames().isEmpty()) {
      throw new UnsupportedOperationException(
          request.id() + " renders no pictures; make it with render_mode=rgb_array");
    }
    return rendering.frames().getLast();
  }

  private void requireOpen() {
    if (closed) {
      throw new IllegalStateException("the environment is closed");
    }
  }

  @Override
  public void close() {
    closed = true;
    GymVectorEnvironment own = rows;
    if (own != null) {
      own.close();
      rows = null;
    }
  }
}
