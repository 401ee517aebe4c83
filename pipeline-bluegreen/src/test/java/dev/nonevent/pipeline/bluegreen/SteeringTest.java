package dev.nonevent.pipeline.bluegreen;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.nonevent.pipeline.deployment.Deadline;
import dev.nonevent.pipeline.deployment.DeploymentContext;
import dev.nonevent.pipeline.deployment.DeploymentFailedException;
import dev.nonevent.pipeline.deployment.Order;
import dev.nonevent.pipeline.time.TimeSource;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** A person steers by the orders that every strategy may take, and the stage's time stands still while one is waited for. */
class SteeringTest extends InAShop {

    private static final Duration TWO_MINUTES = Duration.ofMinutes(2);

    private final Counted deadline = new Counted();
    /** What was done while it stood. */
    private final List<String> stoodAt = new ArrayList<>();

    /** What somebody does who comes in the end. */
    interface Visit {
        void come(BlueGreen<String> strategy) throws InterruptedException;
    }

    @Test
    void theTimeOfTheStageStandsStillWhileItIsPaused() throws Exception {
        shop.deploy("v1");

        deployPaused(strategy -> strategy.give(Order.PROMOTE, shop.context()));

        assertThat(world.served()).contains("v2");
        assertThat(world.time().elapsed()).isGreaterThan(TWO_MINUTES);
        assertThat(deadline.counted()).isLessThan(Duration.ofMinutes(1));
        assertThat(stoodAt).isEmpty();
    }

    @Test
    void aPausedReleaseThatIsRolledBackHasTheTimeOfTheStageForThat() throws Exception {
        shop.deploy("v1");

        assertThatThrownBy(() -> deployPaused(strategy -> world.release("v2").fails(1.0)))
                .isInstanceOf(DeploymentFailedException.class);

        assertThat(deadline.counted()).isLessThan(Duration.ofMinutes(1));
        assertThat(stoodAt).isEmpty();
        assertThat(deadline.stands).isFalse();
    }

    @Test
    void aPausedReleaseWhoseRunIsCancelledGoesBackAtOnce() throws Exception {
        shop.deploy("v1");

        assertThatThrownBy(() -> deployPaused(strategy -> Thread.currentThread().interrupt()))
                .isInstanceOf(InterruptedException.class);

        assertThat(world.served()).contains("v1");
        assertThat(deadline.stands).isFalse();
    }

    @Test
    void whatIsPromotedFullyWhilePausedIsStableAtOnce() throws Exception {
        shop.deploy("v1");

        deployPaused(strategy -> assertThat(strategy.give(Order.PROMOTE_FULLY, shop.context()))
                .isEqualTo("v2 is told to become stable; the status shows when it does"));

        assertThat(world.served()).contains("v2");
        assertThat(deadline.stands).isFalse();
    }

    @Test
    void whatIsAbortedWhilePausedGoesBack() throws Exception {
        shop.deploy("v1");

        assertThatThrownBy(() -> deployPaused(strategy -> strategy.give(Order.ABORT, shop.context())))
                .hasMessageStartingWith("rolled back: it was aborted by ");

        assertThat(world.served()).contains("v1");
    }

    @Test
    void whatWasRolledBackIsTriedAgainByAnOrder() throws Exception {
        shop.deploy("v1");
        world.release("v2").isSick();
        assertThatThrownBy(() -> shop.deploy("v2")).isInstanceOf(DeploymentFailedException.class);
        world.release("v2").isWell();

        assertThat(shop.blueGreen().give(Order.RETRY, shop.context()))
                .isEqualTo("v2 was tried again and is stable, on green");

        assertThat(world.served()).contains("v2");
    }

    @Test
    void everyOrderIsTakenAndNoneChangesAnythingIfNothingIsUnderWay() throws Exception {
        shop.deploy("v1");
        BlueGreen<String> strategy = shop.blueGreen();

        assertThat(strategy.orders()).containsExactlyInAnyOrder(Order.values());
        for (Order order : strategy.orders()) {
            assertThatThrownBy(() -> strategy.give(order, shop.context()))
                    .isInstanceOf(DeploymentFailedException.class)
                    .hasMessageEndingWith("; nothing was changed");
        }
        assertThat(home.resolve("deployments/shop/order")).doesNotExist();
    }

    /** Paused as soon as users have it; somebody comes two minutes later. */
    private void deployPaused(Visit visit) throws InterruptedException {
        BlueGreen<String> strategy = shop.blueGreen();
        DeploymentContext context = shop.context();
        strategy.dyingAt(boundary -> {
                    if (boundary.equals("after Switched")) {
                        strategy.pause(shop.context());
                    }
                    if (deadline.stands) {
                        stoodAt.add(boundary);
                    }
                })
                .deploy(
                        "v2",
                        new DeploymentContext(
                                home,
                                context.artifacts(),
                                new Late(visit, strategy),
                                "run-1",
                                Optional.empty(),
                                Optional.empty(),
                                context.progress(),
                                deadline));
    }

    /** What goes by of the shop's time while it does not stand still. */
    private final class Counted implements Deadline {

        private Duration counted = Duration.ZERO;
        private Duration since = Duration.ZERO;
        private boolean stands;

        @Override
        public void standStill() {
            counted = counted();
            stands = true;
        }

        @Override
        public void goOn() {
            since = stands ? world.time().elapsed() : since;
            stands = false;
        }

        Duration counted() {
            return stands ? counted : counted.plus(world.time().elapsed()).minus(since);
        }
    }

    /** The shop's time; somebody comes when two minutes of it have gone by. */
    private final class Late implements TimeSource {

        private final Visit visit;
        private final BlueGreen<String> strategy;
        private final long due = world.time().nanos() + TWO_MINUTES.toNanos();
        private boolean come;

        Late(Visit visit, BlueGreen<String> strategy) {
            this.visit = visit;
            this.strategy = strategy;
        }

        @Override
        public Instant now() {
            return world.time().now();
        }

        @Override
        public long nanos() {
            return world.time().nanos();
        }

        @Override
        public void sleep(Duration duration) throws InterruptedException {
            if (!come && nanos() >= due) {
                come = true;
                visit.come(strategy);
            }
            world.time().sleep(duration);
        }
    }
}
