package dev.nonevent.pipeline.run;

import static org.assertj.core.api.Assertions.assertThat;

import dev.nonevent.pipeline.definition.Lock;
import dev.nonevent.pipeline.definition.Scope;
import dev.nonevent.pipeline.event.RunEvent;
import dev.nonevent.pipeline.executor.Command;
import dev.nonevent.pipeline.executor.LocalExecutor;
import dev.nonevent.pipeline.executor.ProcessTree;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Another process under the same home, and what becomes of its lock. */
@Timeout(120)
class LockAcrossProcessesTest {

    @TempDir
    Path home;

    private Process process;
    private BufferedReader output;

    @Test
    void aHolderThatIsKilledIsFollowedByWhoWaitsOnceItsCommandsHaveEnded() throws Exception {
        start(Lock.Policy.QUEUE);
        String marker = awaitLine("marker ");
        String holder = awaitLine("inside ");
        Bench bench = new Bench(home);
        Run run = bench.start(stage(Lock.Policy.QUEUE, () -> {}));
        while (bench.heard.all(RunEvent.LockAwaited.class).isEmpty()) {
            assertThat(run.isDone()).isFalse();
            Thread.onSpinWait();
        }
        assertThat(bench.heard.all(RunEvent.LockAwaited.class).get(0).holder())
                .isEqualTo("run " + holder + ", stage hold");

        while (ProcessTree.withMarker(marker).isEmpty()) {
            assertThat(process.isAlive()).isTrue();
        }

        assertThat(new ProcessBuilder("kill", "-KILL", String.valueOf(process.pid()))
                        .start()
                        .waitFor())
                .isZero();

        assertThat(run.await().firstProblem()).isEqualTo("nothing");
        assertThat(ProcessTree.withMarker(marker)).isEmpty();
        assertThat(process.waitFor(30, TimeUnit.SECONDS)).isTrue();
        assertThat(process.exitValue()).isEqualTo(128 + 9);
    }

    @Test
    void aNewerRunHasTheRunOfAnotherProcessCancelled() throws Exception {
        start(Lock.Policy.CANCEL_OLDER);
        awaitLine("inside ");

        RunResult newer = new Bench(home).run(stage(Lock.Policy.CANCEL_OLDER, () -> {}));

        assertThat(newer.firstProblem()).isEqualTo("nothing");
        assertThat(awaitLine("ended ")).endsWith("ABORTED, superseded by run " + newer.id() + ", stage hold");
    }

    @Test
    void whatThisProcessHoldsNoOtherGetsHoweverOftenItIsLookedAt() throws Exception {
        CountDownLatch through = new CountDownLatch(1);
        CountDownLatch inside = new CountDownLatch(1);
        Run holding = new Bench(home).start(stage(Lock.Policy.QUEUE, () -> {
            inside.countDown();
            through.await();
        }));
        inside.await();
        // Others of this process look: whoever opened and closed the locked file would lose it.
        for (int i = 0; i < 3; i++) {
            assertThat(new Bench(home)
                            .run(stage(Lock.Policy.FAIL, () -> {}))
                            .outcome()
                            .word())
                    .isEqualTo("BLOCKED");
        }

        start(Lock.Policy.FAIL);

        assertThat(awaitLine("ended ")).contains("BLOCKED, hold: the lock production is held by run " + holding.id());
        through.countDown();
        assertThat(holding.await().firstProblem()).isEqualTo("nothing");
    }

    @AfterEach
    void leaveNothing() throws InterruptedException {
        process.destroyForcibly();
        assertThat(process.waitFor(30, TimeUnit.SECONDS)).isTrue();
    }

    private interface Step {
        void take() throws Exception;
    }

    private static Consumer<Scope> stage(Lock.Policy policy, Step inside) {
        return p -> p.stage("hold").lock(p.lock("production", policy)).run(ctx -> {
            inside.take();
            return 1;
        });
    }

    private void start(Lock.Policy policy) throws IOException {
        process = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-cp",
                        System.getProperty("java.class.path"),
                        Holding.class.getName(),
                        home.toString(),
                        policy.name())
                .redirectErrorStream(true)
                .start();
        output = new BufferedReader(new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8));
    }

    /** What follows the words in the first line that begins with them. */
    private String awaitLine(String words) throws IOException {
        StringBuilder before = new StringBuilder();
        for (String line = output.readLine(); line != null; line = output.readLine()) {
            if (line.startsWith(words)) {
                return line.substring(words.length());
            }
            before.append(line).append('\n');
        }
        throw new AssertionError("no line " + words + " in:\n" + before);
    }

    /** A process that holds the lock until it is stopped. */
    static final class Holding {

        private Holding() {}

        public static void main(String... args) throws InterruptedException {
            Bench bench = new Bench(Path.of(args[0]));
            CountDownLatch known = new CountDownLatch(1);
            String[] id = new String[1];
            Run run = bench.start(stage(Lock.Policy.valueOf(args[1]), () -> {
                known.await();
                System.out.println("marker " + LocalExecutor.marker());
                System.out.println("inside " + id[0]);
                LocalExecutor.local().run(Command.of(Path.of(args[0]), "sleep", "600"), printed -> {});
            }));
            id[0] = run.id().value();
            known.countDown();
            System.out.println("ended " + run.await());
        }
    }
}
