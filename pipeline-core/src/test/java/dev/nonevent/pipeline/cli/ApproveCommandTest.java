package dev.nonevent.pipeline.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.nonevent.pipeline.definition.Scope;
import dev.nonevent.pipeline.run.Approvals;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Somebody runs the pipeline, somebody else answers it with another command of the same main. */
@Timeout(60)
class ApproveCommandTest {

    @TempDir
    Path home;

    private final Screen running = new Screen();
    private final Screen answering = new Screen();
    private CompletableFuture<Integer> run;
    private Approvals.Asked question;

    private static void shop(Scope p) {
        p.stage("go live").approvedBy("ops").run(ctx -> 1);
    }

    @BeforeEach
    void letARunWait() {
        run = CompletableFuture.supplyAsync(
                () -> running.main(home, ApproveCommandTest::shop).run());
        while (Approvals.in(home).open().isEmpty()) {
            assertThat(run).isNotDone();
            Thread.onSpinWait();
        }
        question = Approvals.in(home).open().get(0);
    }

    @Test
    void whoApprovesLetsItGoOn() throws Exception {
        assertThat(answer("approve", question.run(), "go live", "--comment", "after the freeze"))
                .isZero();

        assertThat(run.get(30, TimeUnit.SECONDS)).isZero();
        assertThat(answering.err()).isEmpty();
        assertThat(answering.out())
                .isEqualTo("go live of run " + question.run() + " is approved: " + question.digest() + "\n");
        assertThat(running.err())
                .contains(
                        "go live: waits for approval by ops of sha256:", ": approve " + question.run() + " \"go live\"")
                .contains("go live: approved by " + System.getProperty("user.name") + ", \"after the freeze\"");
    }

    @Test
    void whoRejectsBlocksIt() throws Exception {
        assertThat(answer("approve", question.run(), "--reject", "--comment", "not on a Friday"))
                .isZero();

        assertThat(run.get(30, TimeUnit.SECONDS)).isEqualTo(1);
        assertThat(running.out()).contains("BLOCKED, go live: rejected by ", "not on a Friday");
    }

    @Test
    void whatWaitsIsShownAndWhatDoesNotIsRefusedWithAHint() throws Exception {
        assertThat(answer("approve")).isZero();
        assertThat(answering.out()).startsWith(question.run() + "  go live  asks ops about " + question.digest());

        assertThat(answer("approve", question.run(), "go-live")).isEqualTo(64);
        assertThat(answering.err())
                .contains("stage \"go-live\" of run " + question.run() + " does not wait for approval", "go live");

        assertThat(answer("approve", question.run(), "--digest", "sha256:old")).isEqualTo(64);
        assertThat(answering.err()).contains("not about sha256:old");

        assertThat(answer("approve", question.run())).isZero();
        assertThat(run.get(30, TimeUnit.SECONDS)).isZero();
        assertThat(answer("approve", question.run())).isEqualTo(64);
    }

    @Test
    void aRunThatNobodyCarriesOutAnyMoreIsSaidToNeedSomebodyWhoGoesOn(@TempDir Path copied) throws Exception {
        // What a killed process leaves: all files, and nobody who holds them.
        try (Stream<Path> files = Files.walk(home)) {
            for (Path file : files.filter(Files::isRegularFile).toList()) {
                Path copy = copied.resolve(home.relativize(file).toString());
                Files.createDirectories(copy.resolveSibling(""));
                Files.copy(file, copy);
            }
        }

        assertThat(answering.main(copied, ApproveCommandTest::shop).run("approve", question.run()))
                .isZero();

        assertThat(answering.err())
                .isEqualTo("no process is at work on this run; to go on with it: resume " + question.run() + "\n");
        assertThat(answer("approve", question.run())).isZero();
        assertThat(run.get(30, TimeUnit.SECONDS)).isZero();
    }

    private int answer(String... words) {
        return answering.main(home, ApproveCommandTest::shop).run(words);
    }
}
