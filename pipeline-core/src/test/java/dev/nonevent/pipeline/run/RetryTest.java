package dev.nonevent.pipeline.run;

import static org.assertj.core.api.Assertions.assertThat;

import dev.nonevent.pipeline.definition.Stage;
import dev.nonevent.pipeline.deployment.FakeStrategy;
import dev.nonevent.pipeline.event.RunEvent;
import dev.nonevent.pipeline.gate.Verdict;
import dev.nonevent.pipeline.outcome.InfrastructureException;
import dev.nonevent.pipeline.outcome.Outcome;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(60)
class RetryTest {

    @TempDir
    Path home;

    private final AtomicInteger attempts = new AtomicInteger();
    private Bench bench;

    @BeforeEach
    void letTimeLeap() {
        bench = new Bench(PipelineRunner.in(home).executor(new FakeExecutor()).time(new LeapingClock()));
    }

    @Test
    void aGateThatPassesInItsSecondAttemptIsFlakyAndSaysSo() throws Exception {
        RunResult result = bench.run(p -> p.gate("it")
                .retry(2)
                .check(ctx ->
                        attempts.incrementAndGet() < 2 ? Verdict.block("3 of 41 failed") : Verdict.pass("41 passed")));

        assertThat(result.outcome().hasPassed()).isTrue();
        assertThat(bench.heard.end("it").outcome())
                .isEqualTo(new Outcome.Passed("41 passed; flaky: passed in attempt 2, after BLOCKED: 3 of 41 failed"));
        assertThat(bench.heard.all(RunEvent.StageRetried.class)).singleElement().satisfies(retried -> {
            assertThat(retried.attempt()).isEqualTo(1);
            assertThat(retried.countsAsFlaky()).isTrue();
            assertThat(retried.pause()).isBetween(Duration.ofMillis(500), Duration.ofMillis(1500));
        });
        assertThat(bench.heard.all(RunEvent.StageStarted.class)).hasSize(1);
        assertThat(bench.heard.all(RunEvent.StageEnded.class)).hasSize(1);
    }

    @Test
    void anErrorOfTheInfrastructureIsTriedAgainTwiceWithoutBeingAskedAndIsNotFlaky() throws Exception {
        RunResult result = bench.run(p -> p.stage("build").run(ctx -> {
            if (attempts.incrementAndGet() < 3) {
                throw new InfrastructureException("the registry does not answer");
            }
            return 1;
        }));

        assertThat(result.outcomes().get("build"))
                .isEqualTo(new Outcome.Passed("passed in attempt 3, after ERRORED: the registry does not answer"));
        assertThat(bench.heard.all(RunEvent.StageRetried.class))
                .hasSize(2)
                .noneMatch(RunEvent.StageRetried::countsAsFlaky)
                .satisfies(both ->
                        assertThat(both.get(1).pause()).isBetween(Duration.ofSeconds(1), Duration.ofSeconds(3)));
    }

    @Test
    void anErrorThatStaysIsTheEndAfterTheLastAttempt() throws Exception {
        RunResult result = bench.run(p -> p.stage("build").run(ctx -> {
            attempts.incrementAndGet();
            throw new InfrastructureException("the registry does not answer");
        }));

        assertThat(result.firstProblem()).isEqualTo("build: the registry does not answer");
        assertThat(result.outcome()).isInstanceOf(Outcome.Errored.class);
        assertThat(attempts).hasValue(3);
    }

    @Test
    void workThatFailsAndAGateThatBlocksAreTriedOnceUnlessTheyAskForMore() throws Exception {
        bench.run(p -> {
            p.stage("build").run(ctx -> {
                attempts.incrementAndGet();
                throw new IllegalStateException("no");
            });
            p.gate("unit tests").check(ctx -> {
                attempts.incrementAndGet();
                return Verdict.block("3 of 41 failed");
            });
            p.gate("no evidence").check(ctx -> {
                attempts.incrementAndGet();
                throw new IllegalStateException("a mistake in the gate");
            });
        });

        assertThat(attempts).hasValue(3);
        assertThat(bench.heard.all(RunEvent.StageRetried.class)).isEmpty();
    }

    @Test
    void whoAsksForNoneIsNotTriedAgainEvenAfterAnError() throws Exception {
        bench.run(p -> p.stage("build").retry(0).run(ctx -> {
            attempts.incrementAndGet();
            throw new InfrastructureException("the registry does not answer");
        }));

        assertThat(attempts).hasValue(1);
    }

    @Test
    void whatCannotPassByItselfIsNotTriedAgain() throws Exception {
        bench.run(p -> p.stage("build").retry(3).run(ctx -> {
            attempts.incrementAndGet();
            throw new InfrastructureException("there is no such program") {
                @Override
                public boolean mayPass() {
                    return false;
                }
            };
        }));

        assertThat(attempts).hasValue(1);
    }

