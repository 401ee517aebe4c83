package dev.nonevent.pipeline.bluegreen;

import dev.nonevent.pipeline.bluegreen.protocol.Action;
import dev.nonevent.pipeline.bluegreen.protocol.Event;
import dev.nonevent.pipeline.bluegreen.slot.Target;
import dev.nonevent.pipeline.bluegreen.traffic.Canary;
import dev.nonevent.pipeline.bluegreen.traffic.Route;
import dev.nonevent.pipeline.deployment.Instance;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/** Carries out the actions that the protocol's table names, and says what came of each. For one thread. */
final class Performer {

    private final Site site;
    private final Findings findings;
    private final Leftovers leftovers;
    /** One that a person interrupts goes on where it was. */
    private Optional<Bake> baking = Optional.empty();

    Performer(Site site, Findings findings) {
        this.site = site;
        this.findings = findings;
        this.leftovers = new Leftovers(site);
    }

    /** @return what it was answered by; empty if it asks nothing */
    Optional<Event> carryOut(Action action) throws InterruptedException {
        return switch (action) {
            case RAISE_FENCE -> done(site::raiseFence);
            case SEE -> Optional.of(see());
            case LOOK -> Optional.of(look(Event.ON_IT, Event.PARTLY_ON_IT, Event.ELSEWHERE));
            case LOOK_BACK -> Optional.of(look(Event.REACHED, Event.PARTLY_REACHED, Event.UNREACHED));
            case ASK_WARM -> Optional.of(askWarm());
            case START -> Optional.of(start());
            case PROBE -> Optional.of(probe());
            case PROBE_AGAIN -> Optional.of(probeAgain());
            case SHIFT -> Optional.of(shift());
            case ANALYSE -> Optional.of(analyse());
            case SWITCH -> Optional.of(switchToIt());
            case BAKE -> Optional.of(bake());
            case ASK_WAY_BACK -> Optional.of(askWayBack());
            case ASK_STABLE -> Optional.of(askStable());
            case SWITCH_BACK -> Optional.of(switchBack());
            case DRAIN_IT -> Optional.of(drainIt());
            case FIND_ITS -> Optional.of(findIts());
            case STOP -> Optional.of(stopped(site::stop));
            case DISMISS_STANDBY -> done(site::dismissStandby);
            case FIND_OLD -> Optional.of(findOld());
            case DRAIN_OLD -> Optional.of(drainOld());
            case CHOOSE -> Optional.of(choose());
            case CHECK_STABLE -> Optional.of(checkStable());
            case POINT -> Optional.of(point());
            case FIND_LEFTOVER -> Optional.of(leftover(leftovers.unneeded()));
            case FIND_KEPT -> Optional.of(leftover(leftovers.kept()));
            case END_ROUTER -> Optional.of(endRouter());
            case STOP_ANY -> Optional.of(stopped(site::stopUnrouted));
            case FIND_ANY -> Optional.of(leftover(site.running().stream().findFirst()));
        };
    }

    private static Optional<Event> done(Runnable change) {
        change.run();
        return Optional.empty();
    }

    /** A person, or another program, may have moved users; whoever cannot explain where they are touches nothing. */
    private Event see() {
        Optional<Target> active = site.route().active();
        if (active.isEmpty() || site.standing().owner(active.get()).isPresent()) {
            return Event.OURS;
        }
        findings.held = "traffic is on " + active.get().deployment() + " at "
                + Sentences.places(active.get().addresses()) + ", which no deployment of \"" + site.application()
                + "\" has started: somebody else has moved it";
        return Event.FOREIGN;
    }

    private Event look(Event all, Event part, Event none) {
        Operation operation = operation();
        Route route = site.route();
        Optional<Canary> canary = route.routing().canary().filter(split -> operation.is(split.target()));
        boolean on = operation.isActive(route);
        if (on || canary.isPresent()) {
            findings.held =
                    "traffic is on " + operation.name() + ", which should not have it: somebody else has moved it";
        }
        findings.percent = canary.map(Canary::percent).orElse(0);
        return on ? all : canary.isPresent() ? part : none;
    }

    private Event askWarm() throws InterruptedException {
        if (operation().begun().warm().isPresent()) {
            return Event.WARM;
        }
        try {
            hooks().beforeStart();
            return Event.COLD;
        } catch (RefusedException e) {
            return unfit(e);
        }
    }

    private Event start() throws InterruptedException {
        Operation operation = operation();
        site.step("starting", operation, "");
        site.say("starting " + operation.release().version() + " on " + operation.colour());
        findings.instance =
                Optional.of(site.start(operation.name(), operation.begun().blueprint()));
        return Event.CREATED;
    }

