package dev.nonevent.pipeline.testkit;

import dev.nonevent.pipeline.time.TimeSource;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.RejectedExecutionException;
import org.jspecify.annotations.Nullable;

/** The threads of one run in a test, which all belong to one group, and their time. */
final class Crew implements AutoCloseable {

    private final ThreadGroup group = new ThreadGroup("pipeline-test");
    private final LeapingTime time = new LeapingTime(group);
    private final ExecutorService pool = Executors.newCachedThreadPool(work -> thread(work, "pipeline-test-stage"));

    TimeSource time() {
        return time;
    }

    void execute(Runnable work) {
        Runnable counted = time.counted(work);
        try {
            pool.execute(counted);
        } catch (RejectedExecutionException closed) {
            time.refused();
            throw closed;
        }
    }

    /**
     * Does it on a thread of the group, and waits.
     *
     * @throws InterruptedException if the calling thread is interrupted, when what it waits for is over
     */
    <T> T call(Callable<T> work) throws InterruptedException {
        CompletableFuture<T> made = new CompletableFuture<>();
        Thread thread = thread(
                () -> {
                    try {
                        made.complete(work.call());
                    } catch (Throwable thrown) { // whatever it is, the caller has to hear of it
                        made.completeExceptionally(thrown);
                    }
                },
                "pipeline-test");
        thread.start();
        try {
            return made.get();
        } catch (InterruptedException interrupted) {
            thread.interrupt();
            awaitRegardless(thread);
            throw interrupted;
        } catch (ExecutionException failed) {
            throw rethrown(failed.getCause());
        }
    }

    @Override
    public void close() {
        pool.shutdown();
    }

    private Thread thread(Runnable work, String name) {
        Thread thread = new Thread(group, work, name);
        thread.setDaemon(true);
        return thread;
    }

    private static void awaitRegardless(Thread thread) {
        boolean interrupted = true;
        while (interrupted) {
            try {
                thread.join();
                interrupted = false;
            } catch (InterruptedException again) {
                thread.interrupt();
            }
        }
    }

    private static RuntimeException rethrown(@Nullable Throwable cause) throws InterruptedException {
        if (cause instanceof InterruptedException interrupted) {
            throw interrupted;
        } else if (cause instanceof Error error) {
            throw error;
        }
        return cause instanceof RuntimeException thrown ? thrown : new IllegalStateException(cause);
    }
}
