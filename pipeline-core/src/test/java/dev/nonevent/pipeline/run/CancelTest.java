package dev.nonevent.pipeline.run;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.nonevent.pipeline.definition.Stage;
import dev.nonevent.pipeline.event.RunEvent;
import dev.nonevent.pipeline.executor.LocalExecutor;
import dev.nonevent.pipeline.outcome.Outcome;
import dev.nonevent.pipeline.work.Trigger;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(60)
class CancelTest {

    @TempDir
    Path home;

    @Test
    void cancelStopsWhatRunsSkipsWhatWaitsAndCleansUp() throws Exception {
        CountDownLatch running = new CountDownLatch(1);
        AtomicBoolean cleaned = new AtomicBoolean();
        Bench bench = new Bench(home);
        Run run = bench.start(p -> {
            Stage<Integer> build = p.stage("build")
                    .cleanup(ctx -> {
                        ctx.log("tidying");
                        cleaned.set(true);
                    })
                    .run(ctx -> {
                        running.countDown();
                        new CountDownLatch(1).await();
                        return 1;
                    });
            p.stage("deploy").needs(build).run((ctx, b) -> 2);
        });
        running.await();

        boolean first = run.cancel("a newer push");
        boolean second = run.cancel("again");
        RunResult result = run.await();

        assertThat(first).isTrue();
        assertThat(second).isFalse();
        assertThat(result.outcome()).isEqualTo(new Outcome.Aborted("a newer push"));
        assertThat(result.outcomes().get("build")).isEqualTo(new Outcome.Aborted("a newer push"));
        assertThat(result.outcomes().get("deploy")).isEqualTo(new Outcome.Skipped("needs build, which was stopped"));
        assertThat(cleaned).isTrue();
        assertThat(bench.heard.lines()).containsExactly("tidying");
    }

    @Test
    void afterACancelNoProcessOfTheRunIsAlive() throws Exception {
        Bench bench = new Bench(new Bench(home).runner().executor(LocalExecutor.local()));
        CountDownLatch printed = new CountDownLatch(1);
        AtomicReference<Long> pid = new AtomicReference<>();
        Bench listening = new Bench(bench.runner().listener(event -> {
            if (event instanceof RunEvent.StageOutput output && output.line().matches("\\d+")) {
                pid.set(Long.valueOf(output.line()));
                printed.countDown();
            }
        }));
        Run run = listening.start(p -> p.stage("serve").run(ctx -> ctx.exec("sh", "-c", "sleep 300 & echo $!; wait")));
        assertThat(printed.await(20, TimeUnit.SECONDS)).isTrue();

        run.cancel("enough");
        RunResult result = run.await();

        assertThat(result.outcome()).isInstanceOf(Outcome.Aborted.class);
        assertThat(Processes.isAlive(pid.get())).isFalse();
    }

    @Test
    void afterAwaitNoThreadOfTheRunIsAlive() throws Exception {
        Run run = new Bench(home)
                .start(p ->
                        p.stage("a").timeout(java.time.Duration.ofMinutes(1)).run(ctx -> 1));

        run.await();

        assertThat(Thread.getAllStackTraces().keySet())
                .extracting(Thread::getName)
                .noneMatch(name -> name.contains(run.id().value()));
    }

    @Test
    void anInterruptOfTheCallerCancelsAndIsHandedOn() throws Exception {
        CountDownLatch running = new CountDownLatch(1);
        AtomicBoolean stopped = new AtomicBoolean();
        AtomicReference<Throwable> thrown = new AtomicReference<>();
        Bench bench = new Bench(home);
        Thread caller = new Thread(() -> {
            try {
                bench.run(
                        RunRequest.of(Trigger.manual()),
                        p -> p.stage("build").run(ctx -> {
                            running.countDown();
                            try {
                                new CountDownLatch(1).await();
                            } finally {
                                stopped.set(true);
                            }
                            return 1;
                        }));
            } catch (InterruptedException expected) {
                thrown.set(expected);
            }
        });
        caller.start();
        running.await();

        caller.interrupt();
        caller.join();

        assertThat(thrown.get()).isInstanceOf(InterruptedException.class);
        assertThat(stopped).isTrue();
        assertThat(bench.heard.all(RunEvent.RunEnded.class))
                .extracting(RunEvent.RunEnded::outcome)
                .containsExactly(new Outcome.Aborted("the thread that waits for it was interrupted"));
    }

