package dev.nonevent.pipeline.docker.engine;

import dev.nonevent.pipeline.outcome.InfrastructureException;
import dev.nonevent.pipeline.time.TimeSource;
import java.io.IOException;
import java.net.URI;
import java.time.Duration;
import java.util.Optional;

/**
 * The way to an engine for what may be asked twice. One that does not answer may be on its way back: where containers live on
 * without it, an engine that is exchanged by a newer one is gone for seconds, and nobody's release fails for that.
 */
public record Reach(Optional<URI> address, TimeSource time) {

    /** Longer than an engine takes to start, and short enough for a person who waits for what cannot be. */
    private static final Duration PATIENCE = Duration.ofSeconds(10);

    private static final Duration AGAIN = Duration.ofMillis(250);

    /** What is asked of it. */
    @FunctionalInterface
    public interface Question<T> {
        T of(Engine engine) throws InterruptedException;
    }

    /** Once, of an engine that is there. */
    public <T> T once(Question<? extends T> question) throws InterruptedException {
        try (Engine engine = Engine.at(address)) {
            return question.of(engine);
        }
    }

    /** Again and again, until an engine answers or the patience ends; then the engine's last word is thrown. */
    public <T> T ask(Question<? extends T> question) throws InterruptedException {
        long began = time.nanos();
        while (true) {
            try {
                return once(question);
            } catch (InfrastructureException e) {
                if (!isOutOfReach(e) || time.nanos() - began >= PATIENCE.toNanos()) {
                    throw e;
                }
                time.sleep(AGAIN);
            }
        }
    }

    /** As {@link #ask}, for who cannot be interrupted: an interrupt ends the patience, and stays. */
    public <T> T look(Question<? extends T> question) {
        try {
            return ask(question);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new InfrastructureException("looking at the Docker engine was interrupted", e);
        }
    }

    /** Whether nobody knows what the engine made of it. */
    public static boolean isOutOfReach(InfrastructureException failure) {
        Throwable root = failure;
        while (root.getCause() != null && root.getCause() != root) {
            root = root.getCause();
        }
        return !(failure instanceof EngineRefusedException) && root instanceof IOException;
    }
}
