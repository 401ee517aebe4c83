package dev.nonevent.pipeline.bluegreen.testkit;

import dev.nonevent.pipeline.bluegreen.slot.Target;
import dev.nonevent.pipeline.bluegreen.worker.WorkerSignal;
import dev.nonevent.pipeline.bluegreen.worker.WorkerState;
import dev.nonevent.pipeline.deployment.DeploymentContext;
import dev.nonevent.pipeline.deployment.Health;
import dev.nonevent.pipeline.deployment.HealthCheck;
import dev.nonevent.pipeline.deployment.Instance;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;

/**
 * All that a deployment of one application touches, in memory and in {@link VirtualClock virtual time}: a host, who points
 * users at a release, users who ask, and releases that behave as they are told.
 *
 * <pre>{@code
 * FakeWorld world = new FakeWorld();
 * world.release("v2").fails(0.03);
 * DeploymentStrategy<String, LiveRelease> shop = blueGreen("shop")
 *     .on(world.host()).traffic(world.switcher()).health(world.health())
 *     .bake(ofMinutes(10)).judge(errorRate().atMost(0.01));
 * shop.deploy("v2", world.context(home));
 * }</pre>
 *
 * <p>It outlives whoever deploys, writes down {@link #violations whatever must never happen}, and takes no real time but what
 * the ledger under {@code home} needs. Safe for use by several threads.
 */
public final class FakeWorld {

    private static final Duration QUARTER = Duration.ofMillis(250);

    private final VirtualClock time = new VirtualClock(() -> touched("asking for the time"), this::passed);
    private final FakeHost host = new FakeHost(this);
    private final FakeSwitcher switcher;

    // Owned by this object's monitor.
    private final Map<String, FakeRelease> releases = new LinkedHashMap<>();
    private final List<String> violations = new ArrayList<>();
    private final List<String> said = new ArrayList<>();
    private final List<String> told = new ArrayList<>();
    private final Map<String, Duration> exposure = new LinkedHashMap<>();
    private double requestsPerSecond = 200;
    private double safe = 1;
    private long changes;

    private volatile Consumer<String> watcher = touch -> {};

    public FakeWorld() {
        this.switcher = new FakeSwitcher(this);
    }

    public VirtualClock time() {
        return time;
    }

    public FakeHost host() {
        return host;
    }

    public FakeSwitcher switcher() {
        return switcher;
    }

    /** Asks what its release was told to answer; every 250 ms, as long as it is not said otherwise. */
    public HealthCheck health() {
        return HealthCheck.by("GET /health", this::probe).every(QUARTER);
    }

    /**
     * Tells the workers of every release whether it is their turn, see {@link #workers}; two of them at once are one of the
     * {@link #violations}.
     */
    public WorkerSignal signal() {
        return WorkerSignal.by((worker, state) -> told(worker.instance(), state));
    }

    /** What a deployment is given; what it says is found in {@link #said}. */
    public DeploymentContext context(Path home) {
        return new DeploymentContext(
                home, new NoArtifacts(), time, "run-1", Optional.empty(), Optional.empty(), this::said);
    }

    /** How a release behaves; the same object for the same name. */
    public synchronized FakeRelease release(String artifact) {
        return releases.computeIfAbsent(artifact, name -> new FakeRelease(this));
    }

    /** @param perSecond how many requests users make; 200 if not said */
    public synchronized FakeWorld requests(double perSecond) {
        requestsPerSecond = perSecond;
        return this;
    }

    /** @param share of the requests that another release may answer if one fails them; 1, all of them, if not said */
    public synchronized FakeWorld safe(double share) {
        safe = share;
        return this;
    }

    /** The release that users get, if what they are pointed at runs. */
    public synchronized Optional<String> served() {
        return pointedAt()
                .filter(running -> switcher.isOpen() && running.lives(nanos()))
                .map(running -> running.artifact);
    }

    /** For how long users were pointed at a release. */
    public synchronized Duration exposure(String artifact) {
        return exposure.getOrDefault(artifact, Duration.ZERO);
    }

    /** How many requests users saw fail: nobody answered them, or the release did with 500. */
    public synchronized long seenToFail() {
        return (long) switcher.seenToFail();
    }

    /** Whatever must never happen, whoever deploys: users sent to what never answered, the last that ran stopped. */
    public synchronized List<String> violations() {
        return List.copyOf(violations);
    }

    /** Every line that was said to people, in order. */
    public synchronized List<String> said() {
        return List.copyOf(said);
    }

    /** What was told to which release's workers, in order: {@code v2 ACTIVE}. */
    public synchronized List<String> told() {
        return List.copyOf(told);
    }

    /** The releases that run and whose workers take work. */
    public synchronized List<String> workers() {
        return host.alive().stream()
                .filter(running -> running.worker.equals(Optional.of(WorkerState.ACTIVE)))
                .map(running -> running.artifact)
                .toList();
    }

    private synchronized void told(Instance instance, WorkerState state) throws IOException {
        Running running = host.at(instance.address())
                .filter(found -> found.lives(nanos()) && found.release.isListening())
                .orElseThrow(() -> new IOException("it does not listen"));
        told.add(running.artifact + " " + state);
        running.worker = Optional.of(state);
        changed();
        if (workers().size() > 1) {
            violations.add("the workers of " + workers() + " take work at once");
        }
    }

    private Health probe(URI address) {
        synchronized (this) {
            Optional<Running> running = host.at(address).filter(found -> found.lives(nanos()));
            if (running.isEmpty()) {
                return new Health.Unhealthy("refused the connection");
            } else if (!running.get().release.healthy()) {
                return new Health.Unhealthy("answered 503");
            }
            running.get().answered();
            return new Health.Healthy();
        }
    }

    private void said(String line) {
        touched("saying");
        synchronized (this) {
            said.add(line);
        }
    }

    private synchronized void passed(Duration passed) {
        pointedAt().ifPresent(running -> exposure.merge(running.artifact, passed, Duration::plus));
        switcher.passed(passed, requestsPerSecond * passed.toNanos() / 1e9, safe);
    }

    private Optional<Running> pointedAt() {
        return switcher.route().active().flatMap(target -> host.at(target.address()));
    }

    /** Users may come to it from now on. */
    void given(Target target) {
        Optional<Running> running = host.at(target.address());
        if (running.filter(Running::hasAnswered).isEmpty()) {
            violations.add("traffic was given to " + target.deployment() + ", which has never answered");
        }
        running.ifPresent(found -> found.servesFrom(nanos()));
    }

    void stopping(Running running) {
        String deployment = running.instance.deployment();
        if (switcher.mayGetRequests(deployment)) {
            violations.add("stopped " + deployment + " while it had the traffic");
        }
        if (switcher.isUnreachable()) {
            violations.add("stopped " + deployment + " while nobody knew where traffic is");
        }
        if (host.alive().size() == 1 && running.hasServed() && switcher.isOpen()) {
            violations.add("stopped " + deployment + ", the last one that ran");
        }
    }

    /** Something is there after a crash that was not there before. */
    void changed() {
        changes++;
    }

    synchronized long changes() {
        return changes;
    }

    /** Called with everything that whoever deploys does to the world or asks of it. */
    void watchedBy(Consumer<String> who) {
        watcher = who;
    }

    void touched(String how) {
        watcher.accept(how);
    }

    long nanos() {
        return time.elapsed().toNanos();
    }

    Instant wallClock() {
        return VirtualClock.NOON.plusNanos(nanos());
    }
}
