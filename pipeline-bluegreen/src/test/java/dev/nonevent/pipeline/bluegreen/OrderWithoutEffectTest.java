package dev.nonevent.pipeline.bluegreen;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.nonevent.pipeline.deployment.DeploymentFailedException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Whoever wants what cannot come about is told so. */
class OrderWithoutEffectTest extends InAShop {

    @Test
    void aReleaseThatNobodyWatchesIsNotToldToPause() throws Exception {
        shop.deploy("v1");
        BlueGreen<String> strategy = shop.blueGreen().bake(Duration.ZERO);
        List<String> told = new ArrayList<>();

        strategy.dyingAt(boundary -> {
                    if (boundary.equals("after Created")) {
                        assertThatThrownBy(() -> strategy.pause(shop.context()))
                                .isInstanceOf(DeploymentFailedException.class)
                                .hasMessage("v2 has no bake and no step in which it could wait; nothing was changed:"
                                        + " abort it if it must not go on");
                        told.add(boundary);
                    }
                })
                .deploy("v2", shop.context());

        assertThat(told).hasSize(1);
        assertThat(world.served()).contains("v2");
    }

    @Test
    void whoPromotesIsToldWhatThatEnds() throws Exception {
        shop.deploy("v1");
        BlueGreen<String> strategy = shop.blueGreen();
        List<String> told = new ArrayList<>();

        strategy.dyingAt(boundary -> {
                    if (boundary.equals("after Switched")) {
                        told.add(strategy.promote(shop.context()));
                    }
                })
                .deploy("v2", shop.context());

        assertThat(told)
                .containsExactly(
                        "v2 is told to go on if it is paused or waits in a step; the status shows when it does");
    }
}
