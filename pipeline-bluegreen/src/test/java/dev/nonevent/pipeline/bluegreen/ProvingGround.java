package dev.nonevent.pipeline.bluegreen;

import dev.nonevent.pipeline.artifact.FileArtifactStore;
import dev.nonevent.pipeline.bluegreen.judge.Judge;
import dev.nonevent.pipeline.bluegreen.ledger.FileLedger;
import dev.nonevent.pipeline.bluegreen.ledger.LedgerEntry;
import dev.nonevent.pipeline.bluegreen.ledger.LedgerLine;
import dev.nonevent.pipeline.bluegreen.router.Router;
import dev.nonevent.pipeline.bluegreen.router.daemon.DaemonProcess;
import dev.nonevent.pipeline.bluegreen.traffic.Route;
import dev.nonevent.pipeline.bluegreen.traffic.Routing;
import dev.nonevent.pipeline.bluegreen.traffic.Traffic;
import dev.nonevent.pipeline.deployment.DeploymentContext;
import dev.nonevent.pipeline.deployment.HealthCheck;
import dev.nonevent.pipeline.deployment.Instance;
import dev.nonevent.pipeline.executor.ProcessTree;
import dev.nonevent.pipeline.time.TimeSource;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * One application on one home: a numbered service on real {@link Premises} behind the real router daemon, with a real ledger,
 * and all of it to look at. Several processes may work on the same home, each with a ground of its own.
 */
public record ProvingGround(Path home, int port, Premises premises, Consumer<String> progress) {

    static final String APPLICATION = "shop";

    /** On any port that is free now. */
    static ProvingGround in(Path home, Premises premises) throws IOException {
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return new ProvingGround(home, socket.getLocalPort(), premises, line -> {});
        }
    }

    BlueGreen<String> blueGreen() {
        return BlueGreen.blueGreen(APPLICATION)
                .on(premises)
                .traffic(Router.router(port))
                .health(HealthCheck.http("/health").every(Duration.ofMillis(50)).healthyAfter(2))
                .smoke(HealthCheck.http("/smoke"))
                .bake(Duration.ofMillis(300))
                .judge(Judge.errorRate().atMost(0.01).withAtLeast(10));
    }

    /** The same to a part of the users first; of so many that a busy machine still brings enough for the judge. */
    Canary<String> canary() {
        return Canary.canary(APPLICATION)
                .on(premises)
                .traffic(Router.router(port))
                .health(HealthCheck.http("/health").every(Duration.ofMillis(50)).healthyAfter(2))
                .smoke(HealthCheck.http("/smoke"))
                .step(40, Duration.ofMillis(500))
                .step(80, Duration.ofMillis(400))
                .forUsersWith("X-Beta", "yes")
                .bake(Duration.ofMillis(300))
                .judge(Judge.errorRate().atMost(0.01).withAtLeast(10));
    }

    DeploymentContext context() {
        return new DeploymentContext(
                home, store(), TimeSource.system(), "run-1", Optional.empty(), Optional.empty(), progress);
    }

    private FileArtifactStore store() {
        return FileArtifactStore.in(home.resolve("artifacts"));
    }

    /** Where the ledger and the router have their files. */
    Path directory() {
        return home.resolve("deployments").resolve(APPLICATION);
    }

    URI address() {
        return URI.create("http://127.0.0.1:" + port);
    }

    List<LedgerEntry> facts() {
        return lines().stream().map(LedgerLine::entry).toList();
    }

    Standing standing() {
        return Standing.of(lines());
    }

    private List<LedgerLine> lines() {
        return ledger().read();
    }

    FileLedger ledger() {
        return FileLedger.in(directory(), APPLICATION, TimeSource.system());
    }

    List<Instance> instances() {
        return premises.running(APPLICATION, home);
    }

    /** The release before, if it still runs. */
    Optional<Instance> warm() {
        return standing().kept().map(LedgerEntry.Keeping::old).filter(premises::isRunning);
    }

    List<ProcessTree.Member> routers() {
        return ProcessTree.withMarker(DaemonProcess.marker(directory()));
    }

    void signalRouter(String name) throws IOException, InterruptedException {
        for (ProcessTree.Member router : routers()) {
            Signal.send(name, router.pid());
        }
    }

    /** As {@code kill -9} does it; it is gone when this returns. */
    void killRouter() {
        ProcessTree.stopMarked(DaemonProcess.marker(directory()), Duration.ZERO);
    }

    Optional<Route> route() {
        try (Traffic traffic =
                Router.router(port).find(APPLICATION, directory()).orElse(null)) {
            return Optional.ofNullable(traffic).map(Traffic::route);
        }
    }

    /** The number of the release that a user gets; empty if nobody answers, or nobody but the router. */
    Optional<String> served() throws IOException {
        try (Socket socket = new Socket("127.0.0.1", port)) {
            socket.setSoTimeout(20_000);
            socket.getOutputStream()
                    .write("GET /release HTTP/1.1\r\nHost: shop\r\nConnection: close\r\n\r\n"
                            .getBytes(StandardCharsets.US_ASCII));
            String answer = new String(socket.getInputStream().readAllBytes(), StandardCharsets.US_ASCII);
            return answer.startsWith("HTTP/1.1 200")
                    ? Optional.of(answer.substring(answer.indexOf("\r\n\r\n") + 4))
                    : Optional.empty();
        } catch (java.net.ConnectException e) {
            return Optional.empty();
        }
    }

    /**
     * All that recovering a second time must leave as it is.
     *
     * @param facts without those that only say who looked
     */
    record Picture(
            List<LedgerEntry> facts,
            Optional<Routing> routing,
            Set<String> instances,
            Set<String> routers,
            Set<String> files) {}

    Picture picture() throws IOException {
        return new Picture(
                facts().stream()
                        .filter(fact -> !(fact instanceof LedgerEntry.Acquired))
                        .toList(),
                route().map(Route::routing),
                instances().stream().map(Instance::id).collect(Collectors.toSet()),
                routers().stream().map(ProcessTree.Member::identity).collect(Collectors.toSet()),
                files());
    }

    /**
     * The names of the files that the ledger and the router have; a copy of the router's program is one. Space that is set
     * aside does not count: a way back gives it up, and whoever comes next sets it aside again.
     * Nor does the half of a record that a full disk has left and that was put aside for people to look at.
     */
    Set<String> files() throws IOException {
        try (Stream<Path> files = Files.walk(directory())) {
            return files.filter(Files::isRegularFile)
                    .map(file -> directory().relativize(file))
                    .map(file -> file.startsWith("program") ? file.subpath(0, 2) : file)
                    .map(Path::toString)
                    .filter(name -> !name.equals("reserve") && !name.startsWith("ledger.log.torn-"))
                    .collect(Collectors.toCollection(TreeSet::new));
        }
    }

    List<Integer> posts() throws IOException, InterruptedException {
        return premises.posts(home);
    }

    /** The deployments of which anything at all is there. */
    List<String> remains() throws IOException, InterruptedException {
        return premises.remains(APPLICATION, home);
    }

    /** Ends whatever is left, also when the router or the ledger is in no state to be asked. @return what cannot be explained */
    List<String> clear() throws IOException, InterruptedException {
        killRouter();
        return premises.clear(APPLICATION, home);
    }
}
