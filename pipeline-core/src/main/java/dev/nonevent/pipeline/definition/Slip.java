package dev.nonevent.pipeline.definition;

/**
 * A mistake in how something was declared, noticed when it was written down and reported with all the others when the
 * pipeline is planned.
 *
 * @param sentence names the culprit and the way out
 */
public record Slip(Place place, String sentence) {}
