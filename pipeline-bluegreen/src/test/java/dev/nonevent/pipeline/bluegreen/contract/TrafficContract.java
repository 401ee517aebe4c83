package dev.nonevent.pipeline.bluegreen.contract;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowable;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.nonevent.pipeline.bluegreen.slot.Colour;
import dev.nonevent.pipeline.bluegreen.slot.Target;
import dev.nonevent.pipeline.bluegreen.traffic.Admission;
import dev.nonevent.pipeline.bluegreen.traffic.Canary;
import dev.nonevent.pipeline.bluegreen.traffic.Capability;
import dev.nonevent.pipeline.bluegreen.traffic.Drained;
import dev.nonevent.pipeline.bluegreen.traffic.Route;
import dev.nonevent.pipeline.bluegreen.traffic.Routing;
import dev.nonevent.pipeline.bluegreen.traffic.StaleFenceException;
import dev.nonevent.pipeline.bluegreen.traffic.Traffic;
import dev.nonevent.pipeline.bluegreen.traffic.TrafficSwitcher;
import dev.nonevent.pipeline.bluegreen.traffic.TrafficUnknownException;
import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * What every {@link TrafficSwitcher} promises about route, fence and generation: all that can be seen without a request. Fakes
 * pass it, too; what carries real requests passes {@link TrafficSwitcherContract}, which is more.
 */
@Timeout(60)
public abstract class TrafficContract extends TrafficWorld {

    /** Nobody is there, and nobody is asked. */
    Target target(Colour colour, String deployment) {
        return new Target(colour, deployment, URI.create("http://127.0.0.1:" + (colour == Colour.BLUE ? 1 : 2)));
    }

    @Test
    void declarationHasADescriptionAndNoProblems() {
        assertThat(switcher.description()).isNotBlank();
        assertThat(switcher.problems()).isEmpty();
    }

    @Test
    void nothingIsFoundWhereNothingRuns() {
        assertThat(switcher.find(APPLICATION, home)).isEmpty();
    }

    @Test
    void generationGrowsWithEverySwitch() throws Exception {
        Traffic traffic = open();
        Route first = traffic.switchTo(target(Colour.BLUE, "shop-1"), 1);

        Route second = traffic.switchTo(target(Colour.GREEN, "shop-2"), 1);

        assertThat(second.generation()).isGreaterThan(first.generation());
    }

    @Test
    void switchingToTheActiveTargetAgainChangesNothing() throws Exception {
        Traffic traffic = open();
        Target target = target(Colour.BLUE, "shop-1");
        Route first = traffic.switchTo(target, 3);

        assertThat(traffic.switchTo(target, 3)).isEqualTo(first);
    }

    @Test
    void anInterruptedCallerSwitchesAndStaysInterrupted() throws Exception {
        Traffic traffic = open();
        Target target = target(Colour.BLUE, "shop-1");

        Thread.currentThread().interrupt();
        Route route = traffic.switchTo(target, 1);
        Route readBack = traffic.route();
        boolean interrupted = Thread.interrupted();

        assertThat(route.active()).contains(target);
        assertThat(readBack).isEqualTo(route);
        assertThat(interrupted).as("the caller learns of it").isTrue();
    }

    @Test
    void anInterruptedCallerFindsWhatRunsAndStaysInterrupted() throws Exception {
        Route route = open().switchTo(target(Colour.BLUE, "shop-1"), 1);

        Thread.currentThread().interrupt();
        Optional<Traffic> found = switcher.find(APPLICATION, home);
        Traffic opened = open();
        boolean interrupted = Thread.interrupted();

        assertThat(found.orElseThrow().route()).isEqualTo(route);
        assertThat(opened.route()).isEqualTo(route);
        assertThat(interrupted).as("the caller learns of it").isTrue();
    }

    @Test
    void anInterruptedDrainIsNoReasonNotToKnow() throws Exception {
        Traffic traffic = open();
        traffic.switchTo(target(Colour.BLUE, "shop-1"), 1);
        Route route = traffic.switchTo(target(Colour.GREEN, "shop-2"), 1);

        Thread.currentThread().interrupt();
        Throwable thrown = catchThrowable(() -> traffic.drain("shop-1", Duration.ofSeconds(30)));
        boolean interrupted = Thread.interrupted() || thrown instanceof InterruptedException;

        assertThat(thrown == null || thrown instanceof InterruptedException)
                .as("what was thrown: %s", thrown)
                .isTrue();
        assertThat(interrupted).as("the caller learns of it").isTrue();
        assertThat(traffic.route()).isEqualTo(route);
    }

    @Test
    void openingTwiceFindsTheSame() throws Exception {
        Traffic first = open();
        Route route = first.switchTo(target(Colour.BLUE, "shop-1"), 1);

        Traffic second = open();

        assertThat(second.route()).isEqualTo(route);
        assertThat(second.address()).isEqualTo(first.address());
    }

    @Test
    void drainOfWhatHadNoTrafficIsOverAtOnce() throws Exception {
        Traffic traffic = open();
        traffic.switchTo(target(Colour.BLUE, "shop-1"), 1);

        Drained drained = traffic.drain("shop-0", Duration.ofSeconds(30));

        assertThat(drained.finished()).isZero();
        assertThat(drained.cut()).isZero();
    }

    @Test
    void beforeTheFirstSwitchNobodyIsSentAnywhere() throws Exception {
        Traffic traffic = open();

        assertThat(traffic.route().active()).isEmpty();
        assertThat(traffic.route().fence()).isZero();
    }

