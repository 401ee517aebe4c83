package dev.nonevent.pipeline.forge;

import static dev.nonevent.pipeline.forge.Told.COMMIT;
import static dev.nonevent.pipeline.post.RecordingServer.answer;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.nonevent.pipeline.definition.Pipeline;
import dev.nonevent.pipeline.outcome.Failure;
import dev.nonevent.pipeline.outcome.Outcome;
import dev.nonevent.pipeline.plan.Plan;
import dev.nonevent.pipeline.post.JumpingClock;
import dev.nonevent.pipeline.post.RecordingServer;
import dev.nonevent.pipeline.run.PipelineRunner;
import dev.nonevent.pipeline.run.RunRequest;
import dev.nonevent.pipeline.secret.Secret;
import dev.nonevent.pipeline.secret.SecretSource;
import dev.nonevent.pipeline.work.Trigger;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.stream.Stream;
import mockwebserver3.MockResponse;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(60)
class CommitStatusesTest {

    private static final Secret TOKEN = new Secret("github-token");
    private static final SecretSource SECRETS = SecretSource.environment(Map.of("GITHUB_TOKEN", "ghp_hunter2hunter2"));
    private static final Outcome BLOCKED = new Outcome.Blocked(Failure.of("unit tests: 1 of 7 tests failed"));

    @TempDir
    Path home;

    private final JumpingClock clock = new JumpingClock();
    private final List<String> said = new CopyOnWriteArrayList<>();
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
    void aCommitIsPendingBeforeTheFirstStageAndSaysHowItEndedAfterTheLast() throws Exception {
        List<String> whenBuilding = new ArrayList<>();
        Pipeline shop =
                Pipeline.define("shop", p -> p.stage("build").run(ctx -> whenBuilding.addAll(server.all("state"))));
        Trigger push = new Trigger("push", Optional.empty(), Optional.of("main"), Optional.of(COMMIT), "ada");

        PipelineRunner.in(home).listener(statuses()).run(Plan.of(shop), RunRequest.of(push));

        assertThat(whenBuilding).containsExactly("pending");
        assertThat(server.all("state")).containsExactly("pending", "success");
        assertThat(server.all("context")).containsOnly("nonevent/shop");
        assertThat(said).isEmpty();
    }

    @Test
    void everyEndHasItsWord() {
        run("1").ended(Outcome.passed());
        run("2").ended(BLOCKED);
        run("3").ended(new Outcome.Failed(Failure.of("build: exit 1")));
        run("4").ended(new Outcome.Errored(Failure.of("no disk")));
        run("5").ended(new Outcome.Aborted("Ctrl-C"));

        assertThat(server.all("state"))
                .filteredOn(word -> !word.equals("pending"))
                .containsExactly("success", "failure", "failure", "error", "error");
        assertThat(server.all("description"))
                .filteredOn(text -> !text.equals("running"))
                .containsExactly(
                        "passed",
                        "BLOCKED: unit tests: 1 of 7 tests failed",
                        "FAILED: build: exit 1",
                        "ERRORED: no disk",
                        "ABORTED: Ctrl-C");
    }

    @Test
    void aCommitThatOnlyACheckoutKnowsIsPendingFromThenOn() {
        Told run = new Told(statuses(), "1").started(Optional.empty());
        assertThat(server.received()).isEmpty();

        run.checkedOut("https://git.example/infra.git", "ff".repeat(20))
                .checkedOut("git@github.com:acme/Shop.git", COMMIT)
                .ended(Outcome.passed());

        assertThat(server.received())
                .extracting(RecordingServer.Received::target)
                .containsOnly("/repos/acme/shop/statuses/" + COMMIT);
        assertThat(server.all("state")).containsExactly("pending", "success");
    }

    @Test
    void aRunWithoutACommitOfTheProjectSaysThatNothingWasTold() {
        new Told(statuses(), "1").started(Optional.empty()).ended(Outcome.passed());
        new Told(statuses(), "2")
                .started(Optional.empty())
                .checkedOut("https://git.example/infra.git", COMMIT)
                .ended(Outcome.passed());

        assertThat(said)
                .containsExactly(
                        "GitHub acme/shop was told nothing about run 1: it checked out no commit",
                        "GitHub acme/shop was told nothing about run 2: it checked out https://git.example/infra.git,"
                                + " which is not acme/shop");
        assertThat(server.received()).isEmpty();
    }

    @Test
    void contextAndTargetAreAsTheTeamSays() {
        CommitStatuses named = statuses().context("delivery").target(run -> URI.create("https://ci.example/" + run));

        new Told(named, "run-7").started().ended(Outcome.passed());

        assertThat(server.all("context")).containsOnly("delivery");
        assertThat(server.all("target_url")).containsOnly("https://ci.example/run-7");
    }

