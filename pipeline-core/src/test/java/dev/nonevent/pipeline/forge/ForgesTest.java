package dev.nonevent.pipeline.forge;

import static dev.nonevent.pipeline.forge.Told.COMMIT;
import static dev.nonevent.pipeline.post.RecordingServer.answer;
import static org.assertj.core.api.Assertions.assertThat;

import dev.nonevent.pipeline.outcome.Failure;
import dev.nonevent.pipeline.outcome.Outcome;
import dev.nonevent.pipeline.post.JumpingClock;
import dev.nonevent.pipeline.post.RecordingServer;
import dev.nonevent.pipeline.secret.Secret;
import dev.nonevent.pipeline.secret.SecretSource;
import java.net.URI;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** What each forge is sent and answers; the answers are of their documentation. */
@Timeout(60)
class ForgesTest {

    private static final Secret TOKEN = new Secret("forge-token");
    private static final Outcome STOPPED = new Outcome.Aborted("x".repeat(300));

    @TempDir
    Path home;

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
    void gitHubIsToldInItsWords() {
        String created = """
                {"url": "https://api.github.com/repos/acme/shop/statuses/18f3e63", "id": 1, "node_id": "MDY=",
                 "state": "pending", "description": "running", "target_url": null, "context": "nonevent/shop",
                 "created_at": "2026-11-24T12:00:00Z", "creator": {"login": "acme-bot", "id": 1}}""";
        server.will(answer(201, created));

        run(set(CommitStatuses.gitHub(home, "acme/shop", TOKEN).api(server.at("/api/v3"))), STOPPED);

        assertThat(server.received()).first().satisfies(request -> {
            assertThat(request.target()).isEqualTo("/api/v3/repos/acme/shop/statuses/" + COMMIT);
            assertThat(request.headers().get("Authorization")).isEqualTo("Bearer hunter2hunter2");
            assertThat(request.headers().get("Accept")).isEqualTo("application/vnd.github+json");
            assertThat(request.headers().get("X-GitHub-Api-Version")).isEqualTo("2022-11-28");
            assertThat(request.text())
                    .isEqualTo("{\"state\":\"pending\",\"context\":\"nonevent/shop\",\"description\":\"running\"}");
        });
        assertThat(server.all("state")).containsExactly("pending", "error");
        assertThat(server.all("description").get(1)).hasSize(140).endsWith("x…");
    }

    @Test
    void gitLabIsToldInItsWords() {
        String created = """
                {"author": {"username": "janedoe", "id": 28}, "name": "nonevent/shop", "status": "pending", "id": 93,
                 "sha": "18f3e63d05582537db6d183d9d557be09e1f90c8", "coverage": null, "description": "running",
                 "target_url": null, "ref": "main", "started_at": null, "allow_failure": false, "finished_at": null}""";
        server.will(answer(201, created));

        run(set(CommitStatuses.gitLab(home, "acme/web/shop", TOKEN).api(server.at("/api/v4"))), STOPPED);

        assertThat(server.received()).first().satisfies(request -> {
            assertThat(request.target()).isEqualTo("/api/v4/projects/acme%2Fweb%2Fshop/statuses/" + COMMIT);
            assertThat(request.headers().get("PRIVATE-TOKEN")).isEqualTo("hunter2hunter2");
            assertThat(request.headers().get("Authorization")).isNull();
            assertThat(request.text())
                    .isEqualTo("{\"state\":\"pending\",\"name\":\"nonevent/shop\",\"description\":\"running\"}");
        });
        assertThat(server.all("state")).containsExactly("pending", "canceled");
        assertThat(server.all("description").get(1)).hasSize(255);
    }

    @Test
    void gitLabHasNoWordForAnErrorAndIsToldThatItFailed() {
        run(gitLab(), new Outcome.Errored(Failure.of("no disk")));
        run(gitLab(), new Outcome.Failed(Failure.of("exit 1")));
        run(gitLab(), Outcome.passed());

        assertThat(server.all("state")).containsExactly("pending", "failed", "pending", "failed", "pending", "success");
    }

