package dev.nonevent.pipeline.docker.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.sun.net.httpserver.HttpServer;
import dev.nonevent.pipeline.outcome.InfrastructureException;
import java.io.IOException;
import java.net.BindException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.StandardProtocolFamily;
import java.net.URI;
import java.net.UnixDomainSocketAddress;
import java.net.UnknownHostException;
import java.nio.channels.ServerSocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** One sentence for each way in which there is no engine to talk to. */
@Timeout(60)
class UnreachableTest {

    @TempDir
    Path directory;

    @Test
    void aSocketThatIsNotThereIsNamed() {
        Path missing = directory.resolve("docker.sock");

        assertThatThrownBy(() -> ask("unix://" + missing))
                .isInstanceOf(InfrastructureException.class)
                .hasMessage("no Docker engine answers at unix://" + missing
                        + " (its socket is not there, testing): start one, or name another with DOCKER_HOST");
    }

    @Test
    void aSocketNobodyListensAtIsNamed() throws Exception {
        Path abandoned = directory.resolve("docker.sock");
        try (var server = ServerSocketChannel.open(StandardProtocolFamily.UNIX)) {
            server.bind(UnixDomainSocketAddress.of(abandoned));
        }
        assertThat(Files.exists(abandoned)).isTrue();

        assertThatThrownBy(() -> ask("unix://" + abandoned))
                .isInstanceOf(InfrastructureException.class)
                .hasMessage("no Docker engine answers at unix://" + abandoned
                        + " (Connection refused, testing): start one, or name another with DOCKER_HOST");
    }

    /** The JDK's own words, as an ordinary user sees them; whoever runs the tests may be allowed everything. */
    @Test
    void aSocketThisUserMayNotOpenIsNamedWithTheWayOut() {
        Throwable refused = new RuntimeException(new BindException("Permission denied"));

        assertThat(new Unreachable(URI.create("unix:///var/run/docker.sock"), refused, "testing").sentence())
                .contains(
                        "this user may not talk to the Docker engine at unix:///var/run/docker.sock (Permission denied,"
                                + " testing): add the user to the group that owns the socket, usually docker, and log in again");
    }

    @Test
    void aHostThatIsNotThereIsNamed() {
        Throwable unknown = new RuntimeException(new UnknownHostException("far.invalid: Name or service not known"));

        assertThat(new Unreachable(URI.create("tcp://far.invalid:2375"), unknown, "testing").sentence())
                .contains("no Docker engine answers at tcp://far.invalid:2375 (there is no host far.invalid, testing):"
                        + " start one, or name another with DOCKER_HOST");
    }

    @Test
    void anEngineThatIsTooOldIsNamedWithBothVersions() throws Exception {
        assertThatThrownBy(() -> askOneThatSays(200, "{\"Version\":\"18.06.1\",\"ApiVersion\":\"1.38\"}"))
                .isInstanceOf(InfrastructureException.class)
                .hasMessageEndingWith(
                        " is too old: it is version 18.06.1 and speaks API 1.38, and at least 1.41 is needed: update it to Docker"
                                + " 20.10 or newer");
    }

    @Test
    void anEngineThatIsTooNewIsNamedWithBothVersions() {
        assertThatThrownBy(() -> askOneThatSays(
                        200, "{\"Version\":\"99.0\",\"ApiVersion\":\"1.99\",\"MinAPIVersion\":\"1.60\"}"))
                .isInstanceOf(InfrastructureException.class)
                .hasMessageEndingWith(
                        " speaks API 1.60 to 1.99, and not 1.44, the newest known here: set DOCKER_API_VERSION=1.60");
    }

    @Test
    void anythingElseThatAnswersIsNoEngine() throws Exception {
        assertThatThrownBy(() -> askOneThatSays(200, "{}"))
                .isInstanceOf(InfrastructureException.class)
                .hasMessageEndingWith("is it a Docker engine?");
        assertThatThrownBy(() -> askOneThatSays(404, "nothing here"))
                .isInstanceOf(InfrastructureException.class)
                .hasMessageMatching("what answers at tcp://127\\.0\\.0\\.1:\\d+ is no Docker engine, or it is not well:"
                        + " asked for its version it answered \"Status 404: nothing here\"");
    }

    private static void askOneThatSays(int status, String text) throws IOException {
        HttpServer server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.createContext("/version", exchange -> {
            byte[] answer = text.getBytes(StandardCharsets.UTF_8);
            exchange.sendResponseHeaders(status, answer.length);
            exchange.getResponseBody().write(answer);
            exchange.close();
        });
        server.start();
        try {
            ask("tcp://127.0.0.1:" + server.getAddress().getPort());
        } finally {
            server.stop(0);
        }
    }

    private static void ask(String host) {
        Map<String, String> environment = Map.of("DOCKER_HOST", host);
        try (Engine engine = Engine.at(EngineSettings.of(Optional.empty(), environment, Path.of("/nonexistent")))) {
            engine.tell("testing", docker -> docker.infoCmd().exec());
        }
    }
}
