package dev.nonevent.pipeline.examples;

import static dev.nonevent.pipeline.bluegreen.BlueGreen.blueGreen;
import static dev.nonevent.pipeline.bluegreen.judge.Judge.errorRate;
import static dev.nonevent.pipeline.bluegreen.router.Router.router;
import static dev.nonevent.pipeline.deployment.HealthCheck.http;
import static java.time.Duration.ofMillis;
import static java.time.Duration.ofSeconds;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.nonevent.pipeline.artifact.FileArtifactStore;
import dev.nonevent.pipeline.bluegreen.BlueGreen;
import dev.nonevent.pipeline.deployment.DeploymentContext;
import dev.nonevent.pipeline.deployment.DeploymentFailedException;
import dev.nonevent.pipeline.docker.Image;
import dev.nonevent.pipeline.docker.contract.NeedsPrivateEngine;
import dev.nonevent.pipeline.docker.contract.PrivateSwarm;
import dev.nonevent.pipeline.docker.contract.SwarmNode;
import dev.nonevent.pipeline.docker.swarm.SwarmHost;
import dev.nonevent.pipeline.time.TimeSource;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Blue-green on a swarm of a manager and two workers, behind our router: a sick release, and a node that dies. */
@NeedsPrivateEngine
@Timeout(240)
class SwarmDeploymentIT {

    private static final String DOCKERFILE = """
            FROM scratch
            COPY busybox /bin/busybox
            COPY busybox /bin/sh
            COPY orders /www/cgi-bin/orders
            ENTRYPOINT ["/bin/busybox", "httpd", "-f", "-p", "8080", "-h", "/www"]
            """;

    private static final String ORDERS = """
            #!/bin/sh
            [ "$RELEASE $QUERY_STRING" = "sick order" ] && printf 'Status: 500 Internal Server Error\\r\\n'
            printf 'Content-Type: text/plain\\r\\n\\r\\n%s' "$RELEASE"
            """;

    private static PrivateSwarm swarm;
    private static Image image;

    private final HttpClient users =
            HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
    private final ExecutorService crowd = Executors.newSingleThreadExecutor();

    @TempDir
    Path home;

    @BeforeAll
    static void beginTheSwarm(@TempDir Path scratch) throws Exception {
        swarm = PrivateSwarm.start(3);
        Files.copy(DockerCommand.BUSYBOX, scratch.resolve("busybox"));
        Path orders = Files.writeString(scratch.resolve("orders"), ORDERS);
        assertThat(orders.toFile().setExecutable(true, false)).isTrue();
        Files.writeString(scratch.resolve("Dockerfile"), DOCKERFILE);
        DockerCommand docker = docker();
        docker.run("build", "-q", "-t", "nonevent-test/orders:1", scratch.toString());
        swarm.spread("nonevent-test/orders:1");
        String id = docker.run("image", "inspect", "--format", "{{.Id}}", "nonevent-test/orders:1");
        image = new Image("nonevent-test/orders:1", id, Optional.empty());
    }

    @AfterAll
    static void endTheSwarm() throws Exception {
        if (swarm != null) {
            swarm.close();
        }
    }

    @Test
    void sickReleaseIsTakenBackAndSoIsOneUnderWhichANodeDiesAndUsersAreServedAllTheTime() throws Exception {
        URI door = shop("v1").deploy(image, context()).address();
        List<String> failed = new CopyOnWriteArrayList<>();
        AtomicLong served = new AtomicLong();
        AtomicBoolean leave = new AtomicBoolean();
        crowd.submit(() -> order(door, leave, served, failed));
        try {
            assertThatThrownBy(() -> shop("sick").deploy(image, context()))
                    .isInstanceOf(DeploymentFailedException.class)
                    .hasMessageContaining("allowed 1.0 %")
                    .hasMessageContaining("traffic back on ");
            assertThat(services()).hasSize(1);

            SwarmNode dying = swarm.nodes().get(2);
            assertThatThrownBy(() -> shop("v3")
                            .bake(ofSeconds(30))
                            .beforeSwitch("a node loses power", facts -> dying.powerOff())
                            .deploy(image, context()))
                    .isInstanceOf(DeploymentFailedException.class)
                    .hasMessageContaining("was refused before it got traffic: GET /cgi-bin/orders at http://")
                    .hasMessageContaining("traffic is on ");

            assertThat(get(door).body()).isEqualTo("v1");
            assertThat(services()).hasSize(1);
        } finally {
            leave.set(true);
            crowd.shutdown();
            assertThat(crowd.awaitTermination(60, TimeUnit.SECONDS)).isTrue();
            shop("v1").down(context());
        }
        assertThat(served.get()).isPositive();
        assertThat(failed).isEmpty();
        assertThat(services()).isEmpty();
    }

    /** On each worker one replica. */
    private static BlueGreen<Image> shop(String release) {
        return blueGreen("shop")
                .on(SwarmHost.port(8080)
                        .replicas(2)
                        .constraint("node.role==worker")
                        .memoryMib(32)
                        .readOnly()
                        .env("RELEASE", release)
                        .engine(swarm.manager().address()))
                .traffic(router(0))
                .health(http("/cgi-bin/orders")
                        .every(ofMillis(100))
                        .healthyAfter(3)
                        .within(ofSeconds(60)))
                .bake(ofSeconds(2))
                .judge(errorRate().atMost(0.01));
    }

    private void order(URI door, AtomicBoolean leave, AtomicLong served, List<String> failed) {
        while (!leave.get()) {
            try {
                HttpResponse<String> answer = get(door);
                if (answer.statusCode() == 200) {
                    served.incrementAndGet();
                } else {
                    failed.add(answer.statusCode() + " " + answer.body());
                }
            } catch (IOException e) {
                failed.add(e.toString());
            } catch (InterruptedException e) {
                return;
            }
        }
    }

    private HttpResponse<String> get(URI door) throws IOException, InterruptedException {
        HttpRequest request = HttpRequest.newBuilder(door.resolve("/cgi-bin/orders?order"))
                .timeout(Duration.ofSeconds(60))
                .build();
        return users.send(request, HttpResponse.BodyHandlers.ofString());
    }

    private DeploymentContext context() {
        return new DeploymentContext(
                home,
                FileArtifactStore.in(home.resolve("artifacts")),
                TimeSource.system(),
                "test",
                Optional.empty(),
                Optional.empty(),
                line -> {});
    }

    private static List<String> services() throws IOException, InterruptedException {
        return docker().run("service", "ls", "--format", "{{.Name}}").lines().toList();
    }

    private static DockerCommand docker() {
        return DockerCommand.of(swarm.manager().address());
    }
}
