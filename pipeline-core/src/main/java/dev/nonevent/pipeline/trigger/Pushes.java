package dev.nonevent.pipeline.trigger;

import dev.nonevent.pipeline.run.Run;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.time.Duration;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.ReentrantLock;
import org.eclipse.jgit.lib.Repository;
import org.eclipse.jgit.transport.ReceivePack;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The pushes on their way: how many, which branch is held by which, and whose runs to cancel at the end. */
final class Pushes {

    private static final Logger LOG = LoggerFactory.getLogger(Pushes.class);
    private static final int MOST = 16;

    private final Repository repository;
    private final String called;
    private final PushServer.Pipelines pipelines;
    private final long mostBytes;
    private final Semaphore places = new Semaphore(MOST, true);
    private final Map<String, ReentrantLock> branches = new ConcurrentHashMap<>();
    private final ReentrantLock unpacking = new ReentrantLock(true);
    private final Set<Run> runs = ConcurrentHashMap.newKeySet();
    private final ScheduledExecutorService alarms = Executors.newSingleThreadScheduledExecutor(work -> {
        Thread thread = new Thread(work, "push-server-alarms");
        thread.setDaemon(true);
        return thread;
    });
    private volatile boolean closing;

    Pushes(Repository repository, String called, PushServer.Pipelines pipelines, long mostBytes) {
        this.repository = repository;
        this.called = called;
        this.pipelines = pipelines;
        this.mostBytes = mostBytes;
    }

    boolean enter() {
        if (!places.tryAcquire()) {
            return false;
        }
        if (closing) {
            places.release();
            return false;
        }
        return true;
    }

    void leave() {
        places.release();
    }

    long mostBytes() {
        return mostBytes;
    }

    ScheduledExecutorService alarms() {
        return alarms;
    }

    String repository() {
        return called;
    }

    PushServer.Pipelines pipelines() {
        return pipelines;
    }

    /** One at a time moves a branch. */
    ReentrantLock lockOf(String ref) {
        return branches.computeIfAbsent(ref, name -> new ReentrantLock(true));
    }

    /** Takes what a pusher sent and says what became of it; branches are held until their refs have moved or not. */
    void receive(InputStream request, OutputStream answer) throws IOException {
        ReceivePack pack = new ReceivePack(repository);
        pack.setBiDirectionalPipe(false);
        pack.setCheckReceivedObjects(true);
        pack.setMaxObjectSizeLimit(mostBytes);
        // Allowed here, so that the gate refuses them in a sentence.
        pack.setAllowDeletes(true);
        pack.setAllowNonFastForwards(true);
        // Two pushes that send the same pack at once would meet in JGit over its name: "Cannot lock pack".
        unpacking.lock();
        try (PushGate gate = new PushGate(this)) {
            pack.setPreReceiveHook(gate);
            pack.receive(request, answer, null);
        } catch (IOException unheard) {
            // JGit has told the pusher what is wrong with the pack, or cannot because he is gone.
            LOG.info("a push to {} ended with: {}", called, unheard.getMessage());
        } finally {
            unpacked();
        }
    }

    /** Called by the thread that unpacks when it has done so; a second call does nothing. */
    void unpacked() {
        if (unpacking.isHeldByCurrentThread()) {
            unpacking.unlock();
        }
    }

    void started(Run run) {
        runs.add(run);
        if (closing) {
            run.cancel("the push server is closing");
        }
    }

    void ended(Run run) {
        runs.remove(run);
    }

    void close(Duration patience) {
        closing = true;
        runs.forEach(run -> run.cancel("the push server is closing"));
        try {
            if (places.tryAcquire(MOST, patience.toNanos(), TimeUnit.NANOSECONDS)) {
                places.release(MOST);
            } else {
                LOG.warn("pushes to {} did not end within {}; their branches do not move", called, patience);
            }
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
        }
        alarms.shutdownNow();
    }
}
