package dev.nonevent.pipeline.bluegreen.router;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.nonevent.pipeline.bluegreen.router.daemon.DaemonProcess;
import dev.nonevent.pipeline.bluegreen.router.daemon.RemoteTraffic;
import dev.nonevent.pipeline.bluegreen.traffic.Route;
import dev.nonevent.pipeline.bluegreen.traffic.Traffic;
import dev.nonevent.pipeline.bluegreen.traffic.TrafficUnknownException;
import dev.nonevent.pipeline.executor.ProcessTree;
import dev.nonevent.pipeline.outcome.InfrastructureException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** What can befall the home of a daemon, and a daemon in the middle of a switch. */
@Timeout(120)
class HomeOfADaemonTest {

    @TempDir
    Path root;

    private Path home;

    @BeforeEach
    void name() {
        home = root.resolve("router");
    }

    @AfterEach
    void leaveNoDaemon() {
        assertThat(ProcessTree.stopMarked(DaemonProcess.marker(home), Duration.ZERO))
                .isEmpty();
    }

    @Test
    void bothGenerationsTornStartNothingAndNoEmptyRoute() throws Exception {
        Traffic traffic = Router.router(0).open("shop", home);
        try (RawInstance instance = RawInstance.answering("hello")) {
            traffic.switchTo(instance.target("shop-1"), 1);
            traffic.switchTo(instance.target("shop-2"), 2);
        }
        ProcessTree.stopMarked(DaemonProcess.marker(home), Duration.ZERO);
        Files.writeString(home.resolve("route.json"), "torn");
        Files.writeString(home.resolve("route.previous.json"), "torn");

        assertThatThrownBy(() -> Router.router(0).open("shop", home))
                .isInstanceOf(InfrastructureException.class)
                .hasMessageContaining("nobody knows where traffic was");
        assertThat(Files.readString(home.resolve("route.json"))).isEqualTo("torn");
        assertThat(ProcessTree.withMarker(DaemonProcess.marker(home))).isEmpty();
    }

    @Test
    void tornSettingsAndArgumentsAreWrittenAnewByTheNextOpening() throws Exception {
        try (RawInstance instance = RawInstance.answering("hello")) {
            Traffic traffic = Router.router(0).open("shop", home);
            Route route = traffic.switchTo(instance.target("shop-1"), 1);
            String arguments = Files.readString(home.resolve("router.args"));
            ProcessTree.stopMarked(DaemonProcess.marker(home), Duration.ZERO);
            Files.writeString(home.resolve("settings.json"), "{\"version\":");
            Files.writeString(home.resolve("router.args"), "\"-cp");

            assertThat(Router.router(0).open("shop", home).route()).isEqualTo(route);

            assertThat(Files.readString(home.resolve("router.args"))).isEqualTo(arguments);
            assertThat(Files.readString(home.resolve("settings.json"))).contains("\"shop\"");
        }
    }

    @Test
    void homeWithBlanksAndTwoHundredCharactersWorks() throws Exception {
        home = root.resolve("a home with blanks " + "and \"more\" ".repeat(17));
        try (RawInstance instance = RawInstance.answering("hello")) {
            Traffic traffic = Router.router(0).open("shop", home);
            Route route = traffic.switchTo(instance.target("shop-1"), 1);
            ProcessTree.stopMarked(DaemonProcess.marker(home), Duration.ZERO);

            Traffic again = Router.router(0).open("shop", home);

            assertThat(again.route()).isEqualTo(route);
            try (RawClient client = new RawClient(again.address())) {
                assertThat(client.get("/").body()).isEqualTo("hello");
            }
        }
    }

    @Test
    void daemonThatIsStoppedInASwitchIsToldAsUnknownAndDoesOneOfTheTwo() throws Exception {
        try (RawInstance blue = RawInstance.answering("blue");
                RawInstance green = RawInstance.answering("green")) {
            Traffic traffic = Router.router(0).open("shop", home);
            Route before = traffic.switchTo(blue.target("shop-1"), 1);
            signal("-STOP");

            assertThatThrownBy(() ->
                            new RemoteTraffic(home, "shop", Duration.ofMillis(300)).switchTo(green.target("shop-2"), 2))
                    .isInstanceOf(TrafficUnknownException.class)
                    .hasMessageContaining("nobody knows where traffic is");

            signal("-CONT");
            Route now = awaitChange(traffic, before);
            assertThat(now.active()).contains(green.target("shop-2"));
            assertThat(now.fence()).isEqualTo(2);
        }
    }

    @Test
    void homeThatIsRemovedWhileItsRouterRunsTakesNothingFromUsersAndLetsNobodyGuess() throws Exception {
        try (RawInstance instance = RawInstance.answering("hello")) {
            Traffic traffic = Router.router(0).open("shop", home);
            Route route = traffic.switchTo(instance.target("shop-1"), 1);
            URI address = traffic.address();
            long pid = ProcessTree.withMarker(DaemonProcess.marker(home)).get(0).pid();
            Path aside = Files.move(home, root.resolve("aside"));

            assertLost(pid, () -> traffic.switchTo(instance.target("shop-2"), 2));
            assertLost(pid, () -> Router.router(0).find("shop", home));
            assertLost(pid, () -> Router.router(0).open("shop", home));
            // also once somebody has made a new one there
            assertThat(home).exists();
            assertLost(pid, () -> Router.router(0).open("shop", home));

            assertThat(ProcessTree.withMarker(DaemonProcess.marker(home))).hasSize(1);
            try (RawClient client = new RawClient(address)) {
                assertThat(client.get("/").body()).isEqualTo("hello");
            }
            Files.move(home, root.resolve("nothing"));
            Files.move(aside, home);
            assertThat(traffic.route()).isEqualTo(route);
            assertThat(traffic.switchTo(instance.target("shop-2"), 2).fence()).isEqualTo(2);
        }
    }

    private static void assertLost(long pid, ThrowingCallable call) {
        assertThatThrownBy(call)
                .isInstanceOf(TrafficUnknownException.class)
                .hasMessageContaining("was removed or moved while it runs: its users are served as before")
                .hasMessageContaining("end process " + pid + " and open the router anew");
    }

    /** It had heard the words, though nobody waited for its answer. */
    private static Route awaitChange(Traffic traffic, Route before) throws Exception {
        return Awaited.value(() -> {
            Route now = traffic.route();
            assertThat(now).isNotEqualTo(before);
            return now;
        });
    }

    private void signal(String name) throws Exception {
        long pid = ProcessTree.withMarker(DaemonProcess.marker(home)).get(0).pid();
        assertThat(new ProcessBuilder("kill", name, Long.toString(pid)).start().waitFor())
                .isZero();
    }
}
