package dev.nonevent.pipeline.bluegreen;

import dev.nonevent.pipeline.bluegreen.slot.Target;
import dev.nonevent.pipeline.bluegreen.traffic.Capability;
import dev.nonevent.pipeline.bluegreen.traffic.Counts;
import dev.nonevent.pipeline.bluegreen.traffic.Latencies;
import dev.nonevent.pipeline.bluegreen.traffic.Route;
import dev.nonevent.pipeline.bluegreen.traffic.Routing;
import dev.nonevent.pipeline.deployment.Health;
import dev.nonevent.pipeline.deployment.Instance;
import java.net.URI;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * What outlives a deployer: instances, the router with its users, and what both have seen. It writes down whatever must
 * never happen.
 */
final class FakeWorld {

    /** One running copy, and how its release behaves. */
    static final class Running {
        final Instance instance;
        final String artifact;
        boolean dead;
        boolean hasAnswered;
        boolean hasServed;

        Running(Instance instance, String artifact) {
            this.instance = instance;
            this.artifact = artifact;
        }
    }

    /** What one deployment's users met. */
    private static final class Tally {
        double requests;
        double failed;
        double replayed;
        Optional<Instant> firstFailedAt = Optional.empty();
    }

    final FakeTime time = new FakeTime();
    final Map<URI, Running> instances = new LinkedHashMap<>();
    final List<String> violations = new ArrayList<>();
    final List<String> switches = new ArrayList<>();
    /** Every routing ever put up, as {@code active} or {@code active, standby}. */
    final List<String> routings = new ArrayList<>();
    /** Releases whose health check does not pass. */
    final Set<String> sick = new HashSet<>();
    /** Releases whose process ends at once. */
    final Set<String> stillborn = new HashSet<>();
    /** Share of users' requests that a release fails. */
    final Map<String, Double> errorRates = new LinkedHashMap<>();

    /** What the router can do. */
    Set<Capability> capabilities = Set.of(Capability.COUNTS, Capability.REPLAY);

    double requestsPerSecond = 200;
    /** Share of users' requests that may be answered by another release when one fails them. */
    double safeShare = 1;

    boolean routerUnreachable;
    boolean routerRunning;
    Route route = Route.none();
    private final Map<String, Tally> tallies = new LinkedHashMap<>();
    private int started;

    FakeWorld() {
        time.whilePassing(this::usersAsk);
    }

    Instance start(String deployment, String artifact) {
        for (Running running : alive()) {
            if (running.instance.deployment().equals(deployment)) {
                return running.instance;
            }
        }
        started++;
        URI address = URI.create("http://127.0.0.1:" + (40_000 + started));
        Running running = new Running(new Instance(started + "@7", deployment, address), artifact);
        running.dead = stillborn.contains(artifact);
        instances.put(address, running);
        return running.instance;
    }

    void stop(Instance instance) {
        if (mayGetRequests(instance.deployment())) {
            violations.add("stopped " + instance.deployment() + " while it had the traffic");
        }
        if (routerUnreachable) {
            violations.add("stopped " + instance.deployment() + " while nobody knew where traffic is");
        }
        if (alive().size() == 1 && alive().get(0).hasServed && routerRunning) {
            violations.add("stopped " + instance.deployment() + ", the last one that ran");
        }
        instances.get(instance.address()).dead = true;
    }

    boolean mayGetRequests(String deployment) {
        return route.routing().targets().stream()
                .anyMatch(target -> target.deployment().equals(deployment));
    }

    void put(Routing routing, long fence) {
        Target target = routing.active().orElseThrow();
        Running running = instances.get(target.address());
        if (running == null || !running.hasAnswered) {
            violations.add("traffic was given to " + target.deployment() + ", which has never answered");
        }
        if (running != null) {
            running.hasServed = true;
        }
        if (!route.active().equals(Optional.of(target))) {
            switches.add(target.deployment());
        }
        routings.add(target.deployment()
                + routing.standby().map(standby -> ", " + standby.deployment()).orElse(""));
        route = new Route(routing, fence, route.generation() + 1);
    }

    Health probe(URI address) {
        Running running = instances.get(address);
        if (running == null || running.dead) {
            return new Health.Unhealthy("refused the connection");
        } else if (sick.contains(running.artifact)) {
            return new Health.Unhealthy("answered 503");
        }
        running.hasAnswered = true;
        return new Health.Healthy();
    }

    List<Running> alive() {
        return instances.values().stream().filter(running -> !running.dead).toList();
    }

    /** The artifact users get, if what they are pointed at lives. */
    Optional<String> served() {
        return route.active()
                .map(active -> instances.get(active.address()))
                .filter(running -> running != null && !running.dead)
                .map(running -> running.artifact);
    }

    void kill(String artifact) {
        alive().stream().filter(running -> running.artifact.equals(artifact)).forEach(running -> running.dead = true);
    }

    List<Counts> counts() {
        List<Counts> counts = new ArrayList<>();
        tallies.forEach((deployment, tally) -> counts.add(new Counts(
                route.active().orElseThrow().colour(),
                deployment,
                (long) tally.requests,
                (long) tally.failed,
                (long) tally.replayed,
                0,
                tally.firstFailedAt,
                Latencies.none())));
        return counts;
    }

    private boolean standsBy() {
        return route.routing()
                .standby()
                .map(standby -> instances.get(standby.address()))
                .filter(running -> !running.dead)
                .isPresent();
    }

    private void usersAsk(Duration passed) {
        if (route.active().isEmpty() || requestsPerSecond == 0) {
            return;
        }
        Running running = instances.get(route.active().get().address());
        double share = running == null || running.dead ? 1 : errorRates.getOrDefault(running.artifact, 0.0);
        double asked = requestsPerSecond * passed.toNanos() / 1e9;
        Tally tally = tallies.computeIfAbsent(route.active().get().deployment(), name -> new Tally());
        tally.requests += asked;
        tally.failed += asked * share;
        tally.replayed += standsBy() ? asked * share * safeShare : 0;
        if (tally.failed >= 1 && tally.firstFailedAt.isEmpty()) {
            tally.firstFailedAt = Optional.of(time.now());
        }
    }
}
