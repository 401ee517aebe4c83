package dev.nonevent.pipeline.examples;

import static dev.nonevent.pipeline.bluegreen.BlueGreen.blueGreen;
import static dev.nonevent.pipeline.bluegreen.judge.Judge.errorRate;
import static java.time.Duration.ofMillis;
import static java.time.Duration.ofMinutes;
import static java.time.Duration.ofSeconds;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.nonevent.pipeline.bluegreen.BlueGreen;
import dev.nonevent.pipeline.bluegreen.judge.Judge;
import dev.nonevent.pipeline.bluegreen.judge.Quantile;
import dev.nonevent.pipeline.bluegreen.testkit.CrashMatrix;
import dev.nonevent.pipeline.bluegreen.testkit.FakeWorld;
import dev.nonevent.pipeline.bluegreen.traffic.TrafficSwitcher;
import dev.nonevent.pipeline.deployment.DeploymentFailedException;
import dev.nonevent.pipeline.deployment.HealthCheck;
import dev.nonevent.pipeline.deployment.Host;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** How a team tries its deployment before its users do. Read with docs/testkit.md, which quotes it. */
@Timeout(60)
class ShopDeploymentTest {

    @TempDir
    Path home;

    static <A> BlueGreen<A> shop(Host<A> host, TrafficSwitcher traffic, HealthCheck health) {
        return blueGreen("shop")
                .on(host)
                .traffic(traffic)
                .health(health.every(ofSeconds(1)).healthyAfter(3).within(ofSeconds(60)))
                .bake(ofMinutes(10))
                .judge(errorRate().atMost(0.01))
                .rollbackWithin(ofSeconds(5));
    }

    private final FakeWorld world = new FakeWorld();
    private final BlueGreen<String> shop = shop(world.host(), world.switcher(), world.health());

    @Test
    @Timeout(5)
    void releaseThatFailsThreePercentIsTakenBackWithinTwentySeconds() throws Exception {
        shop.deploy("v1", world.context(home));
        world.release("v2").fails(0.03);

        assertThatThrownBy(() -> shop.deploy("v2", world.context(home)))
                .isInstanceOf(DeploymentFailedException.class)
                .hasMessageContaining("allowed 1.0 %")
                .hasMessageContaining("traffic back on blue (v1)");

        assertThat(world.served()).contains("v1");
        assertThat(world.exposure("v2")).isLessThan(ofSeconds(20));
    }

    @Test
    void tenMinutesOfBakeTakeMilliseconds() throws Exception {
        long began = System.nanoTime();
        shop.deploy("v1", world.context(home));
        shop.deploy("v2", world.context(home));
        Duration took = Duration.ofNanos(System.nanoTime() - began);

        assertThat(world.time().elapsed()).isGreaterThan(ofMinutes(10));
        assertThat(took).as("200 ms on an idle machine").isLessThan(ofSeconds(10));
    }

    @Test
    void usersSeeNothingOfAReleaseThatDiesBecauseTheOneBeforeAnswers() throws Exception {
        shop.deploy("v1", world.context(home));
        world.release("v2").diesAfter(ofSeconds(5)).prints("java.lang.OutOfMemoryError");

        assertThatThrownBy(() -> shop.deploy("v2", world.context(home)))
                .hasMessageContaining("its process ended")
                .satisfies(e -> assertThat(((DeploymentFailedException) e).details())
                        .containsExactly("java.lang.OutOfMemoryError"));

        assertThat(world.served()).contains("v1");
        assertThat(world.seenToFail()).isZero();
    }

    @Test
    void releaseThatBecameSlowIsTakenBack() throws Exception {
        BlueGreen<String> quick = shop.judge(Judge.latency(Quantile.P99).atMost(ofMillis(250)));
        quick.deploy("v1", world.context(home));
        world.requests(50).release("v2").answersIn(ofMillis(300));

        assertThatThrownBy(() -> quick.deploy("v2", world.context(home))).hasMessageContaining("p99 is");

        assertThat(world.exposure("v2")).isLessThan(ofSeconds(5));
    }

    @Test
    void deployerMayBeKilledAnywhere() throws Exception {
        CrashMatrix.of(home, it -> shop(it.host(), it.switcher(), it.health()).bake(ofSeconds(5)))
                .after("v1")
                .when(it -> it.release("v2").fails(0.2))
                .deploying("v2");
    }
}
