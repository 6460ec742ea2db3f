package org.umwelt.envs.registry;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.SequencedMap;
import org.jspecify.annotations.Nullable;

/** A family of environments; found through {@link java.util.ServiceLoader}. */
public interface EnvironmentProvider {

  /** Returns the ids of this family that can be listed. Must be cheap. */
  List<EnvironmentEntry> entries();

  /**
   * Returns the forms of the ids that cannot be listed, such as {@code imagine:PATH}, each with one
   * line for {@code umwelt list}.
   */
  default SequencedMap<String, String> forms() {
    return new LinkedHashMap<>();
  }

  /**
   * Returns the entry for an id that cannot be listed, such as {@code imagine:runs/x}; null where
   * the id is not of this family.
   */
  default @Nullable EnvironmentEntry resolve(EnvironmentId id) {
    return null;
  }

  /**
   * Returns Gymnasium's {@code EnvSpec} in JSON for an environment of this family that Gymnasium
   * can make too; null for others.
   */
  default @Nullable String gymnasiumSpec(EnvironmentId id) {
    return null;
  }

  /**
   * Returns what an environment of this family is a function of besides its id and this program,
   * such as the digest of a file; empty where there is nothing, or the id is not of this family.
   */
  default String version(EnvironmentId id) {
    return "";
  }
}
