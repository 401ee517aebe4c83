package dev.nonevent.pipeline.bluegreen;

import dev.nonevent.pipeline.bluegreen.freeze.FreezeWindow;
import dev.nonevent.pipeline.bluegreen.freeze.Freezes;
import dev.nonevent.pipeline.bluegreen.judge.Judge;
import dev.nonevent.pipeline.bluegreen.judge.WhenInconclusive;
import dev.nonevent.pipeline.bluegreen.ledger.FileLedger;
import dev.nonevent.pipeline.bluegreen.ledger.LedgerHeldException;
import dev.nonevent.pipeline.bluegreen.protocol.Protocol;
import dev.nonevent.pipeline.bluegreen.protocol.State;
import dev.nonevent.pipeline.bluegreen.protocol.Table;
import dev.nonevent.pipeline.bluegreen.traffic.Counts;
import dev.nonevent.pipeline.bluegreen.traffic.Traffic;
import dev.nonevent.pipeline.bluegreen.traffic.TrafficSwitcher;
import dev.nonevent.pipeline.deployment.Blueprint;
import dev.nonevent.pipeline.deployment.DeploymentContext;
import dev.nonevent.pipeline.deployment.DeploymentRecord;
import dev.nonevent.pipeline.deployment.DeploymentStrategy;
import dev.nonevent.pipeline.deployment.HealthCheck;
import dev.nonevent.pipeline.deployment.Host;
import dev.nonevent.pipeline.outcome.InfrastructureException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.UnaryOperator;

/**
 * A release is started beside the one that serves, proven there, given all the traffic at once, watched, and taken back
 * at once if it is not good enough.
 *
 * <pre>{@code
 * BlueGreen.blueGreen("shop").on(LocalProcesses.localProcesses(launch))
 *     .traffic(Router.router(8000))
 *     .health(HealthCheck.http("/health"))
 *     .bake(Duration.ofMinutes(10)).judge(Judge.errorRate().atMost(0.01));
 * }</pre>
 *
 * <p>Before the switch nothing a user can see changes; after it, the stable release is one pointer swap away. Every effect
 * is written down before and after it happens, so a process that dies anywhere is finished or undone by the next one. One
 * process at a time works on an application; state is under {@code deployments/<application>} of the home. Immutable, and
 * safe for use by several threads.
 *
 * @param <A> what is deployed
 */
public final class BlueGreen<A> implements DeploymentStrategy<A, LiveRelease> {

    private final String application;
    private final Host<? super A> host;
    private final Options options;
    private final Failpoint failpoint;
    private final Protocol protocol;

    private BlueGreen(
            String application, Host<? super A> host, Options options, Failpoint failpoint, Protocol protocol) {
        this.application = application;
        this.host = host;
        this.options = options;
        this.failpoint = failpoint;
        this.protocol = protocol;
    }

    /** @param application the key of its state: at most 40 lower-case letters, digits and hyphens */
    public static Application blueGreen(String application) {
        return new Application(application);
    }

    /** An application that has no place to run yet. */
    public static final class Application {

        private final String name;

        private Application(String name) {
            this.name = name;
        }

        /** Where its instances run. */
        public <A> BlueGreen<A> on(Host<A> host) {
            return new BlueGreen<>(name, host, Options.DEFAULT, Failpoint.NONE, Table.BLUE_GREEN);
        }
    }

    /** Who points users at a release. */
    public BlueGreen<A> traffic(TrafficSwitcher switcher) {
        return with(options.with(switcher));
    }

    /** When a release is fit to be given traffic. */
    public BlueGreen<A> health(HealthCheck check) {
        return with(options.with(options.checks().withHealth(check)));
    }

    /** What a healthy release is asked once more, on its private address; each call adds one. */
    public BlueGreen<A> smoke(HealthCheck check) {
        return with(options.with(options.checks().withSmoke(check)));
    }

    /** @param duration how long a release has the traffic before it is stable; none if not said */
    public BlueGreen<A> bake(Duration duration) {
        return with(options.with(options.proof().withBake(duration)));
    }

    /** Who decides during the bake. */
    public BlueGreen<A> judge(Judge judge) {
        return with(options.with(options.proof().withJudge(judge)));
    }

    /** What happens to a release that got too few requests to be judged; rolled back if not said. */
    public BlueGreen<A> whenInconclusive(WhenInconclusive then) {
        return with(options.with(options.proof().withInconclusive(then)));
    }

