/**
 * Environments around environments: time limit, frame stack, statistics, reward clipping, sticky
 * actions.
 *
 * <p>Each has the semantics of Gymnasium's wrapper of the same name, allocates nothing per step,
 * and saves and restores its own state with that of the environment inside.
 */
@NullMarked
package org.umwelt.envs.wrappers;

import org.jspecify.annotations.NullMarked;
