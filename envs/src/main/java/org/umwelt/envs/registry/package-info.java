/**
 * Finds environments by id: families offer entries, keyword arguments are checked, near misses get
 * a suggestion.
 */
@NullMarked
package org.umwelt.envs.registry;

import org.jspecify.annotations.NullMarked;
