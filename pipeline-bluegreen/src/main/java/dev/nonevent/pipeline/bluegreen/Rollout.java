package dev.nonevent.pipeline.bluegreen;

import static dev.nonevent.pipeline.bluegreen.hook.HookTerms.mayFail;

import dev.nonevent.pipeline.bluegreen.freeze.FreezeWindow;
import dev.nonevent.pipeline.bluegreen.freeze.Freezes;
import dev.nonevent.pipeline.bluegreen.hook.Hook;
import dev.nonevent.pipeline.bluegreen.hook.HookFacts;
import dev.nonevent.pipeline.bluegreen.hook.HookTerms;
import dev.nonevent.pipeline.bluegreen.judge.Judge;
import dev.nonevent.pipeline.bluegreen.judge.WhenInconclusive;
import dev.nonevent.pipeline.bluegreen.protocol.Protocol;
import dev.nonevent.pipeline.bluegreen.report.DeploymentReport;
import dev.nonevent.pipeline.bluegreen.traffic.Counts;
import dev.nonevent.pipeline.bluegreen.traffic.TrafficSwitcher;
import dev.nonevent.pipeline.bluegreen.worker.WorkerSignal;
import dev.nonevent.pipeline.deployment.DeploymentContext;
import dev.nonevent.pipeline.deployment.DeploymentRecord;
import dev.nonevent.pipeline.deployment.DeploymentStrategy;
import dev.nonevent.pipeline.deployment.HealthCheck;
import dev.nonevent.pipeline.deployment.Order;
import dev.nonevent.pipeline.outcome.InfrastructureException;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.UnaryOperator;

/**
 * What {@link BlueGreen} and {@link Canary} have in common: a release is started beside the one that serves, proven there,
 * given to users, watched, and taken back at once if it is not good enough.
 *
 * <p>Before users get it nothing that they can see changes; after that the stable release is one pointer swap away. Every
 * effect is written down before and after it happens, so a process that dies anywhere is finished or undone by the next one.
 * One process at a time works on an application; state is under {@code deployments/<application>} of the home. Immutable, and
 * safe for use by several threads.
 *
 * @param <A> what is deployed
 * @param <S> this strategy
 */
