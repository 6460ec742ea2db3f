package org.umwelt.envs.gym;

import java.util.List;
import org.umwelt.envs.Frame;

/**
 * What a row rendered.
 *
 * @param frames the pictures: one for {@code rgb_array}, all since the last call for {@code
 *     rgb_array_list}; empty for other render modes
 * @param text the text for {@code ansi}; empty for other render modes
 */
public record Rendering(List<Frame> frames, String text) {
  /** Copies the list. */
  public Rendering {
    frames = List.copyOf(frames);
  }
}
