package dev.nonevent.pipeline.run;

import static org.assertj.core.api.Assertions.assertThat;

import dev.nonevent.pipeline.definition.Stage;
import dev.nonevent.pipeline.event.RunEvent;
import dev.nonevent.pipeline.executor.LocalExecutor;
import dev.nonevent.pipeline.gate.Verdict;
import dev.nonevent.pipeline.outcome.Failure;
import dev.nonevent.pipeline.outcome.Outcome;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(60)
class TimeoutTest {

    private static final Duration SHORT = Duration.ofMillis(100);

    @TempDir
    Path home;

    @Test
    void aStageThatTakesTooLongFailsAndSaysAfterHowLong() throws Exception {
        RunResult result = new Bench(home).run(p -> {
            Stage<Integer> slow = p.stage("slow").timeout(SHORT).run(ctx -> {
                new CountDownLatch(1).await();
                return 1;
            });
            p.stage("next").needs(slow).run((ctx, s) -> 2);
        });

        assertThat(result.outcomes().get("slow"))
                .isEqualTo(new Outcome.Failed(new Failure("timed out after 0.1s", List.of(), null)));
        assertThat(result.firstProblem()).isEqualTo("slow: timed out after 0.1s");
        assertThat(result.outcomes().get("next")).isEqualTo(new Outcome.Skipped("needs slow, which failed"));
    }

    @Test
    void aGateThatTakesTooLongFails() throws Exception {
        RunResult result = new Bench(home)
                .run(p -> p.gate("slow").timeout(SHORT).check(ctx -> {
                    new CountDownLatch(1).await();
                    return Verdict.pass("never");
                }));

        assertThat(result.outcome()).isInstanceOf(Outcome.Failed.class);
    }

    @Test
    void whateverTheCodeSaysAfterItsTimeIsUpItHasTimedOut() throws Exception {
        RunResult result = new Bench(home)
                .run(p -> p.stage("stubborn").timeout(SHORT).run(ctx -> {
                    try {
                        new CountDownLatch(1).await();
                    } catch (InterruptedException swallowed) {
                        return "I am done, really";
                    }
                    return "";
                }));

        assertThat(result.firstProblem()).isEqualTo("stubborn: timed out after 0.1s");
    }

    @Test
    void aTimeoutKillsTheWholeTreeOfProcesses() throws Exception {
        Bench bench = new Bench(new Bench(home).runner().executor(LocalExecutor.local()));

        RunResult result = bench.run(p -> p.stage("serve")
                .timeout(Duration.ofSeconds(1))
                .run(ctx -> ctx.exec("sh", "-c", "(sleep 300 & echo $!; wait) & wait")));

        assertThat(result.firstProblem()).startsWith("serve: timed out after 1s");
        long pid = Long.parseLong(bench.heard.lines().get(1));
        assertThat(Processes.isAlive(pid)).isFalse();
    }

    @Test
    void aTimeoutThatIsNotReachedLeavesNothingBehind() throws Exception {
        RunResult result = new Bench(new Bench(home).runner().maxParallel(1)).run(p -> {
            for (int i = 0; i < 200; i++) {
                p.stage("s" + i).timeout(Duration.ofMillis(500)).run(ctx -> 1);
            }
            p.stage("last").run(ctx -> {
                // Longer than any of the alarms above: one that was forgotten would go off in here.
                return new CountDownLatch(1).await(700, TimeUnit.MILLISECONDS);
            });
        });

        assertThat(result.firstProblem()).isEqualTo("nothing");
    }

    @Test
    void aLongTimeoutDoesNotHoldAShortOneBack() throws Exception {
        RunResult result = new Bench(home).run(p -> {
            CountDownLatch begun = new CountDownLatch(1);
            p.stage("long").timeout(Duration.ofDays(365)).run(ctx -> {
                begun.await();
                return 1;
            });
            p.stage("short").timeout(SHORT).run(ctx -> {
                begun.countDown();
                new CountDownLatch(1).await();
                return 1;
            });
        });

        assertThat(result.outcomes().get("long").hasPassed()).isTrue();
        assertThat(result.outcomes().get("short").sentence()).isEqualTo("timed out after 0.1s");
    }

    @Test
    void cleanupRunsAfterATimeoutOnAContextOfItsOwn() throws Exception {
        Bench bench = new Bench(home);

        bench.run(p -> p.stage("slow")
                .timeout(SHORT)
                .cleanup(ctx -> ctx.exec("say", "still allowed"))
                .run(ctx -> {
                    new CountDownLatch(1).await();
                    return 1;
                }));

        assertThat(bench.heard.lines()).contains("still allowed");
    }

    @Test
    void aCleanupThatFailsIsSaidAndChangesNothing() throws Exception {
        Bench bench = new Bench(home);

        RunResult result = bench.run(
                p -> p.stage("build").cleanup(ctx -> ctx.exec("exit", "4")).run(ctx -> 1));

        assertThat(result.outcome().hasPassed()).isTrue();
        assertThat(bench.heard.lines()).anyMatch(line -> line.contains("cleanup failed") && line.contains("exited 4"));
        assertThat(bench.heard.all(RunEvent.StageEnded.class)).hasSize(1);
    }
}
