package dev.nonevent.pipeline.bluegreen;

import static org.assertj.core.api.Assertions.assertThat;

import dev.nonevent.pipeline.bluegreen.protocol.State;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * Dies at every boundary of every story, recovers, recovers again, deploys the next release. The boundaries are those a
 * whole run has passed, so none can be forgotten. Recovery dies at each of its own boundaries too.
 */
@Timeout(120)
@Tag("long")
class CrashSweepTest {

    @TempDir(factory = InMemory.class)
    Path home;

    private int wholes;

    @TestFactory
    Stream<DynamicTest> afterADeathAtAnyBoundaryOneProvenReleaseServes() {
        return Stream.of(Story.values())
                .filter(story -> story != Story.BOTH_DEAD)
                .flatMap(story -> boundaries(story).stream()
                        .map(boundary -> DynamicTest.dynamicTest(
                                story + ": " + boundary, () -> dieAndRecover(story, boundary))));
    }

    @TestFactory
    Stream<DynamicTest> recoveryMayDieAtAnyBoundaryToo() {
        return Stream.of(Story.REPLACE, Story.FAILS_USERS, Story.BACK_WARM, Story.CANARY, Story.CANARY_FAILS_USERS)
                .flatMap(story -> boundaries(story).stream()
                        .map(boundary -> DynamicTest.dynamicTest(
                                story + ": " + boundary, () -> dieWhileRecovering(story, boundary))));
    }

    /** Of those that go another way only after the switch, where they do. */
    @TestFactory
    Stream<DynamicTest> recoveryOfWhatIsProvenOrTakenBackMayDieAtAnyBoundaryToo() {
        return Stream.of(
                        Story.BACK_COLD,
                        Story.PAUSED,
                        Story.SUPERSEDED,
                        Story.CANARY_PAUSED,
                        Story.CANARY_SUPERSEDED,
                        Story.IRREVERSIBLE,
                        Story.IRREVERSIBLE_FAILS_USERS)
                .flatMap(story -> deciding(story).stream()
                        .map(boundary -> DynamicTest.dynamicTest(
                                story + ": " + boundary, () -> dieWhileRecovering(story, boundary))));
    }

    @TestFactory
    Stream<DynamicTest> whoRecoversAPausedReleaseBakesItAgainFromTheBeginningAndWaitsForNobody() {
        return deciding(Story.PAUSED).stream()
                .map(boundary -> DynamicTest.dynamicTest("" + boundary, () -> bakesAgain(boundary)));
    }

    private void bakesAgain(int death) throws InterruptedException {
        Shop shop = shop("paused-" + death);
        die(Story.PAUSED, shop, death);
        boolean baking = shop.standing().state() == State.BAKING;
        Duration before = shop.world.time().elapsed();

        List<String> said = shop.blueGreen().recover(shop.context());

        assertThat(shop.standing().paused()).isEmpty();
        if (baking) {
            assertThat(said).singleElement().asString().contains("users had it already, and it is stable now");
            assertThat(shop.world.time().elapsed().minus(before)).isBetween(Shop.BAKE, Shop.BAKE.multipliedBy(2));
        }
    }

    @TestFactory
    Stream<DynamicTest> theNextReleaseMayBeTheFirstToLookAfterADeath() {
        return Stream.of(Story.values())
                .filter(story -> story != Story.BOTH_DEAD)
                .flatMap(story -> boundaries(story).stream()
                        .map(boundary ->
                                DynamicTest.dynamicTest(story + ": " + boundary, () -> dieAndDeploy(story, boundary))));
    }

    private void dieAndDeploy(Story story, int death) throws InterruptedException {
        Shop shop = shop("next-" + story + "-" + death);
        die(story, shop, death);
        boolean crossed = story.isIrreversible() && shop.switches().contains("shop-2");

        nextDeploymentWorks(shop);

        if (crossed) {
            neverBack(shop);
        }
    }

    private void dieAndRecover(Story story, int death) throws InterruptedException {
        Shop shop = shop("once-" + story + "-" + death);
        die(story, shop, death);

        shop.blueGreen().recover(shop.context());

        settled(shop, story);
        List<String> again = shop.blueGreen().recover(shop.context());
        assertThat(again).as("recovering again changes nothing").isEmpty();
        nextDeploymentWorks(shop);
    }