public abstract sealed class Rollout<A, S extends Rollout<A, S>> implements DeploymentStrategy<A, LiveRelease>
        permits BlueGreen, Canary {

    private final Declared<A> declared;

    Rollout(Declared<A> declared) {
        this.declared = declared;
    }

    /** The same strategy, declared otherwise. */
    abstract S with(Declared<A> chosen);

    /** Who points users at a release. */
    public S traffic(TrafficSwitcher switcher) {
        return with(options().with(switcher));
    }

    /** When a release is fit to be given traffic. */
    public S health(HealthCheck check) {
        return with(options().with(options().checks().withHealth(check)));
    }

    /** What a healthy release is asked once more, on its private address; each call adds one. */
    public S smoke(HealthCheck check) {
        return with(options().with(options().checks().withSmoke(check)));
    }

    /** @param duration how long a release has all the traffic before it is stable; none if not said */
    public S bake(Duration duration) {
        return with(options().with(options().proof().withBake(duration)));
    }

    /** Who decides during the bake, and in each step of a canary. */
    public S judge(Judge judge) {
        return with(options().with(options().proof().withJudge(judge)));
    }

    /** What happens to a release that got too few requests to be judged; rolled back if not said. */
    public S whenInconclusive(WhenInconclusive then) {
        return with(options().with(options().proof().withInconclusive(then)));
    }

    /**
     * How busy users are, for the plan alone: a bake or a step in which too few requests come in to be judged is refused, and
     * how soon a bad release is noticed is told in seconds.
     *
     * @param requestsPerSecond that users make when it is quiet
     */
    public S expecting(double requestsPerSecond) {
        return with(options().with(options().proof().withExpected(requestsPerSecond)));
    }

    /**
     * @param duration how long the release before is kept running for a fast way back, until the next deployment at most;
     *     10 minutes if not said. It ends when somebody next works on the application.
     */
    public S keepOld(Duration duration) {
        return with(options()
                .with(new Options.Predecessor(duration, options().predecessor().drain())));
    }

    /** @param duration how long requests to the old release may take to end before they are cut; 30 s if not said */
    public S drainWithin(Duration duration) {
        return with(
                options().with(new Options.Predecessor(options().predecessor().keep(), duration)));
    }

    /** @param limit from the decision to traffic back; the plan is refused if it cannot be kept */
    public S rollbackWithin(Duration limit) {
        return with(options().withRollback(limit));
    }

    /** When nothing is deployed; a rollback always is. Each call adds windows. */
    public S freeze(List<FreezeWindow> windows) {
        return with(options().with(options().terms().and(windows)));
    }

    /**
     * Deploys in a freeze all the same; the ledger keeps both words.
     *
     * @param who says so
     * @param why it cannot wait
     */
    public S despiteFreeze(String who, String why) {
        return with(options().with(options().terms().with(new Freezes.Pass(who, why))));
    }

    /** @param name of who has a say before anything is begun; each call adds one */
    public S guard(String name, Guard guard) {
        return with(options().with(options().terms().and(new Terms.Named(name, guard))));
    }

    /**
     * Before anything of the release runs: a migration that both releases can live with. It is refused if this fails. Not run
     * for a way back by hand.
     *
     * @param name of the hook, in the plan, in the ledger and in errors; one of its own
     */
    public S beforeStart(String name, Hook<? super HookFacts.BeforeStart> hook) {
        return beforeStart(name, hook, HookTerms.mustSucceed());
    }

    public S beforeStart(String name, Hook<? super HookFacts.BeforeStart> hook, HookTerms terms) {
        return with(NamedHook.beforeStart(name, hook, terms));
    }

    /**
     * When the release has passed every check, before the first user gets it: with a canary once, before its first step. It is
     * asked whether it is healthy once more after that. It is refused if this fails. Not run for a way back by hand.
     *
     * @param name of the hook, in the plan, in the ledger and in errors; one of its own
     */
    public S beforeSwitch(String name, Hook<? super HookFacts.BeforeSwitch> hook) {
        return beforeSwitch(name, hook, HookTerms.mustSucceed());
    }

    public S beforeSwitch(String name, Hook<? super HookFacts.BeforeSwitch> hook, HookTerms terms) {
        return with(NamedHook.beforeSwitch(name, hook, terms));
    }

    /**
     * As soon as all users have the release, while it is watched; it is not stable before this has ended. Users go back if this
     * fails. Not run for a way back by hand.
     *
     * @param name of the hook, in the plan, in the ledger and in errors; one of its own
     */
    public S afterSwitch(String name, Hook<? super HookFacts.AfterSwitch> hook) {
        return afterSwitch(name, hook, HookTerms.mustSucceed());
    }

    public S afterSwitch(String name, Hook<? super HookFacts.AfterSwitch> hook, HookTerms terms) {
        return with(NamedHook.afterSwitch(name, hook, terms));
    }

    /** When users are back on the stable release, before what they had is stopped; by a person as well. It can stop nothing. */
    public S onRollback(String name, Hook<? super HookFacts.Rollback> hook) {
        return onRollback(name, hook, mayFail().limit());
    }

    /** @param limit how long it may take */
    public S onRollback(String name, Hook<? super HookFacts.Rollback> hook, Duration limit) {
        return with(NamedHook.onRollback(name, hook, limit));
    }

    /**
     * When a deployment has not become stable: refused, rolled back, cancelled, or left to a person. It can stop nothing.
     *
     * @param name of the hook, in the plan, in the ledger and in errors; one of its own
     */
    public S onFailure(String name, Hook<? super HookFacts.Failure> hook) {
        return onFailure(name, hook, mayFail().limit());
    }

    /** @param limit how long it may take */
    public S onFailure(String name, Hook<? super HookFacts.Failure> hook, Duration limit) {
        return with(NamedHook.onFailure(name, hook, limit));
    }

    /** How instances that take work, and no HTTP, are told whether it is their turn; nobody is, if not said. */
    public S signal(WorkerSignal signal) {
        return with(options().with(options().notices().with(signal)));
    }

    /** The same, and a part of the users gets it first, as {@link Canary} declares it. */
    S inSteps(UnaryOperator<Steps> change) {
        Steps steps = options().proof().steps().orElse(Steps.NONE);
        return with(options().with(options().proof().withSteps(change.apply(steps))));
    }

    /**
     * The release changes something that no release before it can serve with. As soon as users have it nobody brings them
     * back: what would be a rollback asks for a person, and users stay. The release before it answers nothing for it either,
     * and no canary is possible: its users would be on both.
     *
     * @param what cannot be undone, for that person: {@code drop column}
     */
    public S irreversible(String what) {
        return with(options().with(options().terms().withIrreversible(what)));
    }

    /** @param longest how long to wait for somebody else who is at work on the application; not at all if not said */
    public S waitForLock(Duration longest) {
        return with(options().with(options().terms().with(longest)));
    }

    /**
     * How long a deployment may come no further before it is given up as an abort gives it up: users who do not have it yet
     * stay, and those who have it go back. Progress is what is written into the ledger, an answer of a health check, good or
     * bad, and a look at the judge; so waiting for a person is no stall. What ends by itself, as a drain, has its own time.
     *
     * @param longest 10 minutes if not said, as {@code progressDeadlineSeconds} of Kubernetes
     */
    public S progressWithin(Duration longest) {
        return with(options().with(options().terms().withStall(longest)));
    }

    /** The same, dying where a test wants it to. */
    S dyingAt(Failpoint chosen) {
        return with(declared.dyingAt(chosen));
    }

    /** The same, by another protocol. */
    S following(Protocol chosen) {
        return with(declared.following(chosen));
    }

    @Override
    public String application() {
        return declared.application();
    }

    @Override
    public List<String> problems() {
        return declared.problems();
    }

    @Override
    public String description() {
        String kind = options().proof().steps().isPresent() ? "canary" : "blue-green";
        return kind + " \"" + application() + "\" on " + declared.host()
                + options()
                        .traffic()
                        .map(switcher -> ", " + switcher.description())
                        .orElse("");
    }

    @Override
    public List<String> worstCase() {
        return problems().isEmpty() ? new WorstCase(options()).lines() : List.of();
    }

    @Override
    public Optional<Duration> longest() {
        return problems().isEmpty() ? Optional.of(new WorstCase(options()).longest()) : Optional.empty();
    }

    @Override
    public LiveRelease deploy(A artifact, DeploymentContext context) throws InterruptedException {
        return in(context).deploy(() -> declared.host().prepare(artifact, context.artifacts(), context.home()));
    }

    @Override
    public String rollBack(DeploymentContext context) throws InterruptedException {
        return in(context).rollBack();
    }

    /**
     * The deployment under way stays as it is, with the users it has, and watched; its time stands still, and waits for
     * {@link #promote}. Before users have it, it is paused as soon as they do.
     */
    public String pause(DeploymentContext context) {
        return in(context).pause();
    }

    /**
     * The deployment that was paused goes on. One that is not paused: if a part of the users has it, its step is over, provided
     * it has not failed so far and answers; if all have it, nothing changes.
     */
    public String promote(DeploymentContext context) {
        return in(context).promote();
    }

    /** The deployment under way gets all users and is stable, without the rest of its steps and of its bake, if it answers. */
    public String promoteFully(DeploymentContext context) {
        return in(context).order(Orders.Kind.PROMOTE_FULLY, "become stable");
    }

    /** The deployment under way is undone, by the process that carries it out or, if that is gone, by this one. */
    public String abort(DeploymentContext context) throws InterruptedException {
        return in(context).abort();
    }

    /** The last deployment once more, if it did not become stable: the same release, by every check. */
    public LiveRelease retry(DeploymentContext context) throws InterruptedException {
        return in(context).retry();
    }

    @Override
    public Set<Order> orders() {
        return Set.of(Order.values());
    }

    @Override
    public String give(Order order, DeploymentContext context) throws InterruptedException {
        return switch (order) {
            case PAUSE -> pause(context);
            case PROMOTE -> promote(context);
            case PROMOTE_FULLY -> promoteFully(context);
            case ABORT -> abort(context);
            case RETRY -> {
                LiveRelease live = retry(context);
                yield live.release().version() + " was tried again and is stable, on " + live.colour();
            }
        };
    }

    @Override
    public String inspect(DeploymentContext context) {
        return in(context).inspect();
    }

    @Override
    public List<String> recover(DeploymentContext context) throws InterruptedException {
        return in(context).recover();
    }

    @Override
    public String down(DeploymentContext context) throws InterruptedException {
        return in(context).down();
    }

    @Override
    public List<DeploymentRecord> history(DeploymentContext context) {
        return in(context).standing().history();
    }

    /** How the last deployment went, whichever way it ended, or how far it has come; empty if there was none. */
    public Optional<DeploymentReport> report(DeploymentContext context) {
        return reports(context, 1).stream().findFirst();
    }

    /**
     * How deployments went, ways back by hand included; holds nobody up.
     *
     * @param latest how many of them at most
     * @return oldest first
     */
    public List<DeploymentReport> reports(DeploymentContext context, int latest) {
        return in(context).reports(latest);
    }

    /**
     * What users were answered, for each deployment that what carries the traffic still knows; empty if nothing carries any.
     *
     * @throws InfrastructureException if it is there and cannot be asked
     */
    public List<Counts> counts(DeploymentContext context) {
        return in(context).counts();
    }

    private Control in(DeploymentContext context) {
        return new Control(declared.opening(context));
    }

    private Options options() {
        return declared.options();
    }

    private S with(NamedHook<?> hook) {
        return with(options().with(options().notices().and(hook)));
    }

    private S with(Options chosen) {
        return with(declared.with(chosen));
    }
}