    @Test
    void interruptingTheCallersOwnThreadsAbortsTheRun() throws Exception {
        ExecutorService threads = Executors.newFixedThreadPool(1);
        CountDownLatch running = new CountDownLatch(1);
        Run run = new Bench(new Bench(home).runner().threads(threads)).start(p -> {
            Stage<Integer> build = p.stage("build").run(ctx -> {
                running.countDown();
                new CountDownLatch(1).await();
                return 1;
            });
            p.stage("deploy").needs(build).run((ctx, b) -> 2);
            p.stage("queued").run(ctx -> 3);
        });
        running.await();

        threads.shutdownNow();
        RunResult result = run.await();

        assertThat(result.outcome().sentence()).isEqualTo("build: the thread it ran on was interrupted");
        assertThat(result.outcomes().get("build")).isInstanceOf(Outcome.Aborted.class);
        assertThat(result.outcomes().get("queued").wasSkipped()).isTrue();
        assertThat(home.resolve("history/shop.jsonl")).exists();
    }

    @Test
    void aListenerMayCancel() throws Exception {
        AtomicReference<Run> run = new AtomicReference<>();
        CountDownLatch known = new CountDownLatch(1);
        Bench bench = new Bench(new Bench(home).runner().listener(event -> {
            if (event instanceof RunEvent.StageEnded) {
                run.get().cancel("seen enough");
            }
        }));
        run.set(bench.start(p -> {
            Stage<Integer> a = p.stage("a").run(ctx -> {
                known.await();
                return 1;
            });
            p.stage("b").needs(a).run((ctx, x) -> 2);
        }));
        known.countDown();

        RunResult result = run.get().await();

        assertThat(result.outcome()).isEqualTo(new Outcome.Aborted("seen enough"));
        assertThat(result.outcomes().get("b")).isEqualTo(new Outcome.Skipped("the run was stopped: seen enough"));
        assertThat(bench.heard.events().get(bench.heard.events().size() - 1)).isInstanceOf(RunEvent.RunEnded.class);
    }

    @Test
    void aListenerThatWaitsForItsOwnRunIsToldSo() throws Exception {
        AtomicReference<Run> run = new AtomicReference<>();
        CountDownLatch known = new CountDownLatch(1);
        List<Throwable> told = new ArrayList<>();
        Bench bench = new Bench(new Bench(home).runner().listener(event -> {
            if (event instanceof RunEvent.RunEnded) {
                try {
                    run.get().await();
                } catch (Exception expected) {
                    told.add(expected);
                }
            }
        }));
        run.set(bench.start(p -> p.stage("a").run(ctx -> {
            known.await();
            return 1;
        })));
        known.countDown();

        run.get().await();

        assertThat(told).singleElement().isInstanceOf(IllegalStateException.class);
    }

    @Test
    void exactlyOneOfFinishAndCancelWinsWheneverTheyMeet() throws Exception {
        long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(3);
        int cancelled = 0;
        int finished = 0;
        for (int i = 0; i < 10_000 && System.nanoTime() < deadline; i++) {
            CountDownLatch go = new CountDownLatch(1);
            Bench bench = new Bench(home);
            Run run = bench.start(p -> p.stage("a").run(ctx -> {
                go.countDown();
                return 1;
            }));
            go.await();
            int spin = i % 64;
            while (spin-- > 0) {
                Thread.onSpinWait();
            }

            boolean won = run.cancel("race");
            RunResult result = run.await();

            assertThat(result.outcome() instanceof Outcome.Aborted).isEqualTo(won);
            assertThat(bench.heard.all(RunEvent.RunEnded.class))
                    .extracting(RunEvent.RunEnded::outcome)
                    .containsExactly(result.outcome());
            assertThat(bench.heard.all(RunEvent.StageEnded.class)).hasSize(1);
            cancelled += won ? 1 : 0;
            finished += won ? 0 : 1;
        }

        assertThat(cancelled + finished).isGreaterThan(20);
    }

    @Test
    void aContextThatOutlivesItsStageRefuses() throws Exception {
        AtomicReference<dev.nonevent.pipeline.work.StageContext> kept = new AtomicReference<>();
        new Bench(home)
                .run(p -> p.stage("a").run(ctx -> {
                    kept.set(ctx);
                    return 1;
                }));

        assertThatThrownBy(() -> kept.get().exec("say", "boo"))
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("stage \"a\" is over");
    }
}
