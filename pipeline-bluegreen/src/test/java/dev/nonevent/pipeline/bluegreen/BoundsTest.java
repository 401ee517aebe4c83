package dev.nonevent.pipeline.bluegreen;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatNullPointerException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Named.named;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import dev.nonevent.pipeline.bluegreen.freeze.FreezeWindow;
import dev.nonevent.pipeline.bluegreen.hook.HookTerms;
import dev.nonevent.pipeline.bluegreen.judge.Judge;
import dev.nonevent.pipeline.bluegreen.router.Router;
import dev.nonevent.pipeline.bluegreen.testkit.FakeWorld;
import dev.nonevent.pipeline.bluegreen.worker.WorkerSignal;
import dev.nonevent.pipeline.deployment.Health;
import dev.nonevent.pipeline.deployment.HealthCheck;
import dev.nonevent.pipeline.outcome.InfrastructureException;
import java.nio.file.Path;
import java.time.DayOfWeek;
import java.time.Duration;
import java.time.LocalTime;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Optional;
import java.util.function.BiFunction;
import java.util.function.Function;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** What is more than can be counted is refused in a plan, and not found out when users have the release. */
@Timeout(60)
class BoundsTest {

    private static final HealthCheck HEALTH = HealthCheck.http("/health");

    private static final Function<String, FreezeWindow> WEEKEND = reason -> new FreezeWindow.Weekly(
            new FreezeWindow.Moment(DayOfWeek.FRIDAY, LocalTime.NOON),
            new FreezeWindow.Moment(DayOfWeek.MONDAY, LocalTime.NOON),
            ZoneOffset.UTC,
            reason);

    private static Canary<String> shop() {
        return Canary.canary("shop")
                .on(new FakeWorld().host())
                .traffic(Router.router(8000))
                .health(HEALTH)
                .step(5, Duration.ofMinutes(1))
                .judge(Judge.errorRate().atMost(0.01));
    }

    static Stream<Arguments> times() {
        return Stream.of(
                time("bake", Canary::bake),
                time("step", (shop, time) -> shop.step(50, time)),
                time("keepOld", Canary::keepOld),
                time("drainWithin", Canary::drainWithin),
                time("rollbackWithin", Canary::rollbackWithin),
                time("progressWithin", Canary::progressWithin),
                time("waitForLock", Canary::waitForLock),
                time("health every", (shop, time) -> shop.health(HEALTH.every(time))),
                time("health within", (shop, time) -> shop.health(HEALTH.within(time))),
                time("smoke every", (shop, time) -> shop.smoke(HEALTH.every(time))),
                time(
                        "hook",
                        (shop, time) -> shop.beforeStart(
                                "migrate", facts -> {}, HookTerms.mustSucceed().within(time))),
                time(
                        "worker signal",
                        (shop, time) -> shop.signal(WorkerSignal.http("/worker").within(time))),
                time("worker file", (shop, time) -> shop.signal(WorkerSignal.file(time))));
    }

    private static Arguments time(String name, BiFunction<Canary<String>, Duration, Canary<String>> declared) {
        return arguments(named(name, declared));
    }

    @ParameterizedTest
    @MethodSource("times")
    void noTimeIsLongerThanAYear(BiFunction<Canary<String>, Duration, Canary<String>> declared) {
        for (Duration time : new Duration[] {Duration.ofDays(366), Duration.ofSeconds(Long.MAX_VALUE)}) {
            Canary<String> shop = declared.apply(shop().expecting(100), time);

            assertThat(shop.problems()).singleElement().asString().contains(time.toString(), "say 365 days at most");
        }
    }

    @ParameterizedTest
    @MethodSource("times")
    void noTimeIsLessThanNone(BiFunction<Canary<String>, Duration, Canary<String>> declared) {
        Canary<String> shop = declared.apply(shop().expecting(100), Duration.ofSeconds(Long.MIN_VALUE));

        assertThat(shop.problems()).singleElement().asString().contains("time");
    }

    @Test
    void theLongestTimesOfAllMakeAPlan() {
        Canary<String> shop = shop().health(
                        HEALTH.every(Bounds.LONGEST.dividedBy(4)).within(Bounds.LONGEST))
                .progressWithin(Bounds.LONGEST)
                .step(50, Bounds.LONGEST)
                .bake(Bounds.LONGEST)
                .expecting(1e9)
                .keepOld(Bounds.LONGEST)
                .drainWithin(Bounds.LONGEST)
                .waitForLock(Bounds.LONGEST)
                .afterSwitch("tell", facts -> {}, HookTerms.mayFail().within(Bounds.LONGEST))
                .signal(WorkerSignal.http("/worker").within(Bounds.LONGEST));

        assertThat(shop.worstCase()).anyMatch(line -> line.startsWith("the whole deployment "));
    }

    static Stream<Arguments> names() {
        return Stream.of(
                name("guard", (shop, name) -> shop.guard(name, release -> Optional.empty())),
                name("hook", (shop, name) -> shop.beforeStart(name, facts -> {})),
                name("hook of a rollback", (shop, name) -> shop.onRollback(name, facts -> {})),
                name("irreversible", Canary::irreversible),
                name("who", (shop, name) -> shop.despiteFreeze(name, "customers cannot pay")),
                name("why", (shop, name) -> shop.despiteFreeze("ada", name)),
                name("freeze", (shop, name) -> shop.freeze(List.of(WEEKEND.apply(name)))),
                name("check", (shop, name) -> shop.smoke(HealthCheck.by(name, address -> new Health.Healthy()))),
                name("path", (shop, name) -> shop.smoke(HealthCheck.http("/" + name))),
                name("worker's path", (shop, name) -> shop.signal(WorkerSignal.http("/" + name))));
    }