    private Event probe() throws InterruptedException {
        Operation operation = operation();
        site.step("checking", operation, "");
        try {
            Candidate.Proof proof = new Candidate(site, operation).prove();
            findings.untilHealthy = proof.took();
            findings.evidence = proof.evidence();
            site.standBy(operation);
            return Event.FIT;
        } catch (RefusedException e) {
            return unfit(e);
        }
    }

    private Event probeAgain() throws InterruptedException {
        try {
            hooks().beforeSwitch(() -> begins() ? findings.percent : 0);
            new Candidate(site, operation()).proveAgain();
            return begins() ? Event.FIT_FOR_PART : Event.FIT;
        } catch (RefusedException e) {
            return unfit(e);
        }
    }

    private Event unfit(RefusedException refused) {
        findings.reason = refused.reason();
        findings.details = refused.details();
        return Event.UNFIT;
    }

    /** Only users of a stable release that answers can be split; all others are helped by the new one as a whole. */
    private boolean begins() throws InterruptedException {
        Optional<Steps> steps = site.options().proof().steps();
        Optional<Operation> stable = site.standing().stable();
        if (steps.isEmpty() || operation().isRollBack() || stable.isEmpty()) {
            return false;
        }
        findings.percent = steps.get().first().percent();
        return stable.get().isActive(site.route()) && Vitality.stillAnswers(site, stable.get());
    }

    private Event shift() {
        Operation operation = operation();
        site.step("giving", operation, " " + findings.percent + " % of the users");
        Target stable = site.standing().stable().flatMap(Operation::target).orElseThrow();
        Steps steps = site.options().proof().steps().orElseThrow();
        Canary part = steps.part(site.application(), operation.target().orElseThrow(), findings.percent);
        site.split(stable, part);
        findings.shiftedHere = true;
        return Event.SHIFTED;
    }

    /** A part that the declaration does not know, or not any more, is none that anybody has a time for. */
    private Event analyse() throws InterruptedException {
        Optional<Steps> steps = site.options().proof().steps();
        Optional<Steps.Step> step = steps.flatMap(known -> known.of(findings.percent));
        if (step.isEmpty()) {
            findings.unproven = true;
            findings.reason =
                    "its part of " + findings.percent + " % of the users is no step of its declaration any more";
            return Event.UNPROVEN;
        }
        Bake bake = baking(step);
        Bake.Result result = bake.run();
        if (!(result instanceof Bake.Result.Good good)) {
            return interrupted(result);
        }
        good(good);
        if (bake.isPromoted()) {
            site.say(operation().release().version() + ": " + good.evidence());
        }
        if (bake.isPromotedFully()) {
            findings.promotion = Optional.of(good.evidence());
            return Event.PROVEN;
        }
        Optional<Steps.Step> next = steps.get().after(step.get());
        findings.percent = next.map(Steps.Step::percent).orElse(findings.percent);
        return next.isPresent() ? Event.GROWS : Event.PROVEN;
    }

    private Event switchToIt() {
        Operation operation = operation();
        site.step("switching to", operation, "");
        long began = site.time().nanos();
        site.point(operation.target().orElseThrow(), standby(operation));
        findings.switching = since(began);
        findings.switchedHere = true;
        return Event.SWITCHED;
    }

    /** The release that users come from, until the new one is proven; a release they go back to was proven before. */
    private Optional<Target> standby(Operation operation) {
        return site.standing()
                .stable()
                .filter(stable -> !operation.isRollBack() && stable.isActive(site.route()))
                .filter(stable -> site.standing().barsStable().isEmpty())
                .flatMap(Operation::target);
    }

    private Event bake() throws InterruptedException {
        Bake bake = baking(Optional.empty());
        Bake.Result result = findings.promotion.isPresent() ? bake.runPromoted(findings.promotion.get()) : bake.run();
        if (!(result instanceof Bake.Result.Good good)) {
            return interrupted(result);
        }
        good(good);
        return Event.PROVEN;
    }

    private Bake baking(Optional<Steps.Step> step) {
        Operation operation = operation();
        Bake bake =
                baking.filter(begun -> begun.isOf(operation, step)).orElseGet(() -> new Bake(site, operation, step));
        baking = Optional.of(bake);
        return bake;
    }

    private Event interrupted(Bake.Result result) {
        if (result instanceof Bake.Result.Ordered ordered) {
            findings.who = ordered.who();
            return ordered.pauses() ? Event.PAUSE : Event.GO_ON;
        }
        return unproven((Bake.Result.Bad) result);
    }

    private void good(Bake.Result.Good good) {
        findings.evidence = good.evidence();
        findings.baked = findings.baked.plus(good.took());
    }

    private Event unproven(Bake.Result.Bad bad) {
        findings.unproven = true;
        findings.reason = bad.reason();
        findings.detectedIn = bad.detectedIn();
        findings.details = operation().instance().map(site::lastLines).orElse(List.of());
        return Event.UNPROVEN;
    }

