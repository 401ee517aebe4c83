package dev.nonevent.pipeline.bluegreen.slot;

import java.net.URI;

/**
 * Where traffic can be pointed: one running deployment, never a bare colour.
 *
 * @param deployment unique for ever, such as {@code shop-17}
 * @param address of its instance
 */
public record Target(Colour colour, String deployment, URI address) {}
