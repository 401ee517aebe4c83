package dev.nonevent.pipeline.bluegreen;

import dev.nonevent.pipeline.bluegreen.worker.WorkerState;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Work goes from whoever had it to whoever has the traffic: everybody else is told to take nothing any more, and only when all
 * of them have confirmed that, or are gone, is the next one told to begin. So there is a moment in which nobody takes work,
 * and never one in which two do. For one caller thread.
 */
final class Handover implements AutoCloseable {

    private static final Duration AGAIN = Duration.ofSeconds(1);
    private static final Duration LOOK = Duration.ofMillis(25);

    private final Site site;
    private final Optional<Workers> workers;

    private @Nullable Aside telling;
    private Workers.@Nullable Due whom;
    private Optional<String> problem = Optional.empty();
    private boolean complete;
    private long nextAt;

    Handover(Site site) {
        this.site = site;
        this.workers = site.workers();
        this.complete = workers.isEmpty();
        this.nextAt = site.time().nanos();
    }

    /**
     * Tells everybody what is true now, once. One who cannot be told is told by whoever comes next, and holds nobody up; who
     * cancels meanwhile cancels what follows.
     */
    static void settle(Site site) {
        try (Handover handover = new Handover(site)) {
            handover.await(Duration.ZERO);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /** Goes on with it, and tries again what has failed; waits a moment at most for each who answers in it. */
    void look() throws InterruptedException {
        while (!complete && site.time().nanos() - nextAt >= 0) {
            if (!heard(workers.orElseThrow())) {
                return;
            }
        }
    }

    /** @return whether there may be more to do */
    private boolean heard(Workers known) throws InterruptedException {
        if (telling == null || whom == null) {
            return begun(known);
        }
        Optional<Aside.Ended> ended = telling.look();
        if (ended.isEmpty()) {
            return false;
        }
        Optional<String> failed = known.heard(whom, ended.get());
        telling = null;
        if (failed.isPresent()) {
            nextAt = site.time().nanos() + AGAIN.toNanos();
            failed.filter(why -> !problem.equals(failed)).ifPresent(site::say);
        }
        problem = failed;
        return true;
    }

    private boolean begun(Workers known) {
        List<Workers.Due> due = known.due();
        complete = due.isEmpty();
        if (complete) {
            return false;
        }
        Workers.Due next = due.get(0);
        if (next.state() == WorkerState.ACTIVE && site.time().nanos() - known.freeFrom() < 0) {
            nextAt = known.freeFrom();
            return false;
        }
        whom = next;
        telling = known.telling(next);
        return true;
    }

    /** Whether everybody knows his state. */
    boolean isComplete() {
        return complete;
    }

    /** Why somebody does not, if a try has failed since the last that did not. */
    Optional<String> problem() {
        return problem;
    }

    /**
     * Waits for it, but not for somebody who does not listen.
     *
     * @param patience how long it is tried again after the first try has failed
     */
    void await(Duration patience) throws InterruptedException {
        long began = site.time().nanos();
        for (look(); !complete; look()) {
            if (problem.isPresent() && site.time().nanos() - began >= patience.toNanos()) {
                return;
            }
            site.time().sleep(LOOK);
        }
    }

    @Override
    public void close() {
        if (telling != null) {
            telling.close();
            telling = null;
        }
    }
}
