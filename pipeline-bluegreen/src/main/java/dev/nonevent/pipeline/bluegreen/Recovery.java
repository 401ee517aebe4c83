package dev.nonevent.pipeline.bluegreen;

import dev.nonevent.pipeline.bluegreen.ledger.LedgerEntry;
import dev.nonevent.pipeline.bluegreen.ledger.Phase;
import dev.nonevent.pipeline.bluegreen.slot.Target;
import dev.nonevent.pipeline.bluegreen.traffic.Route;
import dev.nonevent.pipeline.bluegreen.traffic.TrafficUnknownException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Finishes or undoes what a dead process left open, by the last durable fact and by what is really there. Killed itself and
 * run again, it comes to the same end.
 */
final class Recovery {

    private final Site site;
    private final List<String> said = new ArrayList<>();

    Recovery(Site site) {
        this.site = site;
    }

    /** @return what was found and what was done, as sentences; empty if nothing was open */
    List<String> run() throws InterruptedException {
        site.lease().step("looking at what is open");
        Route route = readable();
        refuseForeign(route);
        Optional<Operation> open = site.standing().open();
        if (open.isPresent()) {
            finishOrUndo(open.get(), route);
        }
        reassert();
        new Retirement(site).sweep(false);
        return List.copyOf(said);
    }

    /** Unknown is never permission: nothing is touched while nobody can say where traffic is. */
    private Route readable() {
        try {
            return site.route();
        } catch (TrafficUnknownException e) {
            site.write(new LedgerEntry.Held(String.valueOf(e.getMessage())));
            throw e;
        }
    }

    private void refuseForeign(Route route) {
        Optional<Target> active = route.active();
        if (active.isPresent() && site.standing().owner(active.get()).isEmpty()) {
            String why = "traffic is on " + active.get().deployment() + " at "
                    + active.get().address() + ", which no deployment of \"" + site.application() + "\" has started";
            site.write(new LedgerEntry.Held(why));
            throw new TrafficUnknownException(
                    why + ": somebody else has moved it. Nothing was touched; take the router down"
                            + " or restore the ledger that knows it");
        }
    }

    /** Who is cancelled leaves no release with the traffic that nobody watches. */
    private void finishOrUndo(Operation operation, Route route) throws InterruptedException {
        try {
            finish(operation, route);
        } catch (InterruptedException e) {
            WayBack.End end = new WayBack(site).settle(operation.name(), "it was cancelled while it was recovered");
            site.say("cancelled: " + end.sentence());
            throw e;
        }
    }

    private void finish(Operation operation, Route route) throws InterruptedException {
        String found = operation.name() + " (" + operation.release().version()
                + ") was left open by a process that is gone, after \""
                + operation.last().getClass().getSimpleName() + "\"";
        site.say(found);
        boolean has = operation.isActive(route);
        String done;
        if (has && (operation.phase() == Phase.SWITCHING || operation.phase() == Phase.SERVING)) {
            done = serveOn(operation);
        } else if (operation.phase() == Phase.RETIRING) {
            new Retirement(site).of(operation);
            done = "it is stable; what was left to do for its predecessor is done";
        } else {
            WayBack.End end = new WayBack(site).settle(operation.name(), "the deploying process died");
            done = end.restored() ? "it was undone; " + end.sentence() : end.sentence();
        }
        said.add(found + "; " + done);
        site.say(done);
    }

    /** Users have it already, so it is watched from the beginning, and stays or goes like any other. */
    private String serveOn(Operation operation) throws InterruptedException {
        if (operation.phase() == Phase.SWITCHING) {
            site.write(new LedgerEntry.Switched(operation.name(), true));
        }
        Operation serving = site.standing().operation(operation.name());
        Bake.Result result = new Bake(site, serving).run();
        if (result instanceof Bake.Result.Bad bad) {
            WayBack.End end = new WayBack(site).back(serving, bad.reason(), bad.detectedIn());
            return end.restored() ? "it was rolled back: " + bad.reason() + "; " + end.sentence() : end.sentence();
        }
        String evidence = ((Bake.Result.Good) result).evidence();
        site.write(new LedgerEntry.Committed(serving.name(), evidence));
        new Retirement(site).of(site.standing().operation(serving.name()));
        return "users had it already, and it is stable now: " + evidence + "; "
                + Sentences.traffic(site.standing(), site.route());
    }

    /** A router that has lost its state serves nobody, or an old one: the ledger knows who is proven. */
    private void reassert() throws InterruptedException {
        Standing standing = site.standing();
        Optional<Operation> stable = standing.stable();
        if (stable.isEmpty() || standing.neededAPerson()) {
            return;
        }
        boolean answers = Vitality.answers(site, stable.get().instance());
        if (stable.get().isActive(site.route())) {
            if (!answers) {
                String sentence = stable.get().place()
                        + " has the traffic and does not answer: deploy a release that does, or roll back";
                said.add(sentence);
                site.say(sentence);
            }
        } else if (answers) {
            site.point(stable.get().target().orElseThrow());
            String sentence =
                    "the router did not point to " + stable.get().place() + ", which is stable; it does again";
            said.add(sentence);
            site.say(sentence);
        }
    }
}
