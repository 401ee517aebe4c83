package dev.nonevent.pipeline.bluegreen;

import dev.nonevent.pipeline.bluegreen.ledger.LedgerEntry;
import dev.nonevent.pipeline.bluegreen.ledger.Purpose;
import dev.nonevent.pipeline.bluegreen.protocol.State;
import dev.nonevent.pipeline.deployment.DeploymentFailedException;
import java.util.List;
import java.util.Optional;

/** Back to the release that was stable before, because a person says so. */
final class RollBack {

    private final Site site;

    RollBack(Site site) {
        this.site = site;
    }

    String run() throws InterruptedException {
        Optional<Operation> open = site.standing().open();
        if (open.isPresent() && !open.get().state().isProven()) {
            return undone(open.get(), "it was rolled back by hand");
        }
        new Execution(site).recover("it was rolled back by hand");
        return toTheOneBefore();
    }

    private String undone(Operation open, String reason) throws InterruptedException {
        Execution execution = new Execution(site);
        State end = execution.abort(reason);
        String where = execution.findings().end(site);
        if (end == State.NEEDS_HUMAN) {
            throw new DeploymentFailedException(where, List.of());
        }
        return open.release().version()
                + (end == State.DONE
                        ? " was left open and stays, it is the only one there is; "
                        : " was left open and is undone; ")
                + where;
    }

    private String toTheOneBefore() throws InterruptedException {
        requireWayBack(site.standing(), site.application());
        requireNoBar(site.standing());
        Operation before = site.standing().beforeStable().orElseThrow();
        Operation target = site.today(before).orElse(before);
        Operation leaving = site.standing().stable().orElseThrow();
        boolean warm = Vitality.answers(site, target.instance());
        Deployer deployer = new Deployer(site);
        LedgerEntry.Begun begun = deployer.begun(
                Purpose.ROLL_BACK,
                target.release(),
                target.begun().blueprint(),
                warm ? Optional.of(target) : Optional.empty());
        deployer.carryOut(begun);
        return "rolled back " + leaving.release().version() + ": "
                + Sentences.traffic(site.standing(), site.route())
                + (warm ? ", which was still warm" : ", which was started again");
    }

    private void requireNoBar(Standing standing) {
        Optional<String> bar = standing.barsBeforeStable();
        if (bar.isPresent()) {
            throw new DeploymentFailedException(
                    "there is no way back from "
                            + standing.stable().orElseThrow().place() + ": " + bar.get()
                            + " cannot be undone; nothing was changed, "
                            + Sentences.traffic(standing, site.route()) + "; deploy a release that works",
                    List.of());
        }
    }

    /** Undoes what is open, and nothing else. */
    String abort(String who) throws InterruptedException {
        return undone(requireOpen(site.standing(), site.application()), "it was aborted by " + who);
    }

    /** The deployment that is under way and not yet proven. */
    static Operation requireOpen(Standing standing, String application) {
        return standing.open()
                .filter(open -> !open.state().isProven())
                .orElseThrow(() -> new DeploymentFailedException(
                        "no deployment of \"" + application + "\" is under way that is not proven; nothing was changed",
                        List.of()));
    }

    /** What is open can be undone; what is stable needs one before it. */
    static void requireWayBack(Standing standing, String application) {
        boolean undoable = standing.open()
                .filter(operation -> !operation.state().isProven())
                .isPresent();
        if (!undoable && standing.beforeStable().isEmpty()) {
            throw new DeploymentFailedException(
                    "there is no release of \"" + application + "\" to go back to"
                            + standing.stable()
                                    .map(stable -> ": " + stable.place() + " is the only one that is proven")
                                    .orElse("")
                            + "; nothing was changed",
                    List.of());
        }
    }
}
