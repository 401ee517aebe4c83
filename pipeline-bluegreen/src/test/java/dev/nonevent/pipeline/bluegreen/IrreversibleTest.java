package dev.nonevent.pipeline.bluegreen;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.nonevent.pipeline.deployment.DeploymentFailedException;
import java.time.Duration;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** A release that changes what the one before it needs. */
class IrreversibleTest extends InAShop {

    private BlueGreen<String> irreversible;

    @BeforeEach
    void declare() {
        irreversible = shop.blueGreen().irreversible("drop column");
    }

    @Test
    void whatCannotBeUndoneAsksForAPersonInsteadOfGoingBack() throws Exception {
        shop.deploy("v1");
        world.release("v2").fails(1.0);

        assertThatThrownBy(() -> irreversible.deploy("v2", shop.context()))
                .isInstanceOf(DeploymentFailedException.class)
                .hasMessageStartingWith("a person has to look: 100.0 %")
                .hasMessageContaining(
                        "there is no way back to blue (v1): drop column cannot be undone. Nothing was removed,"
                                + " traffic is on green (v2)");

        assertThat(shop.switches()).containsExactly("shop-1", "shop-2");
        assertThat(world.host().releases()).containsExactly("v1", "v2");
    }

    @Test
    void whatCannotBeUndoneIsNeverAnsweredForByTheReleaseBefore() throws Exception {
        shop.deploy("v1");

        irreversible.deploy("v2", shop.context());

        assertThat(shop.routings()).containsExactly("shop-1", "shop-2");
    }

    @Test
    void beforeUsersHaveItWhatCannotBeUndoneIsRefusedLikeAnyOther() throws Exception {
        shop.deploy("v1");
        world.release("v2").isSick();

        assertThatThrownBy(() -> irreversible.deploy("v2", shop.context())).hasMessageContaining("refused before");

        shop.deploy("v3");
        shop.blueGreen().rollBack(shop.context());
        assertThat(world.served()).contains("v1");
    }

    @Test
    void nobodyRollsBackOverWhatCannotBeUndone() throws Exception {
        shop.deploy("v1");
        irreversible.deploy("v2", shop.context());

        assertThatThrownBy(() -> shop.blueGreen().rollBack(shop.context()))
                .isInstanceOf(DeploymentFailedException.class)
                .hasMessage("there is no way back from green (v2): drop column cannot be undone; nothing was changed,"
                        + " traffic is on green (v2); deploy a release that works");

        shop.deploy("v3");
        shop.blueGreen().rollBack(shop.context());
        assertThat(world.served()).as("up to it, and no further").contains("v2");
        assertThatThrownBy(() -> shop.blueGreen().rollBack(shop.context())).hasMessageContaining("drop column");
    }

    @Test
    void aFixThatFailsTooNeverBringsUsersBackOverWhatCannotBeUndone() throws Exception {
        shop.deploy("v1");
        world.release("v2").fails(1.0);
        assertThatThrownBy(() -> irreversible.deploy("v2", shop.context()))
                .hasMessageContaining("a person has to look");
        world.release("v3").isSick();
        assertThatThrownBy(() -> shop.deploy("v3")).hasMessageContaining("refused before");
        world.release("v4").fails(1.0);
        assertThatThrownBy(() -> shop.deploy("v4")).hasMessageContaining("a person has to look");

        shop.blueGreen().recover(shop.context());

        assertThat(shop.switches()).containsExactly("shop-1", "shop-2", "shop-4");
        shop.deploy("v5");
        assertThat(world.served()).contains("v5");
    }

    @Test
    void thePlanOfWhatCannotBeUndonePromisesNoWayBack() {
        assertThat(irreversible.worstCase())
                .contains("irreversible (drop column): once users have it nobody goes back, a person is asked for")
                .noneMatch(line -> line.startsWith("back on the release before"));
        assertThat(shop.blueGreen()
                        .irreversible(" ")
                        .waitForLock(Duration.ofSeconds(-1))
                        .problems())
                .containsExactly(
                        "what cannot be undone has no name; say irreversible(\"drop column\")",
                        "nobody waits PT-1S for the lock; say a time above zero");
    }
}
