/**
 * Spaces with Gymnasium's semantics, and off-heap batches of their values.
 *
 * <p>Every space has a fixed layout: a list of {@link org.umwelt.envs.spaces.Leaf leaves}, each a
 * dense tensor. A {@link org.umwelt.envs.spaces.Batch} holds n values, one contiguous [n, ...]
 * segment per leaf, which native libraries read without a copy; a {@link
 * org.umwelt.envs.spaces.Value} is one row of it.
 */
@NullMarked
package org.umwelt.envs.spaces;

import org.jspecify.annotations.NullMarked;