    private Event askWayBack() throws InterruptedException {
        if (site.standing().stable().isEmpty()
                && Vitality.answers(site, operation().instance())) {
            findings.evidence = "it is the only release there is; " + findings.reason;
            return Event.ALONE;
        }
        return site.standing().barsStable().isPresent() ? Event.BARRED : askStable();
    }

    private Event askStable() throws InterruptedException {
        findings.decidedAt = site.time().nanos();
        site.step("rolling back", operation(), "");
        Optional<Operation> stable = site.standing().stable();
        boolean answers = stable.isPresent() && Vitality.stillAnswers(site, stable.get());
        return answers ? Event.STABLE_ANSWERS : Event.STABLE_SILENT;
    }

    private Event switchBack() {
        Operation stable = site.standing().stable().orElseThrow();
        findings.moved = !stable.isAlone(site.route());
        if (findings.moved) {
            site.point(stable.target().orElseThrow());
        }
        findings.restoredIn = Optional.of(since(findings.decidedAt));
        return Event.SWITCHED_BACK;
    }

    private Event drainIt() throws InterruptedException {
        Operation operation = operation();
        Handover.settle(site);
        if (operation.instance().isPresent()) {
            String deployment = operation.instance().get().deployment();
            site.survey().drained(deployment, site.drain(deployment, drainWithin()));
        }
        return Event.DRAINED;
    }

    private Event findIts() {
        String name = operation().name();
        hooks().onRollback(findings.reason);
        findings.instance = site.running().stream()
                .filter(instance -> instance.deployment().equals(name))
                .findFirst();
        findings.stopped = findings.reason;
        if (findings.instance.isPresent()) {
            return Event.ONE_RUNS;
        }
        Handover.settle(site);
        hooks().onUndone(findings.reason);
        return Event.NONE_RUNS;
    }

    /** A way to stop an instance. */
    @FunctionalInterface
    private interface Stop {
        void of(Instance instance) throws InterruptedException;
    }

    private Event stopped(Stop stop) throws InterruptedException {
        stop.of(findings.instance.orElseThrow());
        findings.ended++;
        return Event.STOPPED;
    }

    private Event findOld() {
        Operation operation = operation();
        Standing standing = site.standing();
        Optional<Operation> old = standing.predecessor(operation).flatMap(standing::owner);
        old.ifPresent(hooks()::onRollbackFrom);
        findings.instance = old.flatMap(site::today).flatMap(Operation::instance);
        return findings.instance.isPresent() ? Event.OLD_RUNS : Event.OLD_GONE;
    }

    private Event drainOld() throws InterruptedException {
        Instance old = findings.instance.orElseThrow();
        site.step("draining " + old.deployment());
        findings.drained = site.drain(old.deployment(), drainWithin());
        return Event.DRAINED;
    }

    private Event choose() {
        boolean wayBack = site.standing()
                .beforeStable()
                .flatMap(Operation::instance)
                .map(Instance::deployment)
                .equals(findings.instance.map(Instance::deployment));
        boolean keeps = !site.options().predecessor().keep().isZero();
        findings.stopped = operation().name() + " has taken its place";
        return wayBack && keeps && !operation().isRollBack() ? Event.KEEP : Event.LET_GO;
    }

    /** A router that has lost its state serves nobody, or an old one: the ledger knows who is proven. */
    private Event checkStable() throws InterruptedException {
        Handover.settle(site);
        Optional<Operation> stable = site.standing().stable();
        if (stable.isEmpty() || site.standing().barsStable().isPresent()) {
            return Event.STANDS;
        }
        boolean answers = Vitality.stillAnswers(site, stable.get());
        Route route = site.route();
        if (!stable.get().isAlone(route)) {
            return answers ? Event.ASTRAY : Event.STANDS;
        }
        if (!answers) {
            findings.tell(
                    site,
                    stable.get().place()
                            + " has the traffic and does not answer: deploy a release that does, or roll back");
        }
        return Event.STANDS;
    }

    private Event point() {
        Operation stable = site.standing().stable().orElseThrow();
        site.point(stable.target().orElseThrow());
        Handover.settle(site);
        findings.tell(site, "the router did not point to " + stable.place() + ", which is stable; it does again");
        return Event.POINTED;
    }

    private Event leftover(Optional<Instance> found) {
        findings.instance = found;
        findings.stopped = "no deployment needs it any more";
        return found.isPresent() ? Event.LEFTOVER : Event.CLEAR;
    }

    private Event endRouter() throws InterruptedException {
        site.endTraffic();
        return Event.ROUTER_ENDED;
    }

    private Duration drainWithin() {
        return site.options().predecessor().drain();
    }

    private Duration since(long began) {
        return Duration.ofNanos(site.time().nanos() - began);
    }

    private Hooks hooks() {
        return new Hooks(site, operation());
    }

    private Operation operation() {
        return site.standing().last().orElseThrow(() -> new IllegalStateException("nothing was begun"));
    }
}
