package dev.nonevent.pipeline.bluegreen;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.nonevent.pipeline.bluegreen.judge.Judge;
import dev.nonevent.pipeline.bluegreen.testkit.FakeWorld;
import dev.nonevent.pipeline.bluegreen.traffic.Routing;
import dev.nonevent.pipeline.deployment.DeploymentContext;
import dev.nonevent.pipeline.deployment.DeploymentFailedException;
import dev.nonevent.pipeline.time.TimeSource;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** What a person wants of a release that a part of the users has. */
@Timeout(60)
class CanaryOrdersTest {

    private static final String ME = ProcessHandle.current().info().user().orElse("unknown");
    private static final Duration STEPS = Duration.ofSeconds(15 + 4 + 2);

    @TempDir(factory = InMemory.class)
    Path home;

    private final FakeWorld world = new FakeWorld();
    private final Deque<Act> acts = new ArrayDeque<>();

    /** What somebody does when it has been so long since the one before. */
    private record Act(Duration after, Consumer<Canary<String>> what) {}

    @Test
    void aPausedStepKeepsItsPartOfTheUsersAndItsTimeStandsStill() throws Exception {
        afterwards(Duration.ofSeconds(5), strategy -> strategy.pause(context()));
        afterwards(Duration.ofMinutes(10), strategy -> {
            assertThat(parts()).containsExactly("shop-1", "shop-1 5 shop-2");
            assertThat(strategy.inspect(context())).containsPattern("paused since .* by " + ME + ": promote it");
            strategy.promote(context());
        });

        LiveRelease live = deployed(canary());

        assertThat(live.measured().baked())
                .isBetween(STEPS.plus(Shop.BAKE), STEPS.plus(Shop.BAKE).plusMillis(200));
        assertThat(parts())
                .containsExactly("shop-1", "shop-1 5 shop-2", "shop-1 25 shop-2", "shop-1 50 shop-2", "shop-2");
        assertThat(world.said())
                .containsSubsequence(
                        "v2 is paused by " + ME + ": it is watched, and goes on when somebody promotes it",
                        "v2 goes on: " + ME + " wants it");
    }

    @Test
    void aPausedStepThatFailsItsUsersIsTakenBackAllTheSame() throws Exception {
        afterwards(Duration.ofSeconds(5), strategy -> strategy.pause(context()));
        afterwards(Duration.ofMinutes(1), strategy -> world.release("v2").fails(1.0));

        assertThatThrownBy(() -> deployed(canary())).hasMessageStartingWith("rolled back: ");

        assertThat(parts()).containsExactly("shop-1", "shop-1 5 shop-2");
        assertThat(world.host().releases()).containsExactly("v1");
    }

    @Test
    void whoPromotesAStepThatIsNotPausedEndsIt() throws Exception {
        afterwards(Duration.ofSeconds(5), strategy -> strategy.promote(context()));

        LiveRelease live = deployed(canary());

        assertThat(parts())
                .containsExactly("shop-1", "shop-1 5 shop-2", "shop-1 25 shop-2", "shop-1 50 shop-2", "shop-2");
        assertThat(live.measured().baked())
                .isBetween(Duration.ofSeconds(5 + 4 + 2 + 2), Duration.ofSeconds(5 + 4 + 2 + 3));
        assertThat(world.said())
                .anyMatch(line -> line.matches(
                        "v2: " + ME + " promoted it after 5(\\.\\d)? s of 15 s with 5 % of the users, and it answers"));
    }

    @Test
    void aStepThatHasFailedIsNotPromoted() throws Exception {
        afterwards(Duration.ofSeconds(5), strategy -> {
            world.host().kill("v2");
            strategy.promote(context());
        });

        assertThatThrownBy(() -> deployed(canary())).hasMessageStartingWith("rolled back: its process ended");

        assertThat(parts()).containsExactly("shop-1", "shop-1 5 shop-2");
    }

    @Test
    void whoPromotesFullyGivesItToAllUsersAtOnceAndItIsStable() throws Exception {
        afterwards(Duration.ofSeconds(5), strategy -> strategy.promoteFully(context()));

        LiveRelease live = deployed(canary());

        assertThat(parts()).containsExactly("shop-1", "shop-1 5 shop-2", "shop-2");
        assertThat(live.measured().baked()).isBetween(Duration.ofSeconds(5), Duration.ofSeconds(6));
        assertThat(world.said()).anyMatch(line -> line.startsWith("v2 is stable: " + ME + " promoted it after 5"));
        assertThat(world.violations()).isEmpty();
    }

