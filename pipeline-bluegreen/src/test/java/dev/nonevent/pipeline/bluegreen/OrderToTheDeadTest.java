package dev.nonevent.pipeline.bluegreen;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.nonevent.pipeline.bluegreen.ledger.FileLedger;
import dev.nonevent.pipeline.deployment.DeploymentFailedException;
import java.time.Duration;
import org.junit.jupiter.api.Test;

/** What a person wants of a deployment whose process is gone. */
class OrderToTheDeadTest extends InAShop {

    private static final Duration STEPS = Duration.ofSeconds(15 + 4 + 2);

    @Test
    void aPromotionThatADeadProcessDidNotTakeEndsNoStepOfWhoeverFollows() throws Exception {
        Canary<String> canary = Shop.canaryIn(world);
        canary.deploy("v1", shop.context());
        Canary<String> dying = canary.dyingAt(boundary -> {
            if (boundary.equals("after Shifted")) {
                canary.promote(shop.context());
                throw new Story.Death(boundary);
            }
        });
        assertThatThrownBy(() -> dying.deploy("v2", shop.context())).isInstanceOf(Story.Death.class);
        Duration before = world.time().elapsed();

        canary.recover(shop.context());

        assertThat(world.time().elapsed().minus(before)).isGreaterThanOrEqualTo(STEPS.plus(Shop.BAKE));
        assertThat(world.served()).contains("v2");
    }

    @Test
    void aFullPromotionThatADeadProcessDidNotTakeDoesNotEndTheBakeOfWhoeverFollows() throws Exception {
        shop.deploy("v1");
        dead("after Switched", strategy -> strategy.promoteFully(shop.context()));
        Duration before = world.time().elapsed();

        shop.blueGreen().recover(shop.context());

        assertThat(world.time().elapsed().minus(before)).isGreaterThanOrEqualTo(Shop.BAKE);
    }

    @Test
    void whoGivesAnOrderToADeadProcessIsToldSo() throws Exception {
        shop.deploy("v1");
        dead("after Switched", strategy -> {});
        BlueGreen<String> strategy = shop.blueGreen();
        String sentence = "v2 was left open by a process that is gone, and nobody takes an order for it; nothing was"
                + " changed: recover it, or abort it";

        assertThatThrownBy(() -> strategy.pause(shop.context()))
                .isInstanceOf(DeploymentFailedException.class)
                .hasMessage(sentence);
        assertThatThrownBy(() -> strategy.promote(shop.context())).hasMessage(sentence);
        assertThatThrownBy(() -> strategy.promoteFully(shop.context())).hasMessage(sentence);

        assertThat(home.resolve("deployments/shop/order")).doesNotExist();
        assertThat(strategy.recover(shop.context()))
                .singleElement()
                .asString()
                .contains("users had it already, and it is stable now");
    }

    @Test
    void whoGivesAnOrderToADeadProcessWritesNothing() throws Exception {
        shop.deploy("v1");
        dead("after Switched", strategy -> {});
        int written = written();

        assertThatThrownBy(() -> shop.blueGreen().pause(shop.context())).isInstanceOf(DeploymentFailedException.class);

        assertThat(written()).isEqualTo(written);
    }

    @Test
    void theStatusOfWhatADeadProcessHadPausedSaysThatItIsGone() throws Exception {
        shop.deploy("v1");
        BlueGreen<String> dying = shop.blueGreen().dyingAt(boundary -> {
            if (boundary.equals("after Switched")) {
                shop.blueGreen().pause(shop.context());
            } else if (boundary.equals("after Paused")) {
                throw new Story.Death(boundary);
            }
        });
        assertThatThrownBy(() -> dying.deploy("v2", shop.context())).isInstanceOf(Story.Death.class);

        assertThat(shop.blueGreen().inspect(shop.context()))
                .containsPattern("paused since .* by .*, and its process is gone: recover it, or abort it")
                .doesNotContain("promote it");
    }

    private int written() {
        return FileLedger.in(home.resolve("deployments/shop"), "shop", world.time())
                .read()
                .size();
    }

    /** What somebody may do just before it dies. */
    private interface LastMoment {
        void of(BlueGreen<String> strategy);
    }

    private void dead(String where, LastMoment before) {
        BlueGreen<String> dying = shop.blueGreen().dyingAt(boundary -> {
            if (boundary.equals(where)) {
                before.of(shop.blueGreen());
                throw new Story.Death(boundary);
            }
        });
        assertThatThrownBy(() -> dying.deploy("v2", shop.context())).isInstanceOf(Story.Death.class);
    }
}
