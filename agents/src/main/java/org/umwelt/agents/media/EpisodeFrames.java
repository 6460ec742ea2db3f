package org.umwelt.agents.media;

import java.util.Optional;
import org.umwelt.envs.Frame;
import org.umwelt.envs.dataset.Dataset;
import org.umwelt.envs.dataset.Episode;
import org.umwelt.kernels.settings.BadRequestException;

/**
 * The frames of one recorded episode: one for every observation, 0 to {@code steps}.
 *
 * <p>Frames are asked for in any order; ascending is cheap.
 */
public interface EpisodeFrames extends AutoCloseable {
  /**
   * Shows the observations that were recorded, or, where they are no pictures, simulates the
   * episode again and renders it.
   *
   * @throws BadRequestException where the observations are no pictures and the environment cannot
   *     be made or rendered
   */
  static EpisodeFrames of(Dataset dataset, Episode episode) {
    Optional<ObservationPicture> picture =
        ObservationPicture.of(dataset.description().observationSpace());
    return picture.isPresent()
        ? new ObservedFrames(dataset, episode, picture.get())
        : rendered(dataset, episode);
  }

  /**
   * Simulates the episode again from its seed and actions and renders it; every observation on the
   * way is compared with the recorded one.
   *
   * @throws BadRequestException where the environment cannot be made or rendered
   */
  static EpisodeFrames rendered(Dataset dataset, Episode episode) {
    return new RenderedFrames(dataset, episode);
  }

  /**
   * Returns a frame.
   *
   * @param t step, 0 to {@code steps}
   * @throws IllegalStateException where a simulation departs from the recording
   */
  Frame frame(int t);

  @Override
  void close();
}
