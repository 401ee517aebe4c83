package dev.nonevent.pipeline.bluegreen;

import dev.nonevent.pipeline.artifact.Artifact;
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
import dev.nonevent.pipeline.deployment.LocalProcesses;
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
 * One application on one home: {@link NumberedService} as real processes behind the real router daemon, with a real ledger,
 * and all of it to look at. Several processes may work on the same home, each with a ground of its own.
 */
record ProvingGround(Path home, int port, Consumer<String> progress) {

    static final String APPLICATION = "shop";

    /** On any port that is free now. */
    static ProvingGround in(Path home) throws IOException {
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return new ProvingGround(home, socket.getLocalPort(), line -> {});
        }
    }

    BlueGreen<Artifact> blueGreen() {
        return BlueGreen.blueGreen(APPLICATION)
                .on(host())
                .traffic(Router.router(port))
                .health(HealthCheck.http("/health").every(Duration.ofMillis(50)).healthyAfter(2))
                .smoke(HealthCheck.http("/smoke"))
                .bake(Duration.ofMillis(300))
                .judge(Judge.errorRate().atMost(0.01).withAtLeast(10));
    }

    /** The same to a part of the users first; of so many that a busy machine still brings enough for the judge. */
    Canary<Artifact> canary() {
        return Canary.canary(APPLICATION)
                .on(host())
                .traffic(Router.router(port))
                .health(HealthCheck.http("/health").every(Duration.ofMillis(50)).healthyAfter(2))
                .smoke(HealthCheck.http("/smoke"))
                .step(40, Duration.ofMillis(500))
                .step(80, Duration.ofMillis(400))
                .forUsersWith("X-Beta", "yes")
                .bake(Duration.ofMillis(300))
                .judge(Judge.errorRate().atMost(0.01).withAtLeast(10));
    }

    private static LocalProcesses host() {
        return LocalProcesses.localProcesses((release, listenOn) -> List.of(
                DeployingProcess.java(),
                "-Xshare:auto",
                "-Xmx32m",
                "-XX:+UseSerialGC",
                "-XX:TieredStopAtLevel=1",
                "-cp",
                DeployingProcess.classes(),
                NumberedService.class.getName(),
                release.toString(),
                "" + listenOn));
    }

    /** @param release its number and, for some, how it is bad */
    Artifact artifact(String release) throws IOException {
        Path file = Files.createDirectories(home.resolve("build")
                        .resolve("" + ProcessHandle.current().pid()))
                .resolve("release.txt");
        Files.writeString(file, release);
        return store().keep(file);
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
        return host().running(APPLICATION, home);
    }

    /** The release before, if it still runs. */
    Optional<ProcessTree> warm() {
        return standing().kept().flatMap(kept -> ProcessTree.find(kept.old().id()));
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

    /** The ids that the instances have received with a POST, each as often as it came. */
    List<Integer> posts() throws IOException {
        Path folders = Files.createDirectories(home.resolve("instances"));
        try (Stream<Path> files = Files.walk(folders)) {
            return files.filter(file -> file.endsWith("output.log"))
                    .flatMap(ProvingGround::lines)
                    .filter(line -> line.startsWith("received "))
                    .map(line -> Integer.valueOf(line.substring("received ".length())))
                    .toList();
        }
    }

    private static Stream<String> lines(Path file) {
        try {
            return Files.readAllLines(file).stream();
        } catch (IOException e) {
            throw new java.io.UncheckedIOException(e);
        }
    }

    /** Command lines of all processes that have to do with this home, whoever started them. */
    List<String> processes() {
        return ProcessHandle.allProcesses()
                .map(process -> process.info().commandLine().orElse(""))
                .filter(line -> line.contains(home.toString()))
                .toList();
    }

    /** Ends whatever is left, also when the router or the ledger is in no state to be asked. */
    void clear() {
        killRouter();
        for (Instance instance : instances()) {
            ProcessTree.find(instance.id()).ifPresent(tree -> tree.stop(Duration.ZERO));
        }
    }
}
