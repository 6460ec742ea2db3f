/**
 * The {@code umwelt} command line: one class per command, exit codes and output rules in one place.
 */
@NullMarked
package org.umwelt.agents.cli;

import org.jspecify.annotations.NullMarked;
