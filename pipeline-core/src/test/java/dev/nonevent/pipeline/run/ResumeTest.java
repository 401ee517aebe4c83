package dev.nonevent.pipeline.run;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.nonevent.pipeline.artifact.Artifact;
import dev.nonevent.pipeline.definition.Scope;
import dev.nonevent.pipeline.definition.Stage;
import dev.nonevent.pipeline.event.RunEvent;
import dev.nonevent.pipeline.event.RunId;
import dev.nonevent.pipeline.gate.Verdict;
import dev.nonevent.pipeline.journal.JournalHeldException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(30)
class ResumeTest {

    record Jar(Artifact file, List<String> tests) {}

    @TempDir
    Path home;

    /** Fails the gate as long as this is so. */
    private final AtomicBoolean broken = new AtomicBoolean(true);

    private Stage<String> image;

    @Test
    void whatHasPassedIsNotRunAgainAndItsValueIsTheSame() throws Exception {
        Bench first = new Bench(home);
        RunResult failed = first.run(this::shop);
        broken.set(false);
        Bench second = new Bench(home);

        RunResult result = second.resume(new RunId(failed.id()), this::shop);

        assertThat(failed.outcome().word()).isEqualTo("ERRORED");
        assertThat(result.outcome().hasPassed()).isTrue();
        assertThat(result.id()).isEqualTo(failed.id());
        assertThat(result.value(image)).hasValue("app.jar 3 [a, b]");
        assertThat(runsOf("build")).isEqualTo(1);
        assertThat(runsOf("unit tests")).isEqualTo(2);
        assertThat(runsOf("image")).isEqualTo(1);
        assertThat(second.heard.all(RunEvent.StageDecided.class))
                .extracting(
                        RunEvent.StageDecided::stage,
                        RunEvent.StageDecided::again,
                        decided -> decided.why().replaceAll("[0-9-]+ [0-9:]+ UTC", "…"))
                .containsExactlyInAnyOrder(
                        org.assertj.core.groups.Tuple.tuple(
                                "build", false, "not run again: passed at …, nothing it depends on has changed"),
                        org.assertj.core.groups.Tuple.tuple("unit tests", true, "runs again: it errored"),
                        org.assertj.core.groups.Tuple.tuple("image", true, "runs: it had not begun"));
    }

    @Test
    void aRunThatHasPassedCannotBeResumed() throws Exception {
        broken.set(false);
        RunResult passed = new Bench(home).run(this::shop);

        assertThatThrownBy(() -> new Bench(home).resume(new RunId(passed.id()), this::shop))
                .isInstanceOf(InvalidRequestException.class)
                .hasMessageContaining("run " + passed.id() + " has passed: nothing is left to be done");
    }

    @Test
    void aRunThatIsNotThereCannotBeResumed() {
        assertThatThrownBy(() -> new Bench(home).resume(new RunId("../../etc"), this::shop))
                .isInstanceOf(InvalidRequestException.class)
                .hasMessageContaining("there is no run ../../etc under " + home);
    }

    @Test
    void aPersonWhoHasApprovedIsNotAskedAgain() throws Exception {
        Consumer<Scope> approved = p -> p.stage("go live").approvedBy("ops").run(ctx -> {
            count("go live");
            if (broken.get()) {
                throw new IllegalStateException("the process dies");
            }
            return "live";
        });
        CountDownLatch asked = new CountDownLatch(1);
        Run first = new Bench(PipelineRunner.in(home).listener(event -> {
                    if (event instanceof RunEvent.ApprovalAwaited) {
                        asked.countDown();
                    }
                }))
                .start(approved);
        assertThat(asked.await(20, TimeUnit.SECONDS)).isTrue();
        Approvals.in(home).answer(Approvals.in(home).open().get(0).approved("ana", "", Instant.EPOCH));
        RunResult failed = first.await();
        broken.set(false);
        Bench second = new Bench(home);

        RunResult result = second.resume(new RunId(failed.id()), approved);

        assertThat(result.outcome().hasPassed()).isTrue();
        assertThat(runsOf("go live")).isEqualTo(2);
        assertThat(second.heard.all(RunEvent.ApprovalAwaited.class)).isEmpty();
        assertThat(second.heard.all(RunEvent.ApprovalGiven.class))
                .extracting(RunEvent.ApprovalGiven::who)
                .containsExactly("ana");
    }

    @Test
    void whatADeadProcessLeftInItsWorkspacesIsRemovedAndInNobodysWay() throws Exception {
        RunResult failed = new Bench(home).run(this::shop);
        Path left = home.resolve("runs").resolve(failed.id()).resolve("work").resolve("unit-tests");
        Files.createDirectories(left);
        Files.writeString(left.resolve("app.jar"), "half");
        broken.set(false);

        assertThat(new Bench(home)
                        .resume(new RunId(failed.id()), this::shop)
                        .outcome()
                        .hasPassed())
                .isTrue();

        assertThat(left).doesNotExist();
    }

    @Test
    void twoProcessesThatGoOnWithOneRunAreOneTooMany() throws Exception {
        RunResult failed = new Bench(home).run(this::shop);
        CountDownLatch entered = new CountDownLatch(1);
        CountDownLatch leave = new CountDownLatch(1);
        Bench slow = new Bench(PipelineRunner.in(home).listener(event -> {
            if (event instanceof RunEvent.StageStarted) {
                entered.countDown();
                awaitQuietly(leave);
            }
        }));
        Run under = slow.runner().resume(Bench.plan(this::shop), new RunId(failed.id()));
        assertThat(entered.await(20, TimeUnit.SECONDS)).isTrue();

        assertThatThrownBy(() -> new Bench(home).resume(new RunId(failed.id()), this::shop))
                .isInstanceOf(JournalHeldException.class)
                .hasMessageContaining("run " + failed.id() + " is under way in this process");

        leave.countDown();
        under.await();
    }

    private static void awaitQuietly(CountDownLatch latch) {
        try {
            assertThat(latch.await(20, TimeUnit.SECONDS)).isTrue();
        } catch (InterruptedException stopped) {
            throw new IllegalStateException(stopped);
        }
    }

    private void shop(Scope p) {
        Stage<Jar> jar = p.stage("build").run(ctx -> {
            count("build");
            Files.writeString(ctx.workspace().resolve("app.jar"), "jar");
            return new Jar(ctx.artifact("app.jar"), List.of("a", "b"));
        });
        var unit = p.gate("unit tests").needs(jar).check((ctx, built) -> {
            count("unit tests");
            if (broken.get()) {
                throw new IllegalStateException("no evidence");
            }
            return Verdict.pass("2 passed");
        });
        image = p.stage("image").needs(jar).requires(unit).run((ctx, built) -> {
            count("image");
            Path file = ctx.place(built.file(), "copy.jar");
            return built.file().name() + " " + Files.size(file) + " " + built.tests();
        });
    }

    private void count(String stage) throws Exception {
        Files.createFile(
                Files.createDirectories(home.resolve("counts").resolve(stage)).resolve(String.valueOf(runsOf(stage))));
    }

    private int runsOf(String stage) throws Exception {
        Path counts = home.resolve("counts").resolve(stage);
        if (!Files.exists(counts)) {
            return 0;
        }
        try (var files = Files.list(counts)) {
            return (int) files.count();
        }
    }
}
