package dev.nonevent.pipeline.bluegreen;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.nonevent.pipeline.bluegreen.traffic.Admission;
import dev.nonevent.pipeline.bluegreen.traffic.Capability;
import dev.nonevent.pipeline.bluegreen.traffic.Route;
import java.util.EnumSet;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** The stable release answers for the new one until that is stable itself. */
class StandbyTest extends InAShop {

    @Test
    void firstReleaseHasNobodyToStandBy() throws Exception {
        shop.deploy("v1");

        assertThat(world.routings).containsExactly("shop-1");
    }

    @Test
    void stableReleaseStandsByFromTheSwitchToTheCommit() throws Exception {
        shop.deploy("v1");

        shop.deploy("v2");

        assertThat(world.routings).containsExactly("shop-1", "shop-2, shop-1", "shop-2");
    }

    @Test
    void nobodyStandsByAfterARollBack() throws Exception {
        shop.deploy("v1");
        world.errorRates.put("v2", 1.0);

        assertThatThrownBy(() -> shop.deploy("v2")).hasMessageContaining("users saw no failed request");

        assertThat(world.routings).containsExactly("shop-1", "shop-2, shop-1", "shop-1");
    }

    @Test
    void nobodyStandsByForAReleaseThatWasProvenBefore() throws Exception {
        shop.deploy("v1");
        shop.deploy("v2");

        shop.blueGreen().rollBack(shop.context());

        assertThat(world.routings).endsWith("shop-2", "shop-1");
    }

    @Test
    void whatMayNotBeAnsweredByAnotherIsToldToHaveBeenSeen() throws Exception {
        shop.deploy("v1");
        world.errorRates.put("v2", 1.0);
        world.safeShare = 0.5;

        assertThatThrownBy(() -> shop.deploy("v2"))
                .hasMessageMatching(".*; users saw \\d+ failed requests?: the release before it answered \\d+");
    }

    @Test
    void releaseThatIsGoodEnoughTellsWhatItsUsersWereSpared() throws Exception {
        shop.deploy("v1");
        world.requestsPerSecond = 2_000;
        world.errorRates.put("v2", 0.001);

        LiveRelease live = shop.deploy("v2");

        assertThat(live.replayed()).isPositive().isLessThanOrEqualTo(live.failed());
        assertThat(shop.lines)
                .anyMatch(
                        line -> line.startsWith("v2 is stable: ") && line.contains("; users saw no failed request: "));
    }

    @Test
    void routerThatCannotReplayIsNotAskedTo() throws Exception {
        world.capabilities = Set.of(Capability.COUNTS);
        shop.deploy("v1");

        shop.deploy("v2");

        assertThat(world.routings).containsExactly("shop-1", "shop-2");
    }

    @Test
    void maintenanceThatAPersonDeclaredOutlivesADeployment() throws Exception {
        shop.deploy("v1");
        world.capabilities = EnumSet.allOf(Capability.class);
        Admission stopped = new Admission.Stopped("We are back at noon.");
        world.route = new Route(world.route.routing().admission(stopped), 1, world.route.generation() + 1);

        shop.deploy("v2");

        assertThat(world.route.routing().admission()).isEqualTo(stopped);
    }
}
