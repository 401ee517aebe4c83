package dev.nonevent.pipeline.bluegreen.router.daemon;

import com.fasterxml.jackson.annotation.JsonIgnore;
import dev.nonevent.pipeline.bluegreen.router.http.Certificates;
import dev.nonevent.pipeline.bluegreen.router.switchboard.Network;
import dev.nonevent.pipeline.bluegreen.router.watch.Watch;
import dev.nonevent.pipeline.outcome.InfrastructureException;
import dev.nonevent.pipeline.time.TimeSource;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.UUID;

/**
 * How a router is set up, as declared; {@link SettingsFile} carries it to the daemon.
 *
 * <p>A new setting is a component here, a line in {@link #on}, a {@code with} method, its sentences in {@link #problems},
 * and a fluent method of {@code Router}.
 *
 * @param port where users come in: 1 to 65535, or 0 for the one picked before, or any free one
 * @param bind the address to listen on
 * @param preview where those come in who are to see a release before the users: a port of the loopback, as {@code port};
 *     empty: nowhere
 * @param tls for users; empty: without TLS
 * @param trusted networks of proxies whose word on their clients is believed
 * @param watched what is told of its work
 * @param limits of what it puts up with
 */
public record Settings(
        int port,
        String bind,
        Optional<Integer> preview,
        Optional<Tls> tls,
        List<String> trusted,
        Watch.Wanted watched,
        ChosenLimits limits) {

    public static final String LOOPBACK = "127.0.0.1";

    private static final int HIGHEST_PORT = 65_535;

    /** What a file written by hand leaves out is as it usually is. */
    public Settings {
        trusted = trusted == null ? List.of() : List.copyOf(trusted);
        watched = watched == null ? Watch.Wanted.nothing() : watched;
        limits = limits == null ? ChosenLimits.none() : limits;
    }

    /**
     * Where the daemon finds what it shows clients that speak TLS.
     *
     * @param chain PEM, the server's own certificate first
     * @param key PEM, PKCS#8, without a password
     */
    public record Tls(Path chain, Path key) {}

    /** Everything else as it is unless somebody says otherwise. */
    public static Settings on(int port) {
        return new Settings(
                port,
                LOOPBACK,
                Optional.empty(),
                Optional.empty(),
                List.of(),
                Watch.Wanted.nothing(),
                ChosenLimits.none());
    }

    public Settings withBind(String address) {
        return new Settings(port, address, preview, tls, trusted, watched, limits);
    }

    public Settings withPreview(int previewPort) {
        return new Settings(port, bind, Optional.of(previewPort), tls, trusted, watched, limits);
    }

    public Settings withTls(Path chain, Path key) {
        Tls files = new Tls(chain.toAbsolutePath(), key.toAbsolutePath());
        return new Settings(port, bind, preview, Optional.of(files), trusted, watched, limits);
    }

    public Settings withTrusted(List<String> networks) {
        return new Settings(port, bind, preview, tls, List.copyOf(networks), watched, limits);
    }

    public Settings withMetrics(int metricsPort) {
        return withWatched(new Watch.Wanted(Optional.of(metricsPort), watched.accessLog()));
    }

    public Settings withAccessLog(Path file) {
        return withWatched(new Watch.Wanted(watched.metrics(), Optional.of(file.toAbsolutePath())));
    }

    /** Beside those that were chosen before. */
    public Settings withLimits(ChosenLimits chosen) {
        return new Settings(port, bind, preview, tls, trusted, watched, limits.and(chosen));
    }

    private Settings withWatched(Watch.Wanted wanted) {
        return new Settings(port, bind, preview, tls, trusted, wanted, limits);
    }

    List<Network> networks() {
        return trusted.stream().flatMap(text -> Network.parse(text).stream()).toList();
    }

    /**
     * Reads what they name.
     *
     * @throws InfrastructureException with a sentence if it cannot work, or users would not accept it
     */
    public void check(TimeSource time) {
        tls.ifPresent(files -> Certificates.check(files.chain(), files.key(), time));
    }

    /** The same for the same settings on any port. */
    String name() {
        return UUID.nameUUIDFromBytes(new Settings(0, bind, preview, tls, trusted, watched, limits)
                        .toString()
                        .getBytes(StandardCharsets.UTF_8))
                .toString();
    }

    /** Everything wrong with them, as sentences; without any I/O. */
    @JsonIgnore
    public List<String> problems() {
        List<String> problems = new ArrayList<>();
        addProblem(port, problems);
        preview.ifPresent(previewPort -> addProblem(previewPort, problems));
        if (port != 0 && preview.equals(Optional.of(port))) {
            problems.add("users and the preview cannot share port " + port + ": give the preview another one");
        }
        if (!bind.matches("[0-9A-Fa-f.:]+|[A-Za-z0-9.-]+")) {
            problems.add("\"" + bind + "\" is no address to listen on: take 127.0.0.1 or 0.0.0.0");
        }
        trusted.stream()
                .filter(text -> Network.parse(text).isEmpty())
                .forEach(text -> problems.add("\"" + text + "\" is no network to trust: take one as in 10.0.0.0/8"));
        watched.metrics()
                .filter(metricsPort -> metricsPort < 1 || metricsPort > HIGHEST_PORT || metricsPort == port)
                .ifPresent(metricsPort -> problems.add("metrics cannot be shown on port " + metricsPort
                        + ": take one from 1 to " + HIGHEST_PORT + " that users do not have"));
        problems.addAll(limits.problems());
        return List.copyOf(problems);
    }

    private static void addProblem(int port, List<String> problems) {
        if (port < 0 || port > HIGHEST_PORT) {
            problems.add(
                    "port " + port + " is no port: take one from 1 to " + HIGHEST_PORT + ", or 0 for any free one");
        }
    }
}
