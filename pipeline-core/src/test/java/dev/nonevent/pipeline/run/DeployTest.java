package dev.nonevent.pipeline.run;

import static org.assertj.core.api.Assertions.assertThat;

import dev.nonevent.pipeline.artifact.Tree;
import dev.nonevent.pipeline.definition.Condition;
import dev.nonevent.pipeline.definition.Pipeline;
import dev.nonevent.pipeline.definition.Scope;
import dev.nonevent.pipeline.definition.Stage;
import dev.nonevent.pipeline.deployment.DeploymentContext;
import dev.nonevent.pipeline.deployment.DeploymentFailedException;
import dev.nonevent.pipeline.deployment.DeploymentRecord;
import dev.nonevent.pipeline.deployment.DeploymentStrategy;
import dev.nonevent.pipeline.deployment.Release;
import dev.nonevent.pipeline.event.RunEvent;
import dev.nonevent.pipeline.gate.Verdict;
import dev.nonevent.pipeline.outcome.InfrastructureException;
import dev.nonevent.pipeline.outcome.Outcome;
import dev.nonevent.pipeline.plan.Plan;
import dev.nonevent.pipeline.secret.Secret;
import dev.nonevent.pipeline.secret.SecretSource;
import dev.nonevent.pipeline.source.Checkout;
import dev.nonevent.pipeline.source.Revision;
import dev.nonevent.pipeline.work.Trigger;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(30)
class DeployTest {

    private static final Revision REVISION = new Revision(
            "file:///shop.git", Optional.of("main"), "ab".repeat(20), Instant.EPOCH, "Ada", "Faster carts");

    @TempDir
    Path home;

    private final HandClock clock = new HandClock();

    /** What happens while it deploys. */
    interface Meanwhile {
        void happens(DeploymentContext context) throws InterruptedException;
    }

    /** What one deployment does. */
    interface Act {
        String deploy(String artifact, DeploymentContext context) throws InterruptedException;
    }

    @Test
    void aDeploymentGetsItsArtifactItsCommitAndSaysWhereTrafficIs() throws Exception {
        AtomicReference<DeploymentContext> given = new AtomicReference<>();
        AtomicReference<Stage<String>> live = new AtomicReference<>();
        Pipeline pipeline = Pipeline.define("shop", p -> {
            Stage<Checkout> source = p.stage("checkout").run(ctx -> checkout());
            Stage<String> jar = p.stage("build").needs(source).run((ctx, tree) -> "jar of " + tree.shortId());
            live.set(p.stage("deploy").needs(jar).withoutGates("a test").deploy(strategy((artifact, context) -> {
                given.set(context);
                context.progress().accept("traffic is on blue");
                return artifact + " on green";
            })));
        });
        Bench bench = new Bench(home);

        RunResult result = bench.runner().run(Plan.of(pipeline), RunRequest.of(Trigger.manual()));

        assertThat(result.value(live.get())).contains("jar of abababa on green");
        assertThat(given.get().commit()).contains(REVISION.commit());
        assertThat(given.get().committedAt()).contains(Instant.EPOCH);
        assertThat(given.get().run()).isEqualTo(result.id());
        assertThat(bench.heard.all(RunEvent.DeploymentProgress.class))
                .extracting(RunEvent.DeploymentProgress::line)
                .containsExactly("traffic is on blue");
        assertThat(bench.heard.lines()).isEmpty();
        assertThat(Files.readString(bench.heard.end("deploy").log().orElseThrow()))
                .isEqualTo("traffic is on blue\n");
        assertThat(Files.readString(home.resolve("history/shop.jsonl"))).contains(REVISION.commit());
    }

    @Test
    void aReleaseThatWasRefusedIsAFailureWithItsDetails() throws Exception {
        RunResult result = run((artifact, context) -> {
            throw new DeploymentFailedException("never got healthy; traffic is on blue", List.of("Address in use"));
        });

        assertThat(result.outcome()).isInstanceOf(Outcome.Failed.class);
        assertThat(result.firstProblem()).isEqualTo("deploy: never got healthy; traffic is on blue");
        assertThat(result.outcome().failed().orElseThrow().details()).containsExactly("Address in use");
    }

