package dev.nonevent.pipeline.bluegreen;

import static org.assertj.core.api.Assertions.assertThat;

import dev.nonevent.pipeline.bluegreen.protocol.State;
import dev.nonevent.pipeline.bluegreen.slot.Colour;
import dev.nonevent.pipeline.bluegreen.slot.Target;
import dev.nonevent.pipeline.bluegreen.traffic.Canary;
import dev.nonevent.pipeline.bluegreen.traffic.Route;
import dev.nonevent.pipeline.bluegreen.traffic.Routing;
import dev.nonevent.pipeline.bluegreen.traffic.StaleFenceException;
import dev.nonevent.pipeline.bluegreen.traffic.TrafficUnknownException;
import dev.nonevent.pipeline.deployment.DeploymentFailedException;
import dev.nonevent.pipeline.outcome.InfrastructureException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * Everything that can come in the way comes in the way at every boundary of every story, to the deployer and to whoever finds
 * what it has left; nothing forbidden happens, the next deployment works, and every row of the table was followed.
 */
@Timeout(240)
@Tag("long")
class EveryTransitionTest {

    @TempDir(factory = InMemory.class)
    Path home;

    private final Visited visited = new Visited();
    private int shops;

    /** What comes in the way at a boundary. */
    private enum Trouble {
        DEATH(shop -> {
            throw new Story.Death("");
        }),
        CANCEL(shop -> Thread.currentThread().interrupt()),
        FAILURE(shop -> {
            throw new InfrastructureException("the disk is slow");
        }),
        SILENCE(shop -> {
            throw new TrafficUnknownException("the router does not answer");
        }),
        OVERTAKEN(shop -> {
            throw new StaleFenceException(1, 2);
        });

        final Consumer<Shop> happens;

        Trouble(Consumer<Shop> happens) {
            this.happens = happens;
        }
    }

    @Test
    void everyRowOfTheTableIsFollowedByTheDeployer() throws Exception {
        for (Story story : List.of(
                Story.FIRST,
                Story.THIRD,
                Story.UNHEALTHY,
                Story.FAILS_USERS,
                Story.CANARY,
                Story.CANARY_FAILS_USERS,
                Story.BACK_WARM)) {
            struck(story);
        }
        for (Story story : List.of(
                Story.FIRST, Story.REPLACE, Story.UNHEALTHY, Story.FAILS_USERS, Story.CANARY, Story.BOTH_DEAD)) {
            found(story);
        }
        somebodyActsInBetween();
        foundInTrouble();

        assertThat(visited.unvisited()).as("rows that no test follows").isEmpty();
    }

    /** Death is what the crash sweep is about; here it strikes where something was just written. */
    private void struck(Story story) throws InterruptedException {
        List<String> boundaries = story.boundaries(shop());
        for (Trouble trouble : Trouble.values()) {
            for (int at = 0; at < boundaries.size(); at++) {
                if (trouble == Trouble.FAILURE || boundaries.get(at).matches("after \\w+")) {
                    struck(story, trouble, at);
                }
            }
        }
    }

    private void found(Story story) throws InterruptedException {
        List<String> boundaries = story.boundaries(shop());
        for (Next next : Next.values()) {
            // Before there ever was another release, nobody but the new one can be found with the traffic.
            boolean possible = story != Story.FIRST || next != Next.FINDS_NOBODY_WITH_THE_TRAFFIC;
            for (int at = 0; possible && at < boundaries.size(); at++) {
                if (boundaries.get(at).matches("after \\w+")) {
                    found(story, at, next);
                }
            }
        }
    }

    private void struck(Story story, Trouble trouble, int at) throws InterruptedException {
        Shop shop = shop();
        story.before.accept(shop);
        tried(failpoint -> story.tell(shop, failpoint), at, trouble, shop);
        goesOn(shop, story + ": " + trouble + " at " + at);
    }

    /** Somebody comes to what a dead process has left. */
    private void found(Story story, int at, Next next) throws InterruptedException {
        Shop shop = shop();
        story.before.accept(shop);
        tried(failpoint -> story.tell(shop, failpoint), at, Trouble.DEATH, shop);
        tried(failpoint -> next.doing(shop, failpoint), -1, Trouble.DEATH, shop);
        goesOn(shop, story + ": dead at " + at + ", then " + next);
    }

