package dev.nonevent.pipeline.bluegreen.proxy;

import dev.nonevent.pipeline.bluegreen.slot.Target;

/**
 * A place of its own that the proxy keeps for one deployment, so that its requests can be told from those of others.
 *
 * @param name one of {@link Layout#NAMES}
 */
public record Side(String name, Target target) {}