    @Test
    void onRollbackFollowsADeploymentThatBroughtItsUsersBackAndNoOther() throws Exception {
        assertThat(hooksAfter(new DeploymentFailedException("refused before it began", List.of())))
                .containsExactly("failure");
        assertThat(hooksAfter(new DeploymentFailedException("never switched", List.of(), ended(Optional.empty()))))
                .containsExactly("failure");
        assertThat(hooksAfter(new DeploymentFailedException(
                        "brought back", List.of(), ended(Optional.of(Duration.ofMillis(3))))))
                .containsExactly("failure", "rollback");
    }

    @Test
    void aSecretInTheWordsOfARollbackDoesNotKeepItFromBeingOne() throws Exception {
        assertThat(hooksAfter(new DeploymentFailedException(
                        "hunter2! was wrong", List.of(), ended(Optional.of(Duration.ofMillis(3))))))
                .containsExactly("failure", "rollback");
    }

    @Test
    void aWorldInTheWayIsAnError() throws Exception {
        RunResult result = run((artifact, context) -> {
            throw new InfrastructureException("the ledger cannot be read");
        });

        assertThat(result.outcome()).isInstanceOf(Outcome.Errored.class);
    }

    @Test
    void aDeploymentThatIsCutShortKeepsItsWordsUnderTheTimeout() throws Exception {
        RunResult result = run((artifact, context) -> {
            try {
                new CountDownLatch(1).await();
            } catch (InterruptedException stop) {
                throw new DeploymentFailedException("undone; traffic is on blue", List.of());
            }
            return artifact;
        });

        assertThat(result.firstProblem()).isEqualTo("deploy: timed out after 0.2s");
        assertThat(result.outcome().failed().orElseThrow().details()).containsExactly("undone; traffic is on blue");
    }

    @Test
    void aReleaseThatGotStableDespiteTheTimeoutIsLiveAndIsSaidToBe() throws Exception {
        RunResult result = run((artifact, context) -> {
            try {
                new CountDownLatch(1).await();
            } catch (InterruptedException tooLate) {
                return "stable";
            }
            return artifact;
        });

        assertThat(result.outcomes().get("deploy").hasPassed()).isTrue();
    }

    @Test
    void noTimeOfTheStageGoesByWhileAPersonIsWaitedFor() throws Exception {
        RunResult result = waiting(context -> {
            context.deadline().standStill();
            clock.advance(Duration.ofDays(3));
            context.deadline().goOn();
        });

        assertThat(result.outcomes().get("deploy")).isEqualTo(new Outcome.Passed(""));
    }

    @Test
    void theTimeThatWasLeftIsLeftAgainWhenThePersonHasCome() throws Exception {
        RunResult result = waiting(context -> {
            clock.advance(Duration.ofMinutes(9));
            context.deadline().standStill();
            clock.advance(Duration.ofHours(3));
            context.deadline().goOn();
            clock.advance(Duration.ofMinutes(1));
            new CountDownLatch(1).await();
        });

        assertThat(result.outcomes().get("deploy").sentence())
                .isEqualTo("timed out after 10m, beside 3h of waiting for a person");
    }

    @Test
    void whoCancelsTheRunDoesNotWaitForThePerson() throws Exception {
        CountDownLatch standing = new CountDownLatch(1);
        Bench bench = new Bench(PipelineRunner.in(home).time(clock));
        Run run = bench.start(deploying((artifact, context) -> {
            context.deadline().standStill();
            standing.countDown();
            new CountDownLatch(1).await();
            return artifact;
        }));
        assertThat(standing.await(20, TimeUnit.SECONDS)).isTrue();

        run.cancel("enough");

        assertThat(run.await().outcomes().get("deploy")).isEqualTo(new Outcome.Aborted("enough"));
    }

