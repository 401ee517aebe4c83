package dev.nonevent.pipeline.trigger;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import dev.nonevent.pipeline.definition.Pipeline;
import dev.nonevent.pipeline.plan.Plan;
import dev.nonevent.pipeline.run.Approvals;
import dev.nonevent.pipeline.run.PipelineRunner;
import dev.nonevent.pipeline.run.Run;
import dev.nonevent.pipeline.run.RunRequest;
import dev.nonevent.pipeline.work.Trigger;
import java.io.IOException;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Another program asks what waits, and answers. */
@Timeout(60)
class ApprovalServerTest {

    private static final String TOKEN = "d41d8cd98f00b204e9800998";

    @TempDir
    Path home;

    private ApprovalServer server;
    private Run run;
    private String digest;

    @BeforeEach
    void letARunWait() {
        server = ApprovalServer.of(home, TOKEN).start(0);
        Pipeline shop =
                Pipeline.define("shop", p -> p.stage("deploy").approvedBy("ops").run(ctx -> 1));
        run = PipelineRunner.in(home).start(Plan.of(shop), RunRequest.of(Trigger.manual()));
        while (Approvals.in(home).open().isEmpty()) {
            assertThat(run.isDone()).isFalse();
            Thread.onSpinWait();
        }
        digest = Approvals.in(home).open().get(0).digest();
    }

    @AfterEach
    void leaveNothing() throws InterruptedException {
        run.cancel("the test is over");
        run.await();
        server.close();
    }

    @Test
    void whatWaitsIsShownAndAYesLetsItGoOn() throws Exception {
        JsonNode open = new JsonMapper().readTree(get(TOKEN).body());
        assertThat(open).hasSize(1);
        assertThat(open.get(0).path("stage").asText()).isEqualTo("deploy");
        assertThat(open.get(0).path("by").asText()).isEqualTo("ops");

        HttpResponse<String> reply =
                post(TOKEN, answer(open.get(0).path("digest").asText(), true).replace("}", ",\"comment\":\"go\"}"));

        assertThat(reply.statusCode()).isEqualTo(204);
        assertThat(run.await().outcome().hasPassed()).isTrue();
    }

    @Test
    void aNoBlocksIt() throws Exception {
        assertThat(post(TOKEN, answer(digest, false)).statusCode()).isEqualTo(204);

        assertThat(run.await().firstProblem()).isEqualTo("deploy: rejected by ana");
    }

    @Test
    void whoHasNotTheTokenLearnsAndChangesNothing() throws Exception {
        for (String wrong : new String[] {"", TOKEN.substring(1), TOKEN + "0"}) {
            assertThat(get(wrong).statusCode()).isEqualTo(401);
            assertThat(get(wrong).body()).doesNotContain("deploy");
            assertThat(post(wrong, answer(digest, true)).statusCode()).isEqualTo(401);
        }

        assertThat(Approvals.in(home).open()).hasSize(1);
    }

    @Test
    void whatIsNoAnswerToWhatIsAskedIsRefusedInASentence() throws Exception {
        assertThat(post(TOKEN, answer("sha256:old", true)).statusCode()).isEqualTo(409);
        assertThat(post(TOKEN, answer("sha256:old", true)).body()).contains("asks about " + digest);
        assertThat(post(TOKEN, answer(digest, true).replace("deploy", "deplay")).body())
                .contains("does not wait for approval");
        assertThat(post(TOKEN, "{\"approved\":true}").body()).startsWith("an answer needs \"run\"");
        assertThat(post(TOKEN, answer(digest, true).replace("true", "\"yes\"")).body())
                .startsWith("an answer needs \"approved\"");
        assertThat(post(TOKEN, "[").statusCode()).isEqualTo(400);
        assertThat(post(TOKEN, "x".repeat(20_000)).statusCode()).isEqualTo(413);

        assertThat(Approvals.in(home).open()).hasSize(1);
    }

    @Test
    void aTokenThatCouldBeGuessedIsRefused() {
        assertThatThrownBy(() -> ApprovalServer.of(home, "ops"))
                .hasMessage("the token of an approval server has at least 16 characters, this one has 3");
    }

    private String answer(String about, boolean approved) {
        return "{\"run\":\"" + run.id() + "\",\"stage\":\"deploy\",\"digest\":\"" + about + "\",\"approved\":"
                + approved + ",\"who\":\"ana\"}";
    }

    private HttpResponse<String> get(String token) throws IOException, InterruptedException {
        return send(request(token).GET());
    }

    private HttpResponse<String> post(String token, String body) throws IOException, InterruptedException {
        return send(request(token).POST(HttpRequest.BodyPublishers.ofString(body)));
    }

    private HttpRequest.Builder request(String token) {
        return HttpRequest.newBuilder(server.address())
                .timeout(Duration.ofSeconds(30))
                .header("Authorization", "Bearer " + token);
    }

    private static HttpResponse<String> send(HttpRequest.Builder request) throws IOException, InterruptedException {
        return HttpClient.newHttpClient().send(request.build(), HttpResponse.BodyHandlers.ofString());
    }
}
