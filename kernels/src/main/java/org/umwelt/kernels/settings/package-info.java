/** Declared, typed settings from text, and the one-line errors that say how to mend a request. */
@NullMarked
package org.umwelt.kernels.settings;

import org.jspecify.annotations.NullMarked;
