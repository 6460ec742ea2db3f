package org.umwelt.agents.media;

import org.umwelt.envs.Frame;
import org.umwelt.envs.dataset.Dataset;
import org.umwelt.envs.dataset.Episode;
import org.umwelt.envs.spaces.Value;

/** Frames that are the recorded observations. */
final class ObservedFrames implements EpisodeFrames {
  private final Episode episode;
  private final ObservationPicture picture;
  private final Value observation;

  ObservedFrames(Dataset dataset, Episode episode, ObservationPicture picture) {
    this.episode = episode;
    this.picture = picture;
    this.observation = Value.allocate(dataset.description().observationSpace());
  }

  @Override
  public Frame frame(int t) {
    episode.observation(t, observation);
    return picture.frame(observation);
  }

  @Override
  public void close() {}
}
