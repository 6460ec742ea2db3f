/** Examines the machine: what works here, what does not, and how to mend it. */
@NullMarked
package org.umwelt.agents.doctor;

import org.jspecify.annotations.NullMarked;
