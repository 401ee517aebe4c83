package dev.nonevent.pipeline.bluegreen;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.nonevent.pipeline.bluegreen.judge.WhenInconclusive;
import dev.nonevent.pipeline.bluegreen.traffic.Admission;
import dev.nonevent.pipeline.bluegreen.traffic.Capability;
import dev.nonevent.pipeline.bluegreen.traffic.Route;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.EnumSet;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** The stable release answers for the new one until that is stable itself. */
class StandbyTest extends InAShop {

    @Test
    void firstReleaseHasNobodyToStandBy() throws Exception {
        shop.deploy("v1");

        assertThat(shop.routings()).containsExactly("shop-1");
    }

    @Test
    void stableReleaseStandsByFromTheSwitchToTheCommit() throws Exception {
        shop.deploy("v1");

        shop.deploy("v2");

        assertThat(shop.routings()).containsExactly("shop-1", "shop-2, shop-1", "shop-2");
    }

    @Test
    void thereIsRoomOnTheDiskForTheRouteOnceItIsProven() throws Exception {
        shop.deploy("v1");
        Path reserve = home.resolve("deployments/shop/reserve");
        boolean[] setAside = new boolean[2];

        shop.blueGreen()
                .dyingAt(boundary -> {
                    setAside[0] |= boundary.equals("after Switched") && Files.exists(reserve);
                    setAside[1] |= boundary.equals("after Committed") && Files.exists(reserve);
                })
                .deploy("v2", shop.context());

        assertThat(setAside).containsExactly(true, false);
    }

    @Test
    void nobodyStandsByAfterARollBack() throws Exception {
        shop.deploy("v1");
        world.release("v2").fails(1.0);

        assertThatThrownBy(() -> shop.deploy("v2")).hasMessageContaining("users saw no failed request");

        assertThat(shop.routings()).containsExactly("shop-1", "shop-2, shop-1", "shop-1");
    }

    @Test
    void nobodyStandsByForAReleaseThatWasProvenBefore() throws Exception {
        shop.deploy("v1");
        shop.deploy("v2");

        shop.blueGreen().rollBack(shop.context());

        assertThat(shop.routings()).endsWith("shop-2", "shop-1");
    }

    @Test
    void whatMayNotBeAnsweredByAnotherIsToldToHaveBeenSeen() throws Exception {
        shop.deploy("v1");
        world.release("v2").fails(1.0);
        world.safe(0.5);

        assertThatThrownBy(() -> shop.deploy("v2"))
                .hasMessageMatching(".*; users saw \\d+ failed requests?: the release before it answered \\d+");
    }

    @Test
    void releaseThatIsGoodEnoughTellsWhatItsUsersWereSpared() throws Exception {
        shop.deploy("v1");
        world.requests(2_000);
        world.release("v2").fails(0.001);

        LiveRelease live = shop.deploy("v2");

        assertThat(live.replayed()).isPositive().isLessThanOrEqualTo(live.failed());
        assertThat(shop.lines)
                .anyMatch(
                        line -> line.startsWith("v2 is stable: ") && line.contains("; users saw no failed request: "));
    }

    @Test
    void routerThatCannotReplayIsNotAskedTo() throws Exception {
        world.switcher().can(Set.of(Capability.COUNTS));
        shop.deploy("v1");

        shop.deploy("v2");

        assertThat(shop.routings()).containsExactly("shop-1", "shop-2");
    }

    @Test
    void maintenanceThatAPersonDeclaredOutlivesADeployment() throws Exception {
        shop.deploy("v1");
        world.switcher().can(EnumSet.allOf(Capability.class));
        Admission stopped = new Admission.Stopped("We are back at noon.");
        Route before = world.switcher().route();
        world.switcher().becomes(new Route(before.routing().admission(stopped), 1, before.generation() + 1));

        shop.blueGreen().whenInconclusive(WhenInconclusive.PROCEED).deploy("v2", shop.context());

        assertThat(world.switcher().route().routing().admission()).isEqualTo(stopped);
    }
}
