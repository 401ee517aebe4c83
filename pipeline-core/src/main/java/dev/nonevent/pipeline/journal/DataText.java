package dev.nonevent.pipeline.journal;

/**
 * A value as JSON.
 *
 * @param json one line
 */
public record DataText(String json) {}
