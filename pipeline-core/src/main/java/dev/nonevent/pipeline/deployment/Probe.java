package dev.nonevent.pipeline.deployment;

import java.net.URI;

/** Asks one instance once. */
@FunctionalInterface
public interface Probe {

    /**
     * Answers within a bounded time; whatever goes wrong is an answer, not an exception.
     *
     * @param instance the address of the instance
     */
    Health probe(URI instance) throws InterruptedException;
}
