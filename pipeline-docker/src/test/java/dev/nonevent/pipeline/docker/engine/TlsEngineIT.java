package dev.nonevent.pipeline.docker.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.common.hash.Hashing;
import dev.nonevent.pipeline.docker.contract.NeedsPrivateEngine;
import dev.nonevent.pipeline.docker.contract.PrivateEngine;
import dev.nonevent.pipeline.outcome.InfrastructureException;
import java.io.IOException;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import javax.net.ssl.SSLException;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** An engine that speaks TLS and wants to know who asks, and one that does neither. */
@NeedsPrivateEngine
@Timeout(120)
class TlsEngineIT {

    @TempDir
    static Path directory;

    private static TestCertificates authority;
    private static PrivateEngine engine;
    private static int encrypted;

    @BeforeAll
    static void startEngine() throws Exception {
        authority = new TestCertificates("authority of the engine");
        Path own = authority.issue(
                directory.resolve("engine"),
                "engine",
                TestCertificates.address(127, 0, 0, 1),
                TestCertificates.hostName("localhost"));
        encrypted = freePort();
        engine = PrivateEngine.start(
                "--host=tcp://127.0.0.1:" + encrypted,
                "--host=tcp://127.0.0.2:" + encrypted,
                "--tlsverify",
                "--tlscacert=" + own.resolve("ca.pem"),
                "--tlscert=" + own.resolve("cert.pem"),
                "--tlskey=" + own.resolve("key.pem"));
    }

    @AfterAll
    static void stopEngine() throws Exception {
        if (engine != null) {
            engine.close();
        }
    }

    @Test
    void anEngineThatKnowsUsAnswers() throws Exception {
        Path ours = authority.issue(directory.resolve("ours"), "client");

        assertThat(versionAskedAt("127.0.0.1", ours)).startsWith("1.");
        assertThat(versionAskedAt("localhost", ours)).startsWith("1.");
    }

    @Test
    void withoutTlsItSaysWhatItWants() {
        assertThatThrownBy(() -> ask(Map.of("DOCKER_HOST", "tcp://127.0.0.1:" + encrypted)))
                .isInstanceOf(InfrastructureException.class)
                .hasMessage("the Docker engine at tcp://127.0.0.1:" + encrypted
                        + " wants TLS: set DOCKER_TLS_VERIFY=1 and DOCKER_CERT_PATH to the directory with ca.pem,"
                        + " cert.pem and key.pem, or use a docker context with certificates");
    }

    @Test
    void anAuthorityThatIsNotTrustedIsNamed() throws Exception {
        Path others = new TestCertificates("another authority").issue(directory.resolve("others"), "client");

        assertThatThrownBy(() -> versionAskedAt("127.0.0.1", others))
                .isInstanceOf(InfrastructureException.class)
                .hasMessageContaining("is of an authority that is not trusted")
                .hasMessageEndingWith("is it the ca.pem of that engine?");
    }

    @Test
    void aClientTheEngineDoesNotKnowIsToldSo() throws Exception {
        Path others = new TestCertificates("another authority").issue(directory.resolve("strangers"), "client");
        authority.writeAuthority(others);
        Path nobody = authority.writeAuthority(directory.resolve("nobody")).getParent();

        for (Path each : new Path[] {others, nobody}) {
            assertThatThrownBy(() -> versionAskedAt("127.0.0.1", each))
                    .isInstanceOf(InfrastructureException.class)
                    .hasMessageContaining("refuses this client's certificate");
        }
    }

    @Test
    void aCertificateForAnotherHostIsRefused() throws Exception {
        Path ours = authority.issue(directory.resolve("mistaken"), "client");

        assertThatThrownBy(() -> versionAskedAt("127.0.0.2", ours))
                .isInstanceOf(InfrastructureException.class)
                .hasMessageContaining("is not for 127.0.0.2");
    }

    @Test
    void aCertificateThatHasExpiredIsRefused() throws Exception {
        Path ours = authority.issue(directory.resolve("late"), "client");
        Path old = authority.issue(
                directory.resolve("old"), "engine", Duration.ofHours(-1), TestCertificates.address(127, 0, 0, 1));
        try (ServerSocket server =
                new TlsFiles(old, true).context().getServerSocketFactory().createServerSocket(0)) {
            Thread shakingHands = new Thread(() -> shakeHands(server), "expired");
            shakingHands.setDaemon(true);
            shakingHands.start();

            assertThatThrownBy(() -> ask(Map.of(
                            "DOCKER_HOST",
                            "tcp://127.0.0.1:" + server.getLocalPort(),
                            "DOCKER_TLS_VERIFY",
                            "1",
                            "DOCKER_CERT_PATH",
                            ours.toString())))
                    .isInstanceOf(InfrastructureException.class)
                    .hasMessageContaining("has expired");
        }
    }

    @Test
    void aContextWithCertificatesWillDo() throws Exception {
        Path docker = directory.resolve("docker");
        String folder =
                Hashing.sha256().hashString("far", StandardCharsets.UTF_8).toString();
        authority.issue(docker.resolve("contexts/tls").resolve(folder).resolve("docker"), "client");
        Path meta = Files.createDirectories(docker.resolve("contexts/meta").resolve(folder));
        Files.writeString(
                meta.resolve("meta.json"),
                "{\"Name\":\"far\",\"Metadata\":{},\"Endpoints\":{\"docker\":{\"Host\":\"tcp://127.0.0.1:" + encrypted
                        + "\",\"SkipTLSVerify\":false}}}");

        assertThat(ask(Map.of("DOCKER_CONFIG", docker.toString(), "DOCKER_CONTEXT", "far")))
                .startsWith("1.");
    }

    @Test
    void missingCertificatesAreNamed() {
        assertThatThrownBy(() -> versionAskedAt("127.0.0.1", directory.resolve("nowhere")))
                .isInstanceOf(InfrastructureException.class)
                .hasMessage("the certificates for the Docker engine in " + directory.resolve("nowhere")
                        + " cannot be used: " + directory.resolve("nowhere/ca.pem")
                        + " is missing: ca.pem, cert.pem and key.pem are looked for there");
    }

    private static void shakeHands(ServerSocket server) {
        try {
            while (true) {
                try (Socket socket = server.accept()) {
                    socket.getInputStream().read();
                } catch (SSLException refused) {
                    // As it should be.
                }
            }
        } catch (IOException closed) {
            // The test is over.
        }
    }

    private static String versionAskedAt(String host, Path certificates) {
        return ask(Map.of(
                "DOCKER_HOST",
                "tcp://" + host + ":" + encrypted,
                "DOCKER_TLS_VERIFY",
                "1",
                "DOCKER_CERT_PATH",
                certificates.toString()));
    }

    private static String ask(Map<String, String> environment) {
        try (Engine connection = Engine.at(EngineSettings.of(Optional.empty(), environment, directory))) {
            return connection
                    .ask("testing", docker -> docker.versionCmd().exec())
                    .getApiVersion();
        }
    }

    private static int freePort() throws IOException {
        try (ServerSocket socket = new ServerSocket(0)) {
            return socket.getLocalPort();
        }
    }
}
