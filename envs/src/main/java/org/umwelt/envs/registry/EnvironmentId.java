package org.umwelt.envs.registry;

import java.util.Arrays;
import java.util.List;
import java.util.SequencedMap;
import org.umwelt.kernels.settings.BadRequestException;
import org.umwelt.kernels.settings.Settings;

/**
 * An id with keyword arguments: {@code ALE/Pong-v5?repeat_action_probability=0&frameskip=1}.
 *
 * @param name the id proper
 * @param arguments the keyword arguments as given
 */
public record EnvironmentId(String name, SequencedMap<String, String> arguments) {

  /**
   * Takes an id apart.
   *
   * @throws BadRequestException where the part after {@code ?} is not {@code key=value} joined by
   *     {@code &}
   */
  public static EnvironmentId parse(String text) {
    int question = text.indexOf('?');
    String name = question < 0 ? text : text.substring(0, question);
    if (name.isBlank()) {
      throw new BadRequestException("expected an environment id such as umwelt/Catch-v0, got \"\"");
    }
    List<String> words =
        question < 0 ? List.of() : Arrays.asList(text.substring(question + 1).split("&"));
    return new EnvironmentId(name, Settings.parse(name, words));
  }
}
