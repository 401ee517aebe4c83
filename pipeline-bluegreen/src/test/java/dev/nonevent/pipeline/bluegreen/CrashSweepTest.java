package dev.nonevent.pipeline.bluegreen;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * Dies at every boundary of every story, recovers, recovers again, deploys the next release. The boundaries are those a
 * whole run has passed, so none can be forgotten. Recovery dies at each of its own boundaries too.
 */
@Timeout(120)
class CrashSweepTest {

    @TempDir(factory = InMemory.class)
    Path home;

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
            boolean bad = story == Story.UNHEALTHY || story == Story.FAILS_USERS || story == Story.CANARY_FAILS_USERS;
            assertThat(shop.world.served().get()).isNotEqualTo(bad ? "v2" : "");
            assertThat(shop.world.switcher().route().routing().canary())
                    .as("users who are split")
                    .isEmpty();
        }
        assertThat(shop.world.host().releases())
                .as("the one that serves and at most one kept warm")
                .hasSizeLessThanOrEqualTo(2);
    }

    private static void nextDeploymentWorks(Shop shop) throws InterruptedException {
        shop.deploy("v9");

        assertThat(shop.world.served()).contains("v9");
        assertThat(shop.world.violations()).isEmpty();
        assertThat(shop.world.host().releases()).hasSizeLessThanOrEqualTo(2);
    }

    private List<Integer> boundaries(Story story) {
        List<Integer> boundaries = new ArrayList<>();
        Shop shop = shop("whole-" + story);
        story.before.accept(shop);
        try {
            story.tell(shop, boundary -> boundaries.add(boundaries.size()));
        } catch (InterruptedException e) {
            throw new AssertionError(e);
        }
        assertThat(boundaries).hasSizeGreaterThan(15);
        return boundaries;
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
