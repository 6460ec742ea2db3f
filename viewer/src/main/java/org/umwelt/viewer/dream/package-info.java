/** The room that shows what a trained world model imagines, beside what really happens. */
@NullMarked
package org.umwelt.viewer.dream;

import org.jspecify.annotations.NullMarked;
