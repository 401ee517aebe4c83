package dev.nonevent.pipeline.bluegreen;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.nonevent.pipeline.bluegreen.traffic.Route;
import dev.nonevent.pipeline.bluegreen.traffic.TrafficUnknownException;
import dev.nonevent.pipeline.deployment.DeploymentFailedException;
import dev.nonevent.pipeline.outcome.InfrastructureException;
import java.nio.file.Files;
import org.junit.jupiter.api.Test;

/** Dead instances, a silent router, a second deployer, somebody else at the router. */
class TroubleTest extends InAShop {

    @Test
    void ifBothSidesAreDeadNothingIsRemovedAndAPersonIsAskedFor() throws Exception {
        shop.deploy("v1");
        world.release("v2").fails(1.0);
        var unlucky = shop.blueGreen().dyingAt(boundary -> {
            if (boundary.equals("after Switched")) {
                world.host().kill("v1");
            }
        });

        assertThatThrownBy(() -> unlucky.deploy("v2", shop.context()))
                .isInstanceOf(DeploymentFailedException.class)
                .hasMessageContaining("a person has to look: 100.0 %")
                .hasMessageContaining("blue (v1), the last stable release, does not answer either")
                .hasMessageContaining("Nothing was removed, traffic is on green (v2)");
        assertThat(world.host().releases()).containsExactly("v2");
    }

    @Test
    void aReleaseThatDiesDuringTheBakeIsRolledBack() throws Exception {
        shop.deploy("v1");
        var dying = shop.blueGreen().dyingAt(boundary -> {
            if (boundary.equals("after Switched")) {
                world.host().kill("v2");
            }
        });
        world.requests(0);

        assertThatThrownBy(() -> dying.deploy("v2", shop.context()))
                .hasMessageStartingWith("rolled back: its process ended; traffic back on blue (v1)");
    }

    @Test
    void aReleaseThatStopsAnsweringDuringTheBakeIsRolledBack() throws Exception {
        shop.deploy("v1");
        var dying = shop.blueGreen().dyingAt(boundary -> {
            if (boundary.equals("after Switched")) {
                world.release("v2").isSick();
            }
        });
        world.requests(0);

        assertThatThrownBy(() -> dying.deploy("v2", shop.context()))
                .hasMessageStartingWith(
                        "rolled back: GET /health answered 503, 3 times in a row; traffic back on blue (v1)");
    }

    @Test
    void afterAPersonWasAskedForAReleaseThatWorksIsDeployed() throws Exception {
        ifBothSidesAreDeadNothingIsRemovedAndAPersonIsAskedFor();

        shop.deploy("v3");

        assertThat(world.served()).contains("v3");
        assertThat(world.host().releases()).containsExactly("v3");
    }

    @Test
    void aFixIsDeployedWhenTheLiveReleaseIsDead() throws Exception {
        shop.deploy("v1");
        shop.deploy("v2");
        world.host().kill("v2");

        shop.deploy("v3");

        assertThat(world.served()).contains("v3");
    }

    @Test
    void whileTheRouterIsUnreachableNothingIsTouched() throws Exception {
        shop.deploy("v1");
        world.switcher().unreachable(true);

        assertThatThrownBy(() -> shop.deploy("v2")).isInstanceOf(TrafficUnknownException.class);

        assertThat(world.host().releases()).hasSize(1);
        world.switcher().unreachable(false);
        shop.deploy("v2");
        assertThat(world.served()).contains("v2");
    }

    @Test
    void aRouterThatGoesAwayDuringTheBakeLeavesEverythingForTheNextToFinish() throws Exception {
        shop.deploy("v1");
        var unlucky = shop.blueGreen().dyingAt(boundary -> {
            if (boundary.equals("after Switched")) {
                world.switcher().unreachable(true);
            }
        });

        assertThatThrownBy(() -> unlucky.deploy("v2", shop.context())).isInstanceOf(TrafficUnknownException.class);
        assertThat(world.host().releases()).hasSize(2);

        world.switcher().unreachable(false);
        assertThat(shop.blueGreen().recover(shop.context()))
                .singleElement()
                .asString()
                .startsWith(
                        "shop-2 (v2) was left open by a process that is gone, after \"Switched\"; users had it already,"
                                + " and it is stable now")
                .endsWith("traffic is on green (v2)");
    }

