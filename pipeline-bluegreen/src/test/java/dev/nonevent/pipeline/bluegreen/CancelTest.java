package dev.nonevent.pipeline.bluegreen;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;

/** An interrupt ends in the old state or in the new one, never between. */
class CancelTest extends InAShop {

    @Test
    void cancelBeforeTheSwitchUndoesWhatWasBegun() throws Exception {
        shop.deploy("v1");
        var cancelled = shop.blueGreen().dyingAt(boundary -> {
            if (boundary.equals("after Created")) {
                Thread.currentThread().interrupt();
            }
        });

        assertThatThrownBy(() -> cancelled.deploy("v2", shop.context())).isInstanceOf(InterruptedException.class);

        assertThat(world.host().releases()).containsExactly("v1");
        assertThat(shop.lines).last().isEqualTo("cancelled: traffic is on blue (v1)");
        assertThat(shop.blueGreen().recover(shop.context())).isEmpty();
    }

    @Test
    void cancelDuringTheBakeGoesBack() throws Exception {
        shop.deploy("v1");
        var cancelled = shop.blueGreen().dyingAt(boundary -> {
            if (boundary.equals("after Switched")) {
                Thread.currentThread().interrupt();
            }
        });

        assertThatThrownBy(() -> cancelled.deploy("v2", shop.context())).isInstanceOf(InterruptedException.class);

        assertThat(world.served()).contains("v1");
        assertThat(world.host().releases()).hasSize(1);
        assertThat(shop.blueGreen().recover(shop.context())).isEmpty();
    }

    @Test
    void cancelWhileDrainingKeepsTheReleaseThatIsStable() throws Exception {
        shop.deploy("v1");
        var cancelled = shop.blueGreen().dyingAt(boundary -> {
            if (boundary.equals("after Draining")) {
                Thread.currentThread().interrupt();
            }
        });

        LiveRelease live = cancelled.deploy("v2", shop.context());

        assertThat(Thread.interrupted()).as("the caller learns of it").isTrue();
        assertThat(live.release().version()).isEqualTo("v2");
        assertThat(world.host().releases()).as("nothing was cut").hasSize(2);
        assertThat(shop.blueGreen().recover(shop.context())).isEmpty();
    }

    @Test
    void cancelDuringARecoveryGoesBack() throws Exception {
        shop.deploy("v1");
        var killed = shop.blueGreen().dyingAt(boundary -> {
            if (boundary.equals("before Switched")) {
                throw new AssertionError("killed");
            }
        });
        assertThatThrownBy(() -> killed.deploy("v2", shop.context())).hasMessage("killed");
        var cancelled = shop.blueGreen().dyingAt(boundary -> {
            if (boundary.equals("after Switched")) {
                Thread.currentThread().interrupt();
            }
        });

        assertThatThrownBy(() -> cancelled.recover(shop.context())).isInstanceOf(InterruptedException.class);

        assertThat(world.served()).contains("v1");
        assertThat(world.host().releases()).hasSize(1);
        assertThat(shop.blueGreen().recover(shop.context())).isEmpty();
    }
}