    private static Arguments name(String what, BiFunction<Canary<String>, String, Canary<String>> declared) {
        return arguments(named(what, declared));
    }

    @ParameterizedTest
    @MethodSource("names")
    void whatIsToldInOneLineFitsIt(BiFunction<Canary<String>, String, Canary<String>> declared) {
        for (String name : List.of("a\r\nX: y", "a\u2028b", "a\u202eb", "x".repeat(5_000))) {
            List<String> problems = declared.apply(shop(), name).problems().stream()
                    .filter(sentence -> !sentence.startsWith("a canary leaves users on both releases"))
                    .toList();

            assertThat(problems)
                    .singleElement()
                    .asString()
                    .hasSizeLessThan(500)
                    .doesNotContainPattern("[\r\n\u2028\u202e]");
        }
    }

    @Test
    void pathsAreWrittenAsTheyAreSent() {
        assertThat(shop().smoke(HealthCheck.http("/a b")).problems()).hasSize(1);
        assertThat(shop().smoke(HealthCheck.http("/gr\u00fc\u00df")).problems()).hasSize(1);
        assertThat(shop().smoke(HealthCheck.http("/a%20b?deep=1&id=a-1")).problems())
                .isEmpty();
    }

    @Test
    void namesOfAllLanguagesAreNames() {
        assertThat(shop().guard("\u00c4nderungsbeirat \u5be9\u67fb \ud83d\ude80", release -> Optional.empty())
                        .beforeStart("migrate the \"orders\"", facts -> {})
                        .problems())
                .isEmpty();
    }

    @Test
    void whoDeploysInAFreezeAndDoesNotSayWhyIsAProblemOfThePlan() {
        assertThat(shop().despiteFreeze("", " ").problems())
                .containsExactly("who deploys in a freeze says who it is and why it cannot wait; it is written down");
    }

    static Stream<Arguments> missing() {
        return Stream.<UnaryOperator<Canary<String>>>of(
                        shop -> shop.traffic(null),
                        shop -> shop.health(null),
                        shop -> shop.smoke(null),
                        shop -> shop.bake(null),
                        shop -> shop.judge(null),
                        shop -> shop.whenInconclusive(null),
                        shop -> shop.keepOld(null),
                        shop -> shop.drainWithin(null),
                        shop -> shop.rollbackWithin(null),
                        shop -> shop.progressWithin(null),
                        shop -> shop.waitForLock(null),
                        shop -> shop.irreversible(null),
                        shop -> shop.despiteFreeze(null, "customers cannot pay"),
                        shop -> shop.guard("board", null),
                        shop -> shop.guard(null, release -> Optional.empty()),
                        shop -> shop.beforeStart(null, facts -> {}),
                        shop -> shop.beforeStart("migrate", null),
                        shop -> shop.beforeStart("migrate", facts -> {}, null),
                        shop -> shop.onFailure("tell", facts -> {}, null),
                        shop -> shop.signal(null))
                .map(Arguments::arguments);
    }

    @ParameterizedTest
    @MethodSource("missing")
    void whatIsNullIsSaidWhereItIsDeclared(UnaryOperator<Canary<String>> declared) {
        Canary<String> shop = shop();

        assertThatNullPointerException().isThrownBy(() -> declared.apply(shop)).withMessageContaining(" ");
    }

    @Test
    void aGuardThatAnswersNullIsToldSoBeforeAnythingIsBegun(@TempDir Path home) {
        FakeWorld world = new FakeWorld();
        BlueGreen<String> shop = BlueGreen.blueGreen("shop")
                .on(world.host())
                .traffic(world.switcher())
                .health(world.health())
                .guard("board", release -> null);

        assertThatThrownBy(() -> shop.deploy("v1", world.context(home)))
                .isInstanceOf(InfrastructureException.class)
                .hasMessageContaining("the guard \"board\" answered null for v1, so nothing was begun");
    }

    @Test
    void oneIsToldAsOne(@TempDir Path home) throws Exception {
        FakeWorld world = new FakeWorld();
        BlueGreen<String> shop = BlueGreen.blueGreen("shop")
                .on(world.host())
                .traffic(world.switcher())
                .health(world.health().healthyAfter(1));
        shop.deploy("v1", world.context(home));

        assertThat(shop.report(world.context(home)).orElseThrow().toString()).contains("a good answer to GET /health");
        assertThat(shop.down(world.context(home))).contains("1 instance stopped");
    }

    @Test
    void timesBelowZeroAreToldAsTheyWereDeclared() {
        assertThat(shop().step(7, Duration.ofSeconds(-1)).problems())
                .singleElement()
                .asString()
                .endsWith("7 % for PT-1S");
        assertThat(shop().rollbackWithin(Duration.ofSeconds(-1)).problems())
                .containsExactly("a rollback cannot be done within PT-1S; say a time above zero");
    }

    /** As pipelines declared it that were never asked. */
    @Test
    void whatWasDeclaredTooLongDoesNotKeepAReleaseFromBeingStable(@TempDir Path home) throws Exception {
        FakeWorld world = new FakeWorld();
        BlueGreen<String> shop = BlueGreen.blueGreen("shop")
                .on(world.host())
                .traffic(world.switcher())
                .health(world.health())
                .keepOld(Duration.ofSeconds(Long.MAX_VALUE));
        shop.deploy("v1", world.context(home));

        shop.deploy("v2", world.context(home));

        assertThat(shop.recover(world.context(home))).isEmpty();
        assertThat(shop.inspect(world.context(home))).contains("kept warm until 2027-");
    }
}
