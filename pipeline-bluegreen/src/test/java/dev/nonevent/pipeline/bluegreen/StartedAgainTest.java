package dev.nonevent.pipeline.bluegreen;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.nonevent.pipeline.deployment.DeploymentFailedException;
import dev.nonevent.pipeline.deployment.Health;
import dev.nonevent.pipeline.deployment.HealthCheck;
import dev.nonevent.pipeline.deployment.Instance;
import java.net.URI;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Where a host starts again what ends, as Docker does: the same place, and another life, of which nothing is known yet. */
class StartedAgainTest extends InAShop {

    private Duration ready = Duration.ZERO;

    @Test
    void oneStartedAgainInItsBakeIsNotWhatWasProven() throws Exception {
        shop.deploy("v1");

        assertThatThrownBy(() ->
                        deployAnd("v2", "after Switched", () -> world.host().startAgain("v2")))
                .isInstanceOf(DeploymentFailedException.class)
                .hasMessageStartingWith("rolled back: its process ended")
                .hasMessageContaining("traffic back on blue (v1)");

        assertThat(world.served()).contains("v1");
        assertThat(world.host().releases()).containsExactly("v1");
    }

    @Test
    void oneStartedAgainBetweenItsProofAndTheSwitchGetsNoTraffic() throws Exception {
        shop.deploy("v1");

        assertThatThrownBy(() ->
                        deployAnd("v2", "after Healthy", () -> world.host().startAgain("v2")))
                .isInstanceOf(DeploymentFailedException.class)
                .hasMessageContaining("its process ended");

        assertThat(shop.switches()).containsExactly("shop-1");
        assertThat(world.host().releases()).containsExactly("v1");
    }

    @Test
    void theStableReleaseIsGoneBackToAlsoIfItWasStartedAgain() throws Exception {
        shop.deploy("v1");
        world.release("v2").fails(1.0);

        assertThatThrownBy(() ->
                        deployAnd("v2", "after Switched", () -> world.host().startAgain("v1")))
                .isInstanceOf(DeploymentFailedException.class)
                .hasMessageContaining("traffic back on blue (v1)");

        assertThat(world.served()).contains("v1");
        assertThat(world.host().releases()).containsExactly("v1");
    }

    @Test
    void theStableReleaseIsGivenTimeToGetReadyAgain() throws Exception {
        shop.deploy("v1");
        world.release("v2").fails(1.0);
        BlueGreen<String> slow = shop.blueGreen().health(HealthCheck.by("GET /health", this::wellAfterSeconds));

        assertThatThrownBy(() -> slow.dyingAt(at("after Switched", () -> {
                            world.host().startAgain("v1");
                            world.release("v1").isSick();
                            ready = world.time().elapsed().plusSeconds(6);
                        }))
                        .deploy("v2", shop.context()))
                .isInstanceOf(DeploymentFailedException.class)
                .hasMessageContaining("traffic back on blue (v1)");

        assertThat(world.served()).contains("v1");
    }

    private Health wellAfterSeconds(URI address) throws InterruptedException {
        if (world.time().elapsed().compareTo(ready) >= 0) {
            world.release("v1").isWell();
        }
        return world.health().probe(address);
    }

    @Test
    void bothStartedAgainWhileNobodyDeployedTheProvenOneServes() throws Exception {
        shop.deploy("v1");
        assertThatThrownBy(() -> deployAnd("v2", "after Switched", () -> {
                    throw new Death();
                }))
                .isInstanceOf(Death.class);
        world.host().startAgain("v1");
        world.host().startAgain("v2");

        List<String> said = shop.blueGreen().recover(shop.context());

        assertThat(said).singleElement().asString().contains("rolled back").contains("traffic back on blue (v1)");
        assertThat(world.served()).contains("v1");
        assertThat(world.host().releases()).containsExactly("v1");
        assertThat(shop.blueGreen().recover(shop.context())).isEmpty();
        shop.deploy("v3");
        assertThat(world.served()).contains("v3");
    }

    @Test
    void theSameDigestIsLiveAlreadyAlsoIfItWasStartedAgain() throws Exception {
        shop.deploy("v1");
        world.host().startAgain("v1");

        assertThat(shop.deploy("v1").alreadyLive()).isTrue();

        assertThat(world.host().started()).isEqualTo(1);
    }

    @Test
    void whatIsKeptWarmIsStillWarmIfItWasStartedAgain() throws Exception {
        shop.deploy("v1");
        shop.deploy("v2");
        world.host().startAgain("v1");
        Instance again = instanceOf("shop-1");

        String said = shop.blueGreen().rollBack(shop.context());

        assertThat(said).isEqualTo("rolled back v2: traffic is on blue (v1), which was still warm");
        assertThat(shop.standing().stable().flatMap(Operation::instance)).contains(again);
        assertThat(world.host().started()).isEqualTo(2);
    }

    @Test
    void whatIsReplacedIsKeptWarmAndEndsInTimeAlsoIfItWasStartedAgain() throws Exception {
        shop.deploy("v1");
        deployAnd("v2", "after Switched", () -> world.host().startAgain("v1"));
        assertThat(world.host().releases()).containsExactly("v1", "v2");
        world.host().startAgain("v1");

        world.time().pass(Duration.ofMinutes(11));
        shop.blueGreen().recover(shop.context());

        assertThat(world.host().releases()).containsExactly("v2");
        assertThat(shop.standing().kept()).isEmpty();
    }

    /** Nothing of the process is left. */
    private static final class Death extends Error {
        private static final long serialVersionUID = 1L;
    }

    private Instance instanceOf(String deployment) {
        return world.host().running("shop", home).stream()
                .filter(instance -> instance.deployment().equals(deployment))
                .findFirst()
                .orElseThrow();
    }

    private void deployAnd(String artifact, String boundary, Runnable then) throws InterruptedException {
        shop.blueGreen().dyingAt(at(boundary, then)).deploy(artifact, shop.context());
    }

    private static Failpoint at(String boundary, Runnable then) {
        return passed -> {
            if (passed.equals(boundary)) {
                then.run();
            }
        };
    }
}
