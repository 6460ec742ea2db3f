package org.umwelt.envs.dataset;

import java.util.List;
import java.util.regex.Pattern;
import org.umwelt.envs.Environment;
import org.umwelt.envs.spaces.Dict;
import org.umwelt.envs.spaces.Space;
import org.umwelt.kernels.settings.BadRequestException;

/**
 * What is true of all episodes of a data set.
 *
 * @param datasetId Minari's id, {@code [namespace/]name-vN}
 * @param environment id of the environment with its keyword arguments, from which episodes can be
 *     simulated again
 * @param algorithm what chose the actions
 * @param observationSpace space of observations
 * @param actionSpace space of actions
 * @param infoSpace space of infos
 * @param authors who recorded it; may be empty
 * @param codePermalink where the code stands; may be empty
 */
public record DatasetDescription(
    String datasetId,
    String environment,
    String algorithm,
    Space observationSpace,
    Space actionSpace,
    Dict infoSpace,
    List<String> authors,
    String codePermalink) {
  private static final Pattern DATASET_ID =
      Pattern.compile("(?:[-_\\w][-_\\w/]*[-_\\w]+/)?[-_\\w]+?-v\\d+");

  /**
   * Checks the id.
   *
   * @throws BadRequestException where the id is not of Minari's form
   */
  public DatasetDescription {
    if (!DATASET_ID.matcher(datasetId).matches()) {
      throw new BadRequestException(
          "expected a data set id such as umwelt/catch/random-v0, got " + datasetId);
    }
    authors = List.copyOf(authors);
  }

  /** Returns a description with the spaces of an environment, without authors or code. */
  public static DatasetDescription of(
      String datasetId, String environment, String algorithm, Environment spaces) {
    return new DatasetDescription(
        datasetId,
        environment,
        algorithm,
        spaces.observationSpace(),
        spaces.actionSpace(),
        spaces.infoSpace(),
        List.of(),
        "");
  }
}