    @Test
    void gitLabThatHasThePendingAlreadyIsContent() {
        server.will(answer(
                400,
                "{\"message\": \"Cannot transition status via :enqueue from :pending (Reason(s): Status cannot"
                        + " transition via \\\"enqueue\\\")\"}"));

        run(gitLab(), Outcome.passed());

        assertThat(said).isEmpty();
        assertThat(server.all("state")).containsExactly("pending", "success");
    }

    @Test
    void aProjectOfGitLabGivenByItsIdIsWhateverIsCheckedOut() {
        CommitStatuses byId = set(CommitStatuses.gitLab(home, "17", TOKEN).api(server.at("/api/v4")));

        new Told(byId, "1").started(Optional.empty()).checkedOut("/mirrors/any.git", COMMIT);

        assertThat(server.received())
                .extracting(RecordingServer.Received::target)
                .containsExactly("/api/v4/projects/17/statuses/" + COMMIT);
    }

    @Test
    void gitLabThatTakesNoEndSaysSo() {
        server.will(
                answer(201, "{}"), answer(400, "{\"message\": \"Cannot transition status via :drop from :success\"}"));

        run(gitLab(), new Outcome.Failed(Failure.of("exit 1")));

        assertThat(said)
                .singleElement()
                .asString()
                .startsWith("GitLab acme/shop was not told that 18f3e63 is failure for nonevent/shop: it answered 400:"
                        + " Cannot transition status via :drop from :success; ");
    }

    @Test
    void giteaIsToldInItsWords() {
        server.will(answer(
                201,
                "{\"id\": 4, \"status\": \"pending\", \"target_url\": \"\", \"description\": \"running\","
                        + " \"context\": \"nonevent/shop\", \"creator\": {\"login\": \"bot\"}}"));

        run(set(CommitStatuses.gitea(home, server.at("/api/v1"), "acme/shop", TOKEN)), STOPPED);

        assertThat(server.received()).first().satisfies(request -> {
            assertThat(request.target()).isEqualTo("/api/v1/repos/acme/shop/statuses/" + COMMIT);
            assertThat(request.headers().get("Authorization")).isEqualTo("token hunter2hunter2");
            assertThat(request.text())
                    .isEqualTo("{\"state\":\"pending\",\"context\":\"nonevent/shop\",\"description\":\"running\"}");
        });
        assertThat(server.all("state")).containsExactly("pending", "error");
    }

    @Test
    void giteaSaysWhichScopeIsMissing() {
        String body = "{\"message\": \"token does not have at least one of required scope(s): [write:repository]\","
                + " \"url\": \"https://git.example/api/swagger\"}";
        server.will(answer(403, body), answer(403, body));

        run(set(CommitStatuses.gitea(home, server.at("/api/v1"), "acme/shop", TOKEN)), Outcome.passed());

        assertThat(said)
                .hasSize(2)
                .allSatisfy(sentence -> assertThat(sentence)
                        .contains("required scope(s): [write:repository]; the token needs the scope write:repository"));
    }

    @Test
    void theirOwnHostsAreTheOnesMeantByDefault() {
        assertThat(List.of(
                        new GitHub(URI.create("https://api.github.com"), "acme/shop").letter(status(), "t"),
                        new GitLab(URI.create("https://gitlab.com/api/v4"), "acme/shop").letter(status(), "t")))
                .extracting(Object::toString)
                .containsExactly("a letter to api.github.com", "a letter to gitlab.com");
    }

    private static Status status() {
        return new Status(COMMIT, "nonevent/shop", State.PASSED, "passed", Optional.empty());
    }

    private CommitStatuses gitLab() {
        return set(CommitStatuses.gitLab(home, "acme/shop", TOKEN).api(server.at("/api/v4")));
    }

    private CommitStatuses set(CommitStatuses statuses) {
        return statuses.secrets(SecretSource.environment(Map.of("FORGE_TOKEN", "hunter2hunter2")))
                .time(new JumpingClock())
                .telling(said::add);
    }

    private static void run(CommitStatuses statuses, Outcome outcome) {
        new Told(statuses, "1").started().ended(outcome);
    }
}
