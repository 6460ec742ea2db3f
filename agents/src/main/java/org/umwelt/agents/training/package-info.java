/**
 * Trainings: experiments found by name, run epoch by epoch, and gone on with after any crash.
 *
 * <p>An {@link org.umwelt.agents.training.Experiment} declares its settings and makes a {@link
 * org.umwelt.agents.training.Trainer}, which knows one epoch, its state and nothing else. {@link
 * org.umwelt.agents.training.Training} does the rest: after each epoch the line of {@code
 * metrics.jsonl} is written, and then, every so many epochs, a checkpoint, so that a checkpoint's
 * lines are always there. Going on means the newest checkpoint, without what was written behind it;
 * a trainer whose state is complete gives what an undisturbed training gives.
 */
@NullMarked
package org.umwelt.agents.training;

import org.jspecify.annotations.NullMarked;
