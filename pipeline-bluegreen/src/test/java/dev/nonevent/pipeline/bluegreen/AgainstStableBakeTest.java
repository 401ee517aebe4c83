package dev.nonevent.pipeline.bluegreen;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.nonevent.pipeline.bluegreen.judge.Judge;
import dev.nonevent.pipeline.deployment.DeploymentFailedException;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A bake whose judge compares with what the stable release answered before. */
class AgainstStableBakeTest {

    @TempDir
    Path home;

    private Shop shop;
    private BlueGreen<String> strategy;

    @BeforeEach
    void notWorseThanStable() {
        shop = new Shop(home);
        strategy = shop.blueGreen().judge(Judge.errorRate().notWorseThanStable());
    }

    @Test
    void aReleaseAsBadAsTheStableOneStays() throws Exception {
        stableFor(Duration.ofSeconds(10), 0.3);
        shop.world.release("v2").fails(0.3);

        strategy.deploy("v2", shop.context());

        assertThat(shop.world.served()).contains("v2");
    }

    @Test
    void aReleaseWorseThanTheStableOneIsRolledBack() throws Exception {
        stableFor(Duration.ofSeconds(10), 0.3);
        shop.world.release("v2").fails(0.6);

        assertThatThrownBy(() -> strategy.deploy("v2", shop.context()))
                .isInstanceOf(DeploymentFailedException.class)
                .hasMessageMatching(
                        "rolled back: .* of [\\d,]+ requests failed, of the stable release 30\\.\\d % of .*");
        assertThat(shop.world.served()).contains("v1");
    }

    @Test
    void aStableReleaseThatWasHardlyUsedIsNothingToCompareWith() throws Exception {
        shop.world.requests(20);
        strategy.deploy("v1", shop.context());

        assertThatThrownBy(() -> strategy.bake(Duration.ofSeconds(10)).deploy("v2", shop.context()))
                .hasMessageContaining("it could not be judged: of the stable release only");
    }

    private void stableFor(Duration duration, double errorRate) throws InterruptedException {
        shop.world.release("v1").fails(errorRate);
        strategy.deploy("v1", shop.context());
        shop.world.time().pass(duration);
    }
}
