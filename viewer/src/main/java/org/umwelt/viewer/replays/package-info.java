/** The room in which recorded episodes are looked at step by step. */
@NullMarked
package org.umwelt.viewer.replays;

import org.jspecify.annotations.NullMarked;
