package dev.nonevent.pipeline.post;

import static dev.nonevent.pipeline.post.RecordingServer.answer;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.net.URI;
import java.time.Duration;
import java.util.function.UnaryOperator;
import mockwebserver3.MockResponse;
import mockwebserver3.SocketEffect;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

@Timeout(60)
class CourierTest {

    private static final Duration HALF_A_MINUTE = Duration.ofSeconds(30);

    private final JumpingClock clock = new JumpingClock();
    private RecordingServer server;

    @BeforeEach
    void start() throws Exception {
        server = new RecordingServer();
    }

    @AfterEach
    void stop() {
        server.close();
    }

    @Test
    void aLetterThatIsTakenIsSentOnce() throws Exception {
        assertThat(carry()).isEqualTo(new Answer.Taken());

        assertThat(server.received()).singleElement().satisfies(request -> {
            assertThat(request.method()).isEqualTo("POST");
            assertThat(request.target()).isEqualTo("/hook");
            assertThat(request.headers().get("Content-Type")).startsWith("application/json");
            assertThat(request.text()).isEqualTo("{\"a\":1}");
        });
        assertThat(clock.slept()).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(ints = {408, 429, 500, 502, 503, 504})
    void whatMayPassIsTriedAgain(int code) throws Exception {
        server.will(answer(code, ""), answer(code, ""));

        assertThat(carry()).isEqualTo(new Answer.Taken());
        assertThat(server.received()).hasSize(3);
        assertThat(clock.slept()).hasSize(2).allMatch(pause -> pause.toMillis() >= 200);
    }

    @ParameterizedTest
    @ValueSource(ints = {400, 401, 403, 404, 409, 410, 422})
    void aRefusalIsTakenForAnAnswer(int code) throws Exception {
        server.will(answer(code, "{\"message\": \"No commit found for SHA: abc\"}"));

        assertThat(carry()).isEqualTo(new Answer.Refused(code, "No commit found for SHA: abc"));
        assertThat(server.received()).hasSize(1);
    }

    @ParameterizedTest
    @CsvSource({
        "429, Retry-After, 7, 7",
        "503, Retry-After, 7, 7",
        "403, Retry-After, 7, 7",
        "429, Retry-After, 'Tue, 24 Nov 2026 12:00:09 GMT', 9",
        "429, RateLimit-Reset, 1795521611, 11",
    })
    void whatTheServerAsksToWaitIsWaited(int code, String header, String value, long seconds) throws Exception {
        server.will(answer(code, "", header, value));

        assertThat(carry()).isEqualTo(new Answer.Taken());
        assertThat(clock.slept()).containsExactly(Duration.ofSeconds(seconds));
    }

    @Test
    void theLimitOfGitHubIsA403WithoutRemainingRequests() throws Exception {
        server.will(answer(
                403,
                "{\"message\": \"API rate limit exceeded for user ID 1.\"}",
                "X-RateLimit-Remaining",
                "0",
                "X-RateLimit-Reset",
                "1795521605"));

        assertThat(carry()).isEqualTo(new Answer.Taken());
        assertThat(clock.slept()).containsExactly(Duration.ofSeconds(5));
    }

    @Test
    void theSecondLimitOfGitHubIsToldByItsWordsAlone() throws Exception {
        server.will(answer(403, "{\"message\": \"You have exceeded a secondary rate limit.\"}"));

        assertThat(carry()).isEqualTo(new Answer.Taken());
        assertThat(server.received()).hasSize(2);
    }

    @Test
    void whoeverAsksToWaitForLongerThanThereIsTimeIsNotWaitedFor() throws Exception {
        server.will(answer(429, "{\"message\": \"slow down\"}", "Retry-After", "3600"));

        assertThat(carry().sentence()).isEqualTo("answered 429: slow down; it asks to wait 3600 s");
        assertThat(clock.slept()).isEmpty();
        assertThat(server.received()).hasSize(1);
    }

    @Test
    void aServerThatStaysBusyIsLeftWhenTimeIsUp() throws Exception {
        for (int i = 0; i < 20; i++) {
            server.will(answer(503, "<html>busy</html>"));
        }

        assertThat(carry().sentence()).isEqualTo("answered 503");
        assertThat(clock.nanos()).isLessThan(HALF_A_MINUTE.toNanos());
        assertThat(server.received()).hasSizeBetween(3, 8);
    }

    @Test
    void aConnectionThatBreaksIsTriedAgain() throws Exception {
        server.will(new MockResponse.Builder()
                .onRequestStart(new SocketEffect.CloseSocket())
                .build());

        assertThat(carry()).isEqualTo(new Answer.Taken());
    }

    @Test
    void aServerThatIsNotThereIsNamedByItsHostAlone() throws Exception {
        URI gone = server.at("/services/T0/B0/hunter2");
        server.close();

        Answer answer = courier().carry(Letter.to(gone, "{}"), Duration.ofSeconds(2));

        assertThat(answer.sentence())
                .startsWith("cannot be reached: ")
                .contains("localhost")
                .doesNotContain("hunter2");
    }

    @Test
    void aRedirectIsNotFollowedBecauseTheSecretWouldFollowIt() throws Exception {
        server.will(answer(302, "", "Location", server.at("/elsewhere").toString()));

        assertThat(carry().sentence()).isEqualTo("answered 302: a redirect, which a secret must not follow");
        assertThat(server.received()).hasSize(1);
    }

    @Test
    void theWordsOfAServerAreMaskedBeforeTheyAreCutShort() throws Exception {
        server.will(answer(400, "x".repeat(195) + "hunter2hunter2\u001b[31m"));

        Answer answer = new Courier(clock, text -> text.replace("hunter2hunter2", "***"))
                .carry(Letter.to(server.at("/hook"), "{}"), HALF_A_MINUTE);

        assertThat(answer).isEqualTo(new Answer.Refused(400, "x".repeat(195) + "*** […"));
    }

    @Test
    void anInterruptEndsIt() {
        Thread.currentThread().interrupt();

        assertThatThrownBy(this::carry).isInstanceOf(InterruptedException.class);
        assertThat(server.received()).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"http://hooks.example/T0", "ftp://hooks.example/T0", "https://me:pass@hooks.example/T0", "T0"})
    void aSecretGoesOnlyToASafeAddressWhichIsNotQuoted(String address) {
        assertThatThrownBy(() -> Letter.to(URI.create(address), "{}"))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageNotContaining("T0");
        assertThat(Letter.to(URI.create("https://hooks.example/T0"), "{}")).hasToString("a letter to hooks.example");
    }

    private Answer carry() throws InterruptedException {
        return courier().carry(Letter.to(server.at("/hook"), "{\"a\":1}"), HALF_A_MINUTE);
    }

    private Courier courier() {
        return new Courier(clock, UnaryOperator.identity());
    }
}
