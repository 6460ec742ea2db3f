package org.umwelt.agents.runs;

/**
 * A number a run came to.
 *
 * @param name as {@code result.json} or {@code metrics.jsonl} has it, such as {@code mean} or
 *     {@code evaluation/return}
 * @param value NaN where it is no number
 * @param text how it is written where that is more than the number, such as {@code 1.234(5)} with
 *     its error; empty elsewhere
 */
public record KeyResult(String name, double value, String text) {}
