package dev.nonevent.pipeline.bluegreen;

import dev.nonevent.pipeline.bluegreen.ledger.LedgerEntry;
import dev.nonevent.pipeline.bluegreen.ledger.Purpose;
import dev.nonevent.pipeline.bluegreen.protocol.State;
import dev.nonevent.pipeline.bluegreen.slot.Colour;
import dev.nonevent.pipeline.bluegreen.slot.Target;
import dev.nonevent.pipeline.bluegreen.traffic.Route;
import dev.nonevent.pipeline.deployment.DeploymentRecord;
import dev.nonevent.pipeline.deployment.Instance;
import dev.nonevent.pipeline.deployment.Release;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/** One move of traffic, as far as the ledger tells it. Immutable. */
record Operation(
        LedgerEntry.Begun begun,
        State state,
        LedgerEntry.OfDeployment last,
        Optional<Instance> instance,
        Instant startedAt,
        Optional<Instant> switchedAt,
        Optional<Instant> endedAt,
        Measured.Failure failure) {

    static Operation of(LedgerEntry.Begun begun, Instant at) {
        return new Operation(
                begun,
                State.BEGUN,
                begun,
                begun.warm(),
                at,
                Optional.empty(),
                Optional.empty(),
                Measured.Failure.NOT_MEASURED);
    }

    /** @param reached where the protocol stands with this fact */
    Operation and(LedgerEntry.OfDeployment entry, State reached, Instant at) {
        Optional<Instance> found =
                entry instanceof LedgerEntry.Created created ? Optional.of(created.instance()) : instance;
        Optional<Instant> switched =
                switchedAt.isEmpty() && (entry instanceof LedgerEntry.Switched || entry instanceof LedgerEntry.Shifted)
                        ? Optional.of(at)
                        : switchedAt;
        boolean decided = entry instanceof LedgerEntry.Committed || (endedAt.isEmpty() && reached.isOver());
        return new Operation(
                begun,
                reached,
                entry,
                found,
                startedAt,
                switched,
                decided ? Optional.of(at) : endedAt,
                failure.and(entry));
    }

    /** The same, started again in its place, or what is left of its replicas; empty if none of these is that. */
    Optional<Operation> again(List<Instance> running) {
        return instance.flatMap(before -> running.stream()
                        .filter(now -> now.deployment().equals(before.deployment()))
                        .filter(now -> before.addresses().containsAll(now.addresses()))
                        .findFirst())
                .map(this::as);
    }

    private Operation as(Instance again) {
        return new Operation(begun, state, last, Optional.of(again), startedAt, switchedAt, endedAt, failure);
    }

    /** Users are split between it and the stable release, or were to be, or not any more. */
    boolean isCanary() {
        boolean shifted = switchedAt.isPresent();
        return state == State.SHIFTING || state == State.ANALYSING || (state == State.SWITCHING && shifted);
    }

    String name() {
        return begun.deployment();
    }

    Release release() {
        return begun.release();
    }

    Colour colour() {
        return begun.colour();
    }

    boolean isRollBack() {
        return begun.purpose() == Purpose.ROLL_BACK;
    }

    /** {@code blue (abc1234)}. */
    String place() {
        return colour() + " (" + release().version() + ")";
    }

    Optional<Target> target() {
        return instance.map(found -> new Target(colour(), found.deployment(), found.address(), found.alsoAt()));
    }

    /** Whether this is the instance that users are pointed at. */
    boolean isActive(Route route) {
        return route.active().filter(this::is).isPresent();
    }

    /** The same, and no part of the users is with another one. */
    boolean isAlone(Route route) {
        return isActive(route) && route.routing().canary().isEmpty();
    }

    /** Whether this is its instance. */
    boolean is(Target target) {
        return instance.map(Instance::deployment).orElse(name()).equals(target.deployment());
    }

    DeploymentRecord record(boolean becameStable) {
        Optional<Duration> restoredIn = failure.restoredIn();
        return new DeploymentRecord(
                release(), startedAt, switchedAt, endedAt, becameStable, failure.detectedIn(), restoredIn);
    }
}
