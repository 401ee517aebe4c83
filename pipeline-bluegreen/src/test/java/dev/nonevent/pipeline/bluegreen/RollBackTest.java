package dev.nonevent.pipeline.bluegreen;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.nonevent.pipeline.deployment.DeploymentFailedException;
import java.time.Duration;
import org.junit.jupiter.api.Test;

/** The way back by hand, and what is kept for it. */
class RollBackTest extends InAShop {

    @Test
    void rollingBackToAWarmReleaseIsOneProbeAndOneSwitch() throws Exception {
        shop.deploy("v1");
        shop.deploy("v2");
        int started = world.host().started();

        String said = shop.blueGreen().rollBack(shop.context());

        assertThat(said).isEqualTo("rolled back v2: traffic is on blue (v1), which was still warm");
        assertThat(world.host().started()).isEqualTo(started);
        assertThat(world.served()).contains("v1");
        assertThat(world.host().releases()).hasSize(1);
    }

    @Test
    void rollingBackToAStoppedReleaseStartsItAgain() throws Exception {
        shop.deploy("v1");
        shop.blueGreen().keepOld(Duration.ZERO).deploy("v2", shop.context());
        assertThat(world.host().releases()).hasSize(1);

        String said = shop.blueGreen().rollBack(shop.context());

        assertThat(said).isEqualTo("rolled back v2: traffic is on blue (v1), which was started again");
        assertThat(world.served()).contains("v1");
    }

    @Test
    void outsideTheKeptWindowThePinnedReleaseIsStartedProbedAndSwitchedTo() throws Exception {
        shop.deploy("v1");
        shop.deploy("v2");
        world.time().pass(Duration.ofMinutes(11));
        shop.blueGreen().recover(shop.context());
        int started = world.host().started();
        shop.lines.clear();

        String said = shop.blueGreen().rollBack(shop.context());

        assertThat(said).isEqualTo("rolled back v2: traffic is on blue (v1), which was started again");
        assertThat(world.host().started()).isEqualTo(started + 1);
        assertThat(shop.lines)
                .startsWith(
                        "starting v1 on blue", "v1 is healthy: 3 good answers in a row to GET /health after 1000 ms")
                .contains("traffic is on blue (v1)");
    }

    @Test
    void rollingBackNeverGoesToAReleaseThatWasNeverProven() throws Exception {
        shop.deploy("v1");
        world.release("v2").fails(1.0);
        assertThatThrownBy(() -> shop.deploy("v2")).isInstanceOf(DeploymentFailedException.class);
        shop.deploy("v3");

        shop.blueGreen().rollBack(shop.context());

        assertThat(world.served()).contains("v1");
        assertThat(shop.switches()).containsExactly("shop-1", "shop-2", "shop-1", "shop-3", "shop-1");
    }

    @Test
    void rollingBackNeverGoesToAReleaseThatDoesNotAnswer() throws Exception {
        shop.deploy("v1");
        shop.deploy("v2");
        world.release("v1").isSick();

        assertThatThrownBy(() -> shop.blueGreen().rollBack(shop.context()))
                .isInstanceOf(DeploymentFailedException.class)
                .hasMessageEndingWith("traffic is on green (v2)");
        assertThat(world.served()).contains("v2");
    }

    @Test
    void rollingBackTwiceGoesTwoReleasesBack() throws Exception {
        shop.deploy("v1");
        shop.deploy("v2");
        shop.deploy("v3");

        shop.blueGreen().rollBack(shop.context());
        shop.blueGreen().rollBack(shop.context());

        assertThat(world.served()).contains("v1");
        assertThatThrownBy(() -> shop.blueGreen().rollBack(shop.context()))
                .hasMessageContaining("there is no release of \"shop\" to go back to");
    }

    @Test
    void whatIsKeptWarmGoesWhenItsTimeIsOverAndSomebodyLooks() throws Exception {
        shop.deploy("v1");
        shop.deploy("v2");
        world.time().pass(Duration.ofMinutes(9));
        shop.blueGreen().recover(shop.context());
        assertThat(world.host().releases()).hasSize(2);

        world.time().pass(Duration.ofMinutes(2));
        shop.blueGreen().recover(shop.context());

        assertThat(world.host().releases()).containsExactly("v2");
    }

    @Test
    void whatIsKeptWarmMakesRoomForTheNextRelease() throws Exception {
        shop.deploy("v1");
        shop.deploy("v2");

        shop.deploy("v3");

        assertThat(world.host().releases()).containsExactly("v2", "v3");
    }

    @Test
    void aReleaseThatDiedAndWasDeployedAgainIsNoWayBackFromItself() throws Exception {
        shop.deploy("v1");
        shop.deploy("v2");
        world.host().kill("v2");
        shop.deploy("v2");

        shop.blueGreen().rollBack(shop.context());

        assertThat(world.served()).contains("v1");
    }

    @Test
    void withoutAWayBackNoRouterIsStarted() throws Exception {
        assertThatThrownBy(() -> shop.blueGreen().rollBack(shop.context()))
                .hasMessage("there is no release of \"shop\" to go back to; nothing was changed");
        assertThat(world.switcher().isOpen()).isFalse();

        shop.deploy("v1");
        shop.blueGreen().down(shop.context());

        assertThatThrownBy(() -> shop.blueGreen().rollBack(shop.context()))
                .isInstanceOf(DeploymentFailedException.class);
        assertThat(shop.blueGreen().recover(shop.context())).isEmpty();
        assertThat(world.switcher().isOpen()).isFalse();
    }
}