    private static final Map<Story, String> LAST = Map.of(
            Story.REPLACE, "after Switched",
            Story.FAILS_USERS, "after SwitchingBack",
            Story.BOTH_DEAD, "after NeedsHuman");

    /** Who comes to what a dead process has left meets with trouble too, and then the next one comes. */
    private void foundInTrouble() throws InterruptedException {
        for (Story story : List.of(Story.REPLACE, Story.FAILS_USERS, Story.BOTH_DEAD)) {
            for (Next next : Next.values()) {
                for (Trouble trouble : Trouble.values()) {
                    for (int at = 0; twice(story, next, trouble, at); at++) {
                        // At the next boundary.
                    }
                }
            }
        }
    }

    private boolean twice(Story story, Next next, Trouble trouble, int at) throws InterruptedException {
        String last = LAST.get(story);
        Shop shop = shop();
        story.before.accept(shop);
        int dies = story.boundaries(shop()).indexOf(last);
        tried(failpoint -> story.tell(shop, failpoint), dies, Trouble.DEATH, shop);
        boolean struck = tried(failpoint -> next.doing(shop, failpoint), at, trouble, shop);
        goesOn(shop, story + ": dead " + last + ", then " + next + " and " + trouble + " at " + at);
        return struck;
    }

    /** The world changes exactly when it hurts, and what is left is recovered. */
    private void somebodyActsInBetween() throws InterruptedException {
        between(Story.BACK_WARM, "after Begun", shop -> shop.world.release("v1").isSick());
        between(Story.REPLACE, "after Healthy", shop -> shop.world.release("v2").isSick());
        between(Story.BACK_WARM, "after Begun", shop -> {
            Target warm = shop.standing().last().flatMap(Operation::target).orElseThrow();
            shop.world
                    .switcher()
                    .becomes(new Route(
                            Routing.to(warm), shop.world.switcher().route().fence(), 999));
            Thread.currentThread().interrupt();
        });
        between(Story.REPLACE, "after the effect of Creating", shop -> {
            Target active = shop.world.switcher().route().active().orElseThrow();
            shop.world
                    .switcher()
                    .becomes(new Route(Routing.to(new Target(Colour.GREEN, "shop-2", active.address())), 2, 999));
            throw new InfrastructureException("the host is slow");
        });
        between(Story.REPLACE, "after Draining", shop -> {
            shop.world.host().kill("v1");
            throw new Story.Death("");
        });
        between(Story.FAILS_USERS, "after SwitchingBack", shop -> {
            shop.world.host().kill("v1");
            throw new Story.Death("");
        });
        between(Story.REPLACE, "after Begun", shop -> {
            shop.world
                    .host()
                    .start(
                            "shop",
                            "by-hand",
                            shop.world.host().prepare("v0", shop.context().artifacts(), home),
                            home);
            throw new InfrastructureException("the host is slow");
        });
        whileUsersAreSplit();
        pausedAndPromoted(Story.REPLACE, "after Switched");
        pausedAndPromoted(Story.CANARY, "after Shifted");
        noWayBack();
        strangerBeforeTheFirst();
        failureAfterAPersonWasNeeded();
    }

    private void whileUsersAreSplit() throws InterruptedException {
        between(
                Story.CANARY_FAILS_USERS,
                "after Shifted",
                shop -> shop.world.host().kill("v1"));
        between(Story.CANARY, "after Shifting", shop -> {
            Target all = shop.standing().last().flatMap(Operation::target).orElseThrow();
            shop.world
                    .switcher()
                    .becomes(new Route(
                            Routing.to(all), shop.world.switcher().route().fence(), 999));
            throw new InfrastructureException("the disk is slow");
        });
        between(Story.BACK_WARM, "after Begun", shop -> {
            splits(shop, shop.standing().last().flatMap(Operation::target).orElseThrow());
            Thread.currentThread().interrupt();
        });
        between(Story.REPLACE, "after the effect of Creating", shop -> {
            Target active = shop.world.switcher().route().active().orElseThrow();
            splits(shop, new Target(Colour.GREEN, "shop-2", active.address()));
            throw new InfrastructureException("the host is slow");
        });
    }

