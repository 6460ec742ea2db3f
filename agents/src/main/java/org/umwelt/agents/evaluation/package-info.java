/**
 * Evaluation: N episodes of one agent in one environment, the same result whoever runs them in
 * whichever order.
 *
 * <p>Episode i is reset with seed i of the master seed and everything in it is a function of that
 * seed, so episodes are independent jobs. Each is durable as soon as it is finished; a run that was
 * stopped or killed is completed later and gives the identical result.
 */
@NullMarked
package org.umwelt.agents.evaluation;

import org.jspecify.annotations.NullMarked;
