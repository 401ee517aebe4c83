package dev.nonevent.pipeline.bluegreen.testkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import dev.nonevent.pipeline.bluegreen.slot.Colour;
import dev.nonevent.pipeline.bluegreen.slot.Target;
import dev.nonevent.pipeline.bluegreen.traffic.Admission;
import dev.nonevent.pipeline.bluegreen.traffic.Canary;
import dev.nonevent.pipeline.bluegreen.traffic.Capability;
import dev.nonevent.pipeline.bluegreen.traffic.Counts;
import dev.nonevent.pipeline.bluegreen.traffic.Routing;
import dev.nonevent.pipeline.bluegreen.traffic.Traffic;
import dev.nonevent.pipeline.deployment.Blueprint;
import dev.nonevent.pipeline.deployment.Health;
import dev.nonevent.pipeline.deployment.Instance;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** What users meet in a fake world is what its releases were told to do. */
class FakeWorldTest {

    private static final Path NOWHERE = Path.of("nowhere");
    private static final Duration SECOND = Duration.ofSeconds(1);

    private final FakeWorld world = new FakeWorld();
    private final Traffic traffic = world.switcher().open("shop", NOWHERE);

    private Target started(Colour colour, String release) throws InterruptedException {
        Instance instance =
                world.host().start("shop", "shop-" + release, new Blueprint("", Map.of("artifact", release)), NOWHERE);
        world.health().probe(instance);
        return new Target(colour, instance.deployment(), instance.address());
    }

    private Counts counts(String release) {
        return traffic.counts().stream()
                .filter(counts -> counts.deployment().equals("shop-" + release))
                .findFirst()
                .orElseThrow();
    }

    @Test
    void usersAskAsOftenAsTheyDoAndFailAsOftenAsTheReleaseWasTold() throws Exception {
        world.requests(50).release("v1").fails(0.1).answersIn(Duration.ofMillis(300));
        traffic.switchTo(started(Colour.BLUE, "v1"), 1);

        world.time().sleep(SECOND.multipliedBy(10));

        assertThat(counts("v1").requests()).isEqualTo(500);
        assertThat(counts("v1").failed()).isEqualTo(50);
        assertThat(counts("v1").firstFailedAt()).isPresent();
        assertThat(counts("v1").latencies().quantile(0.99)).contains(Duration.ofMillis(300));
        assertThat(world.seenToFail()).isEqualTo(50);
        assertThat(world.exposure("v1")).isEqualTo(SECOND.multipliedBy(10));
    }

    @Test
    void releaseThatDiesIsGoneFromThatMomentOn() throws Exception {
        world.release("v1").diesAfter(Duration.ofSeconds(5));
        Target target = started(Colour.BLUE, "v1");
        world.time().pass(SECOND.multipliedBy(60));
        traffic.switchTo(target, 1);

        world.time().pass(SECOND.multipliedBy(8));

        assertThat(counts("v1").requests()).isEqualTo(1_600);
        assertThat(counts("v1").failed()).isEqualTo(600);
        assertThat(world.served()).isEmpty();
        assertThat(world.host().releases()).isEmpty();
        assertThat(world.health().probe(target.address())).isInstanceOf(Health.Unhealthy.class);
    }

    @Test
    void standbyAnswersWhatAReleaseFailsIfItMay() throws Exception {
        world.safe(0.5).release("v2").fails(1);
        Target stable = started(Colour.BLUE, "v1");
        traffic.switchTo(Routing.to(started(Colour.GREEN, "v2")).standby(stable), 1);

        world.time().pass(SECOND);

        assertThat(counts("v2").failed()).isEqualTo(200);
        assertThat(counts("v2").replayed()).isEqualTo(100);
        assertThat(world.seenToFail()).isEqualTo(100);
    }

    @Test
    void canaryGetsItsPartOfTheRequests() throws Exception {
        Target stable = started(Colour.BLUE, "v1");
        traffic.switchTo(Routing.to(stable).canary(Canary.of(started(Colour.GREEN, "v2"), 5)), 1);

        world.time().pass(SECOND);

        assertThat(counts("v1").requests()).isEqualTo(190);
        assertThat(counts("v2").requests()).isEqualTo(10);
    }

    @Test
    void nobodyIsCountedWhoIsNotLetIn() throws Exception {
        Target target = started(Colour.BLUE, "v1");
        traffic.switchTo(Routing.to(target).admission(new Admission.Stopped("back at nine")), 1);

        world.time().pass(SECOND);

        assertThat(traffic.counts()).isEmpty();
    }

    @Test
    void routerThatIsGoneAnswersNobody() throws Exception {
        traffic.switchTo(started(Colour.BLUE, "v1"), 1);

        world.switcher().kill();
        world.time().pass(SECOND);

        assertThat(world.served()).isEmpty();
        assertThat(world.seenToFail()).isEqualTo(200);
    }

    @Test
    void whoCannotCountDoesNot() throws Exception {
        world.switcher().can(Set.of(Capability.COUNTS));
        traffic.switchTo(started(Colour.BLUE, "v1"), 1);
        world.time().pass(SECOND);
        assertThat(counts("v1").latencies().total()).isZero();

        world.switcher().can(Set.of());

        assertThat(traffic.counts()).isEmpty();
    }

    @Test
    void whatMustNeverHappenIsWrittenDown() throws Exception {
        Target target = new Target(Colour.BLUE, "shop-0", java.net.URI.create("http://127.0.0.1:1"));
        traffic.switchTo(target, 1);
        Target serving = started(Colour.GREEN, "v1");
        traffic.switchTo(serving, 1);
        world.host().stop(new Instance("1@7", "shop-v1", serving.address()), Duration.ZERO);

        assertThat(world.violations())
                .containsExactly(
                        "traffic was given to shop-0, which has never answered",
                        "stopped shop-v1 while it had the traffic",
                        "stopped shop-v1, the last one that ran");
    }

    @Test
    void timePassesOnlyWhenSomebodyWaits() throws Exception {
        var before = world.time().now();

        world.time().sleep(Duration.ofHours(1));

        assertThat(world.time().now()).isEqualTo(before.plusSeconds(3_600));
        assertThat(world.time().elapsed()).isEqualTo(Duration.ofHours(1));
    }

    @Test
    void shareThatIsNoneIsRefused() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> world.release("v1").fails(3))
                .withMessage("a share of failing requests is from 0 to 1, not 3.0");
    }
}
