package dev.nonevent.pipeline.bluegreen.contract;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.nonevent.pipeline.bluegreen.slot.Colour;
import dev.nonevent.pipeline.bluegreen.slot.Target;
import dev.nonevent.pipeline.bluegreen.traffic.Canary;
import dev.nonevent.pipeline.bluegreen.traffic.Capability;
import dev.nonevent.pipeline.bluegreen.traffic.Counts;
import dev.nonevent.pipeline.bluegreen.traffic.Drained;
import dev.nonevent.pipeline.bluegreen.traffic.Route;
import dev.nonevent.pipeline.bluegreen.traffic.Routing;
import dev.nonevent.pipeline.bluegreen.traffic.StaleFenceException;
import dev.nonevent.pipeline.bluegreen.traffic.Traffic;
import dev.nonevent.pipeline.bluegreen.traffic.TrafficSwitcher;
import java.net.URI;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/**
 * What every {@link TrafficSwitcher} with real users promises. Extend it, name the switcher, and pass. What a switcher says
 * it cannot do is skipped, and the run says so.
 *
 * <p>Targets are real HTTP servers on the loopback that answer with their deployment's name.
 */
@Timeout(60)
public abstract class TrafficSwitcherContract extends TrafficContract {

    @Test
    void beforeTheFirstSwitchUsersAreToldSo() throws Exception {
        Traffic traffic = open();

        HttpResponse<String> answer = get(traffic);

        assertThat(traffic.route().active()).isEmpty();
        assertThat(answer.statusCode()).as("a failure, and the proxy's own").isBetween(502, 503);
    }

    @Test
    void fromTheReturnOfASwitchUsersReachTheNewTarget() throws Exception {
        Traffic traffic = open();
        traffic.switchTo(instance(Colour.BLUE, "shop-1"), 1);
        assertThat(get(traffic).body()).isEqualTo("shop-1");
        Target second = instance(Colour.GREEN, "shop-2");

        Route route = traffic.switchTo(second, 2);

        assertThat(get(traffic).body()).isEqualTo("shop-2");
        assertThat(route.active()).contains(second);
        assertThat(traffic.route()).isEqualTo(route);
    }

    @Test
    void switchingBackIsASwitch() throws Exception {
        Traffic traffic = open();
        Target first = instance(Colour.BLUE, "shop-1");
        traffic.switchTo(first, 1);
        get(traffic);
        traffic.switchTo(instance(Colour.GREEN, "shop-2"), 1);

        traffic.switchTo(first, 1);

        assertThat(get(traffic).body()).isEqualTo("shop-1");
        needs(Capability.COUNTS);
        countsOf(traffic, "shop-1", 2);
    }

    @Test
    void lowerFenceIsRefusedAndChangesNothing() throws Exception {
        Traffic traffic = open();
        Route before = traffic.switchTo(instance(Colour.BLUE, "shop-1"), 5);
        Target other = instance(Colour.GREEN, "shop-2");

        assertThatThrownBy(() -> traffic.switchTo(other, 4)).isInstanceOf(StaleFenceException.class);
        assertThatThrownBy(() -> traffic.raiseFence(4)).isInstanceOf(StaleFenceException.class);
        assertThatThrownBy(() -> traffic.shutDown(4)).isInstanceOf(StaleFenceException.class);

        assertThat(traffic.route()).isEqualTo(before);
        assertThat(get(traffic).body()).isEqualTo("shop-1");
    }

    @Test
    void raisingTheFenceLeavesTheTraffic() throws Exception {
        Traffic traffic = open();
        Target target = instance(Colour.BLUE, "shop-1");
        traffic.switchTo(target, 1);

        Route raised = traffic.raiseFence(9);

        assertThat(raised.fence()).isEqualTo(9);
        assertThat(raised.active()).contains(target);
        assertThat(get(traffic).body()).isEqualTo("shop-1");
        assertThatThrownBy(() -> traffic.switchTo(target, 8)).isInstanceOf(StaleFenceException.class);
    }

    @Test
    void trafficGoesOnWhenTheCallerHangsUpAndIsFoundAgain() throws Exception {
        Traffic traffic = open();
        Route route = traffic.switchTo(instance(Colour.BLUE, "shop-1"), 1);
        URI address = traffic.address();

        traffic.close();

        assertThat(get(address).body()).isEqualTo("shop-1");
        try (Traffic again = switcher.find(APPLICATION, home).orElseThrow()) {
            assertThat(again.route()).isEqualTo(route);
            assertThat(again.address()).isEqualTo(address);
        }
    }

    @Test
    void fenceOutlivesTheShutDownAndTheTargetDoesNot() throws Exception {
        Traffic traffic = open();
        traffic.switchTo(instance(Colour.BLUE, "shop-1"), 7);
        traffic.shutDown(7);

        Traffic again = open();

        assertThat(again.route().active()).isEmpty();
        assertThat(again.route().fence()).isEqualTo(7);
        assertThatThrownBy(() -> again.raiseFence(6)).isInstanceOf(StaleFenceException.class);
        assertThat(get(again).body()).doesNotContain("shop-1");
    }

    @Test
    void afterTheShutDownNoInstanceAnswersUsers() throws Exception {
        Traffic traffic = open();
        traffic.switchTo(instance(Colour.BLUE, "shop-1"), 1);
        URI address = traffic.address();

        traffic.shutDown(1);

        assertThat(answer(address))
                .as("refused, or the failure of a proxy that serves others, too")
                .isIn("refused", "502", "503");
    }

