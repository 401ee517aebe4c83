package dev.nonevent.pipeline.bluegreen;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Named.named;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import dev.nonevent.pipeline.bluegreen.haproxy.HaproxySwitcher;
import dev.nonevent.pipeline.bluegreen.judge.Judge;
import dev.nonevent.pipeline.bluegreen.router.Router;
import dev.nonevent.pipeline.bluegreen.testkit.CrashMatrix;
import dev.nonevent.pipeline.bluegreen.testkit.FakeSwitcher;
import dev.nonevent.pipeline.bluegreen.testkit.FakeWorld;
import dev.nonevent.pipeline.bluegreen.traffic.Canary.HeaderMatch;
import dev.nonevent.pipeline.bluegreen.traffic.Capability;
import dev.nonevent.pipeline.bluegreen.traffic.Routing;
import dev.nonevent.pipeline.deployment.DeploymentFailedException;
import dev.nonevent.pipeline.deployment.HealthCheck;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** A release that a part of the users gets first. */
@Timeout(120)
class CanaryDeploymentTest {

    @TempDir(factory = InMemory.class)
    Path home;

    private final FakeWorld world = new FakeWorld();

    private Canary<String> canary() {
        return Shop.canaryIn(world);
    }

    private LiveRelease deployed(String artifact) throws InterruptedException {
        return canary().deploy(artifact, world.context(home));
    }

    /** {@code shop-1 5 shop-2} for each routing, and {@code shop-1} where nobody is split. */
    private List<String> parts() {
        return world.switcher().routings().stream()
                .map(CanaryDeploymentTest::part)
                .distinct()
                .toList();
    }

    private static String part(Routing routing) {
        return routing.active().orElseThrow().deployment()
                + routing.canary()
                        .map(part -> " " + part.percent() + " " + part.target().deployment())
                        .orElse("");
    }

    @Test
    void partOfTheUsersGrowsStepByStepUntilAllHaveIt() throws Exception {
        deployed("v1");

        LiveRelease live = deployed("v2");

        assertThat(parts())
                .containsExactly("shop-1", "shop-1 5 shop-2", "shop-1 25 shop-2", "shop-1 50 shop-2", "shop-2");
        assertThat(live.measured().baked()).isBetween(Duration.ofSeconds(23), Duration.ofSeconds(24));
        assertThat(world.served()).contains("v2");
        assertThat(world.seenToFail()).isZero();
        assertThat(world.violations()).isEmpty();
    }

    @Test
    void firstReleaseHasNobodyToShareUsersWith() throws Exception {
        deployed("v1");

        assertThat(parts()).containsExactly("shop-1");
    }

    @Test
    void fixOfADeadReleaseIsGivenToAllAtOnce() throws Exception {
        deployed("v1");
        world.host().kill("v1");

        deployed("v2");

        assertThat(parts()).containsExactly("shop-1", "shop-2");
        assertThat(world.served()).contains("v2");
    }

    @Test
    void releaseThatFailsItsPartIsTakenBackInOneSwitchAndOnlyThatPartHadIt() throws Exception {
        deployed("v1");
        world.safe(0).release("v2").fails(0.05);

        assertThatThrownBy(() -> deployed("v2"))
                .isInstanceOf(DeploymentFailedException.class)
                .hasMessageContaining("rolled back: ")
                .hasMessageContaining("traffic back on blue (v1)");

        assertThat(parts()).containsExactly("shop-1", "shop-1 5 shop-2");
        assertThat(part(world.switcher().route().routing())).isEqualTo("shop-1");
        assertThat(world.host().releases()).containsExactly("v1");
        // Ten requests a second, one in twenty of which fails.
        assertThat(world.seenToFail()).isBetween(1L, 10L);
        assertThat(canary().history(world.context(home)).get(1).switchedAt()).isPresent();
    }

    @Test
    void whatACanaryFailsIsAnsweredByTheStableReleaseIfItMayBe() throws Exception {
        deployed("v1");
        world.release("v2").fails(1);

        assertThatThrownBy(() -> deployed("v2")).hasMessageContaining("users saw no failed request");

        assertThat(world.seenToFail()).isZero();
    }

    @Test
    void releaseThatFailsOnlyUnderMoreUsersIsTakenBackFromThere() throws Exception {
        deployed("v1");
        Canary<String> failing = canary().dyingAt(boundary -> {
            if (part(world.switcher().route().routing()).contains(" 25 ")) {
                world.release("v2").fails(0.3);
            }
        });

        assertThatThrownBy(() -> failing.deploy("v2", world.context(home))).hasMessageContaining("rolled back: ");

        assertThat(parts()).containsExactly("shop-1", "shop-1 5 shop-2", "shop-1 25 shop-2");
        assertThat(world.served()).contains("v1");
    }

