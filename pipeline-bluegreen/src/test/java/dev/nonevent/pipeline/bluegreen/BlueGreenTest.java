package dev.nonevent.pipeline.bluegreen;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.nonevent.pipeline.bluegreen.judge.WhenInconclusive;
import dev.nonevent.pipeline.bluegreen.ledger.FileLedger;
import dev.nonevent.pipeline.bluegreen.ledger.Lease;
import dev.nonevent.pipeline.bluegreen.ledger.LedgerHeldException;
import dev.nonevent.pipeline.bluegreen.slot.Colour;
import dev.nonevent.pipeline.bluegreen.slot.Target;
import dev.nonevent.pipeline.bluegreen.traffic.Route;
import dev.nonevent.pipeline.bluegreen.traffic.Routing;
import dev.nonevent.pipeline.bluegreen.traffic.TrafficUnknownException;
import dev.nonevent.pipeline.deployment.DeploymentFailedException;
import dev.nonevent.pipeline.deployment.DeploymentRecord;
import dev.nonevent.pipeline.deployment.Health;
import dev.nonevent.pipeline.deployment.HealthCheck;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

/** What a deployment does and says when the world is kind, and when the release is not. */
class BlueGreenTest extends InAShop {

    @Test
    void firstReleaseIsRoutedAsSoonAsItIsHealthyAndIsNotBaked() throws Exception {
        LiveRelease live = shop.deploy("v1");

        assertThat(live.colour()).isEqualTo(Colour.BLUE);
        assertThat(live.measured().baked()).isZero();
        assertThat(live.measured().untilHealthy()).isEqualTo(Duration.ofSeconds(1));
        assertThat(world.served()).contains("v1");
        assertThat(shop.lines)
                .containsExactly(
                        "starting v1 on blue",
                        "v1 is healthy: 3 good answers in a row to GET /health after 1000 ms",
                        "traffic is on blue (v1)",
                        "v1 is stable: it answers with the traffic on it");
    }

    @Test
    void aHealthyReleaseReplacesTheOneBeforeWhichStaysWarm() throws Exception {
        shop.deploy("v1");

        LiveRelease live = shop.deploy("v2");

        assertThat(live.colour()).isEqualTo(Colour.GREEN);
        assertThat(live.failed()).isZero();
        assertThat(live.requests()).isGreaterThan(380);
        assertThat(live.measured().baked()).isEqualTo(Shop.BAKE);
        assertThat(live.measured().finished()).isEqualTo(2);
        assertThat(world.served()).contains("v2");
        assertThat(world.host().releases()).containsExactly("v1", "v2");
        assertThat(shop.lines).contains("traffic is on green (v2)", "the release before it stays warm for 10 min");
    }

    @Test
    void sameReleaseAgainIsNothingToDo() throws Exception {
        shop.deploy("v1");

        LiveRelease again = shop.deploy("v1");

        assertThat(again.alreadyLive()).isTrue();
        assertThat(shop.switches()).containsExactly("shop-1");
        assertThat(shop.lines).last().isEqualTo("v1 is live already, nothing to do: traffic is on blue (v1)");
    }

    @Test
    void sameReleaseAgainIsDeployedIfTheLiveOneIsDead() throws Exception {
        shop.deploy("v1");
        world.host().kill("v1");

        shop.deploy("v1");

        assertThat(world.served()).contains("v1");
    }

    @Test
    void unhealthyCandidateNeverReceivesTraffic() throws Exception {
        shop.deploy("v1");
        world.release("v2").isSick().prints("out of memory");

        DeploymentFailedException refused =
                catchThrowableOfType(DeploymentFailedException.class, () -> shop.deploy("v2"));

        assertThat(refused)
                .hasMessage(
                        "v2 was refused before it got traffic: it was not healthy within 10 s: GET /health answered 503;"
                                + " traffic is on blue (v1)");
        assertThat(refused.details()).containsExactly("out of memory");
        assertThat(refused.deployment().orElseThrow().switchedAt()).isEmpty();
        assertThat(shop.switches()).containsExactly("shop-1");
        assertThat(world.host().releases()).hasSize(1);
    }

    @Test
    void aProcessThatEndsAtOnceIsRefusedWithItsLastWords() throws Exception {
        world.release("v1").endsAtOnce();

        assertThatThrownBy(() -> shop.deploy("v1"))
                .isInstanceOf(DeploymentFailedException.class)
                .hasMessage("v1 was refused before it got traffic: its process ended before it was healthy;"
                        + " traffic is on nothing yet");
    }

    @Test
    void aFailedSmokeCheckKeepsItFromTraffic() throws Exception {
        shop.deploy("v1");
        var strategy =
                shop.blueGreen().smoke(HealthCheck.by("GET /orders", address -> new Health.Unhealthy("answered 500")));

        assertThatThrownBy(() -> strategy.deploy("v2", shop.context()))
                .hasMessage("v2 was refused before it got traffic: GET /orders answered 500; traffic is on blue (v1)");
        assertThat(shop.switches()).hasSize(1);
    }

