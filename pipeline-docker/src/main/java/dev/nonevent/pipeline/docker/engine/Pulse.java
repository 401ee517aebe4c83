package dev.nonevent.pipeline.docker.engine;

import dev.nonevent.pipeline.outcome.InfrastructureException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/**
 * Asks an engine now and then whether it still answers, while something is waited for that may rightly take for ever: a
 * hung engine cuts no connection.
 */
public final class Pulse implements AutoCloseable {

    /** Often enough: a hung engine is noticed after this and one answer's time. */
    public static final Duration USUAL = Duration.ofSeconds(15);

    private final Engine engine;
    private final Duration every;
    private final List<Streamed<?>> guarded;
    private final CountDownLatch closed = new CountDownLatch(1);

    private Pulse(Engine engine, Duration every, List<Streamed<?>> guarded) {
        this.engine = engine;
        this.every = every;
        this.guarded = guarded;
    }

    /**
     * Takes the engine's pulse until it is closed.
     *
     * @param guarded ends with the {@link InfrastructureException} that says why the engine does not answer
     */
    public static Pulse of(Engine engine, Duration every, Streamed<?>... guarded) {
        Pulse pulse = new Pulse(engine, every, List.of(guarded));
        Thread thread = new Thread(pulse::watch, "nonevent-docker-pulse");
        thread.setDaemon(true);
        thread.start();
        return pulse;
    }

    private void watch() {
        try {
            while (!closed.await(every.toNanos(), TimeUnit.NANOSECONDS)) {
                engine.tell(
                        "seeing whether it is alive", docker -> docker.pingCmd().exec());
            }
        } catch (InfrastructureException gone) {
            guarded.forEach(each -> each.onError(gone));
        } catch (InterruptedException nobodyDoes) {
            Thread.currentThread().interrupt();
        }
    }

    @Override
    public void close() {
        closed.countDown();
    }
}
