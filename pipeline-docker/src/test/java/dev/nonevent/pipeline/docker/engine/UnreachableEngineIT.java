package dev.nonevent.pipeline.docker.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.github.dockerjava.api.async.ResultCallback;
import com.github.dockerjava.api.model.Event;
import dev.nonevent.pipeline.docker.contract.NeedsPrivateEngine;
import dev.nonevent.pipeline.docker.contract.PrivateEngine;
import dev.nonevent.pipeline.outcome.InfrastructureException;
import java.net.ServerSocket;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** What is said of an engine that is old, hung, ended, or not what it was taken for. */
@NeedsPrivateEngine
@Timeout(120)
class UnreachableEngineIT {

    @TempDir
    static Path directory;

    private static PrivateEngine engine;
    private static int plain;

    @BeforeAll
    static void startEngine() throws Exception {
        try (ServerSocket socket = new ServerSocket(0)) {
            plain = socket.getLocalPort();
        }
        engine = PrivateEngine.start("--host=tcp://127.0.0.1:" + plain, "--tls=false");
    }

    @AfterAll
    static void stopEngine() throws Exception {
        if (engine != null) {
            engine.close();
        }
    }

    @Test
    void bothSidesAgreeOnAVersion() {
        try (Engine connection = Engine.at(settings(Map.of()))) {
            String newest = connection
                    .ask("testing", docker -> docker.versionCmd().exec())
                    .getApiVersion();

            assertThat(ApiVersion.parse(newest).orElseThrow()).isGreaterThanOrEqualTo(ApiVersion.OLDEST);
        }
    }

    @Test
    void aVersionTheEngineDoesNotSpeakIsNamedWithItsOwn() {
        assertThatThrownBy(() -> ask(Map.of("DOCKER_API_VERSION", "9.9")))
                .isInstanceOf(InfrastructureException.class)
                .hasMessageMatching("the Docker engine at .* speaks API 1\\.\\d+ to 1\\.\\d+, and not 9\\.9, which"
                        + " DOCKER_API_VERSION names: unset it, and both agree by themselves");
    }

    @Test
    void aVersionThatIsNamedIsSpoken() {
        ask(Map.of("DOCKER_API_VERSION", "1.41"));
    }

    @Test
    void anEngineThatDoesNotSpeakTlsIsNamed() throws Exception {
        Path ours = new TestCertificates("authority").issue(directory.resolve("ours"), "client");

        assertThatThrownBy(() -> ask(Map.of(
                        "DOCKER_HOST",
                        "tcp://127.0.0.1:" + plain,
                        "DOCKER_TLS_VERIFY",
                        "1",
                        "DOCKER_CERT_PATH",
                        ours.toString())))
                .isInstanceOf(InfrastructureException.class)
                .hasMessage("the Docker engine at tcp://127.0.0.1:" + plain + " does not speak TLS (testing): unset"
                        + " DOCKER_TLS_VERIFY, or name the port on which it does");
    }

    @Test
    void aHungEngineIsNotWaitedForForEver() throws Exception {
        engine.freeze();
        try {
            for (String host : new String[] {engine.address().toString(), "tcp://127.0.0.1:" + plain}) {
                assertThatThrownBy(() -> ask(Map.of("DOCKER_HOST", host, "DOCKER_CLIENT_TIMEOUT", "1")))
                        .isInstanceOf(InfrastructureException.class)
                        .hasMessage("the Docker engine at " + host + " did not answer within 1 s while testing: it"
                                + " hangs or is overloaded, see its log, and restart it if it stays so");
            }
        } finally {
            engine.thaw();
        }
    }

    @Test
    void anEngineThatHangsWhileSomethingIsWaitedForIsNoticed() throws Exception {
        try (Engine connection = Engine.at(settings(Map.of("DOCKER_CLIENT_TIMEOUT", "1")));
                Streamed<Event> events = new Streamed<>(event -> {})) {
            connection.ask("testing", docker ->
                    (ResultCallback<Event>) docker.eventsCmd().exec(events));
            try (Pulse pulse = Pulse.of(connection, Duration.ofMillis(50), events)) {
                engine.freeze();

                assertThatThrownBy(() -> events.ended().get(60, TimeUnit.SECONDS))
                        .isInstanceOf(ExecutionException.class)
                        .cause()
                        .isInstanceOf(InfrastructureException.class)
                        .hasMessageContaining("did not answer within 1 s while seeing whether it is alive");
            } finally {
                engine.thaw();
            }
        }
    }

    private static String ask(Map<String, String> environment) {
        try (Engine connection = Engine.at(settings(environment))) {
            return connection
                    .ask("testing", docker -> docker.versionCmd().exec())
                    .getApiVersion();
        }
    }

    private static EngineSettings settings(Map<String, String> environment) {
        return EngineSettings.of(
                Optional.of(engine.address()).filter(address -> !environment.containsKey("DOCKER_HOST")),
                environment,
                directory);
    }
}
