package dev.nonevent.pipeline.run;

import java.util.concurrent.Executor;
import java.util.concurrent.SynchronousQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/** The threads of one run: the caller's, or daemon threads of its own that are gone when it is over. */
final class Threads implements AutoCloseable {

    private final Executor executor;
    private final @Nullable ThreadPoolExecutor own;

    private Threads(Executor executor, @Nullable ThreadPoolExecutor own) {
        this.executor = executor;
        this.own = own;
    }

    static Threads ofCaller(Executor executor) {
        return new Threads(executor, null);
    }

    static Threads own(String name) {
        AtomicInteger count = new AtomicInteger();
        ThreadPoolExecutor pool =
                new ThreadPoolExecutor(0, Integer.MAX_VALUE, 10, TimeUnit.SECONDS, new SynchronousQueue<>(), work -> {
                    Thread thread = new Thread(work, name + "-" + count.incrementAndGet());
                    thread.setDaemon(true);
                    return thread;
                });
        return new Threads(pool, pool);
    }

    void execute(Runnable work) {
        executor.execute(work);
    }

    @Override
    public void close() {
        if (own != null) {
            own.shutdown();
        }
    }

    /** Waits until the run's own threads are gone. */
    void join() throws InterruptedException {
        if (own != null) {
            boolean gone = own.awaitTermination(Long.MAX_VALUE, TimeUnit.NANOSECONDS);
            assert gone;
        }
    }
}