    @Test
    void aReleaseThatFailsItsUsersIsRolledBackWithTheMeasuredTimes() throws Exception {
        shop.deploy("v1");
        world.release("v2").fails(1.0);

        DeploymentFailedException failed =
                catchThrowableOfType(DeploymentFailedException.class, () -> shop.deploy("v2"));

        assertThat(failed)
                .hasMessageMatching("rolled back: 100\\.0 % of \\d+ requests failed, allowed 1\\.0 %; detected"
                        + " \\d+ ms after the first failed request, traffic back on blue \\(v1\\) \\d+ ms later;"
                        + " users saw no failed request: the release before it answered \\d+");
        DeploymentRecord record = failed.deployment().orElseThrow();
        assertThat(record.succeeded()).isFalse();
        assertThat(record.detectedIn().orElseThrow()).isLessThan(Duration.ofMillis(250));
        assertThat(record.restoredIn()).isPresent();
        assertThat(world.served()).contains("v1");
        assertThat(world.host().releases()).hasSize(1);
        assertThat(shop.lines).anyMatch(line -> line.startsWith("traffic is back on blue (v1): 100.0 %"));
    }

    @Test
    void withoutTrafficInTheBakeItIsRolledBack() throws Exception {
        shop.deploy("v1");
        world.requests(0);

        assertThatThrownBy(() -> shop.deploy("v2"))
                .hasMessageStartingWith("rolled back: it could not be judged: only 0 requests came in, 100 are needed");
        assertThat(world.served()).contains("v1");
    }

    @Test
    void withoutTrafficInTheBakeItStaysIfThePipelineSaysSo() throws Exception {
        shop.deploy("v1");
        world.requests(0);

        shop.blueGreen().whenInconclusive(WhenInconclusive.PROCEED).deploy("v2", shop.context());

        assertThat(world.served()).contains("v2");
    }

    @Test
    void theSecondDeployerIsToldWhoIsAtWork() throws Exception {
        shop.deploy("v1");
        Path directory = home.resolve("deployments/shop");
        try (Lease lease = FileLedger.in(directory, "shop", world.time()).acquire("baking shop-7")) {
            assertThatThrownBy(() -> shop.deploy("v2"))
                    .isInstanceOf(LedgerHeldException.class)
                    .hasMessageContaining("baking shop-7");
        }
    }

    @Test
    void trafficThatSomebodyElseHasMovedIsNotTouched() throws Exception {
        shop.deploy("v1");
        var foreign = new Target(Colour.GREEN, "by-hand", URI.create("http://127.0.0.1:1"));
        world.switcher()
                .becomes(new Route(Routing.to(foreign), world.switcher().route().fence(), 77));

        assertThatThrownBy(() -> shop.deploy("v2"))
                .isInstanceOf(TrafficUnknownException.class)
                .hasMessageContaining("by-hand")
                .hasMessageContaining("Nothing was touched");
    }

    @Test
    void downEndsEverythingAndTheNextReleaseIsAFirstOne() throws Exception {
        shop.deploy("v1");
        shop.deploy("v2");

        String said = shop.blueGreen().down(shop.context());

        assertThat(said).isEqualTo("\"shop\" is down: 2 instances stopped, its router ended; its ledger stays");
        assertThat(world.host().releases()).isEmpty();
        assertThat(shop.deploy("v2").measured().baked()).isZero();
    }

    @Test
    void historyTellsWhatWasDeployedAndHowItEnded() throws Exception {
        shop.deploy("v1");
        world.release("v2").fails(1.0);
        assertThatThrownBy(() -> shop.deploy("v2")).isInstanceOf(DeploymentFailedException.class);
        shop.deploy("v3");

        List<DeploymentRecord> history = shop.blueGreen().history(shop.context());

        assertThat(history).extracting(record -> record.release().version()).containsExactly("v1", "v2", "v3");
        assertThat(history).extracting(DeploymentRecord::succeeded).containsExactly(true, false, true);
        assertThat(history.get(1).failedFor()).isPresent();
        assertThat(history).allSatisfy(record -> assertThat(record.endedAt()).isPresent());
    }

    @Test
    void inspectionSaysWhereTrafficIsWithoutTakingTheLease() throws Exception {
        shop.deploy("v1");
        try (Lease lease = FileLedger.in(home.resolve("deployments/shop"), "shop", world.time())
                .acquire("busy")) {
            assertThat(shop.blueGreen().inspect(shop.context()))
                    .contains("traffic is on blue (v1), deployment shop-1, at http://127.0.0.1:8000")
                    .contains("running: shop-1 at http://127.0.0.1:40001 (1@7)");
        }
    }

    @Test
    void recoverWithoutAnyDeploymentDoesNothing() throws Exception {
        assertThat(shop.blueGreen().recover(shop.context())).isEmpty();
        assertThat(world.switcher().isOpen()).isFalse();
    }

    @Test
    void everythingThatIsMissingIsSaidBeforeAnythingIsTried() {
        assertThat(BlueGreen.blueGreen("Shop!")
                        .on(world.host())
                        .bake(Duration.ofMinutes(1))
                        .problems())
                .hasSize(4)
                .anyMatch(problem -> problem.contains("\"Shop!\" needs a name"))
                .anyMatch(problem -> problem.contains("add .traffic("))
                .anyMatch(problem -> problem.contains("add .health("))
                .anyMatch(problem -> problem.contains("a bake without a judge proves nothing"));
        assertThat(shop.blueGreen().rollbackWithin(Duration.ofSeconds(1)).problems())
                .singleElement()
                .asString()
                .contains("a rollback may take 3.5 s");
        assertThat(shop.blueGreen().rollbackWithin(Duration.ofSeconds(5)).problems())
                .isEmpty();
    }
}
