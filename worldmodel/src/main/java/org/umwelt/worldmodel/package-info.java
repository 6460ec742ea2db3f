/** Floor 4: learned models of worlds; holds no policies. Empty until the first model moves in. */
@NullMarked
package org.umwelt.worldmodel;

import org.jspecify.annotations.NullMarked;
