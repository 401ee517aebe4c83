package dev.nonevent.pipeline.run;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.nonevent.pipeline.definition.Condition;
import dev.nonevent.pipeline.definition.Scope;
import dev.nonevent.pipeline.definition.Stage;
import dev.nonevent.pipeline.event.RunEvent;
import dev.nonevent.pipeline.event.RunId;
import dev.nonevent.pipeline.outcome.Failure;
import dev.nonevent.pipeline.outcome.Outcome;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.SynchronousQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(60)
class ApprovalTest {

    private static final Instant AT = Instant.parse("2026-11-23T13:00:00Z");

    record Image(String reference, String digest) {}

    @TempDir
    Path home;

    private final AtomicInteger deployed = new AtomicInteger();
    private final CountDownLatch asked = new CountDownLatch(1);
    private final Consumer<Scope> shop = p -> {
        Stage<Image> image = p.stage("image").run(ctx -> new Image("shop:1", "sha256:0a"));
        p.stage("deploy")
                .needs(image)
                .approvedBy("ops")
                .timeout(Duration.ofSeconds(20))
                .run((ctx, built) -> deployed.incrementAndGet());
    };

    private Bench bench(PipelineRunner runner) {
        return new Bench(runner.executor(new FakeExecutor()).listener(event -> {
            if (event instanceof RunEvent.ApprovalAwaited) {
                asked.countDown();
            }
        }));
    }

    private Approvals.Asked question() throws InterruptedException {
        assertThat(asked.await(30, TimeUnit.SECONDS)).isTrue();
        return Approvals.in(home).open().get(0);
    }

    @Test
    void aStageStartsWhenAPersonHasSaidYes() throws Exception {
        Bench bench = bench(PipelineRunner.in(home));
        Run run = bench.start(shop);
        Approvals.Asked question = question();
        assertThat(deployed).hasValue(0);

        Approvals.in(home).answer(question.approved("ana", "after the freeze", AT));
        RunResult result = run.await();

        assertThat(result.outcome().hasPassed()).isTrue();
        assertThat(deployed).hasValue(1);
        assertThat(question.by()).isEqualTo("ops");
        assertThat(question.what()).containsExactly("image: Image[reference=shop:1, digest=sha256:0a]");
        assertThat(bench.heard.all(RunEvent.ApprovalAwaited.class))
                .singleElement()
                .satisfies(event ->
                        assertThat(event.how()).isEqualTo("approve " + result.id() + " deploy, or with --reject"));
        assertThat(bench.heard.all(RunEvent.ApprovalGiven.class))
                .singleElement()
                .satisfies(event -> {
                    assertThat(event.who()).isEqualTo("ana");
                    assertThat(event.comment()).isEqualTo("after the freeze");
                    assertThat(event.digest()).isEqualTo(question.digest()).startsWith("sha256:");
                    assertThat(event.approved()).isTrue();
                });
        assertThat(Approvals.in(home).open()).isEmpty();
    }

    @Test
    void aNoBlocksTheStageInThePersonsWords() throws Exception {
        Bench bench = bench(PipelineRunner.in(home));
        Run run = bench.start(shop);

        Approvals.in(home).answer(question().rejected("ana", "not on a Friday", AT));
        RunResult result = run.await();

        assertThat(result.outcomes().get("deploy"))
                .isEqualTo(new Outcome.Blocked(Failure.of("rejected by ana: not on a Friday")));
        assertThat(deployed).hasValue(0);
    }

    @Test
    void nobodyWhoSaysAnythingIsANoAfterAWhile() throws Exception {
        Bench bench = bench(PipelineRunner.in(home).time(new LeapingClock()));

        RunResult result = bench.run(p -> p.stage("deploy")
                .approvedBy("ops")
                .approvedWithin(Duration.ofHours(2))
                .run(ctx -> deployed.incrementAndGet()));

        assertThat(result.outcomes().get("deploy"))
                .isEqualTo(new Outcome.Blocked(Failure.of("nobody approved within 2h; ops was asked")));
        assertThat(deployed).hasValue(0);
        assertThat(Approvals.in(home).open()).isEmpty();
    }

