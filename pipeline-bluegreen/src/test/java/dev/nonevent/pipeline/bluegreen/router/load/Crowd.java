package dev.nonevent.pipeline.bluegreen.router.load;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.channels.Selector;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.PriorityQueue;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.TimeUnit;

/**
 * Many users on one thread, who repeat nothing: every other request is a POST, each has an id of its own, and whatever is
 * not the whole right answer of an instance that may still be asked is a failure.
 *
 * <p>Guests are added first, then it is started, then stopped; {@link #switched} may be called at any time by anyone.
 */
public final class Crowd implements AutoCloseable {

    private static final int WORTH_TELLING = 100;

    private final InetSocketAddress address;
    private final Selector selector = Selector.open();
    private final List<Guest> guests = new ArrayList<>();
    private final Queue<String> failures = new ConcurrentLinkedQueue<>();
    private final Thread thread = new Thread(this::run, "crowd");

    // of the thread
    private final PriorityQueue<Guest> resting = new PriorityQueue<>(Comparator.comparingLong(Guest::due));
    private int nextId;
    private int busy;

    // written by the thread under the lock of this
    private long answers;
    private int connected;
    private long awaited = Long.MAX_VALUE;

    private volatile int oldestAllowed;
    private volatile boolean stopping;

    public Crowd(URI address) throws IOException {
        this.address = new InetSocketAddress(address.getHost(), address.getPort());
        thread.setDaemon(true);
    }

    /**
     * @param count how many
     * @param keepAlive false: each request has a connection of its own
     * @param think how long each rests between an answer and its next request
     * @param arrival the time over which they come
     */
    public Crowd add(int count, boolean keepAlive, Duration think, Duration arrival) {
        long now = System.nanoTime();
        for (int i = 0; i < count; i++) {
            guests.add(new Guest(this, keepAlive, think.toNanos(), now + arrival.toNanos() / count * i));
        }
        return this;
    }

    /** Without rest between requests, and all at once. */
    public Crowd add(int count, boolean keepAlive) {
        return add(count, keepAlive, Duration.ZERO, Duration.ZERO);
    }

    public Crowd start() {
        resting.addAll(guests);
        thread.start();
        return this;
    }

    /** The switch to this instance has returned: what is sent from now on must reach none with a lower number. */
    public void switched(int instance) {
        oldestAllowed = instance;
    }

    /** Returns when so many requests were answered, or as soon as one has failed. */
    public synchronized void awaitAnswers(long wanted) throws InterruptedException {
        awaited = wanted;
        while (answers < wanted && failures.isEmpty() && thread.isAlive()) {
            wait(TimeUnit.SECONDS.toMillis(1));
        }
        awaited = Long.MAX_VALUE;
    }

    public synchronized long answers() {
        return answers;
    }

    /** How many connections stand. */
    public synchronized int connected() {
        return connected;
    }

    public List<String> failures() {
        return List.copyOf(failures);
    }

    /** Begins no more requests, and returns when the last one is answered: then ids from 0 to below this were sent. */
    public int stop() throws InterruptedException {
        stopping = true;
        selector.wakeup();
        thread.join();
        return nextId;
    }

    @Override
    public void close() throws IOException, InterruptedException {
        stop();
        selector.close();
    }

    // --- for the guests, on the thread

    InetSocketAddress address() {
        return address;
    }

    Selector selector() {
        return selector;
    }

    int nextId() {
        return nextId++;
    }

    int oldestAllowed() {
        return oldestAllowed;
    }

    synchronized void answered() {
        answers++;
        if (answers >= awaited) {
            notifyAll();
        }
    }

    synchronized void connections(int change) {
        connected += change;
    }

    void rests(Guest guest) {
        busy--;
        resting.add(guest);
    }

    void failed(String how) {
        if (failures.size() < WORTH_TELLING) {
            failures.add(how);
        }
        synchronized (this) {
            notifyAll();
        }
    }

    // --- details

    private void run() {
        try {
            while (!stopping || busy > 0) {
                wakeTheRested();
                selector.select(key -> ((Guest) key.attachment()).ready(key), untilTheNextWakes());
            }
        } catch (IOException | RuntimeException e) {
            failed("the crowd has ended: " + e);
        } finally {
            guests.forEach(Guest::leave);
        }
    }

    private void wakeTheRested() {
        long now = System.nanoTime();
        while (!stopping && !resting.isEmpty() && resting.peek().due() - now <= 0) {
            busy++;
            resting.remove().ask();
        }
    }

    /** In milliseconds for the selector, where zero means for ever. */
    private long untilTheNextWakes() {
        if (stopping || resting.isEmpty()) {
            return 0;
        }
        long nanos = resting.peek().due() - System.nanoTime();
        return Math.max(1, TimeUnit.NANOSECONDS.toMillis(nanos));
    }
}
