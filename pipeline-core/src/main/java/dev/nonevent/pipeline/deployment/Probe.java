package dev.nonevent.pipeline.deployment;

import java.net.URI;

/** Asks one instance once. */
@FunctionalInterface
public interface Probe {

    /**
     * Answers within a bounded time; whatever goes wrong is an answer, not an exception. Replicas of one instance are asked at
     * the same time, by several threads.
     *
     * @param instance the address of the instance, or of one of its replicas
     */
    Health probe(URI instance) throws InterruptedException;
}
