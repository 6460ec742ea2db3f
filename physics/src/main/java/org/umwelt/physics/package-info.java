/** Floor 2: what is true of the simulated systems; holds no reinforcement-learning vocabulary. */
@NullMarked
package org.umwelt.physics;

import org.jspecify.annotations.NullMarked;
