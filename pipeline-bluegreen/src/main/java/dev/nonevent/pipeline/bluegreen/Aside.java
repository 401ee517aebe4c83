package dev.nonevent.pipeline.bluegreen;

import dev.nonevent.pipeline.time.TimeSource;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/**
 * Something of a user's own on a thread of its own, which is interrupted when its time is over: whatever it does, it holds
 * nobody up. For one caller thread.
 */
final class Aside implements AutoCloseable {

    private static final Duration A_MOMENT = Duration.ofMillis(5);
    private static final int LONGEST_PROBLEM = 500;

    private final TimeSource time;
    private final Duration limit;
    private final long began;
    private final ExecutorService thread;
    private final Future<?> work;

    /** Begins at once. */
    Aside(String name, Work work, Duration limit, TimeSource time) {
        this.time = time;
        this.limit = limit;
        this.began = time.nanos();
        this.thread = Executors.newSingleThreadExecutor(runnable -> {
            Thread aside = new Thread(runnable, name);
            aside.setDaemon(true);
            return aside;
        });
        this.work = thread.submit(() -> {
            work.run();
            return null;
        });
    }

    @FunctionalInterface
    interface Work {
        void run() throws Exception;
    }

    /** @param problem why it has failed, as the end of a sentence, if it has */
    record Ended(Optional<String> problem, Duration took) {}

    /** Empty as long as it goes on; waits a moment at most. */
    Optional<Ended> look() throws InterruptedException {
        try {
            work.get(A_MOMENT.toNanos(), TimeUnit.NANOSECONDS);
            return ended(Optional.empty());
        } catch (ExecutionException e) {
            return ended(Optional.of(problem(e.getCause() == null ? e : e.getCause())));
        } catch (TimeoutException e) {
            if (took().compareTo(limit) < 0) {
                return Optional.empty();
            }
            return ended(Optional.of("it did not end within " + Sentences.duration(limit)));
        }
    }

    private Optional<Ended> ended(Optional<String> problem) {
        close();
        return Optional.of(new Ended(problem, took()));
    }

    private Duration took() {
        return Duration.ofNanos(time.nanos() - began);
    }

    /** Its message if it has one, on one line: it goes into the ledger. */
    private static String problem(Throwable thrown) {
        String message = thrown.getMessage();
        String text = message == null || message.isBlank() ? thrown.getClass().getSimpleName() : message;
        String line = text.strip().replaceAll("\\s+", " ");
        return line.length() <= LONGEST_PROBLEM ? line : line.substring(0, LONGEST_PROBLEM) + "…";
    }

    @Override
    public void close() {
        thread.shutdownNow();
    }
}
