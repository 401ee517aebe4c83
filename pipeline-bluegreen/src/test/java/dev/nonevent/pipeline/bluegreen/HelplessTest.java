package dev.nonevent.pipeline.bluegreen;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.nonevent.pipeline.bluegreen.ledger.LedgerEntry;
import dev.nonevent.pipeline.bluegreen.protocol.State;
import dev.nonevent.pipeline.bluegreen.slot.Colour;
import dev.nonevent.pipeline.bluegreen.slot.Target;
import dev.nonevent.pipeline.bluegreen.traffic.Route;
import dev.nonevent.pipeline.bluegreen.traffic.Routing;
import dev.nonevent.pipeline.bluegreen.traffic.TrafficUnknownException;
import dev.nonevent.pipeline.deployment.DeploymentFailedException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** When no program can decide: nothing is touched, and a person reads what is where and what to do. */
class HelplessTest extends InAShop {

    @Test
    void bothSidesDeadIsInTheLedgerInTheErrorAndInTheStatus() throws Exception {
        bothSidesDead();

        String status = shop.blueGreen().inspect(shop.context());

        assertThat(shop.standing().state()).isEqualTo(State.NEEDS_HUMAN);
        assertThat(status)
                .contains("traffic is on green (v2)")
                .contains("a person has to look: 100.0 %")
                .contains("Nothing was removed, and what runs is shop-2")
                .contains("deploy a release that works");
    }

    @Test
    void whileAPersonIsNeededRecoveryRemovesNothingHoweverOftenItRuns() throws Exception {
        bothSidesDead();

        assertThat(shop.blueGreen().recover(shop.context())).isEmpty();
        assertThat(shop.blueGreen().recover(shop.context())).isEmpty();

        assertThat(world.host().releases()).containsExactly("v2");
        assertThat(shop.switches()).containsExactly("shop-1", "shop-2");
    }

    @Test
    void bothSidesDeadIsFoundByRecoveryToo() throws Exception {
        shop.deploy("v1");
        world.release("v2").fails(1.0);
        assertThatThrownBy(() -> shop.blueGreen()
                        .dyingAt(boundary -> {
                            if (boundary.equals("after SwitchingBack")) {
                                world.host().kill("v1");
                                throw new Story.Death(boundary);
                            }
                        })
                        .deploy("v2", shop.context()))
                .isInstanceOf(Story.Death.class);

        List<String> said = shop.blueGreen().recover(shop.context());

        assertThat(said)
                .singleElement()
                .asString()
                .contains("a person has to look")
                .contains("what runs is shop-2");
        assertThat(shop.blueGreen().recover(shop.context())).isEmpty();
        assertThat(world.host().releases()).containsExactly("v2");
    }

    @Test
    void aRouterThatCannotBeReadHoldsEverythingAndSaysWhatToDo() throws Exception {
        shop.deploy("v1");
        shop.deploy("v2");
        world.switcher().unreachable(true);

        assertThatThrownBy(() -> shop.blueGreen().recover(shop.context()))
                .isInstanceOf(TrafficUnknownException.class)
                .hasMessageContaining("Nothing was touched, and what ran still runs")
                .hasMessageContaining("Recover it: that starts the router again if it has ended")
                .hasMessageContaining("recover goes on");

        assertThat(shop.standing().held().orElseThrow().entry()).isInstanceOf(LedgerEntry.Held.class);
        assertThat(shop.blueGreen().inspect(shop.context()))
                .contains("where traffic is, is unknown")
                .contains("held since 2026-11-23T");
        assertThat(world.host().releases()).containsExactly("v1", "v2");
    }

    @Test
    void trafficOnAStrangerIsHeldUntilItIsPutBack() throws Exception {
        shop.deploy("v1");
        Route before = world.switcher().route();
        Target stranger = new Target(Colour.GREEN, "by-hand", URI.create("http://127.0.0.1:1"));
        world.switcher().becomes(new Route(Routing.to(stranger), before.fence(), 77));

        assertThatThrownBy(() -> shop.blueGreen().rollBack(shop.context()))
                .isInstanceOf(DeploymentFailedException.class);
        assertThatThrownBy(() -> shop.blueGreen().recover(shop.context()))
                .isInstanceOf(TrafficUnknownException.class)
                .hasMessageContaining("by-hand");
        assertThat(shop.blueGreen().inspect(shop.context()))
                .contains("held since")
                .contains("by-hand");

        world.switcher()
                .becomes(new Route(before.routing(), world.switcher().route().fence(), 78));
        assertThat(shop.blueGreen().recover(shop.context())).isEmpty();
        shop.deploy("v2");
        assertThat(shop.blueGreen().inspect(shop.context())).doesNotContain("held");
    }

    @Test
    void inspectionWritesNothingAndStartsNothingHoweverItStands() throws Exception {
        inspectedUntouched();
        shop.deploy("v1");
        inspectedUntouched();
        assertThatThrownBy(() -> shop.blueGreen()
                        .dyingAt(boundary -> {
                            if (boundary.equals("after Switching")) {
                                throw new Story.Death(boundary);
                            }
                        })
                        .deploy("v2", shop.context()))
                .isInstanceOf(Story.Death.class);
        inspectedUntouched();
        world.switcher().unreachable(true);
        inspectedUntouched();
        world.switcher().unreachable(false);
        world.switcher().kill();
        inspectedUntouched();
    }

    private void bothSidesDead() throws InterruptedException {
        Story.BOTH_DEAD.before.accept(shop);
        assertThatThrownBy(() -> shop.blueGreen()
                        .dyingAt(boundary -> {
                            if (boundary.equals("after Switched")) {
                                world.host().kill("v1");
                            }
                        })
                        .deploy("v2", shop.context()))
                .isInstanceOf(DeploymentFailedException.class)
                .hasMessageContaining("and what runs is shop-2. Look at what they print");
    }

    private void inspectedUntouched() throws Exception {
        Map<String, String> before = files();
        Route route = world.switcher().route();
        boolean open = world.switcher().isOpen();
        int started = world.host().started();

        assertThat(shop.blueGreen().inspect(shop.context())).isNotEmpty();

        assertThat(files()).isEqualTo(before);
        assertThat(world.switcher().route()).isEqualTo(route);
        assertThat(world.switcher().isOpen()).isEqualTo(open);
        assertThat(world.host().started()).isEqualTo(started);
    }

    private Map<String, String> files() throws Exception {
        try (Stream<Path> files = Files.walk(home)) {
            return files.filter(Files::isRegularFile).collect(Collectors.toMap(Path::toString, HelplessTest::content));
        }
    }

    private static String content(Path file) {
        try {
            return new String(Files.readAllBytes(file), StandardCharsets.ISO_8859_1);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
