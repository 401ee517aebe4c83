package dev.nonevent.pipeline.bluegreen.haproxy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.nonevent.pipeline.bluegreen.proxy.NeedsProxy;
import dev.nonevent.pipeline.bluegreen.router.RawClient;
import dev.nonevent.pipeline.bluegreen.router.RawInstance;
import dev.nonevent.pipeline.bluegreen.slot.Target;
import dev.nonevent.pipeline.bluegreen.traffic.Counts;
import dev.nonevent.pipeline.bluegreen.traffic.Route;
import dev.nonevent.pipeline.bluegreen.traffic.StaleFenceException;
import dev.nonevent.pipeline.bluegreen.traffic.Traffic;
import dev.nonevent.pipeline.bluegreen.traffic.TrafficUnknownException;
import dev.nonevent.pipeline.outcome.InfrastructureException;
import dev.nonevent.pipeline.time.TimeSource;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** HAProxy ends, is reloaded, or is changed behind our back. */
@NeedsProxy("haproxy")
@Timeout(60)
class HaproxyRecoveryTest {

    @TempDir
    Path home;

    @TempDir
    Path elsewhere;

    private final List<AutoCloseable> opened = new ArrayList<>();
    private UsersHaproxy haproxy;
    private AdminSocket admin;
    private Traffic traffic;

    @BeforeEach
    void open() throws Exception {
        haproxy = new UsersHaproxy(elsewhere);
        opened.add(haproxy);
        admin = new AdminSocket(haproxy.adminSocket, TimeSource.system());
        traffic = haproxy.switcher().open("shop", home);
    }

    @AfterEach
    void close() throws Exception {
        for (AutoCloseable each : opened) {
            each.close();
        }
    }

    @Test
    void haproxyThatWasKilledComesUpWithTheSameRouteWithoutADeployer() throws Exception {
        Route route = traffic.switchTo(instance("shop-1"), 3);
        traffic.close();
        haproxy.kill();

        haproxy.start();

        assertThat(get("/")).isEqualTo("shop-1");
        assertThat(haproxy.switcher().find("shop", home).orElseThrow().route()).isEqualTo(route);
    }

    @Test
    void countsOutliveAProcessOfHaproxy() throws Exception {
        traffic.switchTo(instance("shop-1"), 1);
        get("/");
        get("/");
        assertThat(counts("shop-1").requests()).isEqualTo(2);

        haproxy.reload();
        get("/");

        assertThat(counts("shop-1").requests()).isEqualTo(3);
        assertThat(get("/")).isEqualTo("shop-1");
    }

    @Test
    void countersThatSomebodyHasClearedAreNotCountedTwiceAndNotLost() throws Exception {
        traffic.switchTo(instance("shop-1"), 1);
        get("/");
        get("/");
        assertThat(counts("shop-1").requests()).isEqualTo(2);

        admin.tell("clear counters all");
        get("/");

        assertThat(counts("shop-1").requests()).isEqualTo(3);
    }

    @Test
    void fileAndMemoryThatDifferAreSaidAndMadeToAgreeByTheNextDeployer() throws Exception {
        Target second = instance("shop-2");
        traffic.switchTo(instance("shop-1"), 1);
        String former = memory("route");
        Route route = traffic.switchTo(second, 2);
        // as if the deployer had died between the file and the memory
        admin.tell("set map " + haproxy.map + " route " + former);
        assertThat(get("/")).isEqualTo("shop-1");

        assertThatThrownBy(traffic::route)
                .isInstanceOf(TrafficUnknownException.class)
                .hasMessageContaining("shop-2")
                .hasMessageContaining("the next switch makes them agree");
        traffic.raiseFence(3);

        assertThat(traffic.route().active()).contains(second);
        assertThat(traffic.route().generation()).isGreaterThan(route.generation());
        assertThat(get("/")).isEqualTo("shop-2");
    }

    @Test
    void memoryThatSomebodyHasEmptiedIsFilledAgain() throws Exception {
        Target first = instance("shop-1");
        traffic.switchTo(first, 1);
        admin.tell("clear map " + haproxy.map);

        traffic.switchTo(first, 1);

        assertThat(get("/")).isEqualTo("shop-1");
        assertThat(traffic.route().active()).contains(first);
    }

