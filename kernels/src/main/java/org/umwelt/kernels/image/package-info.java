/** Resizing of 8-bit pictures, equal to the libraries that published results were made with. */
@NullMarked
package org.umwelt.kernels.image;

import org.jspecify.annotations.NullMarked;
