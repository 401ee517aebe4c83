package dev.nonevent.pipeline.run;

import static org.assertj.core.api.Assertions.assertThat;

import dev.nonevent.pipeline.event.RunEvent;
import dev.nonevent.pipeline.event.RunId;
import dev.nonevent.pipeline.journal.JournalDisk;
import dev.nonevent.pipeline.journal.JournalEntry;
import dev.nonevent.pipeline.journal.RunJournal;
import dev.nonevent.pipeline.plan.Plan;
import dev.nonevent.pipeline.work.Trigger;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * A small delivery that dies at every record of its journal, and is gone on with. Stages leave a line in a file each time
 * they are carried out; a deployment leaves what it has put before its users.
 */
@Timeout(300)
class CrashMatrixTest {

    private static final boolean WHOLE = "whole".equals(System.getProperty("proofs"));

    @TempDir
    Path top;

    /** Dies with this record: a part of it is still written. */
    private record Dying(JournalDisk disk, int[] left, boolean torn) implements JournalDisk {

        static RunJournal.Opening at(int record, boolean torn) {
            return file -> new Dying(RunJournal.onThisMachine().open(file), new int[] {record - 1}, torn);
        }

        @Override
        public void write(byte[] record) throws IOException {
            if (left[0]-- == 0 && torn) {
                disk.write(Arrays.copyOf(record, record.length / 2));
            }
            if (left[0] < 0) {
                throw new IOException("the process has died");
            }
            disk.write(record);
        }

        @Override
        public void force() throws IOException {
            if (left[0] < 0) {
                throw new IOException("the process has died");
            }
            disk.force();
        }

        @Override
        public void close() throws IOException {
            disk.close();
        }
    }

    @Test
    void whereverItDiesWhatHasPassedIsNotRunAgainAndNothingIsLost() throws Exception {
        int records = recordsOfAWholeRun();

        for (int dead = 1; dead <= records; dead++) {
            Path home = top.resolve("dead-at-" + dead);
            die(home, dead);

            assertGoneOnWith(home);
        }
    }

    @Test
    void aProcessThatDiesWhileItGoesOnIsGoneOnWithAgain() throws Exception {
        int records = recordsOfAWholeRun();

        for (int first = 2; first <= records; first++) {
            for (int second :
                    WHOLE ? IntStream.rangeClosed(1, records + 5).toArray() : new int[] {1 + first * 7 % records}) {
                Path home = top.resolve("dead-at-" + first + "-and-" + second);
                die(home, first);
                runner(home)
                        .journal(Dying.at(second, second % 2 == 0))
                        .resume(plan(home), run(home))
                        .await();
                if (end(home).contains("passed")) {
                    // It was over before it could die.
                    continue;
                }

                assertGoneOnWith(home);
            }
        }
    }

    static IntStream halts() {
        return WHOLE ? IntStream.rangeClosed(1, 24) : IntStream.of(6, 13);
    }

    @ParameterizedTest
    @MethodSource("halts")
    void aProcessThatIsReallyGoneIsGoneOnWith(int record) throws Exception {
        Path home = top.resolve("home");
        Files.createDirectories(home);
        Process process = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-cp",
                        System.getProperty("java.class.path"),
                        DyingProcess.class.getName(),
                        home.toString(),
                        String.valueOf(record))
                .redirectErrorStream(true)
                .redirectOutput(home.resolve("output").toFile())
                .start();
        assertThat(process.waitFor(60, TimeUnit.SECONDS)).isTrue();
        assertThat(process.exitValue())
                .as(Files.readString(home.resolve("output")))
                .isEqualTo(137);

        assertGoneOnWith(home);
    }

    /** What is true of a run that died, and was gone on with. */
    private static void assertGoneOnWith(Path home) throws Exception {
        if (RunJournal.read(folder(home)).isEmpty()) {
            assertThat(home.resolve("done"))
                    .as("nothing is done before it is written down")
                    .doesNotExist();
            return;
        }
        List<String> passed = passedIn(home);
        List<String> before = done(home);
        RunResult result = runner(home).resume(plan(home), run(home)).await();

        assertThat(result.outcome().sentence()).as(home.toString()).isEmpty();
        assertThat(result.outcome().hasPassed()).isTrue();
        List<String> done = done(home);
        assertThat(done).as("all was done").contains(SmallDelivery.STAGES.toArray(String[]::new));
        passed.forEach(stage -> assertThat(done.stream().filter(stage::equals))
                .as("%s had passed when %s", stage, home.getFileName())
                .hasSameSizeAs(before.stream().filter(stage::equals).toList()));
        assertThat(Files.readString(home.resolve("live"))).isEqualTo("shop 1.0, 3 bytes, [A, B], sha256 of app.jar");
        assertThat(RunJournal.events(RunJournal.read(folder(home))).stream()
                        .filter(RunEvent.RunEnded.class::isInstance))
                .isNotEmpty();
    }

    private int recordsOfAWholeRun() throws Exception {
        Path home = top.resolve("whole");
        assertThat(runner(home)
                        .run(plan(home), RunRequest.of(Trigger.manual()))
                        .outcome()
                        .sentence())
                .isEmpty();
        return RunJournal.read(folder(home)).size();
    }

    private static void die(Path home, int record) throws Exception {
        RunResult dead = runner(home)
                .journal(Dying.at(record, record % 2 == 0))
                .run(plan(home), RunRequest.of(Trigger.manual()));
        assertThat(dead.outcome().word()).as("dead at %s", record).isIn("ERRORED", "passed");
    }

    private static String end(Path home) throws IOException {
        return RunJournal.events(RunJournal.read(folder(home))).stream()
                .filter(RunEvent.RunEnded.class::isInstance)
                .map(RunEvent.RunEnded.class::cast)
                .map(ended -> ended.outcome().word())
                .toList()
                .toString();
    }

    private static List<String> done(Path home) throws IOException {
        return Files.exists(home.resolve("done")) ? Files.readAllLines(home.resolve("done")) : List.of();
    }

    private static List<String> passedIn(Path home) throws IOException {
        return RunJournal.read(folder(home)).stream()
                .filter(JournalEntry.StageOver.class::isInstance)
                .map(JournalEntry.StageOver.class::cast)
                .filter(over -> over.event().outcome().hasPassed())
                .map(over -> over.event().stage())
                .toList();
    }

    private static PipelineRunner runner(Path home) {
        return PipelineRunner.in(home).maxParallel(2);
    }

    private static Plan plan(Path home) {
        return SmallDelivery.plan(home);
    }

    private static RunId run(Path home) throws IOException {
        return new RunId(String.valueOf(folder(home).getFileName()));
    }

    private static Path folder(Path home) throws IOException {
        try (var runs = Files.list(home.resolve("runs"))) {
            return runs.findFirst().orElseThrow();
        }
    }
}
