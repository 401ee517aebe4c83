package dev.nonevent.pipeline.bluegreen;

import dev.nonevent.pipeline.deployment.DeploymentFailedException;
import dev.nonevent.pipeline.time.TimeSource;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/**
 * Interrupts whoever works on an application when nothing has come of it for too long: nothing was written, nothing was looked
 * at, no question was answered. What is interrupted asks it whether it was, and whoever cancels is told apart by that.
 *
 * <p>It looks at the clock of the deployment several times a second, from a thread of its own. For one caller thread, the one
 * that works; a call that does not end when its thread is interrupted is not ended by it either.
 */
final class Watchdog implements AutoCloseable {

    private static final long LOOK_MILLIS = 100;

    private final TimeSource time;
    private final Duration limit;
    private final Thread worker = Thread.currentThread();

    // Guarded by this.
    private long lastProgress;
    private String doing;
    private Optional<String> barked = Optional.empty();
    private boolean over;

    /** @param doing what is done first, as {@code starting green (abc1234)} */
    Watchdog(TimeSource time, Duration limit, String doing) {
        this.time = time;
        this.limit = limit;
        this.doing = doing;
        this.lastProgress = time.nanos();
        Thread watching = new Thread(this::watch, "watchdog");
        watching.setDaemon(true);
        watching.start();
    }

    /** Something that may take too long. */
    @FunctionalInterface
    interface Work<T> {
        T done() throws InterruptedException;
    }

    /**
     * What comes of it.
     *
     * @throws DeploymentFailedException if nothing did, and nobody else has said so by then
     */
    <T> T watching(Work<T> work) throws InterruptedException {
        try {
            return work.done();
        } catch (DeploymentFailedException e) {
            throw e;
        } catch (InterruptedException | RuntimeException e) {
            Optional<String> why = barked();
            if (why.isPresent()) {
                DeploymentFailedException stalled = new DeploymentFailedException(
                        why.get() + ": it was given up before anything was begun", List.of());
                stalled.initCause(e);
                throw stalled;
            }
            throw e;
        }
    }

    /** What was interrupted may have ended as if it had not been. */
    synchronized void requireProgress() throws InterruptedException {
        if (barked.isPresent()) {
            throw new InterruptedException(barked.get());
        }
    }

    /** It has come a bit further. */
    void progress() {
        expects(Duration.ZERO);
    }

    /** For so long nothing needs to come of it, because what is done now has an end of its own. */
    synchronized void expects(Duration ahead) {
        lastProgress = time.nanos() + ahead.toNanos();
    }

    /** What is done from here on, for whoever is told that nothing has come of it. */
    synchronized void doing(String what) {
        doing = what;
        progress();
    }

    /** Why it has interrupted, if it has; from here on it watches again, and the interrupt is over. */
    synchronized Optional<String> barked() {
        Optional<String> why = barked;
        if (why.isPresent()) {
            Thread.interrupted();
            barked = Optional.empty();
            progress();
        }
        return why;
    }

    @Override
    public synchronized void close() {
        over = true;
        barked();
        notifyAll();
    }

    private synchronized void watch() {
        long seen = lastProgress - 1;
        try {
            while (!over) {
                wait(LOOK_MILLIS);
                // Seen twice: a clock that leaps, as that of a machine that slept, is no proof that nothing has come.
                boolean late = time.nanos() - lastProgress >= limit.toNanos();
                if (late && seen == lastProgress && barked.isEmpty() && !over) {
                    barked = Optional.of("no progress for " + Sentences.duration(limit) + " while " + doing);
                    worker.interrupt();
                }
                seen = late ? lastProgress : lastProgress - 1;
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
