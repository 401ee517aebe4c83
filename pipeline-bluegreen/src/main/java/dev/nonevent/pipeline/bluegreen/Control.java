package dev.nonevent.pipeline.bluegreen;

import dev.nonevent.pipeline.bluegreen.ledger.FileLedger;
import dev.nonevent.pipeline.bluegreen.ledger.LedgerHeldException;
import dev.nonevent.pipeline.bluegreen.protocol.State;
import dev.nonevent.pipeline.bluegreen.report.DeploymentReport;
import dev.nonevent.pipeline.bluegreen.traffic.Counts;
import dev.nonevent.pipeline.bluegreen.traffic.Traffic;
import dev.nonevent.pipeline.deployment.Blueprint;
import dev.nonevent.pipeline.deployment.DeploymentFailedException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.Supplier;

/** What can be done with an application, each by whoever holds it while it is done; who only looks holds nothing. */
final class Control {

    private final Site.Opening opening;

    Control(Site.Opening opening) {
        this.opening = opening;
    }

    LiveRelease deploy(Supplier<Blueprint> preparing) throws InterruptedException {
        Blueprint blueprint = prepared(preparing);
        return holding(Hold.DEPLOYING, standing -> {}, site -> new Deployer(site).deploy(blueprint));
    }

    /** An image may be pulled for it. */
    private Blueprint prepared(Supplier<Blueprint> preparing) throws InterruptedException {
        try (Watchdog watchdog = opening.watchdog("preparing the release")) {
            return watchdog.watching(() -> {
                Blueprint blueprint = preparing.get();
                watchdog.requireProgress();
                return blueprint;
            });
        }
    }

    LiveRelease retry() throws InterruptedException {
        return holding(
                "trying again",
                standing -> Deployer.requireRetry(standing, opening.application()),
                site -> new Deployer(site).retry());
    }

    String rollBack() throws InterruptedException {
        return holding(
                "rolling back",
                standing -> RollBack.requireWayBack(standing, opening.application()),
                site -> new RollBack(site).run());
    }

    String abort() throws InterruptedException {
        requireOpen(standing());
        if (ledger().isHeld()) {
            return order(Orders.Kind.ABORT, "end");
        }
        try {
            return holding("aborting", this::requireOpen, site -> new RollBack(site).abort(user()));
        } catch (LedgerHeldException busy) {
            return order(Orders.Kind.ABORT, "end");
        }
    }

    /** Where nothing is watched there is no place to wait. */
    String pause() {
        Operation open = requireOpen(standing());
        Options.Proof proof = opening.options().proof();
        boolean watched = proof.judge().isPresent() && !proof.bake().isZero();
        if (!watched && proof.steps().isEmpty()) {
            throw new DeploymentFailedException(
                    open.release().version() + " has no bake and no step in which it could wait; nothing was changed:"
                            + " abort it if it must not go on",
                    List.of());
        }
        return order(Orders.Kind.PAUSE, "pause");
    }

    /** A person cannot mean a part of the users that none of them has yet. */
    String promote() {
        Operation open = requireOpen(standing());
        if (open.switchedAt().isEmpty() && open.state() != State.SHIFTING && open.state() != State.SWITCHING) {
            throw new DeploymentFailedException(
                    open.release().version() + " has no users yet and waits for nobody; nothing was changed",
                    List.of());
        }
        return order(Orders.Kind.PROMOTE, "go on if it is paused or waits in a step");
    }

    /** Whoever carries it out notices at its next look, and not at all once the release is proven. */
    String order(Orders.Kind kind, String what) {
        // Looked at first, so that one that has just ended is not said to be left open.
        boolean held = ledger().isHeld();
        Operation open = requireOpen(standing());
        if (!held) {
            throw new DeploymentFailedException(
                    open.release().version() + " was left open by a process that is gone, and nobody takes an order for"
                            + " it; nothing was changed: recover it, or abort it",
                    List.of());
        }
        new Orders(opening.directory()).give(new Orders.Order(kind, open.name(), user()));
        return open.release().version() + " is told to " + what + "; the status shows when it does";
    }

    private Operation requireOpen(Standing standing) {
        return RollBack.requireOpen(standing, opening.application());
    }

    private static String user() {
        return ProcessHandle.current().info().user().orElse("unknown");
    }

    String inspect() {
        boolean held = ledger().isHeld();
        return new Inspection(opening, standing(), held).text();
    }

    List<String> recover() throws InterruptedException {
        if (standing().state() == State.ENDING) {
            return List.of("taking it down was left unfinished: " + down());
        }
        boolean routed = isRouted();
        if (!routed && standing().isDown()) {
            return List.of();
        }
        return holding("recovering", standing -> {}, site -> {
            List<String> said = new ArrayList<>();
            if (!routed) {
                said.add("its router was not running; it is started again at "
                        + site.traffic().address());
            }
            said.addAll(new Recovery(site).run());
            return said;
        });
    }

    String down() throws InterruptedException {
        return new Hold(opening, ledger()).takenDown();
    }

    List<Counts> counts() {
        Optional<Traffic> found = find();
        if (found.isEmpty()) {
            return List.of();
        }
        try (Traffic traffic = found.get()) {
            return traffic.counts();
        }
    }

    private boolean isRouted() {
        Optional<Traffic> found = find();
        found.ifPresent(Traffic::close);
        return found.isPresent();
    }

    private Optional<Traffic> find() {
        return opening.options().switcher().find(opening.application(), opening.directory());
    }

    List<DeploymentReport> reports(int latest) {
        return Reports.of(ledger().read()).latest(latest);
    }

    Standing standing() {
        return Standing.of(ledger().read());
    }

    private <T> T holding(String step, Consumer<Standing> first, Hold.Verb<T> verb) throws InterruptedException {
        return new Hold(opening, ledger()).on(step, first, verb);
    }

    private FileLedger ledger() {
        return FileLedger.in(
                opening.directory(), opening.application(), opening.context().time());
    }
}