    @Test
    void eachStepIsJudgedByItsOwnRequestsOnBothSides() throws Exception {
        deployed("v1");
        world.release("v1").fails(0.02);
        world.release("v2").fails(0.02);
        Canary<String> compared = canary().judge(Judge.errorRate().notWorseThanStable());

        compared.deploy("v2", world.context(home));

        assertThat(world.served()).contains("v2");
    }

    @Test
    void tooFewRequestsForAJudgementAreNoProof() throws Exception {
        deployed("v1");
        world.requests(10);

        assertThatThrownBy(() -> deployed("v2")).hasMessageContaining("it could not be judged");

        assertThat(world.served()).contains("v1");
    }

    @Test
    void usersStayOnTheirSideByACookieAndTestersComeByAHeader() throws Exception {
        deployed("v1");

        canary().forUsersWith("X-Beta", "yes").deploy("v2", world.context(home));

        assertThat(world.switcher().routings())
                .flatExtracting(routing -> routing.canary().stream().toList())
                .hasSize(3)
                .allSatisfy(part -> {
                    assertThat(part.cookie()).contains("shop-release");
                    assertThat(part.header()).contains(new HeaderMatch("X-Beta", "yes"));
                });
    }

    @Test
    void whoFollowsADeadDeployerGoesOnWithThePartHeFinds() throws Exception {
        dead("v2", " 25 ");

        assertThat(canary().inspect(world.context(home))).contains("traffic is on blue (v1), 25 % of it on green (v2)");
        Duration before = world.time().elapsed();
        List<String> said = canary().recover(world.context(home));

        assertThat(said).singleElement().asString().contains("is stable now");
        assertThat(parts())
                .containsExactly("shop-1", "shop-1 5 shop-2", "shop-1 25 shop-2", "shop-1 50 shop-2", "shop-2");
        assertThat(world.time().elapsed().minus(before))
                .as("the whole time of the two steps and of the bake, once more")
                .isGreaterThanOrEqualTo(Duration.ofSeconds(4 + 2 + 2));
    }

    @Test
    void newReleaseDuringTheAnalysisStartsAgainFromTheStableOne() throws Exception {
        dead("v2", " 25 ");

        deployed("v3");

        assertThat(parts())
                .containsExactly(
                        "shop-1",
                        "shop-1 5 shop-2",
                        "shop-1 25 shop-2",
                        "shop-1 5 shop-3",
                        "shop-1 25 shop-3",
                        "shop-1 50 shop-3",
                        "shop-3");
        assertThat(world.said()).anyMatch(line -> line.contains("SUPERSEDED by v3"));
        assertThat(world.host().releases()).containsExactly("v1", "v3");
        assertThat(world.violations()).isEmpty();
    }

    @Test
    void sameReleaseAgainAfterADeathGoesOn() throws Exception {
        dead("v2", " 25 ");

        LiveRelease live = deployed("v2");

        assertThat(live.alreadyLive()).isTrue();
        assertThat(world.served()).contains("v2");
        assertThat(world.host().started()).isEqualTo(2);
    }

    @Test
    void personTakesAnOpenCanaryBack() throws Exception {
        dead("v2", " 5 ");

        String said = canary().rollBack(world.context(home));

        assertThat(said).contains("v2 was left open and is undone", "traffic back on blue (v1)");
        assertThat(part(world.switcher().route().routing())).isEqualTo("shop-1");
        assertThat(world.host().releases()).containsExactly("v1");
    }

    @Test
    void stepThatIsNotDeclaredAnyMoreIsTakenBack() throws Exception {
        dead("v2", " 25 ");
        Canary<String> other = Canary.canary("shop")
                .on(world.host())
                .traffic(world.switcher())
                .health(world.health())
                .step(40, Duration.ofSeconds(5))
                .judge(Judge.errorRate().atMost(0.01));

        List<String> said = other.recover(world.context(home));

        assertThat(said)
                .singleElement()
                .asString()
                .contains("25 % of the users is no step of its declaration any more");
        assertThat(part(world.switcher().route().routing())).isEqualTo("shop-1");
    }

    private void dead(String release, String part) throws InterruptedException {
        deployed("v1");
        Canary<String> dying = canary().dyingAt(boundary -> {
            if (boundary.equals("after Shifted")
                    && part(world.switcher().route().routing()).contains(part)) {
                throw new Story.Death(boundary);
            }
        });
        assertThatThrownBy(() -> dying.deploy(release, world.context(home))).isInstanceOf(Story.Death.class);
    }

