package dev.nonevent.pipeline.run;

import dev.nonevent.pipeline.definition.Deed;
import dev.nonevent.pipeline.definition.Lock;
import dev.nonevent.pipeline.event.RunEvent;
import dev.nonevent.pipeline.outcome.Failure;
import dev.nonevent.pipeline.outcome.InfrastructureException;
import dev.nonevent.pipeline.outcome.Outcome;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Consumer;

/**
 * The locks one node has and still needs, taken one after the other in the order of their names: who waits for one holds only
 * such as come before it, so nobody waits in a circle. While it stands in a queue it hears whether a newer run asks it to give
 * way.
 */
final class Claim {

    private static final Duration LOOK = Duration.ofMillis(250);

    private final Node node;
    private final Shared shared;
    private final Consumer<String> superseded;

    // Owned by whoever has taken the node.
    private int held;
    private String told = "";

    /** Taken and left by whoever has the node; the alarms look. */
    private final List<LockQueue.Place> places = new CopyOnWriteArrayList<>();

    private final AtomicBoolean listens = new AtomicBoolean();

    /** @param superseded takes the reason why the run should be stopped, as often as somebody asks; returns at once */
    Claim(Node node, Shared shared, Consumer<String> superseded) {
        this.node = node;
        this.shared = shared;
        this.superseded = superseded;
    }

    /** Empty once it has all of them; else how the node goes on without. */
    Optional<Turn> missing() {
        try {
            List<Lock> locks = locks();
            while (held < locks.size()) {
                Lock lock = locks.get(held);
                LockQueue queue = new LockQueue(shared.folder().home(), lock.name());
                if (places.size() == held && !enter(queue)) {
                    return Optional.of(Turn.Waits.forTime(LOOK));
                }
                LockQueue.Place place = places.get(held);
                Optional<List<LockQueue.Before>> before = place.before();
                if (before.isEmpty()) {
                    return Optional.of(Turn.Waits.forTime(LOOK));
                } else if (!before.get().isEmpty()) {
                    return Optional.of(behind(lock, queue, place, before.get()));
                }
                held++;
            }
            return Optional.empty();
        } catch (IOException broken) {
            throw new InfrastructureException("the locks of " + node.name() + " cannot be taken: " + broken, broken);
        }
    }

    private LockTicket ticket() {
        return LockTicket.here(
                shared.folder().id().value(), node.name(), node.declaration.deed() instanceof Deed.Deploy);
    }

    /** Leaves every queue; those behind may go on. */
    void release() {
        for (LockQueue.Place place : places) {
            try {
                place.leave();
            } catch (IOException broken) {
                Aftermath.note(
                        "a lock of " + node.name() + " is free only when this process ends: " + broken, broken, shared);
            }
        }
        places.clear();
        held = 0;
    }

    private boolean enter(LockQueue queue) throws IOException {
        Optional<LockQueue.Place> place = queue.enter(ticket());
        place.ifPresent(places::add);
        if (place.isPresent() && listens.compareAndSet(false, true)) {
            listen();
        }
        return place.isPresent();
    }

    private Turn behind(Lock lock, LockQueue queue, LockQueue.Place place, List<LockQueue.Before> before)
            throws IOException {
        List<LockQueue.Before> others = before.stream()
                .filter(each -> !each.ticket().run().equals(shared.folder().id().value()))
                .toList();
        if (lock.policy() == Lock.Policy.FAIL && !others.isEmpty()) {
            release();
            Outcome blocked = new Outcome.Blocked(Failure.of("the lock " + lock.name() + " is held by "
                    + others.get(0).ticket().words() + "; run it again when that is over"));
            return new Turn.Ended(new Ending(blocked, Optional.empty(), false, Duration.ZERO, Optional.empty()));
        }
        if (lock.policy() == Lock.Policy.CANCEL_OLDER) {
            for (LockQueue.Before other : others) {
                queue.ask(other, ticket());
            }
        }
        tell(lock, before.get(0).ticket());
        return new Turn.Waits(LOOK, () -> isFirst(place));
    }

    private void tell(Lock lock, LockTicket first) {
        boolean cancels = lock.policy() == Lock.Policy.CANCEL_OLDER
                && !first.run().equals(shared.folder().id().value());
        String holder = first.words()
                + (!cancels
                        ? ""
                        : first.deploys() ? ", which deploys and is not cancelled" : ", which is asked to give way");
        String now = lock.name() + " " + holder;
        if (!now.equals(told)) {
            told = now;
            shared.bus()
                    .publish(new RunEvent.LockAwaited(
                            shared.folder().id(),
                            shared.time().now(),
                            Optional.of(node.name()),
                            lock.name(),
                            shared.redaction().text(holder)));
        }
    }

    private boolean isFirst(LockQueue.Place place) {
        try {
            return places.contains(place)
                    && place.before().filter(List::isEmpty).isPresent();
        } catch (IOException broken) {
            throw new UncheckedIOException(broken);
        }
    }

    /** Until it has left every queue. */
    private void listen() {
        shared.alarms().after(LOOK, () -> {
            Optional<LockTicket> asker = asked();
            asker.ifPresent(newer -> superseded.accept("superseded by " + newer.words()));
            if (places.isEmpty()) {
                listens.set(false);
            } else {
                listen();
            }
        });
    }

    private Optional<LockTicket> asked() {
        try {
            for (LockQueue.Place place : places) {
                Optional<LockTicket> asker = place.asked();
                if (asker.isPresent()) {
                    return asker;
                }
            }
            return Optional.empty();
        } catch (IOException unreadable) {
            // Whoever asks waits for us anyhow, and asks on.
            return Optional.empty();
        }
    }

    private List<Lock> locks() {
        return node.declaration.options().scheduling().locks();
    }
}
