package dev.nonevent.pipeline.bluegreen;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.nonevent.pipeline.bluegreen.judge.Judge;
import dev.nonevent.pipeline.bluegreen.judge.MetricSource;
import dev.nonevent.pipeline.bluegreen.judge.WhenInconclusive;
import dev.nonevent.pipeline.deployment.DeploymentFailedException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** A bake whose judge asks somebody else as well. */
@Timeout(60)
class MetricBakeTest {

    @TempDir
    Path home;

    private Shop shop;

    @BeforeEach
    void stable() throws Exception {
        shop = new Shop(home);
        shop.deploy("v1");
    }

    @Test
    void aReleaseWhoseMetricKeepsItsLimitStays() throws Exception {
        judgedBy(() -> 0.5).deploy("v2", shop.context());

        assertThat(shop.world.served()).contains("v2");
        assertThat(shop.lines).contains("watching v2 for 2 s: error rate at most 1.0 %, queued orders at most 0.5");
    }

    @Test
    void aReleaseWhoseMetricIsBeyondItsLimitIsRolledBack() {
        assertThatThrownBy(() -> judgedBy(() -> 0.7).deploy("v2", shop.context()))
                .isInstanceOf(DeploymentFailedException.class)
                .hasMessageStartingWith("rolled back: queued orders is 0.7, allowed at most 0.5");
        assertThat(shop.world.served()).contains("v1");
    }

    @Test
    void aMetricThatNobodyKnowsIsNoPass() {
        assertThatThrownBy(() -> judgedBy(() -> Double.NaN).deploy("v2", shop.context()))
                .hasMessageStartingWith("rolled back: it could not be judged: queued orders answered NaN");
        assertThat(shop.world.served()).contains("v1");
    }

    @Test
    void aMetricThatNobodyKnowsLeavesItToTheHealthChecksIfThePipelineSaysSo() throws Exception {
        judgedBy(() -> Double.NaN).whenInconclusive(WhenInconclusive.PROCEED).deploy("v2", shop.context());

        assertThat(shop.world.served()).contains("v2");
    }

    @Test
    void aMetricThatHangsDoesNotDelayTheEndOfAReleaseThatFailsItsUsers() {
        CountDownLatch never = new CountDownLatch(1);
        shop.world.release("v2").fails(1.0);
        BlueGreen<String> strategy = judgedBy(() -> {
            never.await();
            return 0;
        });

        DeploymentFailedException failed =
                catchThrowableOfType(DeploymentFailedException.class, () -> strategy.deploy("v2", shop.context()));

        assertThat(failed.deployment().orElseThrow().detectedIn().orElseThrow()).isLessThan(Duration.ofMillis(250));
    }

    /** At two requests a second the fifth failure comes half a second after the bake of two. */
    @Test
    void usersAreWatchedWhileTheLastReadingIsWaitedFor() {
        CountDownLatch never = new CountDownLatch(1);
        shop.world.requests(2);
        shop.world.release("v2").fails(1.0);
        BlueGreen<String> strategy = judgedBy(() -> {
            never.await();
            return 0;
        });

        DeploymentFailedException failed =
                catchThrowableOfType(DeploymentFailedException.class, () -> strategy.deploy("v2", shop.context()));

        assertThat(failed).hasMessageStartingWith("rolled back: 100.0 % of 5 requests failed");
        assertThat(failed.deployment().orElseThrow().detectedIn().orElseThrow()).isLessThan(Duration.ofSeconds(4));
    }

    private BlueGreen<String> judgedBy(Callable<Number> queued) {
        return shop.blueGreen()
                .judge(Judge.errorRate()
                        .atMost(0.01)
                        .and(Judge.metric(MetricSource.of("queued orders", queued))
                                .atMost(0.5)));
    }
}
