/** Files that are whole or not there. */
@NullMarked
package org.umwelt.kernels.files;

import org.jspecify.annotations.NullMarked;