    @Test
    void eachGateHasAStatusOfItsOwnIfTheTeamWantsIt() {
        new Told(statuses().perGate(), "1")
                .started()
                .gateStarted("unit tests")
                .gateEnded("unit tests", BLOCKED)
                .gateEnded("security scan", new Outcome.Skipped("unit tests blocked"))
                .ended(BLOCKED);

        assertThat(server.received())
                .extracting(request -> request.field("context") + " " + request.field("state"))
                .containsExactly(
                        "nonevent/shop pending",
                        "nonevent/shop/unit tests pending",
                        "nonevent/shop/unit tests failure",
                        "nonevent/shop failure");
    }

    @Test
    void aForgeThatIsAwayHoldsARunUpForItsTimeAloneAndIsNotAskedAboutGates() {
        server.will(busy(100));
        Told run = new Told(statuses().perGate(), "1").started();
        long begun = clock.nanos();
        assertThat(Duration.ofNanos(begun)).isLessThan(Duration.ofSeconds(10));
        int tries = server.received().size();

        run.gateStarted("unit tests").gateEnded("unit tests", Outcome.passed());

        assertThat(clock.nanos()).isEqualTo(begun);
        assertThat(server.received()).hasSize(tries);

        run.ended(Outcome.passed());

        assertThat(Duration.ofNanos(clock.nanos() - begun)).isLessThan(Duration.ofSeconds(30));
        assertThat(said)
                .hasSize(2)
                .last()
                .asString()
                .isEqualTo("GitHub acme/shop was not told that 18f3e63 is success for nonevent/shop: it answered 503");
    }

    @Test
    void aRateLimitIsWaitedFor() {
        server.will(answer(403, "{\"message\": \"API rate limit exceeded\"}", "Retry-After", "3"));

        run("1").ended(Outcome.passed());

        assertThat(server.all("state")).containsExactly("pending", "pending", "success");
        assertThat(clock.slept()).containsExactly(Duration.ofSeconds(3));
        assertThat(said).isEmpty();
    }

    @Test
    void aRefusalIsSaidOnceForEachStatusAndNamesTheWayOut() {
        server.will(
                answer(
                        401,
                        "{\"message\": \"Bad credentials\", \"documentation_url\": \"https://docs.github.com/rest\"}"),
                answer(403, "{\"message\": \"Resource not accessible by personal access token\"}"));

        run("1").ended(Outcome.passed());

        assertThat(said)
                .containsExactly(
                        "GitHub acme/shop was not told that 18f3e63 is pending for nonevent/shop: it answered 401: Bad"
                                + " credentials; the token is wrong or has expired: make a new one",
                        "GitHub acme/shop was not told that 18f3e63 is success for nonevent/shop: it answered 403:"
                                + " Resource not accessible by personal access token; the token needs repo:status, or"
                                + " \"Commit statuses: write\" if it is fine-grained");
        assertThat(server.received()).hasSize(2);
    }

    @Test
    void theTokenIsInNothingThatIsSaidOrSentBesideItsHeader() {
        server.will(answer(422, "{\"message\": \"do not say ghp_hunter2hunter2\"}"));

        run("1").ended(new Outcome.Failed(Failure.of("build: used ghp_hunter2hunter2")));

        assertThat(said).singleElement().asString().contains("do not say ***github-token***");
        assertThat(server.received()).allSatisfy(request -> {
            assertThat(request.headers().get("Authorization")).isEqualTo("Bearer ghp_hunter2hunter2");
            assertThat(request.text()).doesNotContain("hunter2");
        });
    }

    @Test
    void aTokenThatIsMissingOrNoneIsSaidAndNothingIsSent() {
        new Told(statuses().secrets(SecretSource.environment(Map.of())), "1").started();
        new Told(statuses().secrets(SecretSource.environment(Map.of("GITHUB_TOKEN", "two\nlines of it"))), "2")
                .started();

        assertThat(said)
                .containsExactly(
                        "GitHub acme/shop was not told that 18f3e63 is pending for nonevent/shop: secret"
                                + " \"github-token\" is missing: looked in environment variable GITHUB_TOKEN",
                        "GitHub acme/shop was not told that 18f3e63 is pending for nonevent/shop: secret"
                                + " \"github-token\" holds no token of GitHub acme/shop");
        assertThat(server.received()).isEmpty();
    }

    @Test
    void aTokenIsNotSentForAllToRead() {
        assertThatThrownBy(() -> statuses().api(URI.create("http://ghe.example/api/v3")))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("a token would go to ghe.example for all to read; say https:// and no user");
        assertThatThrownBy(() -> CommitStatuses.gitHub(home, "shop", TOKEN)).hasMessageContaining("owner/name");
    }

    private Told run(String id) {
        return new Told(statuses(), id).started();
    }

    private CommitStatuses statuses() {
        return CommitStatuses.gitHub(home, "acme/shop", TOKEN)
                .api(server.at("/"))
                .secrets(SECRETS)
                .time(clock)
                .telling(said::add);
    }

    private static MockResponse[] busy(int times) {
        return Stream.generate(() -> answer(503, "")).limit(times).toArray(MockResponse[]::new);
    }
}
