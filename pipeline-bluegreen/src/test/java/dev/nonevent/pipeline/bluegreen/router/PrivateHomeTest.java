package dev.nonevent.pipeline.bluegreen.router;

import static org.assertj.core.api.Assertions.assertThat;

import dev.nonevent.pipeline.bluegreen.router.daemon.DaemonProcess;
import dev.nonevent.pipeline.bluegreen.traffic.Traffic;
import dev.nonevent.pipeline.executor.ProcessTree;
import java.io.BufferedReader;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

/** A deployer whose umask lets everybody read and write what it makes does not so with the router's home. */
@Timeout(120)
@EnabledOnOs(OS.LINUX)
class PrivateHomeTest {

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
    void everyFileInItIsForItsUserAloneWhateverTheUmask() throws Exception {
        Path log = root.resolve("access.log");
        try (RawInstance instance = RawInstance.answering("hello")) {
            Process opener = openerWithoutAMask(instance.target("shop-1").address(), log);
            try (BufferedReader said = opener.inputReader()) {
                URI address = URI.create(said.readLine());
                try (RawClient client = new RawClient(address)) {
                    assertThat(client.get("/").body()).isEqualTo("hello");
                }
                Traffic traffic = Router.router(0).find("shop", home).orElseThrow();
                traffic.switchTo(instance.target("shop-2"), 2);

                // while the daemon is there, for its socket's sake
                Map<String, String> modes = modes();
                assertThat(modes)
                        .containsKeys(
                                "",
                                "control.sock",
                                "port",
                                "preview.port",
                                "program",
                                "route.json",
                                "route.previous.json",
                                "router.args",
                                "router.lock",
                                "router.log",
                                "router.out",
                                "settings.json");
                assertThat(modes)
                        .allSatisfy((name, mode) -> assertThat(mode)
                                .isEqualTo(name.isEmpty() || name.equals("program") ? "rwx------" : "rw-------"));
                assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(log)))
                        .isEqualTo("rw-------");
            } finally {
                opener.destroyForcibly().waitFor();
            }
        }
    }

    /** Of what is directly in the home, and of itself. */
    private Map<String, String> modes() throws IOException {
        Map<String, String> modes = new TreeMap<>();
        try (Stream<Path> files = Files.walk(home, 1)) {
            for (Path file : files.toList()) {
                modes.put(
                        home.relativize(file).toString(),
                        PosixFilePermissions.toString(Files.getPosixFilePermissions(file)));
            }
        }
        return modes;
    }

    private Process openerWithoutAMask(URI instance, Path log) throws IOException {
        return new ProcessBuilder(
                        "/bin/sh",
                        "-c",
                        "umask 000; exec \"$@\"",
                        "sh",
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-cp",
                        System.getProperty("java.class.path"),
                        Opener.class.getName(),
                        home.toString(),
                        instance.toString(),
                        log.toString())
                .redirectError(ProcessBuilder.Redirect.DISCARD)
                .start();
    }
}
