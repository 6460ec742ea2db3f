/** The room in which an agent, or a person at the keys, acts in environments while one looks on. */
@NullMarked
package org.umwelt.viewer.live;

import org.jspecify.annotations.NullMarked;