    private void dieWhileRecovering(Story story, int death) throws InterruptedException {
        for (int second = 0; ; second++) {
            Shop shop = shop("twice-" + story + "-" + death + "-" + second);
            die(story, shop, death);

            boolean died = died(second, failpoint -> {
                shop.blueGreen().dyingAt(failpoint).recover(shop.context());
            });
            shop.blueGreen().recover(shop.context());

            settled(shop, story);
            nextDeploymentWorks(shop);
            if (!died) {
                return;
            }
        }
    }

    private void settled(Shop shop, Story story) {
        assertThat(shop.world.violations()).isEmpty();
        if (story != Story.FIRST || shop.world.switcher().route().active().isPresent()) {
            assertThat(shop.world.served()).as("who serves").isPresent();
            if (story.isIrreversible() && shop.switches().contains("shop-2")) {
                neverBack(shop);
                assertThat(shop.world.served()).contains("v2");
            } else if (story.isBad()) {
                assertThat(shop.world.served().get()).isNotEqualTo("v2");
            }
            if (story == Story.CANARY_WITH_TESTERS) {
                assertThat(shop.world.switcher().routings())
                        .flatExtracting(routing -> routing.canary().stream().toList())
                        .allSatisfy(part -> assertThat(part.header()).contains(Shop.TESTERS));
            }
            assertThat(shop.world.switcher().route().routing().canary())
                    .as("users who are split")
                    .isEmpty();
        }
        assertThat(shop.world.host().releases())
                .as("the one that serves and at most one kept warm")
                .hasSizeLessThanOrEqualTo(2);
    }

    private static void neverBack(Shop shop) {
        List<String> switches = shop.switches();
        assertThat(switches.subList(switches.indexOf("shop-2"), switches.size()))
                .as("over what cannot be undone")
                .doesNotContain("shop-1");
    }

    private static void nextDeploymentWorks(Shop shop) throws InterruptedException {
        shop.deploy("v9");

        assertThat(shop.world.served()).contains("v9");
        assertThat(shop.world.violations()).isEmpty();
        assertThat(shop.world.host().releases()).hasSizeLessThanOrEqualTo(2);
    }

    private List<Integer> boundaries(Story story) {
        return IntStream.range(0, names(story).size()).boxed().toList();
    }

    /** From when users are first to be moved until it is decided who keeps them. */
    private List<Integer> deciding(Story story) {
        List<String> names = names(story);
        int first = first(names, "after Shifting", "after Switching");
        int last = first(names, "after Committed", "after SwitchedBack", "after NeedsHuman");
        return IntStream.rangeClosed(first, last).boxed().toList();
    }

    private static int first(List<String> names, String... wanted) {
        return Stream.of(wanted)
                .mapToInt(names::indexOf)
                .filter(place -> place >= 0)
                .min()
                .orElseThrow();
    }

    private List<String> names(Story story) {
        List<String> names = new ArrayList<>();
        Shop shop = shop("whole-" + story + "-" + wholes++);
        story.before.accept(shop);
        try {
            story.tell(shop, names::add);
        } catch (InterruptedException e) {
            throw new AssertionError(e);
        }
        assertThat(names).hasSizeGreaterThan(15);
        return names;
    }

    private void die(Story story, Shop shop, int death) throws InterruptedException {
        story.before.accept(shop);
        assertThat(died(death, failpoint -> story.tell(shop, failpoint))).isTrue();
    }

    /** What may die. */
    private interface Doing {
        void with(Failpoint failpoint) throws InterruptedException;
    }

    private static boolean died(int death, Doing doing) throws InterruptedException {
        int[] passed = {0};
        try {
            doing.with(boundary -> {
                if (passed[0]++ == death) {
                    throw new Story.Death(boundary);
                }
            });
            return false;
        } catch (Story.Death e) {
            return true;
        }
    }

    private Shop shop(String name) {
        return new Shop(home.resolve(name));
    }
}
