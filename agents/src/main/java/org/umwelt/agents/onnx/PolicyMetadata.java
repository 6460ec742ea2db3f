package org.umwelt.agents.onnx;

/** Names of the remarks in a policy's file; the page of this package says what they mean. */
public final class PolicyMetadata {
  /** What every name begins with that is not ONNX's own. */
  static final String PREFIX = "umwelt.";

  /** JSON object of the inputs that are remembered, each with its output. */
  static final String STATE = PREFIX + "state";

  /** Temperature of the draw. */
  public static final String TEMPERATURE = PREFIX + "temperature";

  /** Id of the environment of the training. */
  public static final String ENVIRONMENT = PREFIX + "environment";

  /** Space of observations, in Minari's JSON notation. */
  public static final String OBSERVATION_SPACE = PREFIX + "observation_space";

  /** Space of actions, in Minari's JSON notation. */
  public static final String ACTION_SPACE = PREFIX + "action_space";

  /** What the graph does with an observation, in words. */
  public static final String PREPROCESSING = PREFIX + "preprocessing";

  /** Which training the weights come from, as a JSON object. */
  public static final String RUN = PREFIX + "run";

  /** What may be done with the weights. */
  public static final String LICENSE = "license";

  private PolicyMetadata() {}
}
