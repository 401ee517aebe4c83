package dev.nonevent.pipeline.notice;

import static dev.nonevent.pipeline.notice.Notifications.slack;
import static dev.nonevent.pipeline.notice.Notifications.webhook;
import static dev.nonevent.pipeline.post.RecordingServer.answer;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.google.errorprone.annotations.CanIgnoreReturnValue;
import dev.nonevent.pipeline.definition.GateHandle;
import dev.nonevent.pipeline.definition.Pipeline;
import dev.nonevent.pipeline.definition.Scope;
import dev.nonevent.pipeline.definition.Stage;
import dev.nonevent.pipeline.event.RunEvent;
import dev.nonevent.pipeline.gate.Verdict;
import dev.nonevent.pipeline.plan.Plan;
import dev.nonevent.pipeline.post.RecordingServer;
import dev.nonevent.pipeline.run.PipelineRunner;
import dev.nonevent.pipeline.run.RunRequest;
import dev.nonevent.pipeline.run.RunResult;
import dev.nonevent.pipeline.secret.Secret;
import dev.nonevent.pipeline.secret.SecretSource;
import dev.nonevent.pipeline.work.Trigger;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Consumer;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(60)
class NotificationsTest {

    private static final String COMMIT = "18f3e63d05582537db6d183d9d557be09e1f90c8";
    private static final Secret URL = new Secret("slack-webhook");
    private static final Secret KEY = new Secret("pager-key");

    @TempDir
    Path home;

    private final List<RunEvent> heard = new CopyOnWriteArrayList<>();
    private RecordingServer server;
    private String address;

    /** What a deployment made. */
    record Release(String colour) {}

    @BeforeEach
    void start() throws Exception {
        server = new RecordingServer();
        address = server.at("/services/T0/B0/x7hunter7x").toString();
    }

    @AfterEach
    void stop() {
        server.close();
    }

    @Test
    void slackHearsWhatCameOfTheRunByHandle() throws Exception {
        run(true, NotificationsTest::delivery);
        run(false, NotificationsTest::delivery);

        assertThat(server.received())
                .extracting(RecordingServer.Received::target)
                .containsOnly("/services/T0/B0/x7hunter7x");
        assertThat(server.all("text")).containsExactly("live on green", "not released: unit tests: 1 of 7 failed");
    }

    private static void delivery(Scope p, boolean good) {
        GateHandle unit = gate(p, good);
        Stage<Release> live = p.stage("deploy").requires(unit).run(ctx -> new Release("green"));
        p.onFinish(slack(
                URL,
                run -> run.value(live)
                        .map(release -> "live on " + release.colour())
                        .orElseGet(() -> "not released: " + run.firstProblem())));
    }

    @Test
    void slackGetsPlainTextAndCallsNobody() throws Exception {
        server.will(answer(200, "ok"));

        run(true, (p, good) -> {
            build(p);
            p.onFinish(slack(URL, run -> "<!channel> a & b\n" + "x".repeat(5000)));
        });

        assertThat(server.all("text").get(0))
                .startsWith("&lt;!channel&gt; a &amp; b\nxxx")
                .endsWith("x…")
                .hasSize(3000 + "lt;gt;amp;".length() + 1);
        assertThat(notes()).isEmpty();
    }

    @Test
    void blankTextIsNotSent() throws Exception {
        run(true, (p, good) -> {
            build(p);
            p.onFinish(slack(URL, run -> " "));
        });

        assertThat(server.received()).isEmpty();
        assertThat(notes()).isEmpty();
    }

    @Test
    void noSecretLeavesWhateverATextOrAnOutcomeIsMadeOf() throws Exception {
        run(true, (p, good) -> {
            Secret token = p.secret("token");
            Stage<String> leaky = p.stage("leak").secret(token).run(ctx -> ctx.reveal(token));
            p.stage("fail").run(ctx -> {
                throw new IllegalStateException("with hunter2hunter2 and " + address);
            });
            p.onFinish(slack(
                    URL,
                    run -> run.value(leaky).orElseThrow() + " " + address + " " + "y".repeat(2900) + "hunter2hunter2"));
            p.onFailure(webhook(URL));
        });

        assertThat(server.received())
                .hasSize(2)
                .allSatisfy(request -> assertThat(request.text())
                        .contains("***token***")
                        .contains("***slack-webhook***")
                        .doesNotContain("hunter2")
                        .doesNotContain("hunter7"));
    }

    @Test
    void aWebhookGetsTheRunAsADocument() throws Exception {
        RunResult result = run(false, (p, good) -> {
            build(p);
            gate(p, good);
            p.onFailure(webhook(URL));
        });

        RecordingServer.Received request = server.received().get(0);
        JsonNode document = request.json();
        assertThat(document.fieldNames())
                .toIterable()
                .containsExactly(
                        "version",
                        "hook",
                        "pipeline",
                        "run",
                        "outcome",
                        "sentence",
                        "commit",
                        "tookMs",
                        "sentAt",
                        "stages");
        assertThat(document.path("version").asInt()).isEqualTo(1);
        assertThat(request.field("hook")).isEqualTo("onFailure");
        assertThat(request.field("pipeline")).isEqualTo("shop");
        assertThat(request.field("run")).isEqualTo(result.id());
        assertThat(request.field("outcome")).isEqualTo("blocked");
        assertThat(request.field("sentence")).isEqualTo("unit tests: 1 of 7 failed");
        assertThat(request.field("commit")).isEqualTo(COMMIT);
        assertThat(document.path("stages"))
                .hasToString("[{\"name\":\"build\",\"outcome\":\"passed\",\"sentence\":\"\"},"
                        + "{\"name\":\"unit tests\",\"outcome\":\"blocked\",\"sentence\":\"1 of 7 failed\"}]");
        assertThat(request.headers().get("X-Nonevent-Delivery")).isEqualTo(result.id() + "/onFailure");
        assertThat(request.headers().get("X-Nonevent-Signature")).isNull();
    }

