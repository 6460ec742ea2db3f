/** Floor 4: learned models of worlds and of sequences; holds no policies. */
@NullMarked
package org.umwelt.worldmodel;

import org.jspecify.annotations.NullMarked;
