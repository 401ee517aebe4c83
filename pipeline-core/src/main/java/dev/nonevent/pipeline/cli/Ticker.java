package dev.nonevent.pipeline.cli;

import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;

/** Says once a second that time has passed, so that a silent stage is seen to run. */
final class Ticker implements AutoCloseable {

    private final Runnable tick;
    private final ScheduledExecutorService thread;

    Ticker(Runnable tick) {
        this.tick = tick;
        this.thread = Executors.newSingleThreadScheduledExecutor(task -> {
            Thread daemon = new Thread(task, "pipeline-console");
            daemon.setDaemon(true);
            return daemon;
        });
    }

    void start() {
        // An output that cannot be written ends the ticking, as it should: nobody is looking.
        var unused = thread.scheduleAtFixedRate(tick, 1, 1, TimeUnit.SECONDS);
    }

    @Override
    public void close() {
        thread.shutdownNow();
    }
}
