package dev.nonevent.pipeline.forge;

import static dev.nonevent.pipeline.forge.Told.COMMIT;
import static dev.nonevent.pipeline.post.RecordingServer.answer;
import static org.assertj.core.api.Assertions.assertThat;

import dev.nonevent.pipeline.outcome.Failure;
import dev.nonevent.pipeline.outcome.Outcome;
import dev.nonevent.pipeline.post.RecordingServer;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
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
class RecoveryTest {

    private static final String OTHER = "ab".repeat(20);

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
    void theNextRunSaysOfARunThatWasKilledThatNobodyKnows() throws Exception {
        Process process = KilledRun.begun(home, server.at("/"), "1");
        process.destroyForcibly().waitFor();

        new Told(statuses(), "2").started(Optional.of(OTHER)).ended(Outcome.passed());

        assertThat(told()).containsExactly("18f3e63 pending", "18f3e63 error", "abababa pending", "abababa success");
        assertThat(server.all("description")).element(1).asString().startsWith("the run was killed");
        assertThat(notes()).isEmpty();
    }

    @Test
    void aRunThatIsAliveInAnotherProcessIsLeftAlone() throws Exception {
        Process process = KilledRun.begun(home, server.at("/"), "1");
        try {
            statuses().recover();

            assertThat(told()).containsExactly("18f3e63 pending");
            assertThat(notes()).containsExactlyInAnyOrder("1.json", "1.lock");
        } finally {
            process.destroyForcibly().waitFor();
        }
    }

    @Test
    void aRunThatIsAliveInThisProcessIsLeftAlone() {
        Told alive = new Told(statuses(), "1").started();

        statuses().recover();
        new Told(statuses(), "2").started(Optional.of(OTHER)).ended(Outcome.passed());
        alive.ended(Outcome.passed());

        assertThat(told()).containsExactly("18f3e63 pending", "abababa pending", "abababa success", "18f3e63 success");
    }

    @Test
    void aRunOfTheSameCommitTakesThePlaceOfTheKilledOne() throws Exception {
        killed("1", status(COMMIT));

        new Told(statuses(), "2").started().ended(Outcome.passed());

        assertThat(told()).containsExactly("18f3e63 pending", "18f3e63 success");
        assertThat(notes()).isEmpty();
    }

    @Test
    void whatALaterRunOfTheSameCommitIsSayingIsNotContradicted() throws Exception {
        killed("1", status(COMMIT));
        Notes notes = new Notes(directory());
        notes.write(new Note("2", notes.keeper(), List.of(status(COMMIT))));

        statuses().recover();

        assertThat(told()).isEmpty();
        assertThat(notes()).containsExactly("2.json");
    }

    @Test
    void anEndThatTheForgeCouldNotTakeIsSentLaterAlsoByTheSameProcess() throws Exception {
        CommitStatuses statuses = statuses();
        Told run = new Told(statuses, "1").started();
        server.will(busy());
        run.ended(new Outcome.Failed(Failure.of("build: exit 1")));
        assertThat(notes()).containsExactly("1.json");
        server.willBeFine();
        server.received().clear();

        statuses.recover();

        assertThat(told()).containsExactly("18f3e63 failure");
        assertThat(server.all("description")).containsExactly("FAILED: build: exit 1");
        assertThat(notes()).isEmpty();
    }

    @Test
    void whatIsStillNotTakenStaysForTheNextTime() throws Exception {
        killed("1", status(COMMIT));
        server.will(busy());

        statuses().recover();
        assertThat(notes()).containsExactly("1.json");
        server.willBeFine();
        server.received().clear();
        statuses().recover();

        assertThat(told()).containsExactly("18f3e63 error");
        assertThat(notes()).isEmpty();
    }

    @Test
    void whatTheForgeRefusesIsNotSentForEver() throws Exception {
        killed("1", status(COMMIT));
        server.will(answer(422, "{\"message\": \"No commit found for SHA: " + COMMIT + "\"}"));

        statuses().recover();
        statuses().recover();

        assertThat(told()).containsExactly("18f3e63 error");
        assertThat(said)
                .singleElement()
                .asString()
                .contains("No commit found for SHA")
                .contains("is the commit pushed?");
    }

    @Test
    void theGatesOfAKilledRunAreToldAsWell() throws Exception {
        killed(
                "1",
                status(COMMIT),
                new Status(COMMIT, "nonevent/shop/unit tests", State.UNKNOWN, "killed", Optional.empty()));

        statuses().recover();

        assertThat(server.all("context")).containsExactly("nonevent/shop", "nonevent/shop/unit tests");
    }

    @Test
    void aNoteThatCannotBeUnderstoodIsPutAsideAndSaid() throws Exception {
        killed("1", status(COMMIT));
        Files.writeString(directory().resolve("1.json"), "{\"version\": 1, \"run\": \"1\", \"kee");
        Files.writeString(directory().resolve("2.json"), "{\"version\": 2}");

        statuses().recover();
        statuses().recover();

        assertThat(said).hasSize(2).allSatisfy(sentence -> assertThat(sentence).contains("its commit stays pending"));
        assertThat(String.join("\n", said)).contains("is no JSON").contains("is of version 2");
        assertThat(notes()).containsExactlyInAnyOrder("1.json.damaged", "2.json.damaged");
    }

    @Test
    void theNoteIsForItsOwnersEyesAndHoldsNoToken() throws Exception {
        new Told(statuses(), "1").started();

        Path note = directory().resolve("1.json");

        assertThat(Files.readString(note)).contains(COMMIT).doesNotContain("hunter2");
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(note)))
                .isEqualTo("rw-------");
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(note.getParent())))
                .isEqualTo("rwx------");
    }

    @Test
    void aHomeThatCannotBeWrittenIsSaidAndTheStatusIsSentAllTheSame() throws Exception {
        Files.writeString(home.resolve("forge"), "a file in the way");

        new Told(statuses(), "1").started().ended(Outcome.passed());

        assertThat(told()).containsExactly("18f3e63 pending", "18f3e63 success");
        assertThat(said)
                .singleElement()
                .asString()
                .startsWith("if this process is killed, nobody tells GitHub acme/shop: ");
    }

    private CommitStatuses statuses() {
        return KilledRun.statuses(home, server.at("/")).telling(said::add);
    }

    /** As a process leaves it that is killed after it has sent pending. */
    private void killed(String run, Status... owed) throws IOException {
        Notes notes = new Notes(directory());
        notes.hold(run);
        notes.write(new Note(run, "a process that is gone", List.of(owed)));
        Files.delete(directory().resolve(run + ".lock"));
    }

    private Path directory() {
        return Recovery.directory(
                home,
                new GitHub(server.at("/"), "acme/shop"),
                new Wording(Optional.empty(), false, run -> Optional.empty()));
    }

    private static Status status(String commit) {
        return new Status(commit, "nonevent/shop", State.PENDING, "running", Optional.empty()).killed();
    }

    private static MockResponse[] busy() {
        return Stream.generate(() -> answer(503, "")).limit(100).toArray(MockResponse[]::new);
    }

    private List<String> told() {
        return server.received().stream()
                .map(request -> request.target().replaceAll(".*/", "").substring(0, 7) + " " + request.field("state"))
                .toList();
    }

    private List<String> notes() throws IOException {
        try (Stream<Path> files = Files.list(directory())) {
            return files.map(file -> file.getFileName().toString()).toList();
        }
    }
}
