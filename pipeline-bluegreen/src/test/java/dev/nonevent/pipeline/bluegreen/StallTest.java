package dev.nonevent.pipeline.bluegreen;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.nonevent.pipeline.deployment.DeploymentFailedException;
import dev.nonevent.pipeline.deployment.HealthCheck;
import dev.nonevent.pipeline.outcome.InfrastructureException;
import java.time.Duration;
import java.util.Optional;
import java.util.function.BooleanSupplier;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** A deployment that comes no further: something it called does not come back. */
@Timeout(120)
class StallTest extends InAShop {

    private Stuck host;

    @BeforeEach
    void one() throws Exception {
        host = new Stuck(world);
        shop.deploy("v1");
    }

    @AfterEach
    void whoeverIsInterruptedByTheWatchdogIsNotCancelled() {
        assertThat(Thread.currentThread().isInterrupted()).isFalse();
        assertThat(world.violations()).isEmpty();
    }

    private BlueGreen<String> stuck() {
        return Shop.in(world, host);
    }

    @Test
    void aReleaseThatNeverStartsIsGivenUpAndUsersStay() throws Exception {
        host.hangs(Stuck.Call.START, 1);

        assertThatThrownBy(() -> stuck().deploy("v2", shop.context()))
                .isInstanceOf(DeploymentFailedException.class)
                .hasMessage("v2 was refused before it got traffic: no progress for 10 min while starting green (v2);"
                        + " traffic is on blue (v1)");

        assertThat(shop.switches()).containsExactly("shop-1");
        assertThat(shop.lines).contains("no progress for 10 min while starting green (v2)");
        assertThat(shop.blueGreen().recover(shop.context())).isEmpty();
        shop.deploy("v3");
        assertThat(world.served()).contains("v3");
    }

    @Test
    void aHealthCheckThatNeverAnswersIsGivenUp() throws Exception {
        assertThatThrownBy(() -> stuck().health(
                                hanging(() -> world.host().releases().contains("v2")))
                        .deploy("v2", shop.context()))
                .hasMessageContaining("no progress for 10 min while checking green (v2); traffic is on blue (v1)");

        assertThat(world.host().releases()).containsExactly("v1");
    }

    @Test
    void aReleaseThatIsNeverPreparedIsNotBegun() {
        host.hangs(Stuck.Call.PREPARE, 1);

        assertThatThrownBy(() -> stuck().deploy("v2", shop.context()))
                .isInstanceOf(DeploymentFailedException.class)
                .hasMessage("no progress for 10 min while preparing the release: it was given up before anything was"
                        + " begun");

        assertThat(shop.standing().last().orElseThrow().name()).isEqualTo("shop-1");
    }

    @Test
    void aGuardThatNeverAnswersIsNoPermission() {
        BlueGreen<String> guarded = stuck().guard("the office", release -> {
            Stuck.waitsForEver(world);
            return Optional.empty();
        });

        assertThatThrownBy(() -> guarded.deploy("v2", shop.context()))
                .isInstanceOf(DeploymentFailedException.class)
                .hasMessage("no progress for 10 min while asking the guard \"the office\": it was given up before"
                        + " anything was begun");

        assertThat(shop.standing().last().orElseThrow().name()).isEqualTo("shop-1");
    }

    @Test
    void usersGoBackIfNothingComesOfTheReleaseThatHasThem() throws Exception {
        boolean[] hung = {false};
        HealthCheck check = hanging(() -> world.served().equals(Optional.of("v2")) && !hung[0] && (hung[0] = true));

        assertThatThrownBy(() -> stuck().health(check).bake(Duration.ZERO).deploy("v2", shop.context()))
                .isInstanceOf(DeploymentFailedException.class)
                .hasMessageMatching("rolled back: no progress for 10 min while .* green \\(v2\\); traffic back on blue"
                        + " \\(v1\\) .* later");

        assertThat(world.served()).contains("v1");
        assertThat(world.host().releases()).containsExactly("v1");
    }