    @Test
    void whoPromotesFullyWhatIsPausedNeedNotLetItGoOnFirst() throws Exception {
        afterwards(Duration.ofSeconds(5), strategy -> strategy.pause(context()));
        afterwards(Duration.ofMinutes(1), strategy -> strategy.promoteFully(context()));

        deployed(canary());

        assertThat(parts()).containsExactly("shop-1", "shop-1 5 shop-2", "shop-2");
    }

    @Test
    void whatStopsAnsweringWhenAllUsersGetItGoesBackAlthoughItWasPromotedFully() throws Exception {
        afterwards(Duration.ofSeconds(5), strategy -> strategy.promoteFully(context()));
        Canary<String> dying = canary().dyingAt(boundary -> {
            if (boundary.equals("after Switching")) {
                world.host().kill("v2");
            }
        });

        assertThatThrownBy(() -> deployed(dying)).hasMessageStartingWith("rolled back: it stopped answering");

        assertThat(world.served()).contains("v1");
    }

    @Test
    void whoAbortsAStepBringsItsUsersBack() throws Exception {
        afterwards(Duration.ofSeconds(16), this::abort);

        assertThatThrownBy(() -> deployed(canary()))
                .isInstanceOf(DeploymentFailedException.class)
                .hasMessageStartingWith("rolled back: it was aborted by " + ME + "; traffic back on blue (v1)");

        assertThat(parts()).containsExactly("shop-1", "shop-1 5 shop-2", "shop-1 25 shop-2");
        assertThat(world.host().releases()).containsExactly("v1");
    }

    @Test
    void whatWasAbortedIsTriedAgainFromItsFirstStep() throws Exception {
        afterwards(Duration.ofSeconds(16), this::abort);
        assertThatThrownBy(() -> deployed(canary())).isInstanceOf(DeploymentFailedException.class);

        canary().retry(context());

        assertThat(allParts()).containsSubsequence("shop-1 5 shop-3", "shop-1 25 shop-3", "shop-1 50 shop-3", "shop-3");
        assertThat(world.served()).contains("v2");
    }

    @Test
    void aStepWithoutAnEndLastsUntilSomebodyPromotesIt() throws Exception {
        afterwards(Duration.ofDays(3), strategy -> {
            assertThat(parts()).containsExactly("shop-1", "shop-1 25 shop-2");
            assertThat(strategy.inspect(context())).contains("v2 waits for a person: promote it, or abort it");
            strategy.promote(context());
        });

        deployed(patient());

        assertThat(parts()).containsExactly("shop-1", "shop-1 25 shop-2", "shop-1 50 shop-2", "shop-2");
        assertThat(world.time().elapsed()).isGreaterThan(Duration.ofDays(3));
    }

    @Test
    void onePromotionEndsAStepWithoutAnEndThatIsPausedAsWell() throws Exception {
        afterwards(Duration.ofSeconds(5), strategy -> strategy.pause(context()));
        afterwards(Duration.ofSeconds(5), strategy -> strategy.promote(context()));

        deployed(patient());

        assertThat(world.served()).contains("v2");
    }

    @Test
    void aStepWithoutAnEndIsJudgedAllTheWhile() throws Exception {
        afterwards(Duration.ofHours(1), strategy -> world.release("v2").fails(1.0));

        assertThatThrownBy(() -> deployed(patient())).hasMessageStartingWith("rolled back: ");

        assertThat(world.served()).contains("v1");
    }

    @Test
    void nobodyKnowsHowLongAStepWithoutAnEndTakesAndThePlanSaysSo() {
        assertThat(patient().problems()).isEmpty();
        assertThat(patient().expecting(200).problems()).isEmpty();
        assertThat(patient().longest())
                .as("the timeout of a stage stands still meanwhile")
                .hasValueSatisfying(longest -> assertThat(longest).isLessThan(Duration.ofMinutes(5)));
        assertThat(patient().worstCase())
                .contains(
                        "a part of the users first: 25 % until somebody promotes it, 50 % for 5 s; each judged by itself")
                .anyMatch(line -> line.matches("all users after .* and what a person takes, and until then .*"))
                .last()
                .asString()
                .endsWith("and without what it waits for a person");
    }

