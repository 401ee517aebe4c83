package dev.nonevent.pipeline.bluegreen;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.nonevent.pipeline.deployment.HealthCheck;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

/** An abort is heard as long as the release can still be given up. */
class AbortInTimeTest extends InAShop {

    private static final String ME = ProcessHandle.current().info().user().orElse("unknown");
    private static final String REFUSED =
            "v2 was refused before it got traffic: it was aborted by " + ME + "; traffic is on blue (v1)";

    @Test
    void duringASmokeCheckItKeepsUsersWhereTheyAreAndTheNextOneIsNotAsked() throws Exception {
        shop.deploy("v1");
        AtomicInteger asked = new AtomicInteger();
        HealthCheck aborting = HealthCheck.by("the first smoke check", address -> {
            abort();
            return world.health().probe(address);
        });
        HealthCheck counting = HealthCheck.by("the next smoke check", address -> {
            asked.incrementAndGet();
            return world.health().probe(address);
        });

        assertThatThrownBy(
                        () -> shop.blueGreen().smoke(aborting).smoke(counting).deploy("v2", shop.context()))
                .hasMessage(REFUSED);

        assertThat(asked).hasValue(0);
        assertThat(shop.switches()).containsExactly("shop-1");
        assertThat(home.resolve("deployments/shop/order.end")).doesNotExist();
    }

    @Test
    void afterTheLastCheckItKeepsUsersWhereTheyAre() throws Exception {
        shop.deploy("v1");

        assertThatThrownBy(() -> abortedAt("after Healthy", shop.blueGreen())).hasMessage(REFUSED);

        assertThat(shop.switches()).containsExactly("shop-1");
    }

    @Test
    void afterTheSwitchItBringsUsersBackThoughNothingIsWatched() throws Exception {
        shop.deploy("v1");

        assertThatThrownBy(() -> abortedAt("after Switched", shop.blueGreen().bake(Duration.ZERO)))
                .hasMessageStartingWith("rolled back: it was aborted by " + ME);

        assertThat(world.served()).contains("v1");
    }

    @Test
    void afterTheSwitchItBringsUsersBackThoughSomebodyHadPromotedItFully() throws Exception {
        shop.deploy("v1");
        shop.inSteps = true;

        assertThatThrownBy(() -> shop.blueGreen()
                        .dyingAt(boundary -> {
                            if (boundary.equals("after Shifted")) {
                                shop.blueGreen().promoteFully(shop.context());
                            } else if (boundary.equals("after Switched")) {
                                abort();
                            }
                        })
                        .deploy("v2", shop.context()))
                .hasMessageStartingWith("rolled back: it was aborted by " + ME);

        assertThat(world.served()).contains("v1");
    }

    private void abortedAt(String when, BlueGreen<String> strategy) throws InterruptedException {
        strategy.dyingAt(boundary -> {
                    if (boundary.equals(when)) {
                        abort();
                    }
                })
                .deploy("v2", shop.context());
    }

    private void abort() {
        try {
            shop.blueGreen().abort(shop.context());
        } catch (InterruptedException e) {
            throw new AssertionError(e);
        }
    }
}
