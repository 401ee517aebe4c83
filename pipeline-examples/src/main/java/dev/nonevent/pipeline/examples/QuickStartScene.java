package dev.nonevent.pipeline.examples;

import dev.nonevent.pipeline.artifact.FileArtifactStore;
import dev.nonevent.pipeline.bluegreen.traffic.Counts;
import dev.nonevent.pipeline.deployment.DeploymentContext;
import dev.nonevent.pipeline.deployment.DeploymentRecord;
import dev.nonevent.pipeline.examples.QuickStartSummary.Push;
import dev.nonevent.pipeline.examples.QuickStartSummary.Requests;
import dev.nonevent.pipeline.examples.QuickStartSummary.Rollback;
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
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** The stage of the quick start: a server that takes pushes, a developer, the users, and the screen. */
final class QuickStartScene implements AutoCloseable {

    private final PrintStream screen;
    private final boolean keep;
    private final Path directory;
    private final int port;
    private final ShopDelivery delivery;
    private final DeploymentContext context;
    private final PushServer server;
    private final ShopRepository developer;
    private final TimeSource time = TimeSource.system();
    private final List<Push> pushes = new ArrayList<>();
    private final AtomicBoolean closed = new AtomicBoolean();
    private volatile @Nullable Load users;

    private QuickStartScene(Path directory, PrintStream screen, boolean keep) throws Exception {
        this.screen = screen;
        this.keep = keep;
        this.directory = directory;
        this.port = freePort();
        Path home = directory.resolve("home");
        Path repository = directory.resolve("shop.git");
        this.delivery = ShopDelivery.of(repository, port);
        this.context = context(home);
        tidyUpAfterTheLastTime();
        this.server = PushServer.serving(repository)
                .runs(Plan.of(delivery.pipeline()), PipelineRunner.in(home))
                .start();
        this.developer = ShopRepository.cloneOf(server.address(), directory.resolve("clone"));
    }

    static QuickStartScene open(Path directory, PrintStream screen, boolean keep) throws Exception {
        return new QuickStartScene(directory.toAbsolutePath(), screen, keep);
    }

    /** The developer commits a release and pushes it; the screen shows what a pusher sees. */
    void push(ShopRelease release, String what) throws Exception {
        if (closed.get()) {
            throw new InterruptedException("the quick start was stopped");
        }
        screen.printf("%n%s  %s%n", release.version(), what);
        Load.Seen before = seen();
        long start = time.nanos();
        developer.commit(release);
        screen.printf("     $ git push origin main        \"%s\"%n", release.message());
        Writer terminal = new OutputStreamWriter(screen, StandardCharsets.UTF_8);
        ShopRepository.Pushed pushed = developer.push(terminal);
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
    void letTheUsersIn() {
        String url = "http://127.0.0.1:" + port + "/orders";
        users = Load.on(url);
        screen.printf("%n     users come in: 200 requests a second on %s%n", url);
    }

    /** Says where everything stands, writes the summary, and answers with the exit code. */
    int sumUp() throws Exception {
        stopTheUsers();
        List<DeploymentRecord> history = delivery.shop().history(context);
        List<Counts> counts = delivery.shop().counts(context);
        long spared = counts.stream().mapToLong(Counts::replayed).sum();
        QuickStartSummary summary = new QuickStartSummary(
                pushes,
                new Requests(seen().requests(), seen().failed(), spared, perColour(counts)),
                history.stream().mapToLong(QuickStartScene::switches).sum(),
                rollback(history),
                DeliveryMetrics.of(history).toMap());
        summary.write(directory.resolve("summary.json"));
        print(summary, DeliveryMetrics.of(history));
        return wentAsItShould(summary) ? 0 : 1;
    }

    private void print(QuickStartSummary summary, DeliveryMetrics metrics) {
        screen.printf("%nSummary%n");
        delivery.shop()
                .inspect(context)
                .lines()
                .limit(1)
                .forEach(line -> screen.printf("     traffic          %s%n", line.replaceFirst("^traffic is ", "")));
        screen.printf("     users            %s%n", summary.requests().text());
        summary.rollback().map(Rollback::text).ifPresent(text -> screen.printf("     rollback         %s%n", text));
        metrics.text().lines().forEach(line -> screen.printf("     %s%n", line));
        screen.printf("     details          %s%n", directory.resolve("summary.json"));
    }

    /** The quick start is its own test: what it tells must be what happened. */
    private boolean wentAsItShould(QuickStartSummary summary) {
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

    @Override
    public void close() {
        if (!closed.compareAndSet(false, true)) {
            return;
        }
        try {
            stopTheUsers();
            developer.close();
            server.close();
            if (keep) {
                screen.printf(
                        "%nThe shop goes on at http://127.0.0.1:%d/orders; the next quick start ends it.%n", port);
            } else {
                delivery.shop().down(context);
            }
        } catch (InterruptedException stopped) {
            Thread.currentThread().interrupt();
        }
    }

    /** A quick start that was killed, or told to keep everything, left its processes to this one. */
    private void tidyUpAfterTheLastTime() throws IOException, InterruptedException {
        if (!Files.exists(directory)) {
            return;
        }
        delivery.shop().down(context);
        List<Path> old;
        try (Stream<Path> files = Files.walk(directory)) {
            old = files.sorted(Comparator.reverseOrder()).toList();
        }
        for (Path file : old) {
            Files.delete(file);
        }
    }

    private static DeploymentContext context(Path home) {
        return new DeploymentContext(
                home,
                FileArtifactStore.in(home.resolve("artifacts")),
                TimeSource.system(),
                "quick start",
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
