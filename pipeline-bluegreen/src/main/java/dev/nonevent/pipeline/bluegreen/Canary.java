package dev.nonevent.pipeline.bluegreen;

import dev.nonevent.pipeline.bluegreen.freeze.FreezeWindow;
import dev.nonevent.pipeline.bluegreen.judge.Judge;
import dev.nonevent.pipeline.bluegreen.judge.WhenInconclusive;
import dev.nonevent.pipeline.bluegreen.traffic.Canary.HeaderMatch;
import dev.nonevent.pipeline.bluegreen.traffic.Counts;
import dev.nonevent.pipeline.bluegreen.traffic.TrafficSwitcher;
import dev.nonevent.pipeline.deployment.DeploymentContext;
import dev.nonevent.pipeline.deployment.DeploymentRecord;
import dev.nonevent.pipeline.deployment.DeploymentStrategy;
import dev.nonevent.pipeline.deployment.HealthCheck;
import dev.nonevent.pipeline.deployment.Host;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.function.UnaryOperator;

/**
 * A release is started beside the one that serves, proven there, and given to a part of the users, then to a larger one,
 * as long as the judge finds nothing; then to all, as with {@link BlueGreen}.
 *
 * <pre>{@code
 * Canary.canary("shop").on(LocalProcesses.localProcesses(launch))
 *     .traffic(Router.router(8000))
 *     .health(HealthCheck.http("/health"))
 *     .step(5, Duration.ofMinutes(5)).step(25, Duration.ofMinutes(10)).step(50, Duration.ofMinutes(10))
 *     .judge(Judge.errorRate().atMost(0.01).and(Judge.errorRate().notWorseThanStable()));
 * }</pre>
 *
 * <p>Each step is judged by itself, by what both releases answer during it. Whatever goes wrong in one: all users are back on
 * the stable release in one switch. A process that dies in a step is followed by one that goes on with the part it finds, and
 * whose time begins anew; a deployment of another release takes the canary back first. Users who cannot be split get the
 * release at once: those of a first release, or of a stable one that does not answer. Everything else is as {@link BlueGreen}
 * promises it, and both may be used on one application, one after the other. Immutable, and safe for use by several threads.
 *
 * @param <A> what is deployed
 */
public final class Canary<A> implements DeploymentStrategy<A, LiveRelease> {

    private final BlueGreen<A> blueGreen;

    private Canary(BlueGreen<A> blueGreen) {
        this.blueGreen = blueGreen;
    }

    /** @param application the key of its state: at most 40 lower-case letters, digits and hyphens */
    public static Application canary(String application) {
        return new Application(application);
    }

    /** An application that has no place to run yet. */
    public static final class Application {

        private final String name;

        private Application(String name) {
            this.name = name;
        }

        /** Where its instances run. */
        public <A> Canary<A> on(Host<A> host) {
            return new Canary<>(BlueGreen.blueGreen(name).on(host).inSteps(steps -> steps));
        }
    }

    /**
     * The next part of the users that gets the release; each call adds one.
     *
     * @param percent of the users, from 1 to 99, more than in the step before
     * @param forAtLeast how long the release has to be good with that part before it gets more
     */
    public Canary<A> step(int percent, Duration forAtLeast) {
        return inSteps(steps -> steps.and(new Steps.Step(percent, forAtLeast)));
    }

    /** Users whose requests carry this header get the release from the first step on; others as well, as the steps say. */
    public Canary<A> forUsersWith(String header, String value) {
        return inSteps(steps -> steps.with(new HeaderMatch(header, value)));
    }

    /**
     * Each request is sent by itself, for switchers that cannot keep a user on a side. If not said, a cookie named
     * {@code <application>-release} keeps users on the side that their first request got, until all have one release.
     */
    public Canary<A> notSticky() {
        return inSteps(Steps::notSticky);
    }

    /** Who points users at a release. */
    public Canary<A> traffic(TrafficSwitcher switcher) {
        return new Canary<>(blueGreen.traffic(switcher));
    }

