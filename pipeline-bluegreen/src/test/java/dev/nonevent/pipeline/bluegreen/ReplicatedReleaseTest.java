package dev.nonevent.pipeline.bluegreen;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.nonevent.pipeline.artifact.FileArtifactStore;
import dev.nonevent.pipeline.bluegreen.judge.Judge;
import dev.nonevent.pipeline.bluegreen.judge.WhenInconclusive;
import dev.nonevent.pipeline.bluegreen.nginx.NginxSwitcher;
import dev.nonevent.pipeline.bluegreen.router.RawClient;
import dev.nonevent.pipeline.bluegreen.router.Router;
import dev.nonevent.pipeline.bluegreen.traffic.Traffic;
import dev.nonevent.pipeline.bluegreen.traffic.TrafficSwitcher;
import dev.nonevent.pipeline.deployment.DeploymentContext;
import dev.nonevent.pipeline.deployment.DeploymentFailedException;
import dev.nonevent.pipeline.deployment.HealthCheck;
import dev.nonevent.pipeline.time.TimeSource;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashSet;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** A release of three replicas is one release: started, proven, given users and taken from them as a whole. */
@Timeout(120)
class ReplicatedReleaseTest {

    @TempDir
    Path home;

    private final ThreeOfEach host = new ThreeOfEach();
    private final TrafficSwitcher router = Router.inThisJvm(0);

    @AfterEach
    void endAll() throws Exception {
        Optional<Traffic> open = router.find("shop", home.resolve("deployments/shop"));
        if (open.isPresent()) {
            open.get().shutDown(Long.MAX_VALUE);
        }
        host.close();
    }

    @Test
    void everyReplicaServesAndAllOfTheReleaseBeforeAreEnded() throws Exception {
        shop().keepOld(Duration.ZERO).deploy("v1", context());

        assertThat(served()).containsExactlyInAnyOrder("v1-1", "v1-2", "v1-3");
        shop().keepOld(Duration.ZERO).deploy("v2", context());
        assertThat(served()).containsExactlyInAnyOrder("v2-1", "v2-2", "v2-3");
        assertThat(host.names()).containsExactly("v2-1", "v2-2", "v2-3");
    }

    @Test
    void oneSickOfThreeKeepsTheReleaseFromUsers() throws Exception {
        shop().deploy("v1", context());
        host.sick.add("v2-3");

        assertThatThrownBy(() ->
                        shop().health(health().within(Duration.ofSeconds(2))).deploy("v2", context()))
                .isInstanceOf(DeploymentFailedException.class)
                .hasMessageStartingWith(
                        "v2 was refused before it got traffic: it was not healthy within 2 s: GET /health at"
                                + " http://127.0.0.1:")
                .hasMessageEndingWith("; traffic is on blue (v1)");

        assertThat(served()).containsExactlyInAnyOrder("v1-1", "v1-2", "v1-3");
        assertThat(host.names()).containsExactly("v1-1", "v1-2", "v1-3");
    }

    @Test
    void oneThatEndsInTheBakeIsTheEndOfTheRelease() throws Exception {
        shop().deploy("v1", context());

        assertThatThrownBy(() -> shop().bake(Duration.ofMinutes(1))
                        .dyingAt(boundary -> endAt("after Switched", boundary, "v2-2"))
                        .deploy("v2", context()))
                .isInstanceOf(DeploymentFailedException.class)
                .hasMessageStartingWith("rolled back: its process ended")
                .hasMessageContaining("traffic back on blue (v1)");

        assertThat(served()).containsExactlyInAnyOrder("v1-1", "v1-2", "v1-3");
        assertThat(host.names()).containsExactly("v1-1", "v1-2", "v1-3");
    }

    @Test
    void usersGoBackToWhatIsLeftOfTheProvenRelease() throws Exception {
        shop().deploy("v1", context());
        host.end("v1-1");

        assertThatThrownBy(() -> shop().bake(Duration.ofMinutes(1))
                        .dyingAt(boundary -> endAt("after Switched", boundary, "v2-2"))
                        .deploy("v2", context()))
                .isInstanceOf(DeploymentFailedException.class)
                .hasMessageContaining("traffic back on blue (v1)");

        assertThat(served()).containsExactlyInAnyOrder("v1-2", "v1-3");
        assertThat(host.names()).containsExactly("v1-2", "v1-3");
    }

    @Test
    void usersGoBackThoughOneOfTheProvenReplicasIsSick() throws Exception {
        shop().deploy("v1", context());
        host.sick.add("v1-1");

        assertThatThrownBy(() -> shop().bake(Duration.ofMinutes(1))
                        .dyingAt(boundary -> endAt("after Switched", boundary, "v2-2"))
                        .deploy("v2", context()))
                .isInstanceOf(DeploymentFailedException.class)
                .hasMessageContaining("traffic back on blue (v1)");
    }

    @Test
    void switcherThatKnowsOneAddressIsRefusedByThePlan() {
        assertThat(shop().traffic(NginxSwitcher.nginx(8000)).problems())
                .containsExactly(
                        "nginx on port 8000 sends users to one address of a release, and not to 3 replicas; say"
                                + " .replicas(1), or let our router carry the traffic with .traffic(Router.router(8000))");
    }

    private void endAt(String when, String boundary, String replica) {
        if (boundary.equals(when)) {
            host.end(replica);
        }
    }

    private Set<String> served() throws Exception {
        Set<String> served = new HashSet<>();
        try (Traffic traffic =
                        router.find("shop", home.resolve("deployments/shop")).orElseThrow();
                RawClient user = new RawClient(traffic.address())) {
            for (int i = 0; i < 9; i++) {
                served.add(user.get("/").body());
            }
        }
        return served;
    }

    private BlueGreen<String> shop() {
        return BlueGreen.blueGreen("shop")
                .on(host)
                .traffic(router)
                .health(health())
                .bake(Duration.ofMillis(200))
                .judge(Judge.errorRate().atMost(0.01))
                .whenInconclusive(WhenInconclusive.PROCEED);
    }

    private static HealthCheck health() {
        return HealthCheck.http("/health").every(Duration.ofMillis(50)).healthyAfter(2);
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
}