    @Test
    void somebodyWithAHigherFenceEndsThisOne() throws Exception {
        shop.deploy("v1");
        var overtaken = shop.blueGreen().dyingAt(boundary -> {
            if (boundary.equals("before Switching")) {
                world.switcher()
                        .becomes(new Route(
                                world.switcher().route().routing(),
                                99,
                                world.switcher().route().generation()));
            }
        });

        assertThatThrownBy(() -> overtaken.deploy("v2", shop.context()))
                .isInstanceOf(InfrastructureException.class)
                .hasMessageContaining("taken over")
                .hasMessageContaining("99");
        assertThat(world.served()).contains("v1");
        assertThat(world.host().releases()).as("nothing was removed").hasSize(2);
    }

    @Test
    void aRouterThatForgotIsPointedToTheStableReleaseAgain() throws Exception {
        shop.deploy("v1");
        world.switcher().becomes(Route.none());

        assertThat(shop.blueGreen().recover(shop.context()))
                .containsExactly("the router did not point to blue (v1), which is stable; it does again");
        assertThat(world.served()).contains("v1");
    }

    @Test
    void aFirstReleaseThatIsRefusedLeavesNoRouterBehind() {
        world.release("v1").endsAtOnce();

        assertThatThrownBy(() -> shop.deploy("v1")).isInstanceOf(DeploymentFailedException.class);

        assertThat(world.switcher().isOpen()).isFalse();
        assertThat(world.host().releases()).isEmpty();
    }

    @Test
    void aRouterThatDiedIsStartedAgainAndThatIsSaid() throws Exception {
        shop.deploy("v1");
        world.switcher().kill();

        assertThat(shop.blueGreen().inspect(shop.context()))
                .startsWith("no router is running for \"shop\": users get no answer; recover starts it again");
        assertThat(shop.blueGreen().recover(shop.context()))
                .containsExactly("its router was not running; it is started again at http://127.0.0.1:8000");
        assertThat(world.switcher().isOpen()).isTrue();
    }

    @Test
    void aDeadReleaseWithTheTrafficIsSaidToBeDead() throws Exception {
        shop.deploy("v1");
        world.host().kill("v1");

        assertThat(shop.blueGreen().inspect(shop.context()))
                .contains("(which does not run any more: deploy a release, or roll back)");
        assertThat(shop.blueGreen().recover(shop.context()))
                .containsExactly(
                        "blue (v1) has the traffic and does not answer: deploy a release that does, or roll back");
    }

    @Test
    void aLedgerThatWasLostIsNoReasonToTouchAnything() throws Exception {
        shop.deploy("v1");
        shop.deploy("v2");
        Files.delete(shop.home.resolve("deployments/shop/ledger.log"));

        assertThatThrownBy(() -> shop.blueGreen().down(shop.context()))
                .isInstanceOf(InfrastructureException.class)
                .hasMessageContaining("if the ledger was lost, put it back");
        assertThatThrownBy(() -> shop.blueGreen().recover(shop.context())).isInstanceOf(InfrastructureException.class);
        assertThat(world.served()).contains("v2");
        assertThat(world.host().releases()).hasSize(2);
    }

    @Test
    void aRouterThatCannotBeAskedIsNotTakenDown() throws Exception {
        shop.deploy("v1");
        world.switcher().unreachable(true);

        assertThatThrownBy(() -> shop.blueGreen().down(shop.context())).isInstanceOf(TrafficUnknownException.class);

        world.switcher().unreachable(false);
        assertThat(world.host().releases()).hasSize(1);
        assertThat(shop.blueGreen().inspect(shop.context())).contains("stable: blue (v1)");
    }
}
