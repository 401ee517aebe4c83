package dev.nonevent.pipeline.bluegreen;

import dev.nonevent.pipeline.bluegreen.protocol.Event;
import dev.nonevent.pipeline.bluegreen.protocol.State;
import dev.nonevent.pipeline.deployment.Blueprint;
import dev.nonevent.pipeline.deployment.Release;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Finishes or undoes what a dead process left open: the table's answer to the last durable fact and to what is really there.
 * Killed itself and run again, it comes to the same end.
 */
final class Recovery {

    private final Site site;

    Recovery(Site site) {
        this.site = site;
    }

    /** @return what was found and what was done, as sentences; empty if nothing was open */
    List<String> run() throws InterruptedException {
        return run(execution -> execution.recover("the deploying process died"));
    }

    /** The same for whoever has another release: what was seen of an open canary is nothing that release is judged by. */
    List<String> before(Blueprint next, Release release) throws InterruptedException {
        boolean superseded = site.standing()
                .open()
                .filter(Operation::isCanary)
                .filter(open -> !open.begun().blueprint().equals(next))
                .filter(open -> !Permit.isOlder(release, open.release()))
                .isPresent();
        return superseded ? run(execution -> execution.abort(Orders.supersededBy(release.version()))) : run();
    }

    /** What is to become of it. */
    @FunctionalInterface
    private interface Way {
        State of(Execution execution) throws InterruptedException;
    }

    private List<String> run(Way way) throws InterruptedException {
        site.step("looking at what is open");
        List<String> said = new ArrayList<>();
        Execution execution = new Execution(site);
        Optional<Operation> open = site.standing().open();
        open.ifPresent(left -> site.orders().take(left.name(), Orders.Kind.STEERS));
        open.map(Recovery::found).ifPresent(site::say);
        State end = way.of(execution);
        if (open.isPresent()) {
            String done = done(open.get(), end, execution.findings());
            said.add(found(open.get()) + "; " + done);
            site.say(done);
        }
        execution.follow(Event.TIDY);
        Handover.settle(site);
        site.tidy();
        said.addAll(execution.findings().told);
        return List.copyOf(said);
    }

    private static String found(Operation open) {
        return open.name() + " (" + open.release().version() + ") was left open by a process that is gone, after \""
                + open.last().getClass().getSimpleName() + "\"";
    }

    private String done(Operation open, State end, Findings findings) {
        if (end == State.NEEDS_HUMAN) {
            return findings.end(site);
        } else if (end == State.ROLLED_BACK) {
            String undone = findings.unproven ? "it was rolled back: " + findings.reason : "it was undone";
            return undone + "; " + findings.end(site);
        } else if (open.state().isProven()) {
            return "it is stable; what was left to do for its predecessor is done";
        }
        return "users had it already, and it is stable now: " + findings.evidence + "; "
                + Sentences.traffic(site.standing(), site.route());
    }
}
