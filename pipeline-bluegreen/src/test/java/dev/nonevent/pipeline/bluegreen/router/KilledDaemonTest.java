package dev.nonevent.pipeline.bluegreen.router;

import static org.assertj.core.api.Assertions.assertThat;

import dev.nonevent.pipeline.bluegreen.router.daemon.DaemonProcess;
import dev.nonevent.pipeline.bluegreen.traffic.Canary;
import dev.nonevent.pipeline.bluegreen.traffic.Route;
import dev.nonevent.pipeline.bluegreen.traffic.Routing;
import dev.nonevent.pipeline.bluegreen.traffic.Traffic;
import dev.nonevent.pipeline.executor.ProcessTree;
import dev.nonevent.pipeline.time.TimeSource;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** The daemon is killed in the middle of a canary and started again as systemd does it. */
@Timeout(120)
class KilledDaemonTest {

    /** On a machine that has nothing else to do it is well under one second. */
    private static final Duration LONGEST = Duration.ofSeconds(5);

    private final TimeSource time = TimeSource.system();

    @TempDir
    Path root;

    @AfterEach
    void leaveNoDaemon() {
        assertThat(ProcessTree.stopMarked(DaemonProcess.marker(root.resolve("router")), Duration.ZERO))
                .isEmpty();
    }

    @Test
    void everythingIsAsItWasWithinASecondOrSo() throws Exception {
        Path home = root.resolve("router");
        try (RawInstance active = RawInstance.answering("active");
                RawInstance canary = RawInstance.answering("canary");
                RawInstance preview = RawInstance.answering("preview")) {
            Traffic before = Router.router(0).preview(0).open("shop", home);
            Route route = before.switchTo(
                    Routing.to(active.target("shop-1"))
                            .canary(Canary.of(canary.target("shop-2"), 25)
                                    .stickyBy("side")
                                    .alsoFor("X-Tester", "yes"))
                            .standby(active.target("shop-1"))
                            .preview(preview.target("shop-3")),
                    5);
            URI address = before.address();
            URI previews = before.preview().orElseThrow();
            String cookie = cookieOf(address, "canary");
            ProcessTree.stopMarked(DaemonProcess.marker(home), Duration.ZERO);

            long began = time.nanos();
            Process daemon = startedAsSystemdDoes(home);
            try {
                Duration first = untilItAnswers(address, daemon, began);

                Traffic after = Router.router(0).preview(0).find("shop", home).orElseThrow();
                assertThat(after.route()).isEqualTo(route);
                assertThat(after.address()).isEqualTo(address);
                assertThat(after.preview()).contains(previews);
                assertThat(get(address, "Cookie: " + cookie).body()).isEqualTo("canary");
                assertThat(get(address, "X-Tester: yes").body()).isEqualTo("canary");
                assertThat(get(previews, "X-None: 1").body()).isEqualTo("preview");
                System.out.println("killed router: first answer " + first.toMillis() + " ms after its start");
                assertThat(first).isLessThan(LONGEST);
            } finally {
                daemon.destroyForcibly().waitFor();
            }
        }
    }

    // --- the world

    private static Process startedAsSystemdDoes(Path home) throws IOException {
        return new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "@" + home.resolve("router.args"))
                .directory(Path.of("/").toFile())
                .redirectOutput(home.resolve("by-hand.out").toFile())
                .redirectErrorStream(true)
                .start();
    }

    private Duration untilItAnswers(URI address, Process daemon, long began) throws Exception {
        while (true) {
            try {
                assertThat(get(address, "X-None: 1").status()).isEqualTo(200);
                return Duration.ofNanos(time.nanos() - began);
            } catch (IOException nobodyYet) {
                assertThat(daemon.isAlive())
                        .as("the daemon started, or said why not: %s", Files.readString(daemonOutput()))
                        .isTrue();
                daemon.waitFor(5, TimeUnit.MILLISECONDS);
            }
        }
    }

    private Path daemonOutput() {
        return root.resolve("router/by-hand.out");
    }

    /** The cookie of a user who was sent there by the share. */
    private static String cookieOf(URI address, String body) throws IOException {
        while (true) {
            RawClient.Message answer = get(address, "X-None: 1");
            if (answer.body().equals(body)) {
                return answer.headers().get("set-cookie").split(";")[0];
            }
        }
    }

    private static RawClient.Message get(URI address, String header) throws IOException {
        try (RawClient client = new RawClient(address)) {
            return client.send("GET / HTTP/1.1\r\nHost: shop\r\n" + header + "\r\n\r\n")
                    .read();
        }
    }
}
