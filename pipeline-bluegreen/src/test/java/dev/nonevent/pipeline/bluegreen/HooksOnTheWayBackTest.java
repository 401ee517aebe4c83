package dev.nonevent.pipeline.bluegreen;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.nonevent.pipeline.bluegreen.hook.HookFacts;
import dev.nonevent.pipeline.bluegreen.ledger.FileLedger;
import dev.nonevent.pipeline.bluegreen.ledger.LedgerEntry;
import dev.nonevent.pipeline.bluegreen.ledger.LedgerLine;
import dev.nonevent.pipeline.bluegreen.protocol.State;
import dev.nonevent.pipeline.deployment.DeploymentFailedException;
import dev.nonevent.pipeline.deployment.Release;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.Test;

/** What a pipeline does when users are brought back, or never came. */
class HooksOnTheWayBackTest extends InAShop {

    private final List<String> ran = new CopyOnWriteArrayList<>();

    @Test
    void whoAbortsDuringAHookKeepsUsersWhereTheyAre() throws Exception {
        shop.deploy("v1");

        assertThatThrownBy(() -> shop.blueGreen()
                        .beforeSwitch("long", facts -> {
                            shop.blueGreen().abort(shop.context());
                            new CountDownLatch(1).await();
                        })
                        .deploy("v2", shop.context()))
                .hasMessageContaining("it was aborted by");
        assertThat(shop.switches()).containsExactly("shop-1");
    }

    @Test
    void aWayBackByHandRunsNoHookThatCouldStopIt() throws Exception {
        shop.deploy("v1");
        shop.deploy("v2");
        world.host().kill("v1");

        shop.blueGreen()
                .beforeStart("never", facts -> ran.add("never"))
                .beforeSwitch("never", facts -> ran.add("never"))
                .rollBack(shop.context());

        assertThat(world.served()).contains("v1");
        assertThat(ran).isEmpty();
    }

    @Test
    void onARollbackUsersAreBackAndWhatTheyHadStillRuns() throws Exception {
        shop.deploy("v1");
        world.release("v2").fails(1.0);
        List<HookFacts.Rollback> told = new CopyOnWriteArrayList<>();

        assertThatThrownBy(() -> shop.blueGreen()
                        .onRollback("keep its heap", facts -> {
                            told.add(facts);
                            ran.add(world.served() + " serves, " + world.host().releases() + " run");
                        })
                        .deploy("v2", shop.context()))
                .isInstanceOf(DeploymentFailedException.class);

        assertThat(ran).containsExactly("Optional[v1] serves, [v1, v2] run");
        assertThat(told).singleElement().satisfies(facts -> {
            assertThat(facts.release().version()).isEqualTo("v2");
            assertThat(facts.stable().map(Release::version)).contains("v1");
            assertThat(facts.reason()).startsWith("100.0 % of");
            assertThat(facts.detectedIn()).isPresent();
            assertThat(facts.address().orElseThrow()).hasToString("http://127.0.0.1:40002");
        });
    }

    @Test
    void whoeverGoesBackByHandRunsTheHooksOfARollbackWhenItIsDone() throws Exception {
        shop.deploy("v1");
        shop.deploy("v2");

        shop.blueGreen()
                .onRollback(
                        "tell",
                        facts -> ran.add(facts.release().version() + " to "
                                + facts.stable().orElseThrow().version() + ": " + facts.reason() + "; "
                                + world.served() + " serves"))
                .rollBack(shop.context());

        assertThat(ran).containsExactly("v2 to v1: it was rolled back by hand; Optional[v1] serves");
    }

    @Test
    void onAFailureItIsToldHowItEnded() throws Exception {
        shop.deploy("v1");
        var declared = shop.blueGreen()
                .onFailure(
                        "page",
                        facts -> ran.add(facts.release().version() + " " + facts.end() + ": " + facts.reason()));
        world.release("sick").isSick();
        assertThatThrownBy(() -> declared.deploy("sick", shop.context())).isInstanceOf(DeploymentFailedException.class);
        world.release("bad").fails(1.0);
        assertThatThrownBy(() -> declared.deploy("bad", shop.context())).isInstanceOf(DeploymentFailedException.class);

        declared.deploy("good", shop.context());

        assertThat(ran)
                .hasSize(2)
                .satisfiesExactly(
                        first -> assertThat(first)
                                .isEqualTo("sick REFUSED: it was not healthy within 10 s: GET /health answered 503"),
                        second -> assertThat(second).startsWith("bad ROLLED_BACK: 100.0 % of"));
    }

    @Test
    void onAFailureThatNeedsAPersonItIsToldOnceAndAfterItIsWrittenDown() throws Exception {
        shop.deploy("v1");
        world.release("v2").fails(1.0);
        var declared = shop.blueGreen()
                .onFailure(
                        "page",
                        facts -> ran.add(facts.end() + " in " + shop.standing().state()));

        assertThatThrownBy(
                        () -> declared.afterSwitch("kill", facts -> world.host().kill("v1"))
                                .deploy("v2", shop.context()))
                .hasMessageContaining("a person has to look");
        declared.recover(shop.context());

        assertThat(ran).containsExactly("NEEDS_HUMAN in NEEDS_HUMAN");
    }

    @Test
    void hooksOnARollbackAndOnAFailureHoldNobodyUpHoweverTheyFail() throws Exception {
        shop.deploy("v1");
        world.release("v2").fails(1.0);

        assertThatThrownBy(() -> shop.blueGreen()
                        .onRollback("hangs", facts -> new CountDownLatch(1).await(), Duration.ofSeconds(1))
                        .onFailure("breaks", facts -> {
                            throw new StackOverflowError();
                        })
                        .deploy("v2", shop.context()))
                .isInstanceOf(DeploymentFailedException.class)
                .hasMessageStartingWith("rolled back: 100.0 % of");

        assertThat(world.served()).contains("v1");
        assertThat(shop.standing().state()).isEqualTo(State.ROLLED_BACK);
        assertThat(shop.lines)
                .contains(
                        "the hook \"hangs\" on the rollback has failed: it did not end within 1 s",
                        "the hook \"breaks\" on the failure has failed: StackOverflowError");
    }

    @Test
    void aCancelDuringAHookOnARollbackHoldsNobodyUp() throws Exception {
        shop.deploy("v1");
        world.release("v2").fails(1.0);
        Thread deploying = Thread.currentThread();

        assertThatThrownBy(() -> shop.blueGreen()
                        .onRollback("long", facts -> {
                            deploying.interrupt();
                            new CountDownLatch(1).await();
                        })
                        .deploy("v2", shop.context()))
                .isInstanceOf(InterruptedException.class);

        assertThat(world.served()).contains("v1");
        assertThat(world.host().releases()).containsExactly("v1");
        assertThat(ended())
                .singleElement()
                .satisfies(hook -> assertThat(hook.problem()).contains("it was cancelled"));
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
