package org.umwelt.envs.gym;

/**
 * The control plane: what Python's class {@code umwelt_bridge.worker.Control} answers through Py4J.
 *
 * <p>Results are JSON: {@code {"value": ...}}, or {@code {"error": {"type", "message", "refused",
 * "traceback"}}}.
 */
interface Control {
  /** Makes environments as a {@link GymRequest} in JSON says, and describes them. */
  String open(String request);

  /** Maps the shared memory at a path. */
  String attach(String path);

  /** Resets the rows of the mask with options, a JSON object. */
  String reset(String options);

  /** Returns two lists with an entry for each row: infos, and final infos or null. */
  String infos();

  /** Returns an attribute of every row, having set it to {@code value}, JSON, unless empty. */
  String attribute(String name, String value);

  /** Renders a row, pictures into the file at a path; returns their shape, text, or null. */
  String render(String row, String path);

  /** Closes the environments. */
  String close();
}
