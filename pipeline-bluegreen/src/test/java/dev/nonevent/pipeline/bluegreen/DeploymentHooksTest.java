package dev.nonevent.pipeline.bluegreen;

import static dev.nonevent.pipeline.bluegreen.hook.HookTerms.mayFail;
import static dev.nonevent.pipeline.bluegreen.hook.HookTerms.mustSucceed;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.nonevent.pipeline.bluegreen.hook.HookFacts;
import dev.nonevent.pipeline.bluegreen.ledger.FileLedger;
import dev.nonevent.pipeline.bluegreen.ledger.LedgerEntry;
import dev.nonevent.pipeline.bluegreen.ledger.LedgerLine;
import dev.nonevent.pipeline.bluegreen.ledger.Moment;
import dev.nonevent.pipeline.bluegreen.slot.Colour;
import dev.nonevent.pipeline.deployment.DeploymentFailedException;
import dev.nonevent.pipeline.deployment.Release;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.Test;

/** What a pipeline does at the moments of a deployment. */
class DeploymentHooksTest extends InAShop {

    private final List<String> ran = new CopyOnWriteArrayList<>();

    @Test
    void beforeTheStartNothingOfItRunsAndTheStableReleaseIsTold() throws Exception {
        shop.deploy("v1");
        List<HookFacts.BeforeStart> told = new CopyOnWriteArrayList<>();

        shop.blueGreen()
                .beforeStart("migrate", facts -> {
                    told.add(facts);
                    ran.add("migrate while " + world.host().releases() + " run");
                })
                .deploy("v2", shop.context());

        assertThat(ran).containsExactly("migrate while [v1] run");
        assertThat(told).singleElement().satisfies(facts -> {
            assertThat(facts.application()).isEqualTo("shop");
            assertThat(facts.deployment()).isEqualTo("shop-2");
            assertThat(facts.release().version()).isEqualTo("v2");
            assertThat(facts.colour()).isEqualTo(Colour.GREEN);
            assertThat(facts.stable().map(Release::version)).contains("v1");
        });
        assertThat(shop.lines).anyMatch(line -> line.startsWith("hook \"migrate\" before the start is done after"));
    }

    @Test
    void aHookThatFailsBeforeTheStartKeepsItFromBeingStarted() throws Exception {
        shop.deploy("v1");

        assertThatThrownBy(() -> shop.blueGreen()
                        .beforeStart("migrate", facts -> {
                            throw new IllegalStateException("table orders is locked");
                        })
                        .beforeStart("never", facts -> ran.add("never"))
                        .deploy("v2", shop.context()))
                .isInstanceOf(DeploymentFailedException.class)
                .hasMessage(
                        "v2 was refused before it got traffic: the hook \"migrate\" before the start has failed: table"
                                + " orders is locked; traffic is on blue (v1)");
        assertThat(world.host().started()).isEqualTo(1);
        assertThat(ran).isEmpty();
    }

    @Test
    void beforeTheSwitchItHasPassedEveryCheckAndNoUserHasIt() throws Exception {
        shop.deploy("v1");
        List<HookFacts.BeforeSwitch> told = new CopyOnWriteArrayList<>();

        shop.blueGreen()
                .beforeSwitch("warm", facts -> {
                    told.add(facts);
                    ran.add("warm while " + world.served() + " serves");
                })
                .deploy("v2", shop.context());

        assertThat(ran).containsExactly("warm while Optional[v1] serves");
        assertThat(told).singleElement().satisfies(facts -> {
            assertThat(facts.address()).hasToString("http://127.0.0.1:40002");
            assertThat(facts.percent()).isEqualTo(100);
        });
        assertThat(shop.lines)
                .containsSubsequence(
                        "v2 is healthy: 3 good answers in a row to GET /health after 1000 ms",
                        "traffic is on green (v2)");
    }

    @Test
    void aHookThatFailsBeforeTheSwitchKeepsItFromTraffic() throws Exception {
        shop.deploy("v1");

        assertThatThrownBy(() -> shop.blueGreen()
                        .beforeSwitch("warm", facts -> {
                            throw new IllegalStateException("cold");
                        })
                        .deploy("v2", shop.context()))
                .hasMessageContaining("the hook \"warm\" before the switch has failed: cold");
        assertThat(shop.switches()).containsExactly("shop-1");
        assertThat(world.host().releases()).containsExactly("v1");
    }

    @Test
    void aHookThatMayFailIsSaidAndWrittenDownAndTheDeploymentGoesOn() throws Exception {
        shop.blueGreen()
                .beforeSwitch(
                        "tell",
                        facts -> {
                            throw new IllegalStateException("nobody\nlistens");
                        },
                        mayFail())
                .deploy("v1", shop.context());

        assertThat(world.served()).contains("v1");
        assertThat(shop.lines).contains("the hook \"tell\" before the switch has failed: nobody listens");
        assertThat(ended())
                .containsExactly(new LedgerEntry.HookEnded(
                        "shop-1", Moment.BEFORE_SWITCH, "tell", Optional.of("nobody listens")));
    }

