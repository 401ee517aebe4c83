package dev.nonevent.pipeline.bluegreen;

import dev.nonevent.pipeline.bluegreen.ledger.Lease;
import dev.nonevent.pipeline.bluegreen.ledger.LedgerEntry;
import dev.nonevent.pipeline.bluegreen.protocol.Protocol;
import dev.nonevent.pipeline.bluegreen.slot.Target;
import dev.nonevent.pipeline.bluegreen.traffic.Canary;
import dev.nonevent.pipeline.bluegreen.traffic.Capability;
import dev.nonevent.pipeline.bluegreen.traffic.Counts;
import dev.nonevent.pipeline.bluegreen.traffic.Drained;
import dev.nonevent.pipeline.bluegreen.traffic.Route;
import dev.nonevent.pipeline.bluegreen.traffic.Routing;
import dev.nonevent.pipeline.bluegreen.traffic.Traffic;
import dev.nonevent.pipeline.bluegreen.traffic.TrafficUnknownException;
import dev.nonevent.pipeline.bluegreen.worker.WorkerState;
import dev.nonevent.pipeline.deployment.Blueprint;
import dev.nonevent.pipeline.deployment.DeploymentContext;
import dev.nonevent.pipeline.deployment.Host;
import dev.nonevent.pipeline.deployment.Instance;
import dev.nonevent.pipeline.outcome.InfrastructureException;
import dev.nonevent.pipeline.time.TimeSource;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/**
 * The application while one holder works on it: the only way to write a fact and to have an effect, so that each effect
 * has its intent before it and its outcome after it. For one thread.
 */
final class Site implements AutoCloseable {

    /** How long an instance may take to end by itself. */
    private static final Duration GRACE = Duration.ofSeconds(10);

    private final String application;
    private final Host<?> host;
    private final Options options;
    private final DeploymentContext context;
    private final Failpoint failpoint;
    private final Protocol protocol;
    private final Lease lease;
    private final Watchdog watchdog;
    private final Traffic traffic;
    private final Orders orders;
    private final Survey survey;
    private final Optional<Workers> workers;

    private Site(Opening opening, Lease lease, Watchdog watchdog, Traffic traffic) {
        this.application = opening.application();
        this.host = opening.host();
        this.options = opening.options();
        this.context = opening.context();
        this.failpoint = opening.failpoint();
        this.protocol = opening.protocol();
        this.lease = lease;
        this.watchdog = watchdog;
        this.traffic = traffic;
        this.orders = new Orders(opening.directory());
        this.survey = new Survey(this);
        this.workers = options.notices().signal().map(signal -> new Workers(this, signal));
    }

    /** What is known before anything is held. */
    record Opening(
            String application,
            Host<?> host,
            Options options,
            DeploymentContext context,
            Failpoint failpoint,
            Protocol protocol) {

        Path directory() {
            return context.home().resolve("deployments").resolve(application);
        }

        /** For the thread that calls this. */
        Watchdog watchdog(String doing) {
            return new Watchdog(context.time(), options.terms().stall(), doing);
        }
    }

    /** With what carries the traffic, started if it is not there. */
    static Site open(Opening opening, Lease lease, Watchdog watchdog) throws InterruptedException {
        opening.failpoint().at("after Acquired");
        try {
            return new Site(
                    opening,
                    lease,
                    watchdog,
                    opening.options().switcher().open(opening.application(), opening.directory()));
        } catch (TrafficUnknownException e) {
            lease.append(new LedgerEntry.Held(String.valueOf(e.getMessage())));
            throw e;
        }
    }

    /** With what carries the traffic if it is there; it is not started. */
    static Site found(Opening opening, Lease lease, Watchdog watchdog) {
        Optional<Traffic> found = opening.options().switcher().find(opening.application(), opening.directory());
        return new Site(opening, lease, watchdog, found.orElseGet(NoTraffic::new));
    }

    /** Whether anything carries traffic. */
    boolean isRouted() {
        return !(traffic instanceof NoTraffic);
    }

    Protocol protocol() {
        return protocol;
    }

    /** Before anything is read: whoever held the application before can change nothing any more. */
    void raiseFence() {
        traffic.raiseFence(lease.fence());
        failpoint.at("after the effect of Acquired");
    }