    @Test
    void deployerMayDieAnywhere() throws Exception {
        assertThat(CrashMatrix.of(home, Shop::canaryIn).after("v1").deploying("v2"))
                .hasSizeGreaterThan(25);
    }

    @Test
    void deployerMayDieWhileItsCanaryFailsUsers() throws Exception {
        assertThat(CrashMatrix.of(home, Shop::canaryIn)
                        .after("v1")
                        .when(world -> world.release("v2").fails(1))
                        .deploying("v2"))
                .hasSizeGreaterThan(20);
    }

    static Stream<Arguments> impossible() {
        return Stream.of(
                refused("no step", shop -> whole(), "a canary without a step is none"),
                refused(
                        "falling parts",
                        shop -> whole().step(25, Duration.ofMinutes(1)).step(25, Duration.ofMinutes(1)),
                        "each step gives the release more users than the one before, and not 25 % for 60 s, 25 % for 60 s"),
                refused(
                        "all users",
                        shop -> shop.step(100, Duration.ofMinutes(1)),
                        "a step gives the release 1 to 99 % of the users"),
                refused(
                        "nobody",
                        shop -> whole().step(0, Duration.ofMinutes(1)),
                        "a step gives the release 1 to 99 % of the users"),
                refused(
                        "no time",
                        shop -> whole().step(5, Duration.ofMinutes(-1)),
                        "a step takes a time above zero, or nothing is seen in it"),
                refused(
                        "no judge",
                        shop -> Canary.canary("shop")
                                .on(new FakeWorld().host())
                                .traffic(Router.router(8000))
                                .health(HealthCheck.http("/health"))
                                .step(5, Duration.ofMinutes(5)),
                        "a canary that nobody judges warns of nothing"),
                refused(
                        "a switcher without weights",
                        shop -> shop.traffic(new FakeSwitcher().can(Set.of(Capability.COUNTS))),
                        "fake switcher cannot give a part of the users to a release"),
                refused(
                        "a proxy without cookies",
                        shop -> shop.traffic(HaproxySwitcher.haproxy(8000)),
                        "HAProxy on port 8000 cannot keep a user on a side; say .notSticky()"),
                refused(
                        "a proxy without headers",
                        shop -> shop.notSticky().forUsersWith("X-Beta", "yes").traffic(HaproxySwitcher.haproxy(8000)),
                        "HAProxy on port 8000 cannot tell users by a header"),
                refused(
                        "what cannot be undone",
                        shop -> shop.irreversible("drop column"),
                        "a canary leaves users on both releases, and the one before cannot serve with what is irreversible"),
                refused("no header", shop -> shop.forUsersWith("X Beta", "yes"), "\"X Beta\" is no name of a header"),
                refused(
                        "a step in which too little is seen",
                        shop -> shop.expecting(2),
                        "at 0.1 requests a second 30 come in a step of 5 min, and the judge (error rate at most 1.0 %) needs"
                                + " 100"));
    }

    private static Canary<String> whole() {
        return Canary.canary("shop")
                .on(new FakeWorld().host())
                .traffic(Router.router(8000))
                .health(HealthCheck.http("/health"))
                .judge(Judge.errorRate().atMost(0.01));
    }

    private static Arguments refused(String name, UnaryOperator<Canary<String>> change, String sentence) {
        return arguments(named(name, change), sentence);
    }

    @ParameterizedTest
    @MethodSource("impossible")
    void whatCannotBeIsRefusedInOneSentence(UnaryOperator<Canary<String>> change, String sentence) {
        Canary<String> shop = whole().step(5, Duration.ofMinutes(5)).step(50, Duration.ofMinutes(10));

        assertThat(change.apply(shop).problems()).singleElement().asString().contains(sentence);
    }

    @Test
    void planTellsTheStepsAndHowLongTheyTake() {
        Canary<String> shop = whole().step(5, Duration.ofMinutes(5)).step(50, Duration.ofMinutes(10));

        assertThat(shop.problems()).isEmpty();
        assertThat(shop.description()).startsWith("canary \"shop\" on a fake host, router on port 8000");
        assertThat(shop.expecting(200).worstCase())
                .contains(
                        "a part of the users first: 5 % for 5 min, 50 % for 10 min; each judged by itself",
                        "all users after 15 min 10 s, and until then the others keep the release before",
                        "no bake: it is stable once all users have it and it answers",
                        "a release that fails all requests is noticed after about 5 requests, 550 ms at 10 requests a second");
        assertThat(shop.longest().orElseThrow()).isGreaterThan(Duration.ofMinutes(15));
        assertThat(shop.notSticky().traffic(HaproxySwitcher.haproxy(8000)).problems())
                .isEmpty();
    }
}