    @Test
    void theSecondTimeItIsLeftToWhoeverComesNext() throws Exception {
        host.hangs(Stuck.Call.STOP, 2);
        world.release("v2").isSick();

        assertThatThrownBy(() -> stuck().deploy("v2", shop.context()))
                .isInstanceOf(InfrastructureException.class)
                .hasMessage("no progress for 10 min while stopping shop-2. It is left as it is: see to what it waited"
                        + " for, then recover goes on");
        assertThat(world.host().releases()).containsExactly("v1", "v2");

        assertThat(stuck().recover(shop.context())).singleElement().asString().contains("it was undone");
        assertThat(world.host().releases()).containsExactly("v1");
    }

    @Test
    void whatIsStableStaysSoIfNothingComesOfTheReleaseBefore() throws Exception {
        host.hangs(Stuck.Call.STOP, 1);

        LiveRelease live = stuck().keepOld(Duration.ZERO).deploy("v2", shop.context());

        assertThat(live.release().version()).isEqualTo("v2");
        assertThat(world.served()).contains("v2");
        assertThat(shop.lines).contains("no progress for 10 min while stopping shop-1");
    }

    @Test
    void whoWaitsForAPersonIsNotStuck() throws Exception {
        BlueGreen<String> impatient = stuck().progressWithin(Duration.ofSeconds(30));
        long[] due = {0};
        BlueGreen<String> paused = impatient.dyingAt(boundary -> {
            if (boundary.equals("after Switched")) {
                impatient.pause(shop.context());
                due[0] = world.time().nanos() + Duration.ofMinutes(5).toNanos();
            }
        });
        HealthCheck check = HealthCheck.by("promoting in time", address -> {
            if (due[0] != 0 && world.time().nanos() >= due[0]) {
                due[0] = 0;
                impatient.promote(shop.context());
            }
            return world.health().probe(address);
        });

        paused.health(check.every(Duration.ofSeconds(1))).deploy("v2", shop.context());

        assertThat(world.time().elapsed()).isGreaterThan(Duration.ofMinutes(5));
        assertThat(world.served()).contains("v2");
    }

    @Test
    void whatEndsByItselfHasItsOwnTime() throws Exception {
        host.takes(Stuck.Call.STOP, Duration.ofSeconds(12));

        stuck().progressWithin(Duration.ofSeconds(5)).keepOld(Duration.ZERO).deploy("v2", shop.context());

        assertThat(shop.lines).noneMatch(line -> line.contains("no progress"));
        assertThat(world.host().releases()).containsExactly("v2");
    }

    @Test
    void whatIsSlowAndEndsAfterItWasGivenUpIsTakenBackAllTheSame() throws Exception {
        host.takes(Stuck.Call.START, Duration.ofMinutes(11));

        assertThatThrownBy(() -> stuck().deploy("v2", shop.context()))
                .hasMessageContaining("no progress for 10 min while starting green (v2); traffic is on blue (v1)");

        assertThat(world.host().releases()).containsExactly("v1");
    }

    @Test
    void thePlanSaysWhenADeploymentIsGivenUpAndRefusesWhatCannotBe() {
        assertThat(shop.blueGreen().worstCase()).contains("given up when it has come no further for 10 min");
        assertThat(shop.blueGreen().progressWithin(Duration.ZERO).problems())
                .containsExactly("a deployment cannot make progress within PT0S; say a time above zero");
        assertThat(shop.blueGreen().progressWithin(Duration.ofMillis(500)).problems())
                .singleElement()
                .asString()
                .startsWith("progress is expected within 500 ms, and ")
                .endsWith(" at worst: every release would be given up; allow more");
    }

    private HealthCheck hanging(BooleanSupplier when) {
        return HealthCheck.by("a question", address -> {
            if (when.getAsBoolean()) {
                Stuck.waitsForEver(world);
            }
            return world.health().probe(address);
        });
    }
}
