package dev.nonevent.pipeline.bluegreen;

import dev.nonevent.pipeline.bluegreen.protocol.State;
import dev.nonevent.pipeline.bluegreen.slot.Target;
import dev.nonevent.pipeline.bluegreen.worker.Worker;
import dev.nonevent.pipeline.bluegreen.worker.WorkerCallback;
import dev.nonevent.pipeline.bluegreen.worker.WorkerSignal;
import dev.nonevent.pipeline.bluegreen.worker.WorkerState;
import dev.nonevent.pipeline.deployment.Instance;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * What the instances of the application are told of their turn, as far as this holder has told them: one that comes after a
 * death knows nothing, and tells each of them again. For one thread.
 */
final class Workers {

    private static final Duration LOOK = Duration.ofMillis(25);

    private final Site site;
    private final WorkerSignal signal;
    private final WorkerCallback way;
    /** By the id of an instance; what it has confirmed. */
    private final Map<String, WorkerState> told = new HashMap<>();

    private long freeFrom;

    Workers(Site site, WorkerSignal signal) {
        this.site = site;
        this.signal = signal;
        this.way = signal.way();
        this.freeFrom = site.time().nanos();
    }

    /** An instance, and what it is to be told. */
    record Due(Instance instance, WorkerState state) {

        @Override
        public String toString() {
            return instance.deployment() + " " + state;
        }
    }

    /** Everybody who was not told yet what is true now; whoever is to take work comes last. */
    List<Due> due() {
        Standing standing = site.standing();
        Optional<String> active = site.route().active().map(Target::deployment);
        List<Due> due = new ArrayList<>();
        List<Due> last = new ArrayList<>();
        for (Instance instance : site.running()) {
            boolean isActive = active.equals(Optional.of(instance.deployment()));
            Due its = new Due(instance, isActive ? WorkerState.ACTIVE : waiting(standing, instance));
            if (told.get(instance.id()) != its.state()) {
                (isActive ? last : due).add(its);
            }
        }
        due.addAll(last);
        return due;
    }

    private static WorkerState waiting(Standing standing, Instance instance) {
        boolean kept = standing.state().isOver()
                && standing.kept()
                        .filter(keeping -> keeping.old().deployment().equals(instance.deployment()))
                        .isPresent();
        boolean isNew = standing.last()
                .filter(last -> last.name().equals(instance.deployment()))
                .filter(last -> !last.state().isOver() && !isGivenUp(last))
                .isPresent();
        return kept || isNew ? WorkerState.STANDBY : WorkerState.DRAINING;
    }

    /** Users who have a part of it make it no worker. */
    private static boolean isGivenUp(Operation operation) {
        return operation.state() == State.BACKING
                || operation.state() == State.UNDOING
                || operation.state().isProven();
    }

    Aside telling(Due due) {
        Worker worker = new Worker(site.application(), due.instance(), site.directory(due.instance()));
        return new Aside(
                "signal to " + due.instance().deployment(),
                () -> way.tell(worker, due.state()),
                signal.limit(),
                site.time());
    }

    /** @return why it does not know, as a sentence */
    Optional<String> heard(Due due, Aside.Ended ended) {
        site.signalled();
        if (ended.problem().isPresent()) {
            return Optional.of(due.instance().deployment() + " could not be told that it is " + due.state() + ": "
                    + ended.problem().get());
        }
        told.put(due.instance().id(), due.state());
        if (due.state() == WorkerState.DRAINING) {
            freeFrom = site.time().nanos() + signal.seenWithin().toNanos();
        }
        return Optional.empty();
    }

    /** Waits for it. */
    Optional<String> tell(Due due) throws InterruptedException {
        try (Aside telling = telling(due)) {
            while (true) {
                Optional<Aside.Ended> ended = telling.look();
                if (ended.isPresent()) {
                    return heard(due, ended.get());
                }
                site.time().sleep(LOOK);
            }
        }
    }

    /** When the next one may begin, in nanoseconds: whoever was told to take nothing any more may not have seen it before. */
    long freeFrom() {
        return freeFrom;
    }
}
