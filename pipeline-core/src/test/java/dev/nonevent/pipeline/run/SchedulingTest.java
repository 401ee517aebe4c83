package dev.nonevent.pipeline.run;

import static org.assertj.core.api.Assertions.assertThat;

import dev.nonevent.pipeline.definition.Condition;
import dev.nonevent.pipeline.definition.GateHandle;
import dev.nonevent.pipeline.definition.Handle;
import dev.nonevent.pipeline.definition.Pipeline;
import dev.nonevent.pipeline.definition.Stage;
import dev.nonevent.pipeline.event.RunEvent;
import dev.nonevent.pipeline.gate.Verdict;
import dev.nonevent.pipeline.outcome.Outcome;
import dev.nonevent.pipeline.plan.Plan;
import dev.nonevent.pipeline.work.Trigger;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.Executor;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(30)
class SchedulingTest {

    @TempDir
    Path home;

    @Test
    void independentStagesReallyOverlap() throws Exception {
        CyclicBarrier both = new CyclicBarrier(2);

        RunResult result = new Bench(home).run(p -> {
            p.stage("left").run(ctx -> both.await(10, TimeUnit.SECONDS));
            p.stage("right").run(ctx -> both.await(10, TimeUnit.SECONDS));
        });

        assertThat(result.outcome().hasPassed()).isTrue();
    }

    @Test
    void neverMoreThanMaxParallelRunAtOnce() throws Exception {
        AtomicInteger now = new AtomicInteger();
        AtomicInteger most = new AtomicInteger();
        Bench bench = new Bench(new Bench(home).runner().maxParallel(3));

        bench.run(p -> {
            for (int i = 0; i < 60; i++) {
                p.stage("s" + i).run(ctx -> {
                    most.accumulateAndGet(now.incrementAndGet(), Math::max);
                    Thread.yield();
                    return now.decrementAndGet();
                });
            }
        });

        assertThat(most.get()).isBetween(1, 3);
    }

    @Test
    void oneAtATimeFollowsTheOrderOfDeclaration() throws Exception {
        List<String> order = new ArrayList<>();
        Bench bench = new Bench(new Bench(home).runner().maxParallel(1));

        bench.run(p -> {
            for (String name : List.of("a", "b", "c", "d")) {
                p.stage(name).run(ctx -> order.add(ctx.stage()));
            }
        });

        assertThat(order).containsExactly("a", "b", "c", "d");
    }

    @Test
    void aThousandStagesInLayersRunOnFewThreads() throws Exception {
        AtomicInteger ran = new AtomicInteger();
        List<String> threads = java.util.Collections.synchronizedList(new ArrayList<>());
        Bench bench = new Bench(new Bench(home).runner().maxParallel(4));

        RunResult result = bench.run(p -> {
            Handle[] layer = {};
            for (int i = 0; i < 10; i++) {
                Handle[] next = new Handle[100];
                for (int j = 0; j < 100; j++) {
                    next[j] = p.stage("s" + i + "-" + j).after(layer).run(ctx -> {
                        threads.add(Thread.currentThread().getName());
                        return ran.incrementAndGet();
                    });
                }
                layer = next;
            }
        });

        assertThat(result.outcome().hasPassed()).isTrue();
        assertThat(ran).hasValue(1_000);
        assertThat(threads.stream().distinct().count()).isLessThanOrEqualTo(8);
        assertThat(bench.heard.all(RunEvent.StageEnded.class)).hasSize(1_000);
    }

    @Test
    void aChainOfAThousandSkipsNeedsNoStack() throws Exception {
        RunResult result = new Bench(home).run(p -> {
            Stage<Integer> last = p.stage("first").run(ctx -> {
                throw new IllegalStateException("no");
            });
            for (int i = 0; i < 3_000; i++) {
                last = p.stage("s" + i).needs(last).run((ctx, n) -> n);
            }
        });

        assertThat(result.outcomes().get("s2999")).isEqualTo(new Outcome.Skipped("needs s2998, which was skipped"));
        assertThat(result.firstProblem()).isEqualTo("first: no");
    }

    @Test
    void theCallersThreadsAreUsedAndNotClosed() throws Exception {
        ExecutorService threads = Executors.newFixedThreadPool(2, work -> new Thread(work, "mine"));
        List<String> names = java.util.Collections.synchronizedList(new ArrayList<>());
        try {
            new Bench(new Bench(home).runner().threads(threads)).run(p -> {
                Stage<Boolean> a =
                        p.stage("a").run(ctx -> names.add(Thread.currentThread().getName()));
                p.stage("b")
                        .needs(a)
                        .run((ctx, x) -> names.add(Thread.currentThread().getName()));
            });

            assertThat(names).containsExactly("mine", "mine");
            assertThat(threads.isShutdown()).isFalse();
        } finally {
            threads.shutdownNow();
        }
    }

    @Test
    void anExecutorThatRunsOnTheCallersThreadIsFine() throws Exception {
        AtomicInteger ran = new AtomicInteger();
        Executor direct = Runnable::run;

        RunResult result = new Bench(new Bench(home).runner().threads(direct)).run(p -> {
            for (int i = 0; i < 2_000; i++) {
                p.stage("s" + i).run(ctx -> ran.incrementAndGet());
            }
        });

        assertThat(result.outcome().hasPassed()).isTrue();
        assertThat(ran).hasValue(2_000);
    }