    @Test
    void whoHasTheKeyKnowsWhoSentIt() throws Exception {
        run(true, (p, good) -> {
            build(p);
            p.onFinish(webhook(URL).signedWith(KEY));
        });

        RecordingServer.Received request = server.received().get(0);
        Mac mac = Mac.getInstance("HmacSHA256");
        mac.init(new SecretKeySpec("a key of the pager".getBytes(StandardCharsets.UTF_8), "HmacSHA256"));
        String expected = HexFormat.of().formatHex(mac.doFinal(request.text().getBytes(StandardCharsets.UTF_8)));
        assertThat(request.headers().get("X-Nonevent-Signature")).isEqualTo("sha256=" + expected);
    }

    @Test
    void eachHookTellsOfItsOwnMoment() throws Exception {
        for (boolean end : List.of(true, false, false, true)) {
            run(end, (p, good) -> {
                gate(p, good);
                p.onRegression(webhook(URL));
                p.onFailure(webhook(URL));
                p.onFixed(webhook(URL));
                p.onRollback(webhook(URL));
            });
        }

        assertThat(server.all("hook")).containsExactly("onRegression", "onFailure", "onFailure", "onFixed");
    }

    @Test
    void aRateLimitOfSlackIsWaitedFor() throws Exception {
        server.will(answer(429, "rate_limited", "Retry-After", "1"));

        run(true, (p, good) -> {
            build(p);
            p.onFinish(slack(URL, run -> "done"));
        });

        assertThat(server.all("text")).containsExactly("done", "done");
        assertThat(notes()).isEmpty();
    }

    @Test
    void aWebhookThatIsGoneIsANoteWithoutItsAddress() throws Exception {
        server.will(answer(404, "no_service"));

        RunResult result = run(true, (p, good) -> {
            build(p);
            p.onFinish(slack(URL, run -> "done"));
        });

        assertThat(result.outcome().hasPassed()).isTrue();
        assertThat(notes())
                .singleElement()
                .asString()
                .startsWith("onFinish (NotificationsTest.java:")
                .endsWith("what ***slack-webhook*** holds was not told: it answered 404: no_service; the webhook or its"
                        + " channel is gone: make a new one");
    }

    @Test
    void anAddressForAllToReadIsRefusedWithoutQuotingIt() throws Exception {
        address = "http://hooks.example/T0/hunter7";
        run(true, (p, good) -> {
            build(p);
            p.onFinish(slack(URL, run -> "done"));
        });
        address = "no address hunter7";
        run(true, (p, good) -> {
            build(p);
            p.onFinish(slack(URL, run -> "done"));
        });

        assertThat(notes())
                .hasSize(2)
                .allSatisfy(note -> assertThat(note)
                        .endsWith("secret \"slack-webhook\" holds no https:// address")
                        .doesNotContain("hunter7"));
    }

    @Test
    void aTextThatFailsIsANote() throws Exception {
        run(true, (p, good) -> {
            build(p);
            p.onFinish(slack(URL, run -> {
                throw new IllegalStateException("no words");
            }));
        });

        assertThat(notes()).singleElement().asString().contains("no words");
        assertThat(server.received()).isEmpty();
    }

    /** What a test declares. */
    interface Body {
        void declare(Scope p, boolean good);
    }

    private RunResult run(boolean good, Body body) throws InterruptedException {
        Consumer<Scope> declared = p -> body.declare(p, good);
        Trigger push = new Trigger("push", Optional.empty(), Optional.of("main"), Optional.of(COMMIT), "ada");
        Map<String, String> secrets =
                Map.of("SLACK_WEBHOOK", address, "PAGER_KEY", "a key of the pager", "TOKEN", "hunter2hunter2");
        return PipelineRunner.in(home)
                .secrets(SecretSource.environment(secrets))
                .listener(heard::add)
                .run(Plan.of(Pipeline.define("shop", declared)), RunRequest.of(push));
    }

    private static void build(Scope p) {
        p.stage("build").run(ctx -> 1);
    }

    @CanIgnoreReturnValue
    private static GateHandle gate(Scope p, boolean good) {
        return p.gate("unit tests").check(ctx -> good ? Verdict.pass("7 of 7") : Verdict.block("1 of 7 failed"));
    }

    private List<String> notes() {
        return heard.stream()
                .filter(RunEvent.RunNote.class::isInstance)
                .map(RunEvent.RunNote.class::cast)
                .map(RunEvent.RunNote::line)
                .toList();
    }
}
