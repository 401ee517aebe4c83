package dev.nonevent.pipeline.deployment;

import java.util.Optional;

/** What one probe of one instance said. */
public sealed interface Health {

    record Healthy() implements Health {}

    /** The reason is a sentence's end: {@code answered 503}, {@code connection refused}. */
    record Unhealthy(String reason) implements Health {}

    default Optional<String> problem() {
        return this instanceof Unhealthy unhealthy ? Optional.of(unhealthy.reason()) : Optional.empty();
    }
}