    @Test
    void whatASwitchAnswersIsWhatIsReadBack() throws Exception {
        Traffic traffic = open();
        traffic.switchTo(target(Colour.BLUE, "shop-1"), 1);
        Target second = target(Colour.GREEN, "shop-2");

        Route route = traffic.switchTo(second, 2);

        assertThat(route.active()).contains(second);
        assertThat(route.fence()).isEqualTo(2);
        assertThat(traffic.route()).isEqualTo(route);
    }

    @Test
    void lowerFenceIsRefusedAndTheRouteStays() throws Exception {
        Traffic traffic = open();
        Route before = traffic.switchTo(target(Colour.BLUE, "shop-1"), 5);
        Target other = target(Colour.GREEN, "shop-2");

        assertThatThrownBy(() -> traffic.switchTo(other, 4)).isInstanceOf(StaleFenceException.class);
        assertThatThrownBy(() -> traffic.raiseFence(4)).isInstanceOf(StaleFenceException.class);
        assertThatThrownBy(() -> traffic.shutDown(4)).isInstanceOf(StaleFenceException.class);

        assertThat(traffic.route()).isEqualTo(before);
    }

    @Test
    void raisingTheFenceKeepsTheTargetAndIsRemembered() throws Exception {
        Traffic traffic = open();
        Target target = target(Colour.BLUE, "shop-1");
        traffic.switchTo(target, 1);

        Route raised = traffic.raiseFence(9);

        assertThat(raised.fence()).isEqualTo(9);
        assertThat(raised.active()).contains(target);
        assertThat(traffic.raiseFence(9)).as("once more changes nothing").isEqualTo(raised);
        assertThatThrownBy(() -> traffic.switchTo(target, 8)).isInstanceOf(StaleFenceException.class);
    }

    @Test
    void aRoutingWithoutAnActiveTargetIsRefused() throws Exception {
        Traffic traffic = open();
        Route before = traffic.switchTo(target(Colour.BLUE, "shop-1"), 1);

        assertThatThrownBy(() -> traffic.switchTo(Routing.nowhere(), 1)).isInstanceOf(IllegalArgumentException.class);

        assertThat(traffic.route()).isEqualTo(before);
    }

    @ParameterizedTest
    @EnumSource(
            mode = EnumSource.Mode.EXCLUDE,
            names = {"COUNTS", "LATENCIES"})
    void whatTheSwitcherCannotDoIsRefusedAndChangesNothing(Capability capability) throws Exception {
        Routing asking = asking(capability);
        assumeTrue(!switcher.capabilities().contains(capability), () -> switcher.description() + " can " + capability);
        Traffic traffic = open();
        Route before = traffic.switchTo(target(Colour.BLUE, "shop-1"), 1);

        assertThatThrownBy(() -> traffic.switchTo(asking, 1)).isInstanceOf(IllegalArgumentException.class);

        assertThat(traffic.route()).isEqualTo(before);
    }

    @Test
    void whoHangsUpFindsTheRouteAgain() throws Exception {
        Traffic traffic = open();
        Route route = traffic.switchTo(target(Colour.BLUE, "shop-1"), 1);
        URI address = traffic.address();

        traffic.close();

        try (Traffic again = switcher.find(APPLICATION, home).orElseThrow()) {
            assertThat(again.route()).isEqualTo(route);
            assertThat(again.address()).isEqualTo(address);
        }
    }

    @Test
    void afterTheShutDownNothingIsFoundAndNobodyKnows() throws Exception {
        Traffic traffic = open();
        traffic.switchTo(target(Colour.BLUE, "shop-1"), 1);

        traffic.shutDown(1);

        assertThat(switcher.find(APPLICATION, home)).isEmpty();
        assertThatThrownBy(traffic::route).isInstanceOf(TrafficUnknownException.class);
    }

    @Test
    void afterTheShutDownTheFenceIsRememberedAndTheTargetIsNot() throws Exception {
        Traffic traffic = open();
        Route before = traffic.switchTo(target(Colour.BLUE, "shop-1"), 7);
        traffic.shutDown(7);

        Traffic again = open();

        assertThat(again.route().active()).isEmpty();
        assertThat(again.route().fence()).isEqualTo(7);
        assertThat(again.route().generation()).isGreaterThan(before.generation());
        assertThatThrownBy(() -> again.raiseFence(6)).isInstanceOf(StaleFenceException.class);
    }

    @Test
    void theActiveDeploymentIsNotDrained() throws Exception {
        Traffic traffic = open();
        Route before = traffic.switchTo(target(Colour.BLUE, "shop-1"), 1);

        assertThatThrownBy(() -> traffic.drain("shop-1", Duration.ofSeconds(1)))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("shop-1");

        assertThat(traffic.route()).isEqualTo(before);
    }

    private static Routing asking(Capability capability) {
        Target active = new Target(Colour.BLUE, "shop-1", URI.create("http://127.0.0.1:1"));
        Target other = new Target(Colour.GREEN, "shop-2", URI.create("http://127.0.0.1:2"));
        return switch (capability) {
            case WEIGHTS -> Routing.to(active).canary(Canary.of(other, 10));
            case STICKY -> Routing.to(active).canary(Canary.of(other, 10).stickyBy("side"));
            case HEADERS -> Routing.to(active).canary(Canary.of(other, 0).alsoFor("X-Canary", "yes"));
            case HOLD -> Routing.to(active).admission(new Admission.Held(Duration.ofSeconds(1), 1));
            case STOP -> Routing.to(active).admission(new Admission.Stopped("back soon"));
            case REPLAY -> Routing.to(active).standby(other);
            case PREVIEW -> Routing.to(active).preview(other);
            case REPLICAS -> Routing.to(new Target(Colour.BLUE, "shop-3", active.address(), List.of(other.address())));
            case COUNTS, LATENCIES -> throw new IllegalArgumentException(capability + " is nothing a routing asks for");
        };
    }
}