    @Test
    void everyAttemptHasAFreshWorkspaceAndTheLogHasAllOfThem() throws Exception {
        List<Path> workspaces = Collections.synchronizedList(new ArrayList<>());

        bench.run(p -> p.stage("build").retry(1).run(ctx -> {
            assertThat(workspaces).allMatch(Files::notExists, "is removed before the next attempt");
            workspaces.add(ctx.workspace());
            assertThat(Files.list(ctx.workspace())).isEmpty();
            Files.writeString(ctx.workspace().resolve("left"), "over");
            ctx.log("hello " + attempts.incrementAndGet());
            throw new IllegalStateException("no");
        }));

        assertThat(workspaces).hasSize(2).doesNotHaveDuplicates();
        assertThat(Files.readAllLines(bench.heard.end("build").log().orElseThrow()))
                .containsExactly("hello 1", "--- attempt 2, after FAILED: no", "hello 2");
    }

    @Test
    void cleanupFollowsEveryAttempt() throws Exception {
        bench.run(
                p -> p.stage("build").retry(1).cleanup(ctx -> ctx.log("swept")).run(ctx -> {
                    throw new IllegalStateException("no");
                }));

        assertThat(bench.heard.lines()).containsExactly("swept", "--- attempt 2, after FAILED: no", "swept");
    }

    @Test
    void whatHasNoTimeForAnotherAttemptEndsWithWhatItHas() throws Exception {
        HandClock clock = new HandClock();

        RunResult result = new Bench(bench.runner().time(clock))
                .run(p -> p.stage("build")
                        .retry(1)
                        .timeout(Duration.ofSeconds(5))
                        .run(ctx -> {
                            attempts.incrementAndGet();
                            clock.advance(Duration.ofMillis(4_700));
                            throw new IllegalStateException("no");
                        }));

        assertThat(result.firstProblem()).isEqualTo("build: no");
        assertThat(attempts).hasValue(1);
        assertThat(bench.heard.all(RunEvent.StageRetried.class)).isEmpty();
    }

    @Test
    void aCancelEndsAStageThatWaitsForItsNextAttempt() throws Exception {
        HandClock still = new HandClock();
        bench = new Bench(bench.runner().time(still));
        CountDownLatch retried = new CountDownLatch(1);
        Run run = new Bench(bench.runner().listener(event -> {
                    if (event instanceof RunEvent.StageRetried) {
                        retried.countDown();
                    }
                }))
                .start(p -> {
                    Stage<Integer> build = p.stage("build").retry(1).run(ctx -> {
                        attempts.incrementAndGet();
                        throw new IllegalStateException("no");
                    });
                    p.stage("next").needs(build).run((ctx, b) -> 2);
                });
        assertThat(retried.await(20, TimeUnit.SECONDS)).isTrue();

        run.cancel("enough");
        RunResult result = run.await();

        assertThat(result.outcomes().get("build")).isEqualTo(new Outcome.Aborted("enough"));
        assertThat(result.outcomes().get("next")).isInstanceOf(Outcome.Skipped.class);
        assertThat(attempts).hasValue(1);
        assertThat(bench.heard.end("build").log()).isPresent();
    }

    @Test
    void whoWaitsForItsNextAttemptLeavesItsPlaceToOthers() throws Exception {
        List<String> order = Collections.synchronizedList(new ArrayList<>());

        RunResult result = new Bench(bench.runner().maxParallel(1)).run(p -> {
            p.stage("shaky").retry(1).run(ctx -> {
                order.add("shaky");
                if (attempts.incrementAndGet() < 2) {
                    throw new IllegalStateException("no");
                }
                return 1;
            });
            p.stage("steady").run(ctx -> order.add("steady"));
        });

        assertThat(result.outcome().hasPassed()).isTrue();
        assertThat(order).containsExactly("shaky", "steady", "shaky");
    }

    @Test
    void theTimeoutIsForAllAttemptsAlsoOnThreadsThatDoAtOnceWhatTheyAreGiven() throws Exception {
        Bench direct =
                new Bench(PipelineRunner.in(home).executor(new FakeExecutor()).threads(Runnable::run));

        RunResult result = direct.run(p -> p.stage("build")
                .retry(1)
                .timeout(Duration.ofSeconds(3))
                .run(ctx -> {
                    if (attempts.incrementAndGet() < 2) {
                        throw new IllegalStateException("no");
                    }
                    new CountDownLatch(1).await();
                    return 1;
                }));

        assertThat(result.firstProblem()).isEqualTo("build: timed out after 3s");
    }

    @Test
    void aDeployIsNeverTriedAgainByItself() throws Exception {
        RunResult result = bench.run(p -> {
            Stage<String> jar = p.stage("jar").run(ctx -> "jar");
            p.stage("deploy")
                    .needs(jar)
                    .withoutGates("a test")
                    .deploy(FakeStrategy.of("shop", String.class).thatAnswers(release -> {
                        attempts.incrementAndGet();
                        throw new InfrastructureException("the host does not answer");
                    }));
        });

        assertThat(result.outcome()).isInstanceOf(Outcome.Errored.class);
        assertThat(attempts).hasValue(1);
    }
}
