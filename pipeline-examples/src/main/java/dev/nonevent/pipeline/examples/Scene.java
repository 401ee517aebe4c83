package dev.nonevent.pipeline.examples;

import dev.nonevent.pipeline.artifact.FileArtifactStore;
import dev.nonevent.pipeline.bluegreen.BlueGreen;
import dev.nonevent.pipeline.bluegreen.traffic.Counts;
import dev.nonevent.pipeline.deployment.DeploymentContext;
import dev.nonevent.pipeline.deployment.DeploymentRecord;
import dev.nonevent.pipeline.examples.SceneSummary.Push;
import dev.nonevent.pipeline.examples.SceneSummary.Requests;
import dev.nonevent.pipeline.examples.SceneSummary.Rollback;
import dev.nonevent.pipeline.plan.Plan;
import dev.nonevent.pipeline.report.DeliveryMetrics;
import dev.nonevent.pipeline.run.PipelineRunner;
import dev.nonevent.pipeline.time.TimeSource;
import dev.nonevent.pipeline.trigger.PushServer;
import java.io.IOException;
import java.io.OutputStreamWriter;
import java.io.PrintStream;
import java.io.Writer;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * A server that takes pushes, a developer, the users, and the screen. One thread plays and closes it; {@link #stop} may come from
 * another.
 */
final class Scene implements AutoCloseable {

    private final String name;
    private final PrintStream screen;
    private final boolean keep;
    private final Path directory;
    private final DeploymentContext context;
    private final int port;
    private final TimeSource time = TimeSource.system();
    private final List<Push> pushes = new ArrayList<>();
    private volatile @Nullable Load users;

    // Guarded by this.
    private @Nullable PushServer server;
    private boolean stopped;
    private boolean closing;

    private @Nullable Delivery delivery;
    private @Nullable ShopRepository developer;

    /** Nothing happens before it is opened. */
    Scene(String name, Path directory, PrintStream screen, boolean keep) throws IOException {
        this.name = name;
        this.directory = directory;
        this.screen = screen;
        this.keep = keep;
        this.port = freePort();
        this.context = context(home());
    }

    /** All that is written, is written below. */
    Path directory() {
        return directory;
    }

    /** What is pushed to. */
    Path repository() {
        return directory.resolve("shop.git");
    }

    /** Where the users come in. */
    int port() {
        return port;
    }

    private Path home() {
        return directory.resolve("home");
    }

    /** From here on pushes are taken. */
    void open(Delivery what) throws Exception {
        what.props().require();
        delivery = what;
        tidyUpAfterTheLastTime(what);
        what.props().setUp();
        PushServer opened = PushServer.serving(repository())
                .runs(Plan.of(what.pipeline().get()), PipelineRunner.in(home()))
                .start();
        synchronized (this) {
            server = opened;
        }
        developer = ShopRepository.cloneOf(opened.address(), directory.resolve("clone"));
    }

    /** The developer commits a release and pushes it; the screen shows what a pusher sees. */
    void push(ShopRelease release, String what) throws Exception {
        ShopRepository clone = Objects.requireNonNull(developer, "the scene is not open");
        refuseIfStopped();
        screen.printf("%n%s  %s%n", release.version(), what);
        Load.Seen before = seen();
        long start = time.nanos();
        clone.commit(release);
        screen.printf("     $ git push origin main        \"%s\"%n", release.message());
        Writer terminal = new OutputStreamWriter(screen, StandardCharsets.UTF_8);
        ShopRepository.Pushed pushed = clone.push(terminal);
        Duration took = Duration.ofNanos(time.nanos() - start);
        Load.Seen during = seen().since(before);
        if (!pushed.accepted()) {
            screen.printf("     ! [remote rejected] main -> main (%s)%n", pushed.reason());
        }
        screen.printf(
                "     %s after %.1f s%s%n",
                pushed.accepted() ? "accepted" : "refused",
                took.toMillis() / 1000.0,
                users == null
                        ? ""
                        : "; meanwhile %,d requests, %,d failed".formatted(during.requests(), during.failed()));
        pushes.add(new Push(release.version(), pushed.accepted(), pushed.reason(), took.toMillis(), during.failed()));
    }

    /** From here on there is traffic, and it never stops. */
    void letTheUsersIn(int requestsPerSecond) throws InterruptedException {
        refuseIfStopped();
        String url = address();
        users = Load.on(url, requestsPerSecond);
        screen.printf("%n     users come in: %d requests a second on %s%n", requestsPerSecond, url);
    }

    /** Says where everything stands, writes the summary, and answers with the exit code. */
    int sumUp() throws Exception {
        stopTheUsers();
        refuseIfStopped();
        BlueGreen<?> shop = played().shop();
        List<DeploymentRecord> history = shop.history(context);
        List<Counts> counts = shop.counts(context);
        long spared = counts.stream().mapToLong(Counts::replayed).sum();
        SceneSummary summary = new SceneSummary(
                pushes,
                new Requests(seen().requests(), seen().failed(), spared, perColour(counts)),
                history.stream().mapToLong(Scene::switches).sum(),
                rollback(history),
                DeliveryMetrics.of(history).toMap());
        summary.write(directory.resolve("summary.json"));
        print(summary, DeliveryMetrics.of(history));
        return wentAsItShould(summary) ? 0 : 1;
    }

    private void print(SceneSummary summary, DeliveryMetrics metrics) {
        screen.printf("%nSummary%n");
        played().shop()
                .inspect(context)
                .lines()
                .limit(1)
                .forEach(line -> screen.printf("     traffic          %s%n", line.replaceFirst("^traffic is ", "")));
        screen.printf("     users            %s%n", summary.requests().text());
        summary.rollback().map(Rollback::text).ifPresent(text -> screen.printf("     rollback         %s%n", text));
        metrics.text().lines().forEach(line -> screen.printf("     %s%n", line));
        screen.printf("     details          %s%n", directory.resolve("summary.json"));
    }

    /** A scene is its own test: what it tells must be what happened. */
    private boolean wentAsItShould(SceneSummary summary) {
        List<String> live =
                pushes.stream().filter(Push::accepted).map(Push::name).toList();
        List<String> hurt = pushes.stream()
                .filter(push -> push.failedRequests() > 0)
                .map(Push::name)
                .toList();
        boolean good = live.equals(List.of("v1", "v2"))
                && hurt.isEmpty()
                && summary.requests().spared() > 0
                && summary.rollback().isPresent();
        if (!good) {
            screen.printf(
                    "%nThis is not as it should be: live went %s, users were hurt by %s, %d were spared.%n",
                    live, hurt, summary.requests().spared());
        }
        return good;
    }

    private static long switches(DeploymentRecord deployment) {
        long there = deployment.switchedAt().isPresent() ? 1 : 0;
        return there + (deployment.restoredIn().isPresent() ? 1 : 0);
    }

    private static Optional<Rollback> rollback(List<DeploymentRecord> history) {
        return history.stream()
                .filter(deployment -> deployment.restoredIn().isPresent())
                .reduce((first, last) -> last)
                .map(deployment -> new Rollback(
                        millis(deployment.detectedIn().orElse(Duration.ZERO)),
                        millis(deployment.restoredIn().orElseThrow())));
    }

    private static double millis(Duration duration) {
        return duration.toNanos() / 1e6;
    }

    /** What is answered in place of another is answered once. */
    private static Map<String, Long> perColour(List<Counts> counts) {
        Map<String, Long> requests = new TreeMap<>();
        counts.forEach(
                count -> requests.merge(count.colour().toString(), count.requests() - count.replayed(), Long::sum));
        return requests;
    }

    private Load.Seen seen() {
        Load load = users;
        return load == null ? new Load.Seen(0, 0) : load.seen();
    }

    private void stopTheUsers() throws InterruptedException {
        Load load = users;
        if (load != null) {
            load.close();
        }
    }

    /** Ends what is under way, so that the one who plays closes the scene soon. */
    void stop(Thread player) {
        synchronized (this) {
            if (closing) {
                return;
            }
            stopped = true;
            player.interrupt();
        }
        closeServer();
    }

    synchronized boolean isStopped() {
        return stopped;
    }

    private void refuseIfStopped() throws InterruptedException {
        if (isStopped()) {
            throw new InterruptedException(name + " was stopped");
        }
    }

    /** Whoever comes second returns when it is closed, too: its runs are over then. */
    private synchronized void closeServer() {
        PushServer open = server;
        if (open != null) {
            open.close();
        }
    }

    @Override
    public void close() throws InterruptedException {
        synchronized (this) {
            closing = true;
        }
        // From here on nobody interrupts, and who did has stopped all there was to stop.
        Thread.interrupted();
        stopTheUsers();
        closeServer();
        ShopRepository clone = developer;
        if (clone != null) {
            clone.close();
        }
        Delivery open = delivery;
        if (open != null && keep) {
            screen.printf("%nThe shop goes on at %s; the next %s ends it.%n", address(), name);
        } else if (open != null) {
            clear(open);
        }
    }

    private void clear(Delivery of) throws InterruptedException {
        try {
            of.shop().down(context);
        } finally {
            of.props().clear();
        }
    }

    /** One that was killed, or told to keep everything, left its processes to this one. */
    private void tidyUpAfterTheLastTime(Delivery what) throws IOException, InterruptedException {
        if (!Files.exists(directory)) {
            return;
        }
        clear(what);
        List<Path> old;
        try (Stream<Path> files = Files.walk(directory)) {
            old = files.sorted(Comparator.reverseOrder()).toList();
        }
        for (Path file : old) {
            Files.delete(file);
        }
    }

    private Delivery played() {
        return Objects.requireNonNull(delivery, "the scene is not open");
    }

    private String address() {
        return "http://127.0.0.1:" + port + played().path();
    }

    private static DeploymentContext context(Path home) {
        return new DeploymentContext(
                home,
                FileArtifactStore.in(home.resolve("artifacts")),
                TimeSource.system(),
                "a scene",
                Optional.empty(),
                Optional.empty(),
                line -> {});
    }

    private static int freePort() throws IOException {
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return socket.getLocalPort();
        }
    }
}