    /** What somebody wants of whoever is at work here. */
    Orders orders() {
        return orders;
    }

    /** What reports have to know of users. */
    Survey survey() {
        return survey;
    }

    String application() {
        return application;
    }

    Options options() {
        return options;
    }

    DeploymentContext context() {
        return context;
    }

    TimeSource time() {
        return context.time();
    }

    Traffic traffic() {
        return traffic;
    }

    Standing standing() {
        return Standing.of(lease.lines());
    }

    Route route() {
        return traffic.route();
    }

    Lease lease() {
        return lease;
    }

    Watchdog watchdog() {
        return watchdog;
    }

    /** What is done from here on, for whoever asks, and for whoever is told that nothing comes of it. */
    void step(String doing) {
        lease.step(doing);
        watchdog.doing(doing);
    }

    /** The same with an operation, between what is done and the rest of it. */
    void step(String doing, Operation operation, String rest) {
        lease.step(doing + " " + operation.name() + rest);
        watchdog.doing(doing + " " + operation.place() + rest);
    }

    void say(String line) {
        context.progress().accept(line);
    }

    void write(LedgerEntry entry) {
        String kind = entry.getClass().getSimpleName();
        failpoint.at("before " + kind);
        lease.append(entry);
        watchdog.progress();
        failpoint.at("after " + kind);
    }

    /** Those who are told their turn, if they are. */
    Optional<Workers> workers() {
        return workers;
    }

    /** Where an instance finds what is meant for it. */
    Optional<Path> directory(Instance instance) {
        return host.directory(instance, context.home());
    }

    /** A new instance learns that it is not its turn. That one cannot be told bars no way back. */
    void standBy(Operation operation) throws InterruptedException, RefusedException {
        if (workers.isEmpty()) {
            return;
        }
        Optional<String> problem =
                workers.get().tell(new Workers.Due(operation.instance().orElseThrow(), WorkerState.STANDBY));
        if (problem.isPresent() && !operation.isRollBack()) {
            throw new RefusedException(problem.get(), List.of());
        }
        problem.ifPresent(this::say);
    }

    /** A worker has been told its state, and nobody knows it yet. */
    void signalled() {
        failpoint.at("after the effect of a signal");
    }

    /** A hook has ended, and nobody knows it yet. */
    void ranHook() {
        failpoint.at("after the effect of a hook");
    }

    Instance start(String deployment, Blueprint blueprint) throws InterruptedException {
        Instance instance = host.start(application, deployment, blueprint, context.home());
        failpoint.at("after the effect of Creating");
        return instance;
    }

    boolean isRunning(Instance instance) {
        return host.isRunning(instance);
    }

    /**
     * A proven release as it runs now: under another identity, if it was started again in its place. Empty if it does not run;
     * what was found out before says nothing about it.
     */
    Optional<Operation> today(Operation proven) {
        boolean runs = proven.instance().filter(this::isRunning).isPresent();
        return runs ? Optional.of(proven) : proven.again(running());
    }

    List<Instance> running() {
        return host.running(application, context.home());
    }

    /** What no release needs that may be started again goes. Whatever hinders that is said, and hinders nothing else. */
    void tidy() {
        try {
            host.tidy(application, standing().needed(), context.home());
        } catch (RuntimeException e) {
            say("what is not needed any more stays until the next deployment: " + e.getMessage());
        }
    }

    List<String> lastLines(Instance instance) {
        return host.lastLines(instance, context.home(), 20);
    }

    /** Points users at the target alone and makes sure of it; the intent has to be written already. */
    void point(Target target) {
        point(alone(target), target);
    }

    /** The same, and the standby answers the safe requests that the target fails, if the switcher can do that. */
    void point(Target target, Optional<Target> standby) {
        Routing alone = alone(target);
        boolean able = options.switcher().capabilities().contains(Capability.REPLAY);
        point(able ? standby.map(alone::standby).orElse(alone) : alone, target);
    }

    /**
     * Gives a part of the users to the canary and makes sure of it; the stable one answers the safe requests that the canary
     * fails, if the switcher can do that. The intent has to be written already.
     */
    void split(Target stable, Canary part) {
        Routing split = alone(stable).canary(part);
        boolean able = options.switcher().capabilities().contains(Capability.REPLAY);
        point(able ? split.standby(stable) : split, stable);
    }

