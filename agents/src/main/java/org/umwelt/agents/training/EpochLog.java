package org.umwelt.agents.training;

import org.umwelt.envs.Frame;

/** Takes what one epoch has to say. Not thread-safe. */
public interface EpochLog {
  /**
   * Adds a value to the epoch's line and to TensorBoard, where the step is the epoch.
   *
   * @param tag once per epoch; not epoch, wall or seconds
   * @param value where it is not finite, null in {@code metrics.jsonl} and NaN in TensorBoard
   */
  void scalar(String tag, double value);

  /**
   * Shows a picture in TensorBoard.
   *
   * @param frame kept until the epoch ends, so its bytes must not change
   */
  void image(String tag, Frame frame);

  /**
   * Says how far the epoch is; may be called often.
   *
   * @param phase what is done now, such as {@code tokenizer}
   * @param done how many of {@code total}
   */
  void progress(String phase, long done, long total);

  /** Shows a line to whoever watches; it is not kept. */
  void note(String line);

  /**
   * Returns whether the training was asked to stop; to be asked every few seconds, wherever an
   * epoch can be left by {@link TrainingStopped}.
   */
  boolean isStopped();
}