    private static void splits(Shop shop, Target canary) {
        Route now = shop.world.switcher().route();
        shop.world
                .switcher()
                .becomes(new Route(now.routing().canary(Canary.of(canary, 10)), now.fence(), now.generation() + 1));
    }

    private void between(Story story, String boundary, Consumer<Shop> act) throws InterruptedException {
        Shop shop = shop();
        story.before.accept(shop);
        Route before = shop.world.switcher().route();
        int at = story.boundaries(shop()).indexOf(boundary);
        int[] passed = {0};
        tried(
                failpoint -> story.tell(shop, name -> {
                    if (passed[0]++ == at) {
                        act.accept(shop);
                    }
                }),
                -1,
                Trouble.DEATH,
                shop);
        if (shop.standing().held().isPresent()) {
            shop.world
                    .switcher()
                    .becomes(new Route(
                            before.routing(), shop.world.switcher().route().fence(), 1_000));
        }
        tried(failpoint -> Next.RECOVERS.doing(shop, failpoint), -1, Trouble.DEATH, shop);
        goesOn(shop, story + ": " + boundary);
    }

    private void failureAfterAPersonWasNeeded() throws InterruptedException {
        Shop shop = shop();
        Story.BOTH_DEAD.before.accept(shop);
        tried(failpoint -> Story.BOTH_DEAD.tell(shop, failpoint), -1, Trouble.DEATH, shop);
        tried(
                failpoint -> shop.blueGreen()
                        .dyingAt(boundary -> {
                            if (boundary.equals("before Begun")) {
                                throw new InfrastructureException("the disk is slow");
                            }
                        })
                        .deploy("v3", shop.context()),
                -1,
                Trouble.DEATH,
                shop);
        goesOn(shop, "a failure after a person was needed");
    }

    private void pausedAndPromoted(Story story, String boundaryOfUsers) throws InterruptedException {
        Shop shop = shop();
        story.before.accept(shop);
        story.tell(shop, boundary -> {
            if (boundary.equals(boundaryOfUsers)) {
                shop.blueGreen().pause(shop.context());
            } else if (boundary.equals("after Paused")) {
                shop.blueGreen().promote(shop.context());
            }
        });
        assertThat(shop.world.served()).contains("v2");
        goesOn(shop, story + ": paused and promoted");
    }

    private void noWayBack() throws InterruptedException {
        Shop shop = shop();
        Story.FAILS_USERS.before.accept(shop);
        tried(
                failpoint -> shop.blueGreen().irreversible("drop column").deploy("v2", shop.context()),
                -1,
                Trouble.DEATH,
                shop);
        assertThat(shop.standing().state()).isEqualTo(State.NEEDS_HUMAN);
        goesOn(shop, "no way back");
    }

    private void strangerBeforeTheFirst() throws InterruptedException {
        Shop shop = shop();
        shop.world.switcher().open("shop", home);
        tried(failpoint -> Next.FINDS_A_STRANGER.doing(shop, failpoint), -1, Trouble.DEATH, shop);
        goesOn(shop, "a stranger before the first deployment");
    }

    private void goesOn(Shop shop, String where) throws InterruptedException {
        assertThat(shop.world.violations()).as(where).isEmpty();
        shop.deploy("v9");
        assertThat(shop.world.served()).as(where).contains("v9");
        assertThat(shop.world.violations()).as(where).isEmpty();
    }

    /** What may meet with trouble. */
    private interface Doing {
        void with(Failpoint failpoint) throws InterruptedException;
    }

    /** @return whether it has come so far */
    private static boolean tried(Doing doing, int at, Trouble trouble, Shop shop) {
        int[] passed = {0};
        try {
            doing.with(boundary -> {
                if (passed[0]++ == at) {
                    trouble.happens.accept(shop);
                }
            });
        } catch (Story.Death | InterruptedException | InfrastructureException | DeploymentFailedException e) {
            // Whatever came of it: what follows has to put it right.
        } finally {
            Thread.interrupted();
        }
        return passed[0] > at;
    }

    private Shop shop() {
        return new Shop(home.resolve("shop-" + shops++), visited);
    }
}
