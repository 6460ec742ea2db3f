/** The environment contract as checks that any environment can be put to. */
@NullMarked
package org.umwelt.envs.check;

import org.jspecify.annotations.NullMarked;
