package dev.nonevent.pipeline.bluegreen.router.watch;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import dev.nonevent.pipeline.bluegreen.router.RawClient;
import dev.nonevent.pipeline.bluegreen.router.RawInstance;
import dev.nonevent.pipeline.bluegreen.router.Router;
import dev.nonevent.pipeline.bluegreen.router.switchboard.Finished;
import dev.nonevent.pipeline.bluegreen.traffic.Routing;
import dev.nonevent.pipeline.bluegreen.traffic.Traffic;
import dev.nonevent.pipeline.outcome.InfrastructureException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

@Timeout(60)
class AccessLogTest {

    private static final JsonMapper JSON = JsonMapper.builder().build();

    @TempDir
    Path directory;

    @Test
    void requestIsOneLineWithWhatBecameOfIt() throws Exception {
        try (RawInstance instance = RawInstance.answering("hello")) {
            List<JsonNode> lines = linesAfter(
                    Routing.to(instance.target("shop-1")),
                    client -> client.send("GET /orders/7 HTTP/1.1\r\nHost: shop\r\nX-Request-Id: mine\r\n\r\n")
                            .read());

            JsonNode line = lines.get(0);
            assertThat(lines).hasSize(1);
            assertThat(Instant.parse(line.path("time").asText())).isAfter(Instant.EPOCH);
            assertThat(line.path("client").asText()).isEqualTo("127.0.0.1");
            assertThat(line.path("method").asText()).isEqualTo("GET");
            assertThat(line.path("path").asText()).isEqualTo("/orders/7");
            assertThat(line.path("status").asInt()).isEqualTo(200);
            assertThat(line.path("bytes").asInt()).isEqualTo(5);
            assertThat(line.path("ms").isNumber()).isTrue();
            assertThat(line.path("deployment").asText()).isEqualTo("shop-1");
            assertThat(line.path("colour").asText()).isEqualToIgnoringCase("blue");
            assertThat(line.path("request_id").asText()).isEqualTo("mine");
            assertThat(line.path("replayed").asBoolean()).isFalse();
            assertThat(line.has("failure")).isFalse();
        }
    }

    @Test
    void neitherQueriesNorHeadersAreWritten() throws Exception {
        try (RawInstance instance = RawInstance.answering("hello")) {
            linesAfter(Routing.to(instance.target("shop-1")), client -> {
                client.send("GET /a?token=secret1 HTTP/1.1\r\nHost: shop\r\nAuthorization: secret2\r\n\r\n")
                        .read();
                client.send("GET http://shop/b?secret3 HTTP/1.1\r\nHost: shop\r\nCookie: secret4\r\n\r\n")
                        .read();
            });

            assertThat(Files.readString(directory.resolve("access.log")))
                    .contains("\"path\":\"/a\"", "\"path\":\"/b\"")
                    .doesNotContain("secret", "token");
        }
    }

    @Test
    void replayedRequestIsOneLineOfTheStandbyAndSaysWhatFailed() throws Exception {
        try (RawInstance fresh = new RawInstance(line -> {
                    line.read();
                    line.say("HTTP/1.1 503 No\r\nContent-Length: 0\r\n\r\n");
                });
                RawInstance stable = RawInstance.answering("stable")) {
            List<JsonNode> lines = linesAfter(
                    Routing.to(fresh.target("shop-2")).standby(stable.target("shop-1")), client -> client.get("/"));

            assertThat(lines).hasSize(1);
            assertThat(lines.get(0).path("replayed").asBoolean()).isTrue();
            assertThat(lines.get(0).path("status").asInt()).isEqualTo(200);
            assertThat(lines.get(0).path("deployment").asText()).isEqualTo("shop-1");
            assertThat(lines.get(0).path("failure").asText()).isEqualTo("the instance answered 503");
        }
    }

    @Test
    void failedAndRefusedRequestsAreWrittenToo() throws Exception {
        try (RawInstance dead = new RawInstance(RawInstance.Line::read)) {
            List<JsonNode> lines = linesAfter(Routing.to(dead.target("shop-1")), client -> {
                client.get("/dead");
                client.send("GET /bad HTTP/1.1\r\n\r\n").read();
            });

            assertThat(lines).hasSize(2);
            assertThat(lines.get(0).path("status").asInt()).isEqualTo(502);
            assertThat(lines.get(0).path("failure").asText()).contains("it closed the connection");
            assertThat(lines.get(1).path("status").asInt()).isEqualTo(400);
            assertThat(lines.get(1).has("deployment")).isFalse();
            assertThat(lines.get(1).path("failure").asText()).isEqualTo("malformed: a request of HTTP/1.1 has a Host");
        }
    }

