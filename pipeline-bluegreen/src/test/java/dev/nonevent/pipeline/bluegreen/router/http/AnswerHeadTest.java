package dev.nonevent.pipeline.bluegreen.router.http;

import static org.assertj.core.api.Assertions.assertThat;

import dev.nonevent.pipeline.bluegreen.router.RawClient;
import dev.nonevent.pipeline.bluegreen.router.RawInstance;
import dev.nonevent.pipeline.bluegreen.router.Router;
import dev.nonevent.pipeline.bluegreen.traffic.Traffic;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** What clients are told of the instance's head. */
@Timeout(60)
class AnswerHeadTest {

    @TempDir
    Path home;

    @Test
    void whatConcernsTheInstancesConnectionStaysThere() throws Exception {
        RawClient.Message answer = answerTo(
                "Connection: close, X-Hop\r\nX-Hop: 1\r\nKeep-Alive: timeout=5\r\nX-End: 2\r\nContent-Length: 5");

        assertThat(answer.headers()).isEqualTo(Map.of("x-end", "2", "content-length", "5"));
    }

    @Test
    void answerWhoseLengthConcernsOneConnectionIsToldInChunks() throws Exception {
        RawClient.Message answer = answerTo("Connection: content-length\r\nContent-Length: 5");

        assertThat(answer.headers()).isEqualTo(Map.of("transfer-encoding", "chunked"));
        assertThat(answer.body()).isEqualTo("hello");
    }

    @Test
    void answerThatEndsWithItsConnectionIsToldInChunks() throws Exception {
        RawClient.Message answer = answerTo("Connection: close\r\nX-End: 2");

        assertThat(answer.headers()).isEqualTo(Map.of("x-end", "2", "transfer-encoding", "chunked"));
        assertThat(answer.body()).isEqualTo("hello");
    }

    private RawClient.Message answerTo(String head) throws Exception {
        Traffic traffic = Router.inThisJvm(0).open("shop", home);
        try (RawInstance instance = new RawInstance(line -> {
            line.read();
            line.say("HTTP/1.1 200 OK\r\n" + head + "\r\n\r\nhello");
        })) {
            traffic.switchTo(instance.target("shop-1"), 1);
            try (RawClient client = new RawClient(traffic.address())) {
                return client.get("/");
            }
        } finally {
            traffic.shutDown(Long.MAX_VALUE);
        }
    }
}