    @Test
    void stagesThatNoThreadTakesAreErrorsAndTheRunEnds() throws Exception {
        Executor full = work -> {
            throw new RejectedExecutionException("full");
        };

        RunResult result = new Bench(new Bench(home).runner().threads(full)).run(p -> {
            Stage<Integer> a = p.stage("a").run(ctx -> 1);
            p.stage("b").needs(a).run((ctx, x) -> 2);
            p.stage("c").run(ctx -> 3);
        });

        assertThat(result.outcomes().get("a").sentence()).isEqualTo("no thread took it: full");
        assertThat(result.outcomes().get("b")).isEqualTo(new Outcome.Skipped("needs a, which errored"));
        assertThat(result.outcomes().get("c")).isInstanceOf(Outcome.Errored.class);
    }

    @Test
    void aConditionThatDoesNotHoldSkipsWithItsTextAndWhatItLookedAt() throws Exception {
        RunRequest onFeature = RunRequest.of(Trigger.manual().onBranch("feature"));
        Bench bench = new Bench(home);

        RunResult result = bench.run(onFeature, p -> {
            Stage<Integer> deploy =
                    p.stage("deploy").when(Condition.branchIs("main")).run(ctx -> 1);
            p.stage("tell").needs(deploy).run((ctx, d) -> 2);
            p.stage("tidy").after(deploy).run(ctx -> 3);
        });

        assertThat(result.outcomes().get("deploy"))
                .isEqualTo(new Outcome.Skipped("the branch is feature, not: the branch is main"));
        assertThat(result.outcomes().get("tell")).isEqualTo(new Outcome.Skipped("needs deploy, which was skipped"));
        assertThat(result.outcomes().get("tidy").hasPassed()).isTrue();
        assertThat(result.outcome()).isEqualTo(Outcome.passed());
        assertThat(bench.heard.end("deploy").log()).isEmpty();
    }

    @Test
    void aConditionThatThrowsIsAnError() throws Exception {
        RunResult result = new Bench(home)
                .run(p -> p.stage("deploy")
                        .when(Condition.of("the moon is full", facts -> {
                            throw new IllegalStateException("clouds");
                        }))
                        .run(ctx -> 1));

        assertThat(result.outcome()).isInstanceOf(Outcome.Errored.class);
        assertThat(result.firstProblem())
                .contains("deploy: its condition failed")
                .contains("clouds");
    }

    @Test
    void afterSomethingThatFailedIsSkippedAlsoThroughASkip() throws Exception {
        RunResult result = new Bench(home).run(p -> {
            GateHandle gate = p.gate("gate").check(ctx -> Verdict.block("no"));
            Stage<Integer> build = p.stage("build").requires(gate).run(ctx -> 1);
            p.stage("after gate").after(gate).run(ctx -> 2);
            p.stage("after build").after(build).run(ctx -> 3);
        });

        assertThat(result.outcomes().get("after gate"))
                .isEqualTo(new Outcome.Skipped("comes after gate, which is blocked"));
        assertThat(result.outcomes().get("after build"))
                .isEqualTo(new Outcome.Skipped("comes after build, which was skipped"));
    }

    @Test
    void aFanOutGivesEveryValueInTheOrderOfItsKeys() throws Exception {
        CountDownLatch eleven = new CountDownLatch(1);
        AtomicReference<Stage<Map<Integer, String>>> handle = new AtomicReference<>();
        Pipeline pipeline = Pipeline.define(
                "shop",
                p -> handle.set(p.each("tests", List.of(17, 11, 21)).run((ctx, jdk) -> {
                    if (jdk == 17) {
                        assertThat(eleven.await(10, TimeUnit.SECONDS)).isTrue();
                    } else if (jdk == 11) {
                        eleven.countDown();
                    }
                    return "on " + jdk;
                })));

        RunResult result = new Bench(home).runner().run(Plan.of(pipeline), RunRequest.of(Trigger.manual()));

        assertThat(result.value(handle.get()).orElseThrow().entrySet())
                .extracting(Map.Entry::getKey)
                .containsExactly(17, 11, 21);
        assertThat(result.outcomes()).containsOnlyKeys("tests[17]", "tests[11]", "tests[21]", "tests");
    }

    @Test
    void aCellThatFailsFailsTheFanOutAndTheOthersGoOn() throws Exception {
        RunResult result = new Bench(home)
                .run(p -> p.each("tests", List.of(17, 21)).run((ctx, jdk) -> {
                    if (jdk == 17) {
                        throw new IllegalStateException("red");
                    }
                    return jdk;
                }));

        assertThat(result.outcomes().get("tests[21]").hasPassed()).isTrue();
        assertThat(result.outcomes().get("tests")).isEqualTo(new Outcome.Skipped("needs tests[17], which failed"));
        assertThat(result.firstProblem()).isEqualTo("tests[17]: red");
    }

    @Test
    void aComponentsStagesCarryItsPrefixAndItsHandlesAnswer() throws Exception {
        record Built(Stage<String> jar) {}
        AtomicReference<Built> handles = new AtomicReference<>();
        Pipeline pipeline = Pipeline.define("shop", p -> {
            handles.set(p.include("api", part -> new Built(part.stage("build").run(ctx -> ctx.stage()))));
            p.include("web", part -> new Built(part.stage("build").run(ctx -> ctx.stage())));
        });

        RunResult result = new Bench(home).runner().run(Plan.of(pipeline), RunRequest.of(Trigger.manual()));

        assertThat(result.outcomes()).containsOnlyKeys("api/build", "web/build");
        assertThat(result.value(handles.get().jar())).contains("api/build");
    }

    @Test
    void aHandleOfAnotherPipelineIsRefused() throws Exception {
        AtomicReference<Stage<Integer>> stranger = new AtomicReference<>();
        Pipeline.define("other", p -> stranger.set(p.stage("x").run(ctx -> 1)));

        RunResult result = new Bench(home).run(p -> p.stage("x").run(ctx -> 1));

        org.assertj.core.api.Assertions.assertThatThrownBy(() -> result.value(stranger.get()))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("stage \"x\" is not of this pipeline");
    }
}
