package dev.nonevent.pipeline.run;

import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
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
    private final Queue<Thread> started;

    private Threads(Executor executor, @Nullable ThreadPoolExecutor own, Queue<Thread> started) {
        this.executor = executor;
        this.own = own;
        this.started = started;
    }

    static Threads ofCaller(Executor executor) {
        return new Threads(executor, null, new ConcurrentLinkedQueue<>());
    }

    static Threads own(String name) {
        AtomicInteger count = new AtomicInteger();
        Queue<Thread> started = new ConcurrentLinkedQueue<>();
        ThreadPoolExecutor pool =
                new ThreadPoolExecutor(0, Integer.MAX_VALUE, 10, TimeUnit.SECONDS, new SynchronousQueue<>(), work -> {
                    Thread thread = new Thread(work, name + "-" + count.incrementAndGet());
                    thread.setDaemon(true);
                    started.removeIf(before -> before.getState() == Thread.State.TERMINATED);
                    started.add(thread);
                    return thread;
                });
        return new Threads(pool, pool, started);
    }

    void execute(Runnable work) {
        executor.execute(work);
    }

    /** Does it on a thread for this alone, whosever threads the others are. */
    void aside(Runnable work, String name) {
        Thread thread = new Thread(work, name);
        thread.setDaemon(true);
        started.removeIf(before -> before.getState() == Thread.State.TERMINATED);
        started.add(thread);
        thread.start();
    }

    @Override
    public void close() {
        if (own != null) {
            own.shutdown();
        }
    }

    /** Waits until the run's own threads are gone. A pool says it has terminated while its last thread is still leaving. */
    void join() throws InterruptedException {
        for (Thread thread : started) {
            thread.join();
        }
    }
}
