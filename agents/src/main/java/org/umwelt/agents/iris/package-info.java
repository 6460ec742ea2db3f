/** IRIS: an agent that learns in the imagination of a transformer (arXiv 2209.00588). */
@NullMarked
package org.umwelt.agents.iris;

import org.jspecify.annotations.NullMarked;