    @Test
    void ofACanaryTheHookBeforeTheSwitchRunsOnceBeforeItsFirstStep() throws Exception {
        shop.deploy("v1");

        Shop.canaryIn(world)
                .beforeSwitch("warm", facts -> ran.add(facts.percent() + " % next"))
                .deploy("v2", shop.context());

        assertThat(ran).containsExactly("5 % next");
    }

    @Test
    void aReleaseThatDiesDuringTheHookNeverReceivesTraffic() throws Exception {
        shop.deploy("v1");

        assertThatThrownBy(() -> shop.blueGreen()
                        .beforeSwitch("kill", facts -> world.host().kill("v2"))
                        .deploy("v2", shop.context()))
                .hasMessageContaining("its process ended right before the switch");
    }

    @Test
    void aHookThatOutlastsItsTimeIsInterruptedAndHasFailed() throws Exception {
        CountDownLatch interrupted = new CountDownLatch(1);

        assertThatThrownBy(() -> shop.blueGreen()
                        .beforeStart(
                                "slow",
                                facts -> {
                                    try {
                                        new CountDownLatch(1).await();
                                    } catch (InterruptedException e) {
                                        interrupted.countDown();
                                    }
                                },
                                mustSucceed().within(Duration.ofSeconds(1)))
                        .deploy("v1", shop.context()))
                .hasMessageContaining("the hook \"slow\" before the start has failed: it did not end within 1 s");
        interrupted.await();
    }

    @Test
    void aHookThatDoesNotHeedTheInterruptHoldsNobodyUp() throws Exception {
        CountDownLatch free = new CountDownLatch(1);
        try {
            shop.blueGreen()
                    .beforeStart(
                            "deaf", facts -> uninterruptibly(free), mayFail().within(Duration.ofSeconds(1)))
                    .deploy("v1", shop.context());

            assertThat(world.served()).contains("v1");
        } finally {
            free.countDown();
        }
    }

    @Test
    void aCancelDuringAHookUndoesTheDeployment() throws Exception {
        shop.deploy("v1");
        Thread deploying = Thread.currentThread();

        assertThatThrownBy(() -> shop.blueGreen()
                        .beforeSwitch("cancel", facts -> {
                            deploying.interrupt();
                            new CountDownLatch(1).await();
                        })
                        .deploy("v2", shop.context()))
                .isInstanceOf(InterruptedException.class);
        assertThat(world.served()).contains("v1");
        assertThat(world.host().releases()).containsExactly("v1");
    }

    @Test
    void whatADeadProcessLeftIsUndoneWithoutItsHooksBeforeTheStart() throws Exception {
        shop.deploy("v1");
        var declared = shop.blueGreen().beforeStart("migrate", facts -> ran.add("migrate"));
        dies("after the effect of a hook", declared);

        declared.recover(shop.context());

        assertThat(ran).containsExactly("migrate");
        assertThat(world.served()).contains("v1");
    }

    @Test
    void afterTheSwitchAllUsersHaveItAndItIsNotStableBeforeTheHookHasEnded() throws Exception {
        shop.deploy("v1");

        shop.blueGreen()
                .afterSwitch("tell", facts -> {
                    ran.add("tell of " + facts.address() + " while " + world.served() + " serves");
                    world.time().sleep(Shop.BAKE.multipliedBy(2));
                    ran.add("told");
                })
                .deploy("v2", shop.context());

        assertThat(ran).containsExactly("tell of http://127.0.0.1:40002 while Optional[v2] serves", "told");
        assertThat(position("hook \"tell\" after the switch is done")).isLessThan(position("v2 is stable"));
    }

    @Test
    void aHookThatFailsAfterTheSwitchBringsUsersBack() throws Exception {
        shop.deploy("v1");

        assertThatThrownBy(() -> shop.blueGreen()
                        .afterSwitch("check", facts -> {
                            throw new IllegalStateException("no orders come in");
                        })
                        .deploy("v2", shop.context()))
                .hasMessageStartingWith(
                        "rolled back: the hook \"check\" after the switch has failed: no orders come in;"
                                + " traffic back on blue (v1)");
        assertThat(world.served()).contains("v1");
    }

    @Test
    void aReleaseThatFailsItsUsersIsTakenBackWhileAHookAfterTheSwitchStillRuns() throws Exception {
        shop.deploy("v1");
        world.release("v2").fails(1.0);

        assertThatThrownBy(() -> shop.blueGreen()
                        .afterSwitch("long", facts -> new CountDownLatch(1).await())
                        .deploy("v2", shop.context()))
                .hasMessageStartingWith("rolled back: 100.0 % of");
        assertThat(world.exposure("v2")).isLessThan(Duration.ofSeconds(1));
    }

