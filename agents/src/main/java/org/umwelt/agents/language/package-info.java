/** The training of language models with dense and sparse causal attention. */
@NullMarked
package org.umwelt.agents.language;

import org.jspecify.annotations.NullMarked;