    /** When a release is fit to be given traffic. */
    public Canary<A> health(HealthCheck check) {
        return new Canary<>(blueGreen.health(check));
    }

    /** What a healthy release is asked once more, on its private address; each call adds one. */
    public Canary<A> smoke(HealthCheck check) {
        return new Canary<>(blueGreen.smoke(check));
    }

    /** Who decides in each step, and during the bake. */
    public Canary<A> judge(Judge judge) {
        return new Canary<>(blueGreen.judge(judge));
    }

    /** What happens to a release that got too few requests in a step to be judged; rolled back if not said. */
    public Canary<A> whenInconclusive(WhenInconclusive then) {
        return new Canary<>(blueGreen.whenInconclusive(then));
    }

    /** @param duration how long all users have the release before it is stable; none if not said */
    public Canary<A> bake(Duration duration) {
        return new Canary<>(blueGreen.bake(duration));
    }

    /**
     * How busy users are, for the plan alone: a step in which too few requests come to the release to be judged is refused.
     *
     * @param requestsPerSecond that all users make together when it is quiet
     */
    public Canary<A> expecting(double requestsPerSecond) {
        return new Canary<>(blueGreen.expecting(requestsPerSecond));
    }

    /** As {@link BlueGreen#keepOld}. */
    public Canary<A> keepOld(Duration duration) {
        return new Canary<>(blueGreen.keepOld(duration));
    }

    /** As {@link BlueGreen#drainWithin}; also of a canary that is taken back. */
    public Canary<A> drainWithin(Duration duration) {
        return new Canary<>(blueGreen.drainWithin(duration));
    }

    /** As {@link BlueGreen#rollbackWithin}. */
    public Canary<A> rollbackWithin(Duration limit) {
        return new Canary<>(blueGreen.rollbackWithin(limit));
    }

    /** As {@link BlueGreen#freeze}. */
    public Canary<A> freeze(List<FreezeWindow> windows) {
        return new Canary<>(blueGreen.freeze(windows));
    }

    /** As {@link BlueGreen#despiteFreeze}. */
    public Canary<A> despiteFreeze(String who, String why) {
        return new Canary<>(blueGreen.despiteFreeze(who, why));
    }

    /** As {@link BlueGreen#guard}. */
    public Canary<A> guard(String name, Guard guard) {
        return new Canary<>(blueGreen.guard(name, guard));
    }

    /** The same, dying where a test wants it to. */
    Canary<A> dyingAt(Failpoint chosen) {
        return new Canary<>(blueGreen.dyingAt(chosen));
    }

    private Canary<A> inSteps(UnaryOperator<Steps> change) {
        return new Canary<>(blueGreen.inSteps(change));
    }

    @Override
    public String application() {
        return blueGreen.application();
    }

    @Override
    public List<String> problems() {
        return blueGreen.problems();
    }

    @Override
    public String description() {
        return blueGreen.description();
    }

    @Override
    public List<String> worstCase() {
        return blueGreen.worstCase();
    }

    @Override
    public Optional<Duration> longest() {
        return blueGreen.longest();
    }

    @Override
    public LiveRelease deploy(A artifact, DeploymentContext context) throws InterruptedException {
        return blueGreen.deploy(artifact, context);
    }

    @Override
    public String rollBack(DeploymentContext context) throws InterruptedException {
        return blueGreen.rollBack(context);
    }

    @Override
    public String inspect(DeploymentContext context) {
        return blueGreen.inspect(context);
    }

    @Override
    public List<String> recover(DeploymentContext context) throws InterruptedException {
        return blueGreen.recover(context);
    }

    @Override
    public String down(DeploymentContext context) throws InterruptedException {
        return blueGreen.down(context);
    }

    @Override
    public List<DeploymentRecord> history(DeploymentContext context) {
        return blueGreen.history(context);
    }

    /** As {@link BlueGreen#counts}. */
    public List<Counts> counts(DeploymentContext context) {
        return blueGreen.counts(context);
    }
}