    @Test
    void whatHasNoUsersYetIsNotPromoted() throws Exception {
        canary().deploy("v1", context());
        Canary<String> early = canary().dyingAt(boundary -> {
            if (boundary.equals("after Created")) {
                assertThatThrownBy(() -> canary().promote(context()))
                        .hasMessage("v2 has no users yet and waits for nobody; nothing was changed");
            }
        });

        early.deploy("v2", context());

        assertThat(parts()).hasSize(5);
    }

    @Test
    void aPauseEndsWithItsProcessAndWhoFollowsBeginsTheStepAnew() throws Exception {
        afterwards(Duration.ofSeconds(5), strategy -> strategy.pause(context()));
        afterwards(Duration.ofMinutes(1), strategy -> {
            throw new Story.Death("while it is paused");
        });
        assertThatThrownBy(() -> deployed(canary())).isInstanceOf(Story.Death.class);
        Duration before = world.time().elapsed();

        canary().recover(context());

        assertThat(parts())
                .containsExactly("shop-1", "shop-1 5 shop-2", "shop-1 25 shop-2", "shop-1 50 shop-2", "shop-2");
        assertThat(world.time().elapsed().minus(before)).isGreaterThanOrEqualTo(STEPS.plus(Shop.BAKE));
    }

    private Canary<String> canary() {
        return Shop.canaryIn(world);
    }

    private Canary<String> patient() {
        return Canary.canary("shop")
                .on(world.host())
                .traffic(world.switcher())
                .health(world.health())
                .stepUntilPromoted(25)
                .step(50, Duration.ofSeconds(5))
                .judge(Judge.errorRate().atMost(0.01));
    }

    private void afterwards(Duration duration, Consumer<Canary<String>> what) {
        acts.add(new Act(duration, what));
    }

    private void abort(Canary<String> strategy) {
        try {
            assertThat(strategy.abort(context())).isEqualTo("v2 is told to end; the status shows when it does");
        } catch (InterruptedException e) {
            throw new AssertionError(e);
        }
    }

    /** v1, and then v2 while what was said happens, counted from the moment at which v2 has its first users. */
    private LiveRelease deployed(Canary<String> strategy) throws InterruptedException {
        canary().deploy("v1", context());
        DeploymentContext plain = context();
        return strategy.deploy(
                "v2",
                new DeploymentContext(
                        home,
                        plain.artifacts(),
                        new Clock(strategy),
                        "run-1",
                        Optional.empty(),
                        Optional.empty(),
                        plain.progress()));
    }

    private DeploymentContext context() {
        return world.context(home);
    }

    /** Of the first two deployments: {@code shop-1 5 shop-2} for each routing, and {@code shop-1} where nobody is split. */
    private List<String> parts() {
        return allParts().stream().distinct().toList();
    }

    private List<String> allParts() {
        return world.switcher().routings().stream().map(CanaryOrdersTest::part).toList();
    }

    private static String part(Routing routing) {
        return routing.active().orElseThrow().deployment()
                + routing.canary()
                        .map(part -> " " + part.percent() + " " + part.target().deployment())
                        .orElse("");
    }

    /** The world's time, and what somebody does while the deployer waits. */
    private final class Clock implements TimeSource {

        private final Canary<String> strategy;
        private Optional<Duration> since = Optional.empty();

        Clock(Canary<String> strategy) {
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
            boolean split = world.switcher().route().routing().canary().isPresent();
            if (since.isEmpty() && split) {
                since = Optional.of(world.time().elapsed());
            }
            if (since.isPresent() && !acts.isEmpty() && due()) {
                since = Optional.of(world.time().elapsed());
                acts.remove().what().accept(strategy);
            }
            world.time().sleep(since.isPresent() && !acts.isEmpty() ? paced(duration) : duration);
        }

        private boolean due() {
            return world.time()
                            .elapsed()
                            .compareTo(since.orElseThrow().plus(acts.element().after()))
                    >= 0;
        }

        /** Days need not be looked through 25 ms by 25 ms. */
        private Duration paced(Duration duration) {
            return acts.element().after().compareTo(Duration.ofMinutes(30)) > 0 ? Duration.ofMinutes(1) : duration;
        }
    }
}
