/** Python on this machine: which interpreters to try, and a private one with pinned packages. */
@NullMarked
package org.umwelt.envs.python;

import org.jspecify.annotations.NullMarked;
