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
        world.errorRates.put("v2", 1.0);
        var unlucky = shop.blueGreen().dyingAt(boundary -> {
            if (boundary.equals("after Switched")) {
                world.kill("v1");
            }
        });

        assertThatThrownBy(() -> unlucky.deploy("v2", shop.context()))
                .isInstanceOf(DeploymentFailedException.class)
                .hasMessageContaining("a person has to look: 100.0 %")
                .hasMessageContaining("blue (v1), the last stable release, does not answer either")
                .hasMessageContaining("Nothing was removed, traffic is on green (v2)");
        assertThat(world.alive()).extracting(running -> running.artifact).containsExactly("v2");
    }

    @Test
    void aReleaseThatDiesDuringTheBakeIsRolledBack() throws Exception {
        shop.deploy("v1");
        var dying = shop.blueGreen().dyingAt(boundary -> {
            if (boundary.equals("after Switched")) {
                world.kill("v2");
            }
        });
        world.requestsPerSecond = 0;

        assertThatThrownBy(() -> dying.deploy("v2", shop.context()))
                .hasMessageStartingWith("rolled back: its process ended; traffic back on blue (v1)");
    }

    @Test
    void aReleaseThatStopsAnsweringDuringTheBakeIsRolledBack() throws Exception {
        shop.deploy("v1");
        var dying = shop.blueGreen().dyingAt(boundary -> {
            if (boundary.equals("after Switched")) {
                world.sick.add("v2");
            }
        });
        world.requestsPerSecond = 0;

        assertThatThrownBy(() -> dying.deploy("v2", shop.context()))
                .hasMessageStartingWith(
                        "rolled back: GET /health answered 503, 3 times in a row; traffic back on blue (v1)");
    }

    @Test
    void afterAPersonWasAskedForAReleaseThatWorksIsDeployed() throws Exception {
        ifBothSidesAreDeadNothingIsRemovedAndAPersonIsAskedFor();

        shop.deploy("v3");

        assertThat(world.served()).contains("v3");
        assertThat(world.alive()).extracting(running -> running.artifact).containsExactly("v3");
    }

    @Test
    void aFixIsDeployedWhenTheLiveReleaseIsDead() throws Exception {
        shop.deploy("v1");
        shop.deploy("v2");
        world.kill("v2");

        shop.deploy("v3");

        assertThat(world.served()).contains("v3");
    }

    @Test
    void whileTheRouterIsUnreachableNothingIsTouched() throws Exception {
        shop.deploy("v1");
        world.routerUnreachable = true;

        assertThatThrownBy(() -> shop.deploy("v2")).isInstanceOf(TrafficUnknownException.class);

        assertThat(world.alive()).hasSize(1);
        world.routerUnreachable = false;
        shop.deploy("v2");
        assertThat(world.served()).contains("v2");
    }

    @Test
    void aRouterThatGoesAwayDuringTheBakeLeavesEverythingForTheNextToFinish() throws Exception {
        shop.deploy("v1");
        var unlucky = shop.blueGreen().dyingAt(boundary -> {
            if (boundary.equals("after Switched")) {
                world.routerUnreachable = true;
            }
        });

        assertThatThrownBy(() -> unlucky.deploy("v2", shop.context())).isInstanceOf(TrafficUnknownException.class);
        assertThat(world.alive()).hasSize(2);

        world.routerUnreachable = false;
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
                world.route = new Route(world.route.routing(), 99, world.route.generation());
            }
        });

        assertThatThrownBy(() -> overtaken.deploy("v2", shop.context()))
                .isInstanceOf(InfrastructureException.class)
                .hasMessageContaining("taken over")
                .hasMessageContaining("99");
        assertThat(world.served()).contains("v1");
        assertThat(world.alive()).as("nothing was removed").hasSize(2);
    }

    @Test
    void aRouterThatForgotIsPointedToTheStableReleaseAgain() throws Exception {
        shop.deploy("v1");
        world.route = Route.none();

        assertThat(shop.blueGreen().recover(shop.context()))
                .containsExactly("the router did not point to blue (v1), which is stable; it does again");
        assertThat(world.served()).contains("v1");
    }

    @Test
    void aFirstReleaseThatIsRefusedLeavesNoRouterBehind() {
        world.stillborn.add("v1");

        assertThatThrownBy(() -> shop.deploy("v1")).isInstanceOf(DeploymentFailedException.class);

        assertThat(world.routerRunning).isFalse();
        assertThat(world.alive()).isEmpty();
    }

    @Test
    void aRouterThatDiedIsStartedAgainAndThatIsSaid() throws Exception {
        shop.deploy("v1");
        world.routerRunning = false;

        assertThat(shop.blueGreen().inspect(shop.context()))
                .startsWith("no router is running for \"shop\": users get no answer; recover starts it again");
        assertThat(shop.blueGreen().recover(shop.context()))
                .containsExactly("its router was not running; it is started again at http://127.0.0.1:8000");
        assertThat(world.routerRunning).isTrue();
    }

    @Test
    void aDeadReleaseWithTheTrafficIsSaidToBeDead() throws Exception {
        shop.deploy("v1");
        world.kill("v1");

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
        assertThat(world.alive()).hasSize(2);
    }

    @Test
    void aRouterThatCannotBeAskedIsNotTakenDown() throws Exception {
        shop.deploy("v1");
        world.routerUnreachable = true;

        assertThatThrownBy(() -> shop.blueGreen().down(shop.context())).isInstanceOf(TrafficUnknownException.class);

        world.routerUnreachable = false;
        assertThat(world.alive()).hasSize(1);
        assertThat(shop.blueGreen().inspect(shop.context())).contains("stable: blue (v1)");
    }
}
