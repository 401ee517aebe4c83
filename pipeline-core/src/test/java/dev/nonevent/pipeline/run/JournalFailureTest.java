package dev.nonevent.pipeline.run;

import static org.assertj.core.api.Assertions.assertThat;

import dev.nonevent.pipeline.definition.Scope;
import dev.nonevent.pipeline.definition.Stage;
import dev.nonevent.pipeline.deployment.FakeStrategy;
import dev.nonevent.pipeline.event.RunEvent;
import dev.nonevent.pipeline.event.RunId;
import dev.nonevent.pipeline.journal.JournalDisk;
import dev.nonevent.pipeline.journal.RunJournal;
import java.io.IOException;
import java.nio.file.Path;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A disk that is full, or broken, under the journal of a run. */
@Timeout(60)
class JournalFailureTest {

    @TempDir
    Path home;

    private final FakeStrategy<String> strategy = FakeStrategy.of("shop", String.class);
    private final AtomicInteger built = new AtomicInteger();
    private final Consumer<Scope> shop = p -> {
        Stage<String> jar = p.stage("build").run(ctx -> "jar " + built.incrementAndGet());
        p.stage("deploy").needs(jar).withoutGates("a test").deploy(strategy);
    };

    /**
     * Fails with the write of a record, or with the first force after it.
     *
     * @param left how many records still go well
     */
    private record Failing(JournalDisk disk, int[] left, boolean onForce) implements JournalDisk {

        static RunJournal.Opening at(int record, boolean onForce) {
            return file -> new Failing(RunJournal.onThisMachine().open(file), new int[] {record}, onForce);
        }

        @Override
        public void write(byte[] record) throws IOException {
            if (--left[0] <= 0 && !onForce) {
                throw new IOException("No space left on device");
            }
            disk.write(record);
        }

        @Override
        public void force() throws IOException {
            if (left[0] <= 0 && onForce) {
                throw new IOException("Input/output error");
            }
            disk.force();
        }

        @Override
        public void close() throws IOException {
            disk.close();
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 2, 3, 4, 5})
    void aFullDiskStopsTheRunBeforeTheDeployment(int record) throws Exception {
        Bench bench =
                new Bench(PipelineRunner.in(home).executor(new FakeExecutor()).journal(Failing.at(record, false)));

        RunResult result = bench.run(shop);

        assertThat(result.outcome().word()).isEqualTo("ERRORED");
        assertThat(result.outcome().sentence())
                .contains(
                        "the journal ",
                        " cannot be written (No space left on device): what happens from here on would be"
                                + " forgotten; see whether the disk has room");
        assertThat(strategy.asked()).isEmpty();
        assertThat(bench.heard.all(RunEvent.RunEnded.class))
                .singleElement()
                .satisfies(ended -> assertThat(ended.outcome().word()).isEqualTo("ERRORED"));
    }

    @Test
    void aDeploymentDoesNotBeginIfWhatWasBeforeItIsNotDurable() throws Exception {
        Bench bench =
                new Bench(PipelineRunner.in(home).executor(new FakeExecutor()).journal(Failing.at(3, true)));

        RunResult result = bench.run(shop);

        assertThat(result.outcome().word()).isEqualTo("ERRORED");
        assertThat(result.outcome().sentence()).contains("cannot be written (Input/output error)");
        assertThat(strategy.asked()).isEmpty();
    }

    @Test
    void aRunThatCouldNotBeWrittenDownToItsEndIsGoneOnWithWhenThereIsRoom() throws Exception {
        RunResult stopped =
                new Bench(PipelineRunner.in(home).executor(new FakeExecutor()).journal(Failing.at(5, false))).run(shop);
        Bench bench = new Bench(home);

        RunResult result = bench.resume(new RunId(stopped.id()), shop);

        assertThat(result.outcome().hasPassed()).isTrue();
        assertThat(built).hasValue(1);
        assertThat(strategy.asked().stream().filter(asked -> asked.startsWith("deploy")))
                .hasSize(1);
    }
}
