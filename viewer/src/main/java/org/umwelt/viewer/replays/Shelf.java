package org.umwelt.viewer.replays;

import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.umwelt.envs.dataset.Dataset;
import org.umwelt.envs.dataset.EpisodeSummary;
import org.umwelt.kernels.settings.BadRequestException;

/**
 * An opened data set.
 *
 * @param path it was opened by
 * @param dataset it
 */
record Shelf(Path path, Dataset dataset) implements AutoCloseable {

  /**
   * Opens a run or a data set.
   *
   * @throws BadRequestException where there is none, or it has no episodes
   */
  static Shelf open(Path path) {
    Dataset dataset = Dataset.open(path);
    if (dataset.episodes().isEmpty()) {
      String losses = String.join("; ", dataset.losses());
      dataset.close();
      throw new BadRequestException(
          "%s holds no complete episode%s".formatted(path, losses.isEmpty() ? "" : ": " + losses));
    }
    return new Shelf(path, dataset);
  }

  List<EpisodeSummary> episodes() {
    return dataset.episodes();
  }

  /** Returns the episode that was reset with a seed. */
  Optional<EpisodeSummary> withSeed(long seed) {
    return episodes().stream().filter(episode -> episode.seed() == seed).findFirst();
  }

  /** Opens an episode of it. */
  OpenEpisode take(int index) {
    return OpenEpisode.open(path, dataset, index);
  }

  @Override
  public void close() {
    dataset.close();
  }
}