    @Test
    void withoutItNothingIsWritten() throws Exception {
        Traffic traffic = Router.inThisJvm(0).open("shop", directory.resolve("home"));
        try (RawClient client = new RawClient(traffic.address())) {
            client.get("/");
        } finally {
            traffic.shutDown(Long.MAX_VALUE);
        }

        assertThat(directory.resolve("access.log")).doesNotExist();
    }

    @Test
    void whateverIsInAPathALineStaysALine() throws Exception {
        try (AccessLog log = AccessLog.in(directory.resolve("access.log"))) {
            log.finished(request("/\"\n\r\u0000\u001b[2J\u2028ü\\"));
        }

        assertThat(Files.readAllLines(directory.resolve("access.log"))).hasSize(1);
        assertThat(lines().get(0).path("path").asText()).isEqualTo("/\"\n\r\u0000\u001b[2J\u2028ü\\");
    }

    @Test
    void fullFileIsPutAsideAndFourAreKept() throws Exception {
        Path file = directory.resolve("access.log");
        RotatingFile rotating = new RotatingFile(file, 1_000);
        try (AccessLog log = AccessLog.in(rotating, 10_000)) {
            for (int i = 0; i < 100; i++) {
                log.finished(request("/" + i));
            }
        }

        try (var files = Files.list(directory)) {
            assertThat(files.map(each -> each.getFileName().toString()))
                    .containsExactlyInAnyOrder(
                            "access.log", "access.log.1", "access.log.2", "access.log.3", "access.log.4");
        }
        assertThat(Files.size(file)).isLessThanOrEqualTo(1_000);
        assertThat(Files.readString(file)).contains("\"/99\"");
        assertThat(lines(directory.resolve("access.log.1"))).isNotEmpty();
    }

    @Test
    void whatIsThereAlreadyStays() throws Exception {
        Files.writeString(directory.resolve("access.log"), "{}\n");

        try (AccessLog log = AccessLog.in(directory.resolve("access.log"))) {
            log.finished(request("/new"));
        }

        assertThat(lines()).hasSize(2);
    }

    @Test
    @EnabledOnOs(OS.LINUX)
    void onlyItsUserMayReadIt() throws Exception {
        AccessLog.in(directory.resolve("access.log")).close();

        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(directory.resolve("access.log"))))
                .isEqualTo("rw-------");
    }

    @Test
    void fileThatCannotBeWrittenIsSaidBeforeUsersComeIn() {
        assertThatThrownBy(() -> AccessLog.in(directory.resolve("missing").resolve("access.log")))
                .isInstanceOf(InfrastructureException.class)
                .hasMessageContaining("the access log cannot be written to");
    }

    @Test
    @EnabledOnOs(OS.LINUX)
    void fullDiskLosesLinesAndCountsThem() {
        AccessLog log = AccessLog.in(new RotatingFile(Path.of("/dev/full"), 1_000_000), 100);

        for (int i = 0; i < 50; i++) {
            log.finished(request("/" + i));
        }
        log.close();

        assertThat(log.dropped()).isEqualTo(50);
    }

    @Test
    void nobodyWaitsForTheDisk() throws Exception {
        Path file = directory.resolve("access.log");
        try (AccessLog log = AccessLog.in(new RotatingFile(file, 1_000_000_000), 1)) {
            long asked = 0;
            while (log.dropped() == 0) {
                log.finished(request("/" + asked++));
            }
            log.close();

            assertThat(lines()).hasSize((int) (asked - log.dropped()));
        }
    }

    // --- the world

    private interface Users {
        void ask(RawClient client) throws IOException;
    }

    private List<JsonNode> linesAfter(Routing routing, Users users) throws Exception {
        Router router = Router.inThisJvm(0).accessLog(directory.resolve("access.log"));
        Traffic traffic = router.open("shop", directory.resolve("home"));
        try {
            traffic.switchTo(routing, 1);
            try (RawClient client = new RawClient(traffic.address())) {
                users.ask(client);
            }
        } finally {
            traffic.shutDown(Long.MAX_VALUE);
        }
        return lines();
    }

    private List<JsonNode> lines() throws IOException {
        return lines(directory.resolve("access.log"));
    }

    private static List<JsonNode> lines(Path file) throws IOException {
        List<JsonNode> lines = new ArrayList<>();
        for (String line : Files.readAllLines(file)) {
            lines.add(JSON.readTree(line));
        }
        return lines;
    }

    private static Finished request(String path) {
        return new Finished(
                Instant.EPOCH,
                "127.0.0.1",
                "GET",
                path,
                200,
                0,
                1_000,
                Optional.empty(),
                Optional.empty(),
                false,
                Optional.empty());
    }
}
