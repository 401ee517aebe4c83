package dev.nonevent.pipeline.run;

import dev.nonevent.pipeline.event.RunEvent;
import dev.nonevent.pipeline.event.RunListener;
import dev.nonevent.pipeline.journal.JournalEntry;
import java.util.ArrayDeque;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.LongSupplier;
import java.util.function.ToLongFunction;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Brings every event to the journal and then to every listener: in order, one thread at a time, on the thread that has
 * something to say. A slow listener slows the run down and nothing piles up. An event that a listener causes is delivered
 * after the one it hears.
 */
final class EventBus {

    private static final Logger LOG = LoggerFactory.getLogger(EventBus.class);

    private final List<RunListener> listeners;
    private final Redaction redaction;
    private final ToLongFunction<JournalEntry> journal;
    private final ReentrantLock lock = new ReentrantLock();

    // Guarded by the lock.
    private final Queue<Post> posts = new ArrayDeque<>();
    private boolean delivering;

    private record Post(RunEvent event, Runnable delivered) {}

    /** @param journal writes a record and answers with its number */
    EventBus(List<RunListener> listeners, Redaction redaction, ToLongFunction<JournalEntry> journal) {
        this.listeners = List.copyOf(listeners);
        this.redaction = redaction;
        this.journal = journal;
    }

    /** Answers with the number of its record in the journal; 0 if there is none. */
    long publish(RunEvent event) {
        return event instanceof RunEvent.StageOutput
                ? publish(event, () -> 0, () -> {})
                : publish(new JournalEntry.Told(event), () -> {});
    }

    /** @param delivered called when every listener has heard the event, and everything before it */
    long publish(JournalEntry.OfEvent entry, Runnable delivered) {
        return publish(entry.event(), () -> journal.applyAsLong(entry), delivered);
    }

    private long publish(RunEvent event, LongSupplier written, Runnable delivered) {
        lock.lock();
        try {
            // Before anybody hears it, and in the same order.
            long record = written.getAsLong();
            posts.add(new Post(event, delivered));
            if (!delivering) {
                deliverAll();
            }
            return record;
        } finally {
            lock.unlock();
        }
    }

    /** Whether the calling thread is inside a listener. */
    boolean isDelivering() {
        return lock.isHeldByCurrentThread();
    }

    private void deliverAll() {
        // An interrupt is for the stage on this thread; it must not cut a listener's own writing short.
        boolean interrupted = Thread.interrupted();
        delivering = true;
        try {
            for (Post post = posts.poll(); post != null; post = posts.poll()) {
                deliver(post);
            }
        } finally {
            delivering = false;
            if (interrupted) {
                Thread.currentThread().interrupt();
            }
        }
    }

    private void deliver(Post post) {
        for (RunListener listener : listeners) {
            try {
                listener.on(post.event());
            } catch (Exception | Error broken) {
                LOG.error(
                        "run {}: {} failed on {}; the run goes on",
                        post.event().run(),
                        listener,
                        post.event().getClass().getSimpleName(),
                        redaction.thrown(broken));
            }
        }
        post.delivered().run();
    }
}