    /**
     * How busy users are, for the plan alone: a bake in which too few requests come in to be judged is refused, and how soon
     * a bad release is noticed is told in seconds.
     *
     * @param requestsPerSecond that users make when it is quiet
     */
    public BlueGreen<A> expecting(double requestsPerSecond) {
        return with(options.with(options.proof().withExpected(requestsPerSecond)));
    }

    /**
     * @param duration how long the release before is kept running for a fast way back, until the next deployment at most;
     *     10 minutes if not said. It ends when somebody next works on the application.
     */
    public BlueGreen<A> keepOld(Duration duration) {
        return with(options.with(
                new Options.Predecessor(duration, options.predecessor().drain())));
    }

    /** @param duration how long requests to the old release may take to end before they are cut; 30 s if not said */
    public BlueGreen<A> drainWithin(Duration duration) {
        return with(options.with(new Options.Predecessor(options.predecessor().keep(), duration)));
    }

    /** @param limit from the decision to traffic back; the plan is refused if it cannot be kept */
    public BlueGreen<A> rollbackWithin(Duration limit) {
        return with(options.withRollback(limit));
    }

    /** When nothing is deployed; a rollback always is. Each call adds windows. */
    public BlueGreen<A> freeze(List<FreezeWindow> windows) {
        return with(options.with(options.terms().and(windows)));
    }

    /**
     * Deploys in a freeze all the same; the ledger keeps both words.
     *
     * @param who says so
     * @param why it cannot wait
     */
    public BlueGreen<A> despiteFreeze(String who, String why) {
        return with(options.with(options.terms().with(new Freezes.Pass(who, why))));
    }

    /** @param name of who has a say before anything is begun; each call adds one */
    public BlueGreen<A> guard(String name, Guard guard) {
        return with(options.with(options.terms().and(new Terms.Named(name, guard))));
    }

    /** The same, and a part of the users gets it first, as {@link Canary} declares it. */
    BlueGreen<A> inSteps(UnaryOperator<Steps> change) {
        Steps steps = options.proof().steps().orElse(Steps.NONE);
        return with(options.with(options.proof().withSteps(change.apply(steps))));
    }

    /**
     * The release changes something that no release before it can serve with. As soon as users have it nobody brings them
     * back: what would be a rollback asks for a person, and users stay. The release before it answers nothing for it either.
     *
     * @param what cannot be undone, for that person: {@code drop column}
     */
    public BlueGreen<A> irreversible(String what) {
        return with(options.with(options.terms().withIrreversible(what)));
    }

    /** @param longest how long to wait for somebody else who is at work on the application; not at all if not said */
    public BlueGreen<A> waitForLock(Duration longest) {
        return with(options.with(options.terms().with(longest)));
    }

    /** The same, dying where a test wants it to. */
    BlueGreen<A> dyingAt(Failpoint chosen) {
        return new BlueGreen<>(application, host, options, chosen, protocol);
    }

    /** The same, by another protocol. */
    BlueGreen<A> following(Protocol chosen) {
        return new BlueGreen<>(application, host, options, failpoint, chosen);
    }

    @Override
    public String application() {
        return application;
    }

    @Override
    public List<String> problems() {
        return new Declaration(application, options).problems();
    }

    @Override
    public String description() {
        String kind = options.proof().steps().isPresent() ? "canary" : "blue-green";
        return kind + " \"" + application + "\" on " + host
                + options.traffic()
                        .map(switcher -> ", " + switcher.description())
                        .orElse("");
    }

    @Override
    public List<String> worstCase() {
        return problems().isEmpty() ? new WorstCase(options).lines() : List.of();
    }

    @Override
    public Optional<Duration> longest() {
        return problems().isEmpty() ? Optional.of(new WorstCase(options).longest()) : Optional.empty();
    }

    @Override
    public LiveRelease deploy(A artifact, DeploymentContext context) throws InterruptedException {
        Blueprint blueprint = host.prepare(artifact, context.artifacts(), context.home());
        return holding(context, Hold.DEPLOYING, standing -> {}, site -> new Deployer(site).deploy(blueprint));
    }

    @Override
    public String rollBack(DeploymentContext context) throws InterruptedException {
        return holding(
                context,
                "rolling back",
                standing -> RollBack.requireWayBack(standing, application),
                site -> new RollBack(site).run());
    }