    @Test
    void waitingHoldsNoThreadAndNoPlace() throws Exception {
        ThreadPoolExecutor threads = new ThreadPoolExecutor(0, 4, 1, TimeUnit.SECONDS, new SynchronousQueue<>());
        CountDownLatch steady = new CountDownLatch(1);
        try {
            Run run = bench(PipelineRunner.in(home).threads(threads).maxParallel(1))
                    .start(p -> {
                        p.stage("deploy").approvedBy("ops").run(ctx -> deployed.incrementAndGet());
                        p.stage("steady").run(ctx -> {
                            steady.countDown();
                            return 1;
                        });
                    });
            Approvals.Asked question = question();
            assertThat(steady.await(30, TimeUnit.SECONDS)).isTrue();
            while (threads.getActiveCount() > 0) {
                Thread.onSpinWait();
            }

            Approvals.in(home).answer(question.approved("ana", "", AT));

            assertThat(run.await().outcome().hasPassed()).isTrue();
        } finally {
            threads.shutdownNow();
        }
    }

    @Test
    void timeSpentWaitingForAPersonIsNotTheStages() throws Exception {
        HandClock clock = new HandClock();
        Run run = bench(PipelineRunner.in(home).time(clock)).start(shop);
        Approvals.Asked question = question();
        clock.advance(Duration.ofDays(2));

        Approvals.in(home).answer(question.approved("ana", "", AT));
        while (!run.isDone()) {
            clock.advance(Duration.ofMillis(1));
        }

        assertThat(run.await().outcome().hasPassed()).isTrue();
    }

    @Test
    void aCancelEndsAStageThatWaitsForAPerson() throws Exception {
        Run run = bench(PipelineRunner.in(home)).start(shop);
        Approvals.Asked question = question();

        run.cancel("enough");
        RunResult result = run.await();

        assertThat(result.outcomes().get("deploy")).isEqualTo(new Outcome.Skipped("the run was stopped: enough"));
        assertThat(Approvals.in(home).open()).isEmpty();
        assertThatThrownBy(() -> Approvals.in(home).answer(question.approved("ana", "", AT)))
                .hasMessage("nothing of run " + question.run() + " waits for approval");
    }

    @Test
    void nobodyIsAskedAboutAStageThatDoesNotRun() throws Exception {
        Bench bench = bench(PipelineRunner.in(home));

        bench.run(p -> {
            p.stage("deploy").approvedBy("ops").when(Condition.branchIs("main")).run(ctx -> 1);
            Stage<Integer> broken = p.stage("broken").run(ctx -> {
                throw new IllegalStateException("no");
            });
            p.stage("later").needs(broken).approvedBy("ops").run((ctx, b) -> 1);
        });

        assertThat(bench.heard.all(RunEvent.ApprovalAwaited.class)).isEmpty();
    }

    @Test
    void anAnswerAboutSomethingElseIsRefused() throws Exception {
        Run run = bench(PipelineRunner.in(home)).start(shop);
        Approvals.Asked question = question();
        Approvals.Answer stale = new Approvals.Answer(question.run(), "deploy", "sha256:old", true, "ana", "", AT);

        assertThatThrownBy(() -> Approvals.in(home).answer(stale))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("asks about " + question.digest() + ", not about sha256:old");

        run.cancel("enough");
        run.await();
    }

