package dev.nonevent.pipeline.docker.swarm;

import dev.nonevent.pipeline.docker.engine.Reach;
import dev.nonevent.pipeline.outcome.InfrastructureException;
import java.time.Duration;

/**
 * The way to the managers of a swarm for what may be asked twice. Between two leaders there is none for seconds, and nobody's
 * release fails for that.
 */
record Managers(Reach reach) {

    private static final Duration PATIENCE = Duration.ofSeconds(10);
    private static final Duration AGAIN = Duration.ofMillis(250);

    /** What is asked of them. */
    @FunctionalInterface
    interface Question<T> {
        T of(Swarm swarm) throws InterruptedException;
    }

    /** Once, of managers that are there and agree. */
    <T> T once(Question<? extends T> question) throws InterruptedException {
        return reach.once(engine -> question.of(new Swarm(engine)));
    }

    /** Again and again, until they agree or the patience ends; then their last word is thrown. */
    <T> T ask(Question<? extends T> question) throws InterruptedException {
        long began = reach.time().nanos();
        while (true) {
            try {
                return reach.<T>ask(engine -> question.of(new Swarm(engine)));
            } catch (LeaderlessException none) {
                if (reach.time().nanos() - began >= PATIENCE.toNanos()) {
                    throw none;
                }
                reach.time().sleep(AGAIN);
            }
        }
    }

    /** As {@link #ask}, for who cannot be interrupted: an interrupt ends the patience, and stays. */
    <T> T look(Question<? extends T> question) {
        try {
            return ask(question);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new InfrastructureException("looking at the swarm was interrupted", e);
        }
    }
}
