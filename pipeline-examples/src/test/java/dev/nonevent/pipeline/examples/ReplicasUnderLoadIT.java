package dev.nonevent.pipeline.examples;

import static org.assertj.core.api.Assertions.assertThat;

import dev.nonevent.pipeline.artifact.FileArtifactStore;
import dev.nonevent.pipeline.bluegreen.BlueGreen;
import dev.nonevent.pipeline.bluegreen.judge.Judge;
import dev.nonevent.pipeline.bluegreen.judge.WhenInconclusive;
import dev.nonevent.pipeline.bluegreen.router.RawClient;
import dev.nonevent.pipeline.bluegreen.router.Router;
import dev.nonevent.pipeline.bluegreen.traffic.Traffic;
import dev.nonevent.pipeline.bluegreen.traffic.TrafficSwitcher;
import dev.nonevent.pipeline.deployment.DeploymentContext;
import dev.nonevent.pipeline.deployment.HealthCheck;
import dev.nonevent.pipeline.deployment.Instance;
import dev.nonevent.pipeline.docker.DockerHost;
import dev.nonevent.pipeline.docker.Image;
import dev.nonevent.pipeline.time.TimeSource;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.BooleanSupplier;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Three containers of a release behind our router in its own process, and users who never stop asking. */
@Timeout(180)
class ReplicasUnderLoadIT {

    private static final int USERS = 3;

    private final DockerCommand docker = DockerCommand.ofTheMachine();
    private final String image =
            "nonevent-test/replicas-" + ProcessHandle.current().pid();
    private final DockerHost host = DockerHost.port(8080).replicas(3);
    private final TrafficSwitcher router = Router.router(0);
    private final ExecutorService users = Executors.newFixedThreadPool(USERS);
    private final AtomicBoolean over = new AtomicBoolean();
    private final AtomicInteger answered = new AtomicInteger();
    private final AtomicInteger failed = new AtomicInteger();

    @TempDir
    Path home;

    @TempDir
    Path scratch;

    @BeforeEach
    void makeTheImage() throws Exception {
        docker.require(getClass());
        Files.copy(DockerCommand.BUSYBOX, scratch.resolve("busybox"));
        Files.writeString(scratch.resolve("index.html"), "hello");
        Files.writeString(scratch.resolve("Dockerfile"), """
                FROM scratch
                COPY busybox /busybox
                COPY index.html /www/index.html
                ENTRYPOINT ["/busybox", "httpd", "-f", "-p", "8080", "-h", "/www"]
                """);
        docker.run("build", "-q", "-t", image, scratch.toString());
    }

    @AfterEach
    void removeWhatWasMade() throws Exception {
        over.set(true);
        users.shutdownNow();
        shop("v2").down(context());
        for (Instance left : host.running("shop", home)) {
            host.stop(left, Duration.ZERO);
        }
        host.tidy("shop", List.of(), home);
        if (docker.answers("image", "inspect", image)) {
            docker.run("rmi", "-f", image);
        }
    }

    @Test
    void oneThatEndsIsPassedOverAndTheNextReleaseReplacesAll() throws Exception {
        shop("v1").deploy(image(), context());
        Instance first = host.running("shop", home).get(0);
        URI address = router.find("shop", home.resolve("deployments/shop"))
                .orElseThrow()
                .address();
        for (int user = 0; user < USERS; user++) {
            users.execute(() -> ask(address));
        }
        await(() -> answered.get() > 50);

        // Docker starts it again: it ended by itself.
        docker.run("exec", container(first, 1), "/busybox", "kill", "1");
        await(() -> !host.isRunning(first));
        await(() -> isWholeAgain(first));
        int before = answered.get();
        await(() -> answered.get() > before + 50);
        assertThat(failed.get()).as("that may have been in flight there").isLessThanOrEqualTo(USERS);
        int inFlightThere = failed.get();

        shop("v2").deploy(image(), context());
        int then = answered.get();
        await(() -> answered.get() > then + 50);

        assertThat(failed).hasValue(inFlightThere);
        assertThat(docker.run("ps", "-a", "-q", "--filter", "ancestor=" + image).lines())
                .hasSize(3);
        assertThat(host.running("shop", home)).singleElement().satisfies(second -> {
            assertThat(second.deployment()).isEqualTo("shop-2");
            assertThat(second.addresses()).hasSize(3);
        });
        try (Traffic traffic =
                router.find("shop", home.resolve("deployments/shop")).orElseThrow()) {
            assertThat(traffic.route().active().orElseThrow().addresses()).hasSize(3);
            assertThat(traffic.counts())
                    .allSatisfy(counts -> assertThat(counts.failed()).isLessThanOrEqualTo(USERS));
        }
    }

    private boolean isWholeAgain(Instance first) {
        return host.running("shop", home).stream()
                .filter(now -> now.addresses().equals(first.addresses()) && !now.equals(first))
                .anyMatch(now -> now.id().split(",").length == 3 && host.isRunning(now));
    }

    private void ask(URI address) {
        while (!over.get()) {
            try (RawClient client = new RawClient(address)) {
                while (!over.get()) {
                    (client.get("/").status() == 200 ? answered : failed).incrementAndGet();
                    Thread.sleep(5);
                }
            } catch (IOException broken) {
                failed.incrementAndGet();
            } catch (InterruptedException e) {
                return;
            }
        }
    }

    private BlueGreen<Image> shop(String version) {
        return BlueGreen.blueGreen("shop")
                .on(host.env("VERSION", version))
                .traffic(router)
                .health(HealthCheck.http("/").every(Duration.ofMillis(100)).healthyAfter(2))
                .bake(Duration.ofMillis(500))
                .judge(Judge.errorRate().atMost(0.05))
                .whenInconclusive(WhenInconclusive.PROCEED)
                .keepOld(Duration.ZERO);
    }

    private Image image() throws Exception {
        return new Image(image, docker.run("image", "inspect", "--format", "{{.Id}}", image), Optional.empty());
    }

    private static String container(Instance instance, int number) {
        return instance.id().split(",")[number - 1].split("@")[0];
    }

    private DeploymentContext context() {
        return new DeploymentContext(
                home,
                FileArtifactStore.in(home.resolve("artifacts")),
                TimeSource.system(),
                "run-1",
                Optional.empty(),
                Optional.empty(),
                line -> {});
    }

    private static void await(BooleanSupplier condition) throws InterruptedException {
        long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(60);
        while (!condition.getAsBoolean()) {
            assertThat(System.nanoTime()).as("within a minute").isLessThan(deadline);
            Thread.sleep(20);
        }
    }
}