    /** Whether users are let in is a person's decision, and stays. */
    private Routing alone(Target target) {
        return Routing.to(target).admission(traffic.route().routing().admission());
    }

    private void point(Routing routing, Target target) {
        traffic.switchTo(routing, lease.fence());
        failpoint.at("after the effect of a switch");
        Route route = traffic.route();
        Optional<Target> canary = routing.canary().map(Canary::target);
        if (!canary.equals(route.routing().canary().map(Canary::target))) {
            throw new TrafficUnknownException("the switch was confirmed, but "
                    + route.routing()
                            .canary()
                            .map(part -> part.target().deployment())
                            .orElse("nobody")
                    + " has a part of the users; nothing was removed, look at the router");
        }
        if (route.active()
                .filter(active -> active.deployment().equals(target.deployment()))
                .isEmpty()) {
            throw new TrafficUnknownException(
                    "the switch to " + target.deployment() + " was confirmed, but traffic is on "
                            + route.active().map(Target::deployment).orElse("nothing")
                            + "; nothing was removed, look at the router");
        }
    }

    /**
     * From here on nothing stands by for what has the traffic. Its intent is whatever decided that it needs nobody any more;
     * done again, it changes nothing.
     */
    void dismissStandby() {
        Route route = traffic.route();
        if (route.routing().standby().isPresent()) {
            traffic.switchTo(alone(route.active().orElseThrow()), lease.fence());
            failpoint.at("after the effect of dismissing the standby");
        }
    }

    Optional<Counts> counts(String deployment) {
        return traffic.counts().stream()
                .filter(counts -> counts.deployment().equals(deployment))
                .findFirst();
    }

    Drained drain(String deployment, Duration deadline) throws InterruptedException {
        watchdog.doing("draining " + deployment);
        watchdog.expects(deadline);
        Drained drained = traffic.drain(deployment, deadline);
        watchdog.progress();
        failpoint.at("after the effect of Draining");
        return drained;
    }

    /** Ends what carries the traffic as long as there is none. */
    void endIdleTraffic() throws InterruptedException {
        if (traffic.route().active().isEmpty()) {
            traffic.shutDown(lease.fence());
        }
    }

    /**
     * Stops an instance that no user can come to; throws if nobody can say where they come to, or if somebody else holds the
     * application by now.
     */
    void stop(Instance instance) throws InterruptedException {
        requireNoUsers(instance);
        if (workers.isPresent()) {
            dismiss(workers.get(), instance);
            requireNoUsers(instance);
        }
        kill(instance);
    }

    private void requireNoUsers(Instance instance) {
        Route route = traffic.raiseFence(lease.fence());
        if (route.routing().targets().stream()
                .anyMatch(target -> target.deployment().equals(instance.deployment()))) {
            throw new IllegalStateException(instance.deployment() + " has the traffic and is not stopped");
        }
    }

    /** Whether it listens or not. */
    private void dismiss(Workers known, Instance instance) throws InterruptedException {
        known.tell(new Workers.Due(instance, WorkerState.STOPPED)).ifPresent(this::say);
    }

    /** Stops an instance after users were turned away altogether. */
    void stopUnrouted(Instance instance) throws InterruptedException {
        if (workers.isPresent()) {
            dismiss(workers.get(), instance);
        }
        kill(instance);
    }

    private void kill(Instance instance) throws InterruptedException {
        watchdog.doing("stopping " + instance.deployment());
        watchdog.expects(GRACE);
        host.stop(instance, GRACE);
        watchdog.progress();
        failpoint.at("after the effect of Stopping");
        if (host.isRunning(instance)) {
            throw new InfrastructureException(
                    instance.deployment() + " was told to end, and still runs as " + instance.id());
        }
    }

    /** Ends what carries the traffic; users are turned away from here on. */
    void endTraffic() throws InterruptedException {
        traffic.shutDown(lease.fence());
        failpoint.at("after the effect of TakingDown");
    }

    @Override
    public void close() {
        traffic.close();
    }
}