    /** The deployment under way stays as it is, watched; its bake stands still, and waits for {@link #promote}. */
    public String pause(DeploymentContext context) {
        return ordered(context, Orders.Kind.PAUSE, "pause");
    }

    /** The deployment that was paused goes on. */
    public String promote(DeploymentContext context) {
        return ordered(context, Orders.Kind.PROMOTE, "go on");
    }

    /** The deployment under way becomes stable without the rest of its bake, if it answers. */
    public String promoteFully(DeploymentContext context) {
        return ordered(context, Orders.Kind.PROMOTE_FULLY, "become stable");
    }

    /** The deployment under way is undone, by the process that carries it out or, if that is gone, by this one. */
    public String abort(DeploymentContext context) throws InterruptedException {
        RollBack.requireOpen(standing(context), application);
        try {
            return holding(
                    context,
                    "aborting",
                    standing -> RollBack.requireOpen(standing, application),
                    site -> new RollBack(site).abort(user()));
        } catch (LedgerHeldException busy) {
            return ordered(context, Orders.Kind.ABORT, "end");
        }
    }

    /** The last deployment once more, if it did not become stable: the same release, by every check. */
    public LiveRelease retry(DeploymentContext context) throws InterruptedException {
        return holding(
                context,
                "trying again",
                standing -> Deployer.requireRetry(standing, application),
                site -> new Deployer(site).retry());
    }

    /** Whoever carries it out notices at its next look, and not at all once the release is proven. */
    private String ordered(DeploymentContext context, Orders.Kind kind, String what) {
        Operation open = RollBack.requireOpen(standing(context), application);
        new Orders(opening(context).directory()).give(new Orders.Order(kind, open.name(), user()));
        return open.release().version() + " is told to " + what + "; the status shows when it does";
    }

    private static String user() {
        return ProcessHandle.current().info().user().orElse("unknown");
    }

    @Override
    public String inspect(DeploymentContext context) {
        return new Inspection(opening(context), standing(context)).text();
    }

    @Override
    public List<String> recover(DeploymentContext context) throws InterruptedException {
        if (standing(context).state() == State.ENDING) {
            return List.of("taking it down was left unfinished: " + down(context));
        }
        boolean routed = isRouted(context);
        if (!routed && standing(context).isDown()) {
            return List.of();
        }
        return holding(context, "recovering", standing -> {}, site -> {
            List<String> said = new ArrayList<>();
            if (!routed) {
                said.add("its router was not running; it is started again at "
                        + site.traffic().address());
            }
            said.addAll(new Recovery(site).run());
            return said;
        });
    }

    @Override
    public String down(DeploymentContext context) throws InterruptedException {
        return hold(context).takenDown();
    }

    @Override
    public List<DeploymentRecord> history(DeploymentContext context) {
        return standing(context).history();
    }

    /**
     * What users were answered, for each deployment that what carries the traffic still knows; empty if nothing carries any.
     *
     * @throws InfrastructureException if it is there and cannot be asked
     */
    public List<Counts> counts(DeploymentContext context) {
        Site.Opening opening = opening(context);
        Optional<Traffic> found = options.switcher().find(application, opening.directory());
        if (found.isEmpty()) {
            return List.of();
        }
        try (Traffic traffic = found.get()) {
            return traffic.counts();
        }
    }

    private boolean isRouted(DeploymentContext context) {
        Optional<Traffic> found =
                options.switcher().find(application, opening(context).directory());
        found.ifPresent(Traffic::close);
        return found.isPresent();
    }

    private <T> T holding(DeploymentContext context, String step, Consumer<Standing> first, Hold.Verb<T> verb)
            throws InterruptedException {
        return hold(context).on(step, first, verb);
    }

    private Hold hold(DeploymentContext context) {
        return new Hold(opening(context), ledger(context));
    }

    private Site.Opening opening(DeploymentContext context) {
        return new Site.Opening(application, host, options, context, failpoint, protocol);
    }

    private Standing standing(DeploymentContext context) {
        return Standing.of(ledger(context).read());
    }

    private FileLedger ledger(DeploymentContext context) {
        return FileLedger.in(opening(context).directory(), application, context.time());
    }

    private BlueGreen<A> with(Options chosen) {
        return new BlueGreen<>(application, host, chosen, failpoint, protocol);
    }
}
