/** What a player's keys mean in a game. */
@NullMarked
package org.umwelt.viewer.keys;

import org.jspecify.annotations.NullMarked;
