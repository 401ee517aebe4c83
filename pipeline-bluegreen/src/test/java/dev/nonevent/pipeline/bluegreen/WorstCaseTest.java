package dev.nonevent.pipeline.bluegreen;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Named.named;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import dev.nonevent.pipeline.bluegreen.haproxy.HaproxySwitcher;
import dev.nonevent.pipeline.bluegreen.judge.Judge;
import dev.nonevent.pipeline.bluegreen.judge.Judgement;
import dev.nonevent.pipeline.bluegreen.judge.MetricSource;
import dev.nonevent.pipeline.bluegreen.judge.Quantile;
import dev.nonevent.pipeline.bluegreen.judge.WhenInconclusive;
import dev.nonevent.pipeline.bluegreen.router.Router;
import dev.nonevent.pipeline.bluegreen.testkit.FakeWorld;
import dev.nonevent.pipeline.deployment.DeploymentFailedException;
import dev.nonevent.pipeline.deployment.Health;
import dev.nonevent.pipeline.deployment.HealthCheck;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Set;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

/** What a plan promises and refuses, by the declaration alone. */
class WorstCaseTest {

    /** What the declaration below is in a world of its own. */
    private static BlueGreen<String> shop(FakeWorld world) {
        return BlueGreen.blueGreen("shop")
                .on(world.host())
                .traffic(world.switcher())
                .health(world.health())
                .bake(Duration.ofMinutes(10))
                .judge(Judge.errorRate().atMost(0.01));
    }

    private static BlueGreen<String> shop() {
        return BlueGreen.blueGreen("shop")
                .on(new FakeWorld().host())
                .traffic(Router.router(8000))
                .health(HealthCheck.http("/health")
                        .every(Duration.ofSeconds(1))
                        .healthyAfter(3)
                        .within(Duration.ofSeconds(60)))
                .smoke(HealthCheck.http("/orders/smoke"))
                .bake(Duration.ofMinutes(10))
                .judge(Judge.errorRate().atMost(0.01))
                .rollbackWithin(Duration.ofSeconds(5));
    }

    @Test
    void thePlanTellsHowLongEachPartTakesAtWorst() {
        assertThat(shop().expecting(200).worstCase())
                .containsExactly(
                        "healthy, or refused, 62 s after its start",
                        "smoke checks and a last question: 2 s; the switch: 500 ms",
                        "judged after 10 min 3 s; the release before runs all the while",
                        "a release that fails all requests is noticed after about 5 requests, 75 ms at 200 requests a second",
                        "a release that fails 5 % of them is noticed after about 240 requests, 1.3 s at 200 requests a second",
                        "a process that ended is noticed within 50 ms, one that does not answer its health check within 4.1 s",
                        "back on the release before 3.5 s after the decision",
                        "requests to the release before end within 30 s",
                        "given up when it has come no further for 10 min",
                        "the whole deployment 11 min 41 s, without what the host takes to start and to stop");
        assertThat(shop().longest()).contains(Duration.ofSeconds(11 * 60 + 41));
    }

    @Test
    void thePageQuotesThePlan() throws Exception {
        String page = Files.readString(Path.of("README.md"));

        assertThat(page)
                .contains("at worst  "
                        + String.join("\n          ", shop().expecting(200).worstCase()) + "\n```");
    }

    @Test
    void withoutARateDetectionIsToldInRequestsAndWithoutABakeThatNobodyWatches() {
        assertThat(shop().worstCase()).contains("a release that fails all requests is noticed after about 5 requests");
        assertThat(BlueGreen.blueGreen("shop")
                        .on(new FakeWorld().host())
                        .traffic(Router.router(8000))
                        .health(HealthCheck.by("PING", address -> new Health.Healthy()))
                        .worstCase())
                .contains("no bake: nobody watches it once users have it")
                .first()
                .asString()
                .endsWith(", if PING takes no longer than 1 s");
    }

    /** In thousandths of a second, at 200 requests a second, as the plan tells them. */
    @ParameterizedTest
    @CsvSource({"1.0, 75", "0.05, 1300"})
    void usersHaveABadReleaseNoLongerThanThePlanTells(double errorRate, long told, @TempDir Path home)
            throws Exception {
        FakeWorld world = new FakeWorld();
        BlueGreen<String> shop = shop(world);
        shop.deploy("v1", world.context(home));
        world.release("v2").fails(errorRate);

        assertThatThrownBy(() -> shop.deploy("v2", world.context(home))).isInstanceOf(DeploymentFailedException.class);

        assertThat(shop.expecting(200).worstCase())
                .anyMatch(line -> line.contains(told < 1_000 ? told + " ms" : "1.3 s"));
        assertThat(world.exposure("v2")).isPositive().isLessThanOrEqualTo(Duration.ofMillis(told));
    }

    @Test
    void usersHaveAReleaseThatDiedNoLongerThanThePlanTells(@TempDir Path home) throws Exception {
        FakeWorld world = new FakeWorld();
        BlueGreen<String> shop = shop(world);
        shop.deploy("v1", world.context(home));
        world.release("v2").diesAfter(Duration.ofSeconds(3));

        assertThatThrownBy(() -> shop.deploy("v2", world.context(home))).hasMessageContaining("its process ended");

        assertThat(world.exposure("v2")).isBetween(Duration.ofSeconds(3), Duration.ofMillis(3_050));
    }

    @Test
    void whoAsksOthersWaitsForTheirLastAnswers() {
        Judge asking = Judge.metric(MetricSource.of("queued orders", () -> 1)).atMost(100);

        assertThat(shop().judge(asking).worstCase())
                .contains("judged after 10 min 13 s; the release before runs all the while")
                .noneMatch(line -> line.contains("is noticed after about"));
    }

