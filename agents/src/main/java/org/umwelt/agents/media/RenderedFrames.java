package org.umwelt.agents.media;

import org.umwelt.envs.Environment;
import org.umwelt.envs.Frame;
import org.umwelt.envs.Reset;
import org.umwelt.envs.Step;
import org.umwelt.envs.dataset.Dataset;
import org.umwelt.envs.dataset.DatasetDescription;
import org.umwelt.envs.dataset.Episode;
import org.umwelt.envs.registry.Environments;
import org.umwelt.envs.spaces.Value;
import org.umwelt.kernels.settings.BadRequestException;

/** Frames rendered while the episode is simulated again. */
final class RenderedFrames implements EpisodeFrames {
  private final String id;
  private final Episode episode;
  private final Environment environment;
  private final Step step;
  private final Value action;
  private final Value recorded;
  private int now = -1;

  RenderedFrames(Dataset dataset, Episode episode) {
    DatasetDescription description = dataset.description();
    this.id = description.environment();
    this.episode = episode;
    this.environment = Environments.make(id);
    if (!environment.observationSpace().equals(description.observationSpace())) {
      environment.close();
      throw new BadRequestException(
          "%s observes %s here, but %s was recorded: the recording cannot be simulated again"
              .formatted(id, environment.observationSpace(), description.observationSpace()));
    }
    this.step = Step.allocate(environment);
    this.action = Value.allocate(environment.actionSpace());
    this.recorded = Value.allocate(description.observationSpace());
  }

  @Override
  public Frame frame(int t) {
    if (now < 0 || t < now) {
      environment.reset(Reset.seeded(episode.summary().seed()), step);
      now = 0;
      compare();
    }
    while (now < t) {
      episode.action(now, action);
      environment.step(action, step);
      now++;
      compare();
    }
    try {
      return environment.render();
    } catch (UnsupportedOperationException e) {
      throw new BadRequestException(id + " has no pictures: it cannot be rendered", e);
    }
  }

  private void compare() {
    episode.observation(now, recorded);
    if (!recorded.sameBytes(step.observation())) {
      throw new IllegalStateException(
          "simulated again, episode %d departs from the recording at step %d (umwelt replay verify says more)"
              .formatted(episode.summary().index(), now));
    }
  }

  @Override
  public void close() {
    environment.close();
  }
}