    @Test
    void fenceInTheMemoryRefusesADeployerWhoseFileIsOld() throws Exception {
        traffic.switchTo(instance("shop-1"), 4);
        String old = Files.readString(haproxy.map);
        traffic.raiseFence(7);
        Files.writeString(haproxy.map, old);

        assertThatThrownBy(() -> traffic.raiseFence(5)).isInstanceOf(StaleFenceException.class);
    }

    @Test
    void fileThatWasEditedIsNotBelieved() throws Exception {
        traffic.switchTo(instance("shop-1"), 1);
        Files.writeString(haproxy.map, Files.readString(haproxy.map).replace("127.0.0.1", "127.0.0.2"));

        assertThatThrownBy(traffic::route)
                .isInstanceOf(TrafficUnknownException.class)
                .hasMessageContaining("is not as it was written last");
        assertThatThrownBy(() -> haproxy.switcher().open("shop", home)).isInstanceOf(TrafficUnknownException.class);
        assertThat(get("/")).isEqualTo("shop-1");
    }

    @Test
    void fileOfAnotherApplicationIsNotTaken() {
        assertThatThrownBy(() -> haproxy.switcher().open("warehouse", home))
                .isInstanceOf(TrafficUnknownException.class)
                .hasMessageContaining("belongs to shop, not to warehouse");
    }

    @Test
    void haproxyThatIsGoneIsNotTakenForOneWithoutARoute() throws Exception {
        traffic.switchTo(instance("shop-1"), 1);
        String file = Files.readString(haproxy.map);
        haproxy.kill();

        assertThatThrownBy(traffic::route).isInstanceOf(TrafficUnknownException.class);
        assertThatThrownBy(() -> traffic.switchTo(instance("shop-2"), 1)).isInstanceOf(TrafficUnknownException.class);

        assertThat(Files.readString(haproxy.map)).isEqualTo(file);
    }

    @Test
    void missingSocketIsSaidWithTheLineThatIsMissing() {
        Path nobody = elsewhere.resolve("nobody.sock");

        assertThatThrownBy(() -> HaproxySwitcher.attachedTo(nobody, haproxy.map, haproxy.address)
                        .open("shop", home))
                .isInstanceOf(InfrastructureException.class)
                .hasMessageContaining("stats socket " + nobody + " level admin");
    }

    @Test
    void mapThatTheConfigurationDoesNotReadIsSaid() {
        Path other = elsewhere.resolve("other.map");

        assertThatThrownBy(() -> HaproxySwitcher.attachedTo(haproxy.adminSocket, other, haproxy.address)
                        .open("shop", home))
                .isInstanceOf(InfrastructureException.class)
                .hasMessageContaining(other.toString());
        assertThat(other).doesNotExist();
    }

    @Test
    void backendThatTheConfigurationLacksIsSaid() throws IOException {
        Files.writeString(haproxy.map, "");

        assertThatThrownBy(() -> haproxy.switcher().backend("elsewhere").open("shop", home))
                .isInstanceOf(InfrastructureException.class)
                .hasMessageContaining("no backend elsewhere");
    }

    @Test
    void oldHaproxyIsRefused() {
        assertThatThrownBy(() -> Version.refuseOld("Name: HAProxy\nVersion: 2.2.33-1\n"))
                .isInstanceOf(InfrastructureException.class)
                .hasMessageContaining("HAProxy 2.2 is too old: take 2.4 or newer");
    }

    private String memory(String key) {
        String shown = admin.ask("show map " + haproxy.map);
        return shown.lines()
                .map(line -> line.split(" ", 3))
                .filter(words -> words[1].equals(key))
                .map(words -> words[2])
                .findFirst()
                .orElseThrow();
    }

    private Counts counts(String deployment) {
        return traffic.counts().stream()
                .filter(counts -> counts.deployment().equals(deployment))
                .findFirst()
                .orElseThrow();
    }

    private Target instance(String deployment) throws IOException {
        RawInstance instance = RawInstance.answering(deployment);
        opened.add(instance);
        return instance.target(deployment);
    }

    private String get(String path) throws IOException {
        URI address = haproxy.address;
        try (RawClient client = new RawClient(address)) {
            return client.get(path).body();
        }
    }
}