    @Test
    void aDeclarationWithProblemsPromisesNothing() {
        assertThat(shop().bake(Duration.ofMinutes(-1)).worstCase()).isEmpty();
        assertThat(shop().bake(Duration.ofMinutes(-1)).longest()).isEmpty();
    }

    static Stream<Arguments> impossible() {
        return Stream.of(
                refused(
                        "the least of the judge is out of reach",
                        shop -> shop.bake(Duration.ofSeconds(10)).expecting(5),
                        "at 5 requests a second 50 come in a bake of 10 s, and the judge (error rate at most 1.0 %) needs"
                                + " 100: no release would ever pass; bake for 20 s,"),
                refused(
                        "one of two judges is out of reach",
                        shop -> shop.judge(Judge.errorRate()
                                        .atMost(0.01)
                                        .and(Judge.errorRate()
                                                .notWorseThanStable()
                                                .withAtLeast(1_000)))
                                .expecting(1.5),
                        "at 1.5 requests a second 900 come in a bake of 10 min"),
                refused("nobody asks", shop -> shop.expecting(0), "users who make 0.0 requests a second are nobody"),
                refused(
                        "not a number",
                        shop -> shop.expecting(Double.NaN),
                        "users who make NaN requests a second are nobody"),
                refused(
                        "a proxy without latencies",
                        shop -> shop.traffic(HaproxySwitcher.haproxy(8000))
                                .judge(Judge.latency(Quantile.P99).atMost(Duration.ofMillis(300))),
                        "needs the times that answers took, and HAProxy on port 8000 does not tell"),
                refused(
                        "a switcher that does not count",
                        shop -> shop.traffic(new dev.nonevent.pipeline.bluegreen.testkit.FakeSwitcher().can(Set.of())),
                        "the judge (error rate at most 1.0 %) needs the counts of requests, and fake switcher does not tell"),
                refused(
                        "probe and switch take longer than the way back may",
                        shop -> shop.rollbackWithin(Duration.ofSeconds(3)),
                        "a rollback may take 3.5 s (3 questions to the old release, then the switch), and has to be done"
                                + " within 3 s"),
                refused(
                        "the health budget is too small for its answers",
                        shop -> shop.health(HealthCheck.http("/health")
                                .every(Duration.ofSeconds(30))
                                .healthyAfter(3)
                                .within(Duration.ofSeconds(60))),
                        "needs 3 good answers, one every 30000 ms, and has only 60000 ms"),
                refused(
                        "a bake with nobody who judges",
                        shop -> BlueGreen.blueGreen("shop")
                                .on(new FakeWorld().host())
                                .traffic(Router.router(8000))
                                .health(HealthCheck.http("/health"))
                                .bake(Duration.ofMinutes(1)),
                        "a bake without a judge proves nothing"),
                refused(
                        "a judge with nothing to look at",
                        shop -> shop.bake(Duration.ZERO),
                        "a judge without a bake has nothing to look at"),
                refused(
                        "hardly a user",
                        shop -> shop.expecting(Double.MIN_VALUE),
                        "users who make 4.9E-324 requests a second are nobody"),
                refused(
                        "more users than there are",
                        shop -> shop.expecting(Double.POSITIVE_INFINITY),
                        "users who make Infinity requests a second are more than there are"),
                refused(
                        "a judge who needs more than come in a year",
                        shop -> shop.judge(Judge.errorRate().atMost(0.01).withAtLeast(Long.MAX_VALUE))
                                .expecting(1),
                        "no release would ever pass; let it need fewer, or say whenInconclusive(PROCEED)"),
                refused(
                        "no time to be back",
                        shop -> shop.rollbackWithin(Duration.ofSeconds(Long.MIN_VALUE)),
                        "a rollback cannot be done within PT-"),
                refused(
                        "less than no time to drain",
                        shop -> shop.drainWithin(Duration.ofSeconds(-1)),
                        "a release can neither be kept nor be drained for less than no time"));
    }

    private static Arguments refused(String name, UnaryOperator<BlueGreen<String>> change, String sentence) {
        return arguments(named(name, change), sentence);
    }

    @ParameterizedTest
    @MethodSource("impossible")
    void whatCannotBeIsRefusedInOneSentence(UnaryOperator<BlueGreen<String>> change, String sentence) {
        assertThat(change.apply(shop()).problems()).singleElement().asString().contains(sentence);
    }

    @Test
    void whatCanBeIsNotRefused() {
        assertThat(shop().expecting(1).problems()).isEmpty();
        assertThat(shop().bake(Duration.ofSeconds(10))
                        .expecting(5)
                        .whenInconclusive(WhenInconclusive.PROCEED)
                        .problems())
                .isEmpty();
        assertThat(shop().traffic(HaproxySwitcher.haproxy(8000)).problems()).isEmpty();
        assertThat(shop().judge(Judge.judgedBy("mondays", sample -> new Judgement.Pass("fine")))
                        .expecting(0.001)
                        .problems())
                .isEmpty();
    }

    @ParameterizedTest
    @CsvSource({
        "PT0S, 0 ms",
        "PT0.0000001S, 1 ms",
        "PT0.999S, 999 ms",
        "PT1.001S, 1.1 s",
        "PT1M59S, 119 s",
        "PT2M, 2 min",
        "PT2M0.01S, 2 min 0.1 s",
        "PT11M37.5S, 11 min 37.5 s"
    })
    void durationsAreRoundedUp(Duration duration, String text) {
        assertThat(WorstCase.duration(duration)).isEqualTo(text);
    }
}
