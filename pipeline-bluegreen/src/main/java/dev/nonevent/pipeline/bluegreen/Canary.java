package dev.nonevent.pipeline.bluegreen;

import dev.nonevent.pipeline.bluegreen.traffic.Canary.HeaderMatch;
import dev.nonevent.pipeline.deployment.Host;
import java.time.Duration;
import java.util.Optional;

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
public final class Canary<A> extends Rollout<A, Canary<A>> {

    private Canary(Declared<A> declared) {
        super(declared);
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
            return new Canary<>(Declared.<A>of(name, host)).inSteps(steps -> steps);
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

    /**
     * The same, and it lasts until a person says {@link #promote}, however long nobody comes; until then the release is judged
     * as in any other step.
     *
     * @param percent of the users, from 1 to 99, more than in the step before
     */
    public Canary<A> stepUntilPromoted(int percent) {
        return inSteps(steps -> steps.and(new Steps.Step(percent, Optional.empty())));
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

    @Override
    Canary<A> with(Declared<A> chosen) {
        return new Canary<>(chosen);
    }
}
