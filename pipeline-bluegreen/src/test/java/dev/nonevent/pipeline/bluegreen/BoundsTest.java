package dev.nonevent.pipeline.bluegreen;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Named.named;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import dev.nonevent.pipeline.bluegreen.hook.HookTerms;
import dev.nonevent.pipeline.bluegreen.judge.Judge;
import dev.nonevent.pipeline.bluegreen.router.Router;
import dev.nonevent.pipeline.bluegreen.testkit.FakeWorld;
import dev.nonevent.pipeline.bluegreen.worker.WorkerSignal;
import dev.nonevent.pipeline.deployment.HealthCheck;
import java.nio.file.Path;
import java.time.Duration;
import java.util.function.BiFunction;
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