    @Test
    void aFileWithAnAnswerAboutSomethingElseDoesNotCountAndIsSaid() throws Exception {
        HandClock clock = new HandClock();
        Bench bench = bench(PipelineRunner.in(home).time(clock));
        Run run = bench.start(shop);
        Approvals.Asked question = question();
        Path approvals = home.resolve("runs/" + question.run() + "/approvals");
        new ApprovalFiles(approvals, "deploy")
                .answer(new Approvals.Answer(question.run(), "deploy", "sha256:old", true, "ana", "", AT));
        while (bench.heard.notes().isEmpty()) {
            clock.advance(Duration.ofMillis(500));
        }

        assertThat(bench.heard.notes().get(0))
                .startsWith(
                        "an answer for deploy does not count: it is for another run, another stage or something else");
        assertThat(deployed).hasValue(0);
        assertThat(Files.list(approvals)).anyMatch(file -> file.toString().contains("deploy.aside-"));
        run.cancel("enough");
        run.await();
    }

    @Test
    void theFirstAnswerCounts() throws Exception {
        HandClock clock = new HandClock();
        Run run = bench(PipelineRunner.in(home).time(clock)).start(shop);
        Approvals.Asked question = question();
        ApprovalFiles files = new ApprovalFiles(home.resolve("runs/" + question.run() + "/approvals"), "deploy");
        files.answer(question.rejected("ana", "no", AT));

        assertThatThrownBy(() -> files.answer(question.approved("bob", "yes", AT)))
                .isInstanceOf(java.nio.file.FileAlreadyExistsException.class);
        assertThat(Approvals.in(home).open()).isEmpty();

        run.cancel("enough");
        run.await();
    }

    @Test
    void aYesIsNotAskedForAgainWhenARunIsResumedAndANoIs() throws Exception {
        AtomicInteger answers = new AtomicInteger();
        Consumer<Scope> body = p -> {
            Stage<Image> image = p.stage("image").run(ctx -> new Image("shop:1", "sha256:0a"));
            p.stage("deploy").needs(image).approvedBy("ops").run((ctx, built) -> {
                if (deployed.incrementAndGet() < 3) {
                    throw new IllegalStateException("the host is down");
                }
                return 1;
            });
        };
        Consumer<RunEvent> answering = event -> {
            if (event instanceof RunEvent.ApprovalAwaited) {
                Approvals.Asked question = Approvals.in(home).open().get(0);
                Approvals.in(home)
                        .answer(
                                answers.getAndIncrement() == 0
                                        ? question.rejected("ana", "", AT)
                                        : question.approved("ana", "", AT));
            }
        };
        Bench bench = bench(PipelineRunner.in(home).listener(answering::accept));

        RunResult rejected = bench.run(body);
        RunId run = new RunId(rejected.id());
        RunResult approved = bench.resume(run, body);
        RunResult again = bench.resume(run, body);
        RunResult passed = bench.resume(run, body);

        assertThat(List.of(rejected, approved, again, passed))
                .extracting(each -> each.outcomes().get("deploy").word())
                .containsExactly("BLOCKED", "FAILED", "FAILED", "passed");
        assertThat(answers).hasValue(2);
        assertThat(bench.heard.all(RunEvent.ApprovalGiven.class))
                .extracting(RunEvent.ApprovalGiven::approved)
                .containsExactly(false, true, true, true);
    }

    @Test
    void equalValuesHaveOneDigestAndOthersAnother() {
        Image image = new Image("shop:1", "sha256:0a");

        assertThat(ValueDigest.of(List.of(image)))
                .isEqualTo(ValueDigest.of(List.of(new Image("shop:1", "sha256:0a"))))
                .isNotEqualTo(ValueDigest.of(List.of(new Image("shop:1", "sha256:0b"))));
        assertThat(ValueDigest.of(new Image("a, digest=b", "c")))
                .isNotEqualTo(ValueDigest.of(new Image("a", "b, digest=c")));
        assertThat(ValueDigest.of(java.util.Map.of("a", 1, "b", 2)))
                .isEqualTo(ValueDigest.of(new java.util.TreeMap<>(java.util.Map.of("b", 2, "a", 1))));
        assertThat(ValueDigest.of(List.of("a", "b"))).isNotEqualTo(ValueDigest.of(List.of("ab")));
    }
}
