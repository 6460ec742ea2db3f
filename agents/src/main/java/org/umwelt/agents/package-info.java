/**
 * Agents: what chooses actions, and how one is looked up by name or by file.
 *
 * <p>An {@link org.umwelt.agents.Agent} acts for n environments in one call; an evaluation uses it
 * with n = 1, a learned agent may be given more rows so that its network runs once per step. A new
 * family of agents is one package with an {@link org.umwelt.agents.AgentProvider}, named in {@code
 * META-INF/services}; nothing here changes.
 */
@NullMarked
package org.umwelt.agents;

import org.jspecify.annotations.NullMarked;
