package dev.nonevent.pipeline.bluegreen;

import dev.nonevent.pipeline.deployment.Host;

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
 * @param <A> what is deployed
 */
public final class BlueGreen<A> extends Rollout<A, BlueGreen<A>> {

    private BlueGreen(Declared<A> declared) {
        super(declared);
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
            return new BlueGreen<>(Declared.of(name, host));
        }
    }

    @Override
    BlueGreen<A> with(Declared<A> chosen) {
        return new BlueGreen<>(chosen);
    }
}