    @Test
    void ofACanaryTheHookAfterTheSwitchRunsWhenAllUsersHaveIt() throws Exception {
        shop.deploy("v1");

        Shop.canaryIn(world)
                .afterSwitch(
                        "tell",
                        facts -> ran.add(world.switcher().route().routing().canary() + " is left"))
                .deploy("v2", shop.context());

        assertThat(ran).containsExactly("Optional.empty is left");
    }

    @Test
    void theFirstReleaseStaysIfAHookAfterTheSwitchFailsForThereIsNoOther() throws Exception {
        shop.blueGreen()
                .afterSwitch("check", facts -> {
                    throw new IllegalStateException("nobody knows us");
                })
                .deploy("v1", shop.context());

        assertThat(world.served()).contains("v1");
        assertThat(shop.lines)
                .last()
                .asString()
                .isEqualTo(
                        "v1 is stable: it is the only release there is; the hook \"check\" after the switch has failed:"
                                + " nobody knows us");
    }

    @Test
    void whatADeadProcessWasDoingIsDoneOnceMore() throws Exception {
        shop.deploy("v1");
        var declared = shop.blueGreen().afterSwitch("tell", facts -> ran.add("tell"));
        dies("after the effect of a hook", declared);

        declared.recover(shop.context());

        assertThat(ran).containsExactly("tell", "tell");
        assertThat(world.served()).contains("v2");
    }

    @Test
    void whatADeadProcessHasSeenEndWellIsNotDoneAgain() throws Exception {
        shop.deploy("v1");
        var declared = shop.blueGreen().afterSwitch("tell", facts -> ran.add("tell"));
        dies("after HookEnded", declared);

        declared.recover(shop.context());

        assertThat(ran).containsExactly("tell");
        assertThat(world.served()).contains("v2");
    }

    @Test
    void aHookThatHasFailedBeforeADeathIsNotTakenForOneThatDidNot() throws Exception {
        shop.deploy("v1");
        var declared = shop.blueGreen().afterSwitch("check", facts -> {
            throw new IllegalStateException("no orders come in");
        });
        dies("after HookEnded", declared);

        declared.recover(shop.context());

        assertThat(world.served()).contains("v1");
    }

    private void dies(String where, BlueGreen<String> declared) {
        assertThatThrownBy(() -> declared.dyingAt(boundary -> {
                            if (boundary.equals(where)) {
                                throw new Story.Death(boundary);
                            }
                        })
                        .deploy("v2", shop.context()))
                .isInstanceOf(Story.Death.class);
    }

    private int position(String beginning) {
        return shop.lines.indexOf(shop.lines.stream()
                .filter(line -> line.startsWith(beginning))
                .findFirst()
                .orElseThrow());
    }

    @Test
    void thePlanNamesEveryHook() {
        assertThat(shop.blueGreen()
                        .beforeStart("migrate", facts -> {})
                        .beforeSwitch("tell", facts -> {}, mayFail().within(Duration.ofSeconds(10)))
                        .worstCase())
                .contains(
                        "hook \"migrate\" before the start, 60 s at most; the release is refused if it fails",
                        "hook \"tell\" before the switch, 10 s at most; it may fail");
        assertThat(shop.blueGreen()
                        .beforeStart("migrate", facts -> {})
                        .longest()
                        .orElseThrow())
                .isEqualTo(shop.blueGreen().longest().orElseThrow().plus(Duration.ofMinutes(1)));
    }

    @Test
    void hooksThatNobodyCouldTellApartAreRefused() {
        assertThat(shop.blueGreen()
                        .beforeStart(" ", facts -> {})
                        .beforeSwitch("warm", facts -> {})
                        .beforeSwitch("warm", facts -> {})
                        .beforeStart("warm", facts -> {}, mayFail().within(Duration.ZERO))
                        .problems())
                .containsExactly(
                        "a hook before the start has no name, and nobody could say which one has failed; give it one",
                        "there are two hooks \"warm\" before the switch, and nobody could tell them apart; give one"
                                + " another name",
                        "the hook \"warm\" before the start has PT0S to run; say a time above zero");
    }

    private static void uninterruptibly(CountDownLatch free) {
        while (free.getCount() > 0) {
            try {
                free.await();
            } catch (InterruptedException e) {
                // Deaf, as the test wants it.
            }
        }
    }

    private List<LedgerEntry.HookEnded> ended() {
        List<LedgerEntry.HookEnded> ended = new ArrayList<>();
        for (LedgerLine line : FileLedger.in(home.resolve("deployments/shop"), "shop", world.time())
                .read()) {
            if (line.entry() instanceof LedgerEntry.HookEnded hook) {
                ended.add(hook);
            }
        }
        return ended;
    }
}
