package org.umwelt.agents;

import org.umwelt.kernels.random.RandomStream;

/**
 * What an agent is told when an episode starts.
 *
 * @param index number of the episode in its series, from 0
 * @param seed seed the environment was reset with
 * @param stepsBefore steps of all earlier episodes of the series together; 0 unless the agent
 *     {@linkplain AgentFactory#needsEpisodesInOrder needs episodes in order}
 */
public record EpisodeStart(long index, long seed, long stepsBefore) {
  /** The stream of an episode's seed that belongs to the agent; environments use small numbers. */
  private static final long AGENT_STREAM = 0x4147_454E_5400L;

  /** Makes the stream the random stream of this episode's agent, at its beginning. */
  public void restart(RandomStream random) {
    random.restart(seed, AGENT_STREAM);
  }
}
