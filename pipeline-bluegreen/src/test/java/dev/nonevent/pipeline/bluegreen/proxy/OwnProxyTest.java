package dev.nonevent.pipeline.bluegreen.proxy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.nonevent.pipeline.bluegreen.haproxy.HaproxySwitcher;
import dev.nonevent.pipeline.bluegreen.router.RawClient;
import dev.nonevent.pipeline.bluegreen.router.RawInstance;
import dev.nonevent.pipeline.bluegreen.traffic.Route;
import dev.nonevent.pipeline.bluegreen.traffic.Traffic;
import dev.nonevent.pipeline.bluegreen.traffic.TrafficUnknownException;
import dev.nonevent.pipeline.outcome.InfrastructureException;
import dev.nonevent.pipeline.time.TimeSource;
import java.io.IOException;
import java.net.SocketException;
import java.net.StandardProtocolFamily;
import java.net.URI;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.SocketChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** A proxy as a process of the application's own. */
@NeedsProxy("haproxy")
@Timeout(60)
class OwnProxyTest {

    @TempDir
    Path home;

    @Test
    void oneThatWasKilledIsStartedAgainWithTheSameRouteAndPort() throws Exception {
        Traffic traffic = HaproxySwitcher.haproxy(0).open("shop", home);
        try (RawInstance instance = RawInstance.answering("shop-1")) {
            Route route = traffic.switchTo(instance.target("shop-1"), 4);
            URI address = traffic.address();
            String identity = Files.readString(home.resolve("haproxy.process"));
            ProcessHandle process = ProcessHandle.of(Long.parseLong(identity.substring(0, identity.indexOf('@'))))
                    .orElseThrow();
            process.destroyForcibly();
            process.onExit().orTimeout(10, TimeUnit.SECONDS).join();
            assertThat(HaproxySwitcher.haproxy(0).find("shop", home)).isEmpty();

            Traffic again = HaproxySwitcher.haproxy(0).open("shop", home);

            assertThat(again.route()).isEqualTo(route);
            assertThat(again.address()).isEqualTo(address);
            try (RawClient client = new RawClient(address)) {
                assertThat(client.get("/").body()).isEqualTo("shop-1");
            }
            again.shutDown(Long.MAX_VALUE);
        }
    }

    @Test
    void oneThatHangsIsNotTakenForNone() throws Exception {
        Traffic traffic = HaproxySwitcher.haproxy(0).open("shop", home);
        List<SocketChannel> waiting = new ArrayList<>();
        signal("STOP");
        try {
            // as many as it lets wait, so that nobody has to wait here
            fill(waiting);

            assertThatThrownBy(() -> HaproxySwitcher.haproxy(0).find("shop", home))
                    .isInstanceOf(TrafficUnknownException.class)
                    .hasMessageContaining("hangs");
            assertThatThrownBy(() -> HaproxySwitcher.haproxy(0).open("shop", home))
                    .isInstanceOf(TrafficUnknownException.class);
        } finally {
            signal("CONT");
            for (SocketChannel each : waiting) {
                each.close();
            }
            traffic.shutDown(Long.MAX_VALUE);
        }
    }

    /** One that is not would be started a second time, on the same port. */
    @Test
    void oneThatIsStartedByAnInterruptedDeployerIsKnown() throws Exception {
        OwnProcess process = new OwnProcess("haproxy", home, TimeSource.system());

        Thread.currentThread().interrupt();
        process.start(List.of("sleep", "60"), () -> true);
        boolean interrupted = Thread.interrupted();

        try {
            assertThat(interrupted).as("the deployer learns of it").isTrue();
            assertThatThrownBy(process::refuseSilent)
                    .isInstanceOf(TrafficUnknownException.class)
                    .hasMessageContaining("lives as process " + pid());
        } finally {
            process.stop();
        }
    }

    @Test
    void oneWhoseSocketIsGoneIsNotTakenForNone() throws Exception {
        Traffic traffic = HaproxySwitcher.haproxy(0).open("shop", home);
        Path socket = home.resolve("admin.sock");
        Path aside = home.resolve("aside.sock");
        Files.move(socket, aside);
        try {
            assertThatThrownBy(() -> HaproxySwitcher.haproxy(0).find("shop", home))
                    .isInstanceOf(TrafficUnknownException.class)
                    .hasMessageContaining("lives as process " + pid())
                    .hasMessageContaining("does not answer");
        } finally {
            Files.move(aside, socket);
            traffic.shutDown(Long.MAX_VALUE);
        }
    }

    @Test
    void lookingForOneDeclaredWithAnotherPortChangesNothing() throws Exception {
        Traffic traffic = HaproxySwitcher.haproxy(0).open("shop", home);
        try {
            Traffic found = HaproxySwitcher.haproxy(1).find("shop", home).orElseThrow();

            assertThat(found.address()).isEqualTo(traffic.address());
            assertThatThrownBy(() -> HaproxySwitcher.haproxy(1).open("shop", home))
                    .isInstanceOf(InfrastructureException.class)
                    .hasMessageContaining("runs on port " + traffic.address().getPort());
        } finally {
            traffic.shutDown(Long.MAX_VALUE);
        }
    }

    @Test
    void deployersWhoOpenAtTheSameTimeFindOne() throws Exception {
        ExecutorService deployers = Executors.newFixedThreadPool(4);
        try {
            List<Future<Traffic>> opening = deployers.invokeAll(
                    Collections.nCopies(4, () -> HaproxySwitcher.haproxy(0).open("shop", home)));

            Set<URI> addresses = new HashSet<>();
            for (Future<Traffic> each : opening) {
                addresses.add(each.get().address());
            }
            assertThat(addresses).hasSize(1);
            URI address = addresses.iterator().next();
            try (RawClient client = new RawClient(address)) {
                assertThat(client.get("/").body()).isEqualTo("nobody is here yet");
            }
        } finally {
            deployers.shutdownNow();
            HaproxySwitcher.haproxy(0).open("shop", home).shutDown(Long.MAX_VALUE);
        }
    }

    private void fill(List<SocketChannel> waiting) throws IOException {
        boolean full = false;
        while (!full) {
            SocketChannel channel = SocketChannel.open(StandardProtocolFamily.UNIX);
            waiting.add(channel);
            channel.configureBlocking(false);
            try {
                full = !channel.connect(UnixDomainSocketAddress.of(home.resolve("admin.sock")));
            } catch (SocketException e) {
                full = true;
            }
        }
    }

    private long pid() throws IOException {
        String identity = Files.readString(home.resolve("haproxy.process"));
        return Long.parseLong(identity.substring(0, identity.indexOf('@')));
    }

    private void signal(String name) throws IOException, InterruptedException {
        assertThat(new ProcessBuilder("kill", "-" + name, String.valueOf(pid()))
                        .start()
                        .waitFor())
                .isZero();
    }
}
