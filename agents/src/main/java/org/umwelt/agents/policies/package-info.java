/**
 * Agents that learn nothing: baselines every learned agent is compared with, and recorded action
 * lists.
 */
@NullMarked
package org.umwelt.agents.policies;

import org.jspecify.annotations.NullMarked;
