package org.umwelt.viewer.loop;

import org.umwelt.kernels.settings.BadRequestException;

/** What went wrong, in one line for a person. */
public final class OneLine {
  private OneLine() {}

  /** Returns the message of a refused request, and name and message of anything else. */
  public static String of(Throwable problem) {
    String message = problem.getMessage();
    String name = problem.getClass().getSimpleName();
    String line;
    if (message == null) {
      line = name;
    } else {
      line = problem instanceof BadRequestException ? message : name + ": " + message;
    }
    return line.strip().replaceAll("\\s*\\R\\s*", " ");
  }
}
