/** Stepping many environments together, in parallel and without allocating. */
@NullMarked
package org.umwelt.envs.vector;

import org.jspecify.annotations.NullMarked;