    @Test
    void countsAreExact() throws Exception {
        needs(Capability.COUNTS);
        Traffic traffic = open();
        traffic.switchTo(instance(Colour.BLUE, "shop-1"), 1);
        for (int i = 0; i < 5; i++) {
            get(traffic);
        }
        get(traffic.address().resolve("/broken"));
        traffic.switchTo(instance(Colour.GREEN, "shop-2"), 1);
        get(traffic);

        Counts first = countsOf(traffic, "shop-1", 6);
        Counts second = countsOf(traffic, "shop-2", 1);

        assertThat(first.colour()).isEqualTo(Colour.BLUE);
        assertThat(first.failed()).isEqualTo(1);
        assertThat(first.inFlight()).isZero();
        assertThat(first.firstFailedAt()).isPresent();
        assertThat(second.failed()).isZero();
        assertThat(second.firstFailedAt()).isEmpty();
    }

    @Test
    void anInstanceThatIsNotThereIsAFailureThatIsCounted() throws Exception {
        Traffic traffic = open();
        traffic.switchTo(new Target(Colour.BLUE, "shop-1", URI.create("http://127.0.0.1:1")), 1);

        HttpResponse<String> answer = get(traffic);

        assertThat(answer.statusCode())
                .as("a failure of what is behind the proxy")
                .isBetween(502, 504);
        needs(Capability.COUNTS);
        assertThat(countsOf(traffic, "shop-1", 1).failed()).isEqualTo(1);
    }

    @Test
    void drainWaitsForWhatIsInFlight() throws Exception {
        Traffic traffic = open();
        CountDownLatch go = new CountDownLatch(1);
        CountDownLatch arrived = new CountDownLatch(1);
        traffic.switchTo(instance(Colour.BLUE, "shop-1", arrived, go), 1);
        CompletableFuture<HttpResponse<String>> slow = postSlowly(traffic);
        assertThat(arrived.await(10, TimeUnit.SECONDS)).isTrue();
        traffic.switchTo(instance(Colour.GREEN, "shop-2"), 1);

        CompletableFuture<Drained> draining = async(() -> traffic.drain("shop-1", Duration.ofSeconds(20)));
        boolean waits = !draining.isDone() && inFlight(traffic, "shop-1").orElse(1L) == 1;
        go.countDown();

        assertThat(waits).isTrue();
        assertThat(slow.get(10, TimeUnit.SECONDS).body()).isEqualTo("shop-1");
        Drained drained = draining.get(10, TimeUnit.SECONDS);
        assertThat(drained.cut()).isZero();
        assertThat(drained.finished()).isLessThanOrEqualTo(1);
        assertThat(inFlight(traffic, "shop-1").orElse(0L)).isZero();
    }

    @Test
    void drainCutsWhatIsLeftAtTheDeadline() throws Exception {
        Traffic traffic = open();
        CountDownLatch never = new CountDownLatch(1);
        CountDownLatch arrived = new CountDownLatch(1);
        traffic.switchTo(instance(Colour.BLUE, "shop-1", arrived, never), 1);
        CompletableFuture<HttpResponse<String>> slow = postSlowly(traffic);
        assertThat(arrived.await(10, TimeUnit.SECONDS)).isTrue();
        traffic.switchTo(instance(Colour.GREEN, "shop-2"), 1);

        Drained drained = traffic.drain("shop-1", Duration.ofMillis(100));

        assertThat(drained.finished()).isZero();
        assertThat(drained.cut()).isEqualTo(1);
        assertThat(drained.took()).isGreaterThanOrEqualTo(Duration.ofMillis(100));
        assertThat(ended(slow))
                .as("a failure status, or a connection that ends")
                .isIn("cut", "502", "503", "504");
        assertThat(inFlight(traffic, "shop-1").orElse(0L)).isZero();
        never.countDown();
    }

    @Test
    void drainOfTheActiveDeploymentIsRefused() throws Exception {
        Traffic traffic = open();
        traffic.switchTo(instance(Colour.BLUE, "shop-1"), 1);

        assertThatThrownBy(() -> traffic.drain("shop-1", Duration.ofSeconds(1)))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("shop-1");
        assertThat(get(traffic).body()).isEqualTo("shop-1");
    }

    @Test
    void aCanaryGetsItsShareAndTheRestIsLeft() throws Exception {
        needs(Capability.WEIGHTS);
        Traffic traffic = open();
        Target active = instance(Colour.BLUE, "shop-1");
        Target canary = instance(Colour.GREEN, "shop-2");

        traffic.switchTo(Routing.to(active).canary(Canary.of(canary, 50)), 1);

        List<String> answers = answers(traffic, 60);
        assertThat(answers).contains("shop-1", "shop-2").doesNotContain("503");
        assertThatThrownBy(() -> traffic.drain("shop-2", Duration.ofSeconds(1)))
                .as("a canary gets requests")
                .isInstanceOf(IllegalArgumentException.class);
        traffic.switchTo(Routing.to(active).canary(Canary.of(canary, 0)), 1);
        assertThat(answers(traffic, 30)).containsOnly("shop-1");
        traffic.switchTo(Routing.to(active).canary(Canary.of(canary, 100)), 1);
        assertThat(answers(traffic, 30)).containsOnly("shop-2");
        if (switcher.capabilities().contains(Capability.COUNTS)) {
            long actives = answers.stream().filter("shop-1"::equals).count() + 30;
            countsOf(traffic, "shop-1", actives);
            countsOf(traffic, "shop-2", 120 - actives);
        }
    }
}
