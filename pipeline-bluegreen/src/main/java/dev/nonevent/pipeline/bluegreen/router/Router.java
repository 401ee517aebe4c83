package dev.nonevent.pipeline.bluegreen.router;

import dev.nonevent.pipeline.bluegreen.router.daemon.Settings;
import dev.nonevent.pipeline.bluegreen.traffic.Capability;
import dev.nonevent.pipeline.bluegreen.traffic.Traffic;
import dev.nonevent.pipeline.bluegreen.traffic.TrafficSwitcher;
import dev.nonevent.pipeline.time.TimeSource;
import java.nio.file.Path;
import java.util.Collections;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;

/**
 * Our own reverse proxy: a process of its own that outlives the deployer, found again by the application's home.
 *
 * <pre>{@code Router.router(8000)}</pre>
 *
 * <p>It listens on 127.0.0.1 unless {@link #bind} says otherwise, and speaks HTTP/1.1 and HTTP/2, over TLS if
 * {@link #tls} says so; instances are asked in HTTP/1.1. WebSockets come over HTTP/1.1. Control goes over a unix socket
 * that only its user can open. The route survives its death, and is forgotten when it is shut down; the counts begin anew
 * each time.
 *
 * <p>Opened by another version of this library, or with other settings, a new process takes over: on Linux with the very
 * socket that users wait at, elsewhere after a gap of some milliseconds in which they are refused. The former one answers
 * what it has begun, and takes no new request once {@code open} has returned. That takes up to 5 seconds, in which clients
 * that keep a connection are told to make another one. A router that holds requests is left as it is.
 */
public final class Router implements TrafficSwitcher {

    private static final Set<Capability> CAPABILITIES = Set.of(
            Capability.COUNTS,
            Capability.LATENCIES,
            Capability.REPLAY,
            Capability.WEIGHTS,
            Capability.STICKY,
            Capability.HEADERS,
            Capability.HOLD,
            Capability.STOP,
            Capability.REPLICAS);

    private final Settings settings;
    private final Place place;

    private Router(Settings settings, Place place) {
        this.settings = settings;
        this.place = place;
    }

    /**
     * The router as a process of its own.
     *
     * @param port 1 to 65535, or 0 for any free one, picked at the first start and kept in the home
     */
    public static Router router(int port) {
        return new Router(Settings.on(port), new InItsOwnProcess(Optional.empty()));
    }

    /**
     * The router inside this JVM, for embedders and tests: <em>it dies with this JVM</em>, and users with it.
     *
     * @param port 1 to 65535, or 0 for any free one, picked at the first start and kept in the home
     */
    public static Router inThisJvm(int port) {
        return new Router(Settings.on(port), new InThisJvm());
    }

    /** Listens there; {@code 0.0.0.0} is every network this machine is in. */
    public Router bind(String address) {
        return with(settings.withBind(address));
    }

    /**
     * Shows {@link dev.nonevent.pipeline.bluegreen.traffic.Routing#preview} there, on 127.0.0.1 whatever {@link #bind}
     * says, and without TLS: who comes in there is no user, is in no count, and is let in while users are not.
     *
     * @param port 1 to 65535, or 0 for any free one, picked at the first start and kept in the home
     */
    public Router preview(int port) {
        return with(settings.withPreview(port));
    }

    /**
     * Takes HTTP over TLS 1.2 and 1.3 only, HTTP/2 for clients that offer it. Files that change are taken for new
     * connections within ten seconds; a pair that cannot work is not, and {@code router.log} in the home says why.
     *
     * @param certificateChain PEM, the server's own certificate first; {@link #open} refuses one that has expired
     * @param privateKey PEM, PKCS#8, without a password, readable by the router's user alone
     */
    public Router tls(Path certificateChain, Path privateKey) {
        return with(settings.withTls(certificateChain, privateKey));
    }

    /**
     * Shows metrics at {@code http://127.0.0.1:PORT/metrics}, in the text format of Prometheus: requests by deployment and
     * status, latencies, switches and what the router turned away.
     *
     * @param port 1 to 65535
     */
    public Router metrics(int port) {
        return with(settings.withMetrics(port));
    }

    /**
     * Writes one line of JSON for each finished request, without queries and headers. At 64 MiB it is put aside as
     * {@code FILE.1}; four of those are kept. Users never wait for the disk: rather lines are left out, and counted in the
     * metrics.
     *
     * @param file in a directory that exists
     */
    public Router accessLog(Path file) {
        return with(settings.withAccessLog(file));
    }

    /**
     * Believes what proxies in these networks say of their clients in {@code X-Forwarded-For}, {@code -Proto} and
     * {@code -Host}; from everybody else that is replaced.
     *
     * @param networks as in {@code 10.0.0.0/8} or {@code fd00::/8}
     */
    public Router trusting(String... networks) {
        return with(settings.withTrusted(List.of(networks)));
    }

    /** Puts up with more or less than usual. */
    public Router limits(RouterLimits limits) {
        return with(settings.withLimits(limits.chosen()));
    }

    /** Where the daemon finds this library and what it needs; by default where this JVM has it from. It is copied. */
    public Router classPath(String path) {
        return new Router(settings, place.classPath(path));
    }

    @Override
    public String description() {
        return place.description() + " on " + (settings.port() == 0 ? "any free port" : "port " + settings.port())
                + (settings.bind().equals(Settings.LOOPBACK) ? "" : " of " + settings.bind())
                + (settings.tls().isPresent() ? " with TLS" : "");
    }

    @Override
    public Set<Capability> capabilities() {
        Set<Capability> all = EnumSet.copyOf(CAPABILITIES);
        if (settings.preview().isPresent()) {
            all.add(Capability.PREVIEW);
        }
        return Collections.unmodifiableSet(all);
    }

    @Override
    public List<String> problems() {
        return Stream.of(settings.problems(), place.problems())
                .flatMap(List::stream)
                .toList();
    }

    @Override
    public Traffic open(String application, Path home) throws InterruptedException {
        settings.check(TimeSource.system());
        return place.open(application, home, settings);
    }

    @Override
    public Optional<Traffic> find(String application, Path home) {
        return place.find(application, home);
    }

    private Router with(Settings changed) {
        return new Router(changed, place);
    }
}
