package dev.nonevent.pipeline.bluegreen.proxy;

import dev.nonevent.pipeline.bluegreen.slot.Target;

/**
 * A place of its own that the proxy keeps for one deployment, so that its requests can be told from those of others.
 *
 * @param name one of {@link Layout#NAMES}
 * @param endpoint where the target was when users were sent there: its name may be gone by now, or mean another
 */
public record Side(String name, Target target, Endpoint endpoint) {}