    /** A deployment with ten minutes, and beside it a gate with thirty days: when that is over, every alarm has gone off. */
    private RunResult waiting(Meanwhile meanwhile) throws InterruptedException {
        CountDownLatch begun = new CountDownLatch(1);
        CountDownLatch over = new CountDownLatch(1);
        Act act = (artifact, context) -> {
            begun.await();
            try {
                meanwhile.happens(context);
            } finally {
                context.deadline().standStill();
                clock.advance(Duration.ofDays(30));
            }
            over.await();
            if (Thread.interrupted()) {
                throw new InterruptedException();
            }
            return artifact;
        };
        return new Bench(PipelineRunner.in(home).time(clock).maxParallel(2)).run(p -> {
            deploying(act).accept(p);
            p.gate("beside").timeout(Duration.ofDays(30)).check(ctx -> {
                begun.countDown();
                try {
                    new CountDownLatch(1).await();
                } finally {
                    over.countDown();
                }
                return Verdict.pass("never");
            });
        });
    }

    private Consumer<Scope> deploying(Act act) {
        return p -> {
            Stage<String> jar = p.stage("build").run(ctx -> "jar");
            p.stage("deploy")
                    .needs(jar)
                    .withoutGates("a test")
                    .timeout(Duration.ofMinutes(10))
                    .deploy(strategy(act));
        };
    }

    @Test
    void theBranchOfTheCheckoutIsKnownToConditions() throws Exception {
        RunResult result = new Bench(home).run(p -> {
            Stage<Checkout> source = p.stage("checkout").run(ctx -> checkout());
            p.stage("on main").needs(source).when(Condition.branchIs("main")).run((ctx, tree) -> 1);
            p.stage("on next").needs(source).when(Condition.branchIs("next")).run((ctx, tree) -> 1);
        });

        assertThat(result.outcomes().get("on main").hasPassed()).isTrue();
        assertThat(result.outcomes().get("on next"))
                .isEqualTo(new Outcome.Skipped("the branch is main, not: the branch is next"));
    }

    private RunResult run(Act act) throws InterruptedException {
        return new Bench(home).run(p -> {
            Stage<String> jar = p.stage("build").run(ctx -> "jar");
            p.stage("deploy")
                    .needs(jar)
                    .withoutGates("a test")
                    .timeout(Duration.ofMillis(200))
                    .deploy(strategy(act));
        });
    }

    private List<String> hooksAfter(DeploymentFailedException end) throws InterruptedException {
        List<String> called = new ArrayList<>();
        Bench bench = new Bench(PipelineRunner.in(home).secrets(SecretSource.environment(Map.of("TOKEN", "hunter2!"))));
        bench.run(p -> {
            Secret unused = p.secret("token");
            Stage<String> jar = p.stage("build").run(ctx -> "jar");
            p.stage("deploy").needs(jar).withoutGates("a test").deploy(strategy((artifact, context) -> {
                throw end;
            }));
            p.onFailure(run -> called.add("failure"));
            p.onRollback(run -> called.add("rollback"));
        });
        return called;
    }

    private static Optional<DeploymentRecord> ended(Optional<Duration> restoredIn) {
        Release release =
                new Release("shop", "1", "sha256:" + "0".repeat(64), Optional.empty(), Optional.empty(), "a run");
        return Optional.of(new DeploymentRecord(
                release, Instant.EPOCH, Optional.of(Instant.EPOCH), Optional.of(Instant.EPOCH), false, restoredIn));
    }

    private Checkout checkout() {
        return new Checkout(REVISION, new Tree(home, "00".repeat(32), 0));
    }

    private static DeploymentStrategy<String, String> strategy(Act act) {
        return new DeploymentStrategy<>() {
            @Override
            public String application() {
                return "shop";
            }

            @Override
            public List<String> problems() {
                return List.of();
            }

            @Override
            public String description() {
                return "a test's strategy";
            }

            @Override
            public String deploy(String artifact, DeploymentContext context) throws InterruptedException {
                return act.deploy(artifact, context);
            }

            @Override
            public String rollBack(DeploymentContext context) {
                throw new AssertionError();
            }

            @Override
            public String inspect(DeploymentContext context) {
                throw new AssertionError();
            }

            @Override
            public List<String> recover(DeploymentContext context) {
                throw new AssertionError();
            }

            @Override
            public String down(DeploymentContext context) {
                throw new AssertionError();
            }

            @Override
            public List<DeploymentRecord> history(DeploymentContext context) {
                throw new AssertionError();
            }
        };
    }
}
