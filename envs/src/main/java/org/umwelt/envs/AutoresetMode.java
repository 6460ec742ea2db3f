package org.umwelt.envs;

/**
 * What a vector environment does with a row whose episode has ended.
 *
 * <p>At the step t in which an episode of a row ends, and at the step after it:
 *
 * <table>
 *   <caption>What a row holds</caption>
 *   <tr><th>mode</th><th>step t: observation, reward, flags</th><th>final observation</th><th>step t + 1</th></tr>
 *   <tr><td>SAME_STEP</td><td>first of the next episode; reward and flags of the end</td><td>last of the ended episode</td>
 *       <td>an ordinary step of the next episode</td></tr>
 *   <tr><td>NEXT_STEP</td><td>last of the ended episode; reward and flags of the end</td><td>the same observation</td>
 *       <td>the action is ignored: first observation of the next episode, reward 0, flags false; not a transition</td></tr>
 *   <tr><td>DISABLED</td><td>last of the ended episode; reward and flags of the end</td><td>the same observation</td>
 *       <td>an error, unless the row was reset by mask before</td></tr>
 * </table>
 */
public enum AutoresetMode {
  /**
   * Resets within the step that ended the episode. Our default: every row of every step is a
   * transition.
   */
  SAME_STEP,
  /** Resets in the step after the end, which is not a transition. Gymnasium's default. */
  NEXT_STEP,
  /** Leaves resets to the caller. */
  DISABLED
}
